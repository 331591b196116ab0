// Records the frames of a run as videos, on a thread of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/recording/segment_names.h"
#include "app/sinks/sink.h"
#include "app/sinks/sink_registry.h"
#include "backbone/result.h"
#include "detector/drawing/overlay.h"

namespace dualsight {

struct RecorderOptions {
  // A file (.mkv, .mp4, .avi), which holds all sources one after another, or a folder, in which every source, segment
  // and clip gets files of its own (see app/recording/segment_names.h).
  std::string target;
  RecordWhat what = RecordWhat::annotated;
  std::string container = ".mkv";  // of the videos in a folder
  // Folders only: the next frame starts a new segment once the current one is this long or large; 0: no limit. With a
  // quota a segment is never larger than a quarter of it, because only whole segments can be deleted.
  double segment_seconds = 0;
  int64_t segment_bytes = 0;
  // Folders only: limit for all recordings in the folder, earlier runs included; 0: none. See disk_quota.h.
  int64_t quota_bytes = 0;
  int quota_sharers = 1;  // how many recorders of this run write into the folder
  // Folders only: record clips around frames on which one of these classes or zones has a detection; both empty: record
  // always.
  std::vector<std::string> on_classes, on_zones;
  double pre_roll_s = 5, post_roll_s = 10;
  std::size_t pre_roll_bytes = std::size_t{512} << 20;  // memory limit; the pre-roll gets shorter when it is reached
  // NDJSON beside the video: header, frame and event records with the times that the frames have in the video.
  bool sidecar = true;
  // Limits of the queue of frames to be written. When it is full, frames of live sources are dropped; the pipeline
  // waits for others.
  std::size_t queue_frames = 256;
  std::size_t queue_bytes = std::size_t{512} << 20;
  OverlayStyle style;
  // Called on the recorder's thread for each event that was written, with the video and the time within it.
  std::function<void(const EventRecord& event, const std::string& video, double seconds)> on_event;
};

// Whether recordings to `target` go into a folder: it is one already, or its name has no extension.
bool is_recording_folder(const std::string& target);

// Takes one source at a time, through on_frame(), which never blocks for live sources. A recording that fails (disk
// full
// ...) is reported by take_status_records() and does not end the run; end() returns the error (ErrorKind::output).
// end() writes the queued frames, of live sources for one second at most. Errors (ErrorKind::usage): contradicting
// options, or an unknown extension; begin() finds classes that the model does not have.
Result<std::unique_ptr<Sink>> make_recorder(RecorderOptions options);

SinkRow video_row();  // --video: the annotated video as one file, without records beside it

}  // namespace dualsight
