// A finished recording: the times of its video frames and the records written with them.
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/recording/recording_reader.h"
#include "app/records/read_records.h"
#include "backbone/result.h"

namespace dualsight {

struct TimeSpan {
  double from_ms = 0, to_ms = 0;

  bool operator==(const TimeSpan&) const = default;
};

// Everything about a recording except its pixels. Immutable after open(), so any thread may read it.
class Recording {
 public:
  // `sidecar`: the NDJSON file with the records; empty: the one beside the video, named as the recorder names it, if it
  // exists. If an annotated video has a raw one beside it, the raw one is opened, because boxes drawn into the picture
  // cannot be changed. Unusable records are no error: see problem(). Error (ErrorKind::source): the video cannot be
  // read. `kept` receives the reader that was opened, so that the caller need not open it again.
  static Result<Recording> open(const std::string& video, const std::string& sidecar = "",
                                const std::stop_token& stop = {}, std::optional<RecordingReader>* kept = nullptr);

  const std::string& video() const { return video_; }
  const std::string& sidecar() const { return sidecar_; }  // empty: no records are used
  const std::string& problem() const { return problem_; }  // why the records are not used; empty: no problem
  const RecordedRun& run() const { return run_; }
  bool annotated() const { return is_annotated(run_, video_); }
  const std::vector<double>& times() const { return times_; }  // as RecordingReader::times()
  cv::Size size() const { return size_; }
  double fps() const { return fps_; }  // claimed by the file; 0: unknown
  double duration_ms() const;

  std::size_t index_at(double ms) const;  // of the frame that is on screen at that time
  DetectionFilter as_recorded() const { return {run_.class_names.size(), -1}; }
  std::vector<bool> classes_seen() const;  // per class: any detection or candidate?

  // Detections at a time; between two processed frames the boxes are interpolated.
  std::vector<Detection> detections_at(double ms, const DetectionFilter& filter) const;
  // Per class the spans of time in which detections_at() has some; gaps under half a second are closed.
  std::vector<std::vector<TimeSpan>> presence(const DetectionFilter& filter) const;

 private:
  void read_records(const std::string& sidecar, const std::stop_token& stop);

  std::string video_, sidecar_, problem_;
  RecordedRun run_;
  std::vector<double> times_;
  cv::Size size_;
  double fps_ = 0;
};

}  // namespace dualsight
