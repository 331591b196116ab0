// Random access to the frames of a video file.
#pragma once

#include <cstddef>
#include <memory>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

// Gives any frame of a video, exactly as reading from the start would give it. Opening reads all packets of the file
// once without decoding them: only that finds every frame in every container, also in a recording that was cut off by a
// crash. For one thread. Errors: ErrorKind::source, or ErrorKind::interrupted after a request through `stop`.
class RecordingReader {
 public:
  static Result<RecordingReader> open(const std::string& video, const std::stop_token& stop = {});
  RecordingReader(RecordingReader&&) noexcept;
  RecordingReader& operator=(RecordingReader&&) noexcept;
  ~RecordingReader();

  const std::vector<double>& times() const;  // of all frames, ms from the video's start, rising; never empty
  cv::Size size() const;                     // pixels, upright
  double fps() const;                        // claimed by the file; 0: unknown

  // CV_8UC3 BGR, upright. In place of a damaged frame comes the next good one, at the end the last.
  Result<cv::Mat> read(std::size_t index, const std::stop_token& stop = {});

 private:
  struct Impl;
  explicit RecordingReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
