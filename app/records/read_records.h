// Records of a run (NDJSON, "dualsight/1") read back, and what they say of any moment of their video.
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

// One look of the detector.
struct RecordedFrame {
  std::string source;
  int64_t frame = 0;  // the source's number
  double pts_ms = 0;  // in the video
  UtcTime timestamp;
  int width = 0, height = 0;  // 0: not told
  std::vector<Detection> detections;
  std::vector<Detection> candidates;
};

struct RecordedRun {
  std::vector<std::string> class_names;
  std::vector<float> thresholds;      // per class, as it ran; empty: not told
  std::optional<RecordWhat> video;    // what lies beside the records; none: not told
  std::vector<RecordedFrame> frames;  // by time
  std::vector<EventRecord> events;    // by time; those with a time in the video
};

// `source` names one of several; empty: the only one. A last line that was cut off (a killed program) is left out.
// Errors (ErrorKind::source) name file and line: no records of ours, several sources, none with times.
Result<RecordedRun> read_records(const std::string& path, const std::string& source);

// All that is recorded of one video, whose sources come one after another on one clock; none at all is no error. Where
// their times overlap and one source has the name `video`, its records alone; if none has, that is an error.
Result<RecordedRun> read_sidecar(const std::string& path, const std::string& video, const std::stop_token& stop = {});

// Whether boxes are part of the pictures of its `video`, as far as the records tell.
bool is_annotated(const RecordedRun& run, const std::string& video);

// Which detections count. Both have an entry a class.
struct DetectionFilter {
  DetectionFilter() = default;
  DetectionFilter(std::size_t classes, float least) : confidence(classes, least), shown(classes, true) {}

  std::vector<float> confidence;  // the least; < 0: what was reported then, without the weaker candidates
  std::vector<bool> shown;

  bool operator==(const DetectionFilter&) const = default;
};

std::vector<Detection> chosen_of(const RecordedFrame& look, const DetectionFilter& filter);

// The looks before and after a time of the video; both the same where one is of that very frame.
struct LooksAround {
  const RecordedFrame* before = nullptr;
  const RecordedFrame* after = nullptr;
};
LooksAround looks_around(const std::vector<RecordedFrame>& looks, double pts_ms);

// Of the look at that time, or in between two.
std::vector<Detection> detections_at(const LooksAround& looks, double pts_ms, const DetectionFilter& filter);
std::vector<Box> boxes_to_blur_at(const LooksAround& looks, double pts_ms, const DetectionFilter& filter);

}  // namespace dualsight
