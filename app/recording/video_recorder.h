// Recording: the frames as videos, on a thread of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/recording/segment_names.h"
#include "app/sinks/sink.h"
#include "backbone/result.h"
#include "detector/drawing/overlay.h"

namespace dualsight {

struct RecorderOptions {
  // A file (.mkv, .mp4, .avi), which holds all sources one after another, or a folder, where every source, segment and
  // clip has files of its own (see app/recording/segment_names.h). A folder that is there is one whatever its name.
  std::string target;
  RecordWhat what = RecordWhat::annotated;
  std::string container = ".mkv";  // of folders
  // A segment that has lasted so long or is so large is ended by the next frame; with a quota, at a quarter of it at
  // the latest, for only whole segments can be deleted. 0: never. Folders only.
  double segment_seconds = 0;
  int64_t segment_bytes = 0;
  int64_t quota_bytes =
      0;  // of a folder's recordings, those of earlier runs included; 0: none (see app/recording/disk_quota.h)
  int quota_sharers = 1;  // recorders of this run that write into the folder
  // Record only around looks at which one of these was there; both empty: always. Folders only.
  std::vector<std::string> on_classes, on_zones;
  double pre_roll_s = 5, post_roll_s = 10;
  std::size_t pre_roll_bytes = std::size_t{512} << 20;  // of memory; when they are used up, the pre-roll is shorter
  // NDJSON beside the video: header, frame and event records, with the time that the frame has in the video.
  bool sidecar = true;
  std::size_t queue_frames = 256;  // waiting to be written; beyond it live frames are dropped, others waited for
  std::size_t queue_bytes = std::size_t{512} << 20;
  OverlayStyle style;
  // Called on the recorder's thread for each event that is written: where it is.
  std::function<void(const EventRecord& event, const std::string& video, double seconds)> on_event;
};

// One source at a time; frames at camera rate by on_frame(), which returns at once for live sources. A recording that
// fails (disk full ...) is told by take_status_records(), and the error, ErrorKind::output, is returned by end(); until
// then the run goes on. end() writes what waits: of live sources at most for a second. Errors (ErrorKind::usage):
// options that contradict each other, or another extension; classes that the model does not have are found by begin().
Result<std::unique_ptr<Sink>> make_recorder(RecorderOptions options);

}  // namespace dualsight
