// Reads the records of a run (NDJSON, "dualsight/1") and gives the detections at any time of their video.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/records/records.h"
#include "backbone/result.h"
#include "detector/core/types.h"

namespace dualsight {

// One frame that the detector processed.
struct RecordedFrame {
  std::string source;
  int64_t frame = 0;  // its number in the source
  double pts_ms = 0;  // in the video
  UtcTime timestamp;
  int width = 0, height = 0;  // 0: unknown
  std::vector<Detection> detections;
  std::vector<Detection> candidates;
};

struct RecordedRun {
  std::vector<std::string> class_names;
  std::vector<float> thresholds;      // per class, as used by the run; empty: unknown
  std::optional<RecordWhat> video;    // which videos belong to the records; nullopt: unknown
  std::vector<RecordedFrame> frames;  // sorted by time
  std::vector<EventRecord> events;    // sorted by time; only those with a time in the video
};

// `source` selects one of several; empty: the only one. An incomplete last line (of a killed program) is ignored.
// Errors (ErrorKind::source) name file and line: not our records, several sources, no frames with times.
Result<RecordedRun> read_records(const std::string& path, const std::string& source);

// All records of one video, whose sources follow one another on one clock. A file without frames is no error. If the
// times of several sources overlap, only the records of the source named `video` are read; an error if there is none.
Result<RecordedRun> read_sidecar(const std::string& path, const std::string& video, const std::stop_token& stop = {});

// Whether boxes are drawn into the pictures of its `video`, as far as the records say.
bool is_annotated(const RecordedRun& run, const std::string& video);

// Which detections are shown. Both vectors have one entry per class.
struct DetectionFilter {
  DetectionFilter() = default;
  DetectionFilter(std::size_t classes, float least) : confidence(classes, least), shown(classes, true) {}

  std::vector<float> confidence;  // threshold; < 0: what the run reported, without candidates
  std::vector<bool> shown;

  bool operator==(const DetectionFilter&) const = default;
};

// The detections and candidates that pass the filter; candidates that duplicate a shown box of another class are left
// out.
std::vector<Detection> filter_detections(const RecordedFrame& frame, const DetectionFilter& filter);

// The processed frames before and after a time of the video; both are the same if that very frame was processed.
struct FramesAround {
  const RecordedFrame* before = nullptr;
  const RecordedFrame* after = nullptr;
};
FramesAround frames_around(const std::vector<RecordedFrame>& frames, double pts_ms);

// Of the frame at that time, interpolated between the two around it.
std::vector<Detection> detections_at(const FramesAround& frames, double pts_ms, const DetectionFilter& filter);
std::vector<Box> boxes_to_blur_at(const FramesAround& frames, double pts_ms, const DetectionFilter& filter);

}  // namespace dualsight
