// A recording after the fact: its video frame by frame, its records at any moment, and what can be made of both.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/records/read_records.h"
#include "backbone/result.h"
#include "detector/drawing/overlay.h"

namespace dualsight {

// The frames of a video file in any order, each the very picture that reading from the start gives. Opening reads the
// whole file once without decoding it, for only that finds every frame of every container, also of a killed recording.
// On one thread. Errors are ErrorKind::source, or interrupted when `stop` was asked for.
class RecordingReader {
 public:
  static Result<RecordingReader> open(const std::string& video, const std::stop_token& stop = {});
  RecordingReader(RecordingReader&&) noexcept;
  RecordingReader& operator=(RecordingReader&&) noexcept;
  ~RecordingReader();

  const std::vector<double>& times() const;  // of all frames, ms from the video's start, rising; never empty
  cv::Size size() const;
  double fps() const;  // claimed; 0: unknown

  // A frame that is damaged is replaced by the next one that is not, at the end by the last.
  Result<cv::Mat> read(std::size_t index, const std::stop_token& stop = {});

 private:
  struct Impl;
  explicit RecordingReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct TimeSpan {
  double from_ms = 0, to_ms = 0;

  bool operator==(const TimeSpan&) const = default;
};

// What is known of a recording, but its pixels. Never changes.
class Recording {
 public:
  // `sidecar` empty: the records beside the video, named as the recorder does, if there are any. Of an annotated video
  // that has a raw one beside it the raw one is taken, for in the other boxes are part of the picture. Records that
  // cannot be used are no error: see problem(). Errors (ErrorKind::source): the video cannot be read.
  // `kept`: where the reader that this needs is left for further use.
  static Result<Recording> open(const std::string& video, const std::string& sidecar = "",
                                const std::stop_token& stop = {}, std::optional<RecordingReader>* kept = nullptr);

  const std::string& video() const { return video_; }
  const std::string& sidecar() const { return sidecar_; }  // empty: none is used
  const std::string& problem() const { return problem_; }  // why the records are not used; empty: no problem
  const RecordedRun& run() const { return run_; }
  bool annotated() const { return is_annotated(run_, video_); }
  const std::vector<double>& times() const { return times_; }  // as RecordingReader::times()
  cv::Size size() const { return size_; }
  double fps() const { return fps_; }  // claimed; 0: unknown
  double duration_ms() const;

  std::size_t index_at(double ms) const;  // the frame that is shown at a time
  DetectionFilter as_recorded() const { return {run_.class_names.size(), -1}; }
  std::vector<bool> classes_seen() const;  // per class, candidates included

  // Between two looks: where it was in between.
  std::vector<Detection> detections_at(double ms, const DetectionFilter& filter) const;
  // Per class when detections_at() has some, but for gaps of up to half a second.
  std::vector<std::vector<TimeSpan>> presence(const DetectionFilter& filter) const;

 private:
  void read_records(const std::string& sidecar, const std::stop_token& stop);

  std::string video_, sidecar_, problem_;
  RecordedRun run_;
  std::vector<double> times_;
  cv::Size size_;
  double fps_ = 0;
};

struct RecordingExport {
  TimeSpan range{0, std::numeric_limits<double>::infinity()};
  DetectionFilter filter;
  bool boxes = true;   // clips and pictures: drawn
  double every_s = 0;  // pictures and COCO: at least so far apart; 0: every look
  OverlayStyle style;
  std::function<void(double share)> progress;  // 0..1, on the caller's thread
  std::stop_token stop;
};

// Each writes under another name until it is whole, and leaves nothing behind when it fails or is stopped
// (ErrorKind::interrupted). A file that is there is replaced, but never one of the recording's own; a folder has to be
// new or empty (ErrorKind::usage).
Result<void> export_clip(const Recording& recording, const std::string& file, const RecordingExport& options);
// Pictures of the looks; of all frames if there are no records. `extension`: ".jpg" or ".png".
Result<void> export_pictures(const Recording& recording, const std::string& folder, const std::string& extension,
                             const RecordingExport& options);
// As --format csv, a line a detection.
Result<void> export_csv(const Recording& recording, const std::string& file, const RecordingExport& options);
// FOLDER/images/*.jpg, never drawn on, and FOLDER/annotations.json, as training reads it: to be corrected and learned.
// Category ids are the class numbers, from 0. Classes that are not shown count as not labelled. Of an annotated video
// none are made (ErrorKind::usage): what learns from them would learn to see the drawn boxes.
Result<void> export_coco(const Recording& recording, const std::string& folder, const RecordingExport& options);

}  // namespace dualsight
