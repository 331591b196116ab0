// One video file being written, by FFmpeg's libraries. Times are milliseconds; every frame carries its own, so a file's
// time is real time at any rate, varying ones and gaps included.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct EncoderOptions {
  // FFmpeg's names, tried in order: the first that really encodes a frame of this size is used.
  std::vector<std::string> encoders = {"libx264", "libopenh264", "mpeg4", "mjpeg"};
  int threads = 0;  // 0: one on up to two cores, for the detector needs them, else two
  double fps = 0;   // what to expect, for the first frame's duration and AVI's clock; 0: unknown
};

// BGR (CV_8UC3, even sizes) as planar YUV 4:2:0, BT.601, limited range: CV_8UC1, three halves as high. As
// cv::COLOR_BGR2YUV_I420, which however takes the colour of every other pixel; here four share their mean, so that thin
// coloured lines stay.
cv::Mat to_i420(const cv::Mat& bgr);
inline cv::Size i420_size(const cv::Mat& i420) { return {i420.cols, i420.rows / 3 * 2}; }

// Movable; used on one thread at a time. Errors are ErrorKind::output and name the path and the reason.
class VideoEncoder {
 public:
  // The container by the extension:
  //   .mkv  clusters of half a second
  //   .mp4  fragments of half a second
  //   .avi  knows a fixed rate only, `fps` or 25: times are rounded to it, gaps longer than half an hour are shortened
  // Of the first two all but the last second can be played after a kill or a power cut. Another: ErrorKind::usage.
  // An odd last column or row is cut, for 4:2:0 needs even sizes.
  static Result<VideoEncoder> create(const std::string& path, int width, int height,
                                     const EncoderOptions& options = {});
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;
  ~VideoEncoder();  // closes

  // Times must rise, and start at 0; a frame that is not later than the one before is moved to 1 ms (AVI: one frame)
  // after it. The picture is only read; one of another size is fitted in, with black bars. Returns the time that the
  // frame has in the file. After an error: close(), which still finishes the file where that is possible.
  Result<int64_t> write(const cv::Mat& bgr, int64_t pts_ms);
  Result<int64_t> write_i420(const cv::Mat& i420, int64_t pts_ms);  // even size

  Result<void> flush();  // all frames so far are in the file and can be played; for when no frame comes for a while
  Result<void> close();  // does nothing the second time

  int64_t bytes() const;               // written or about to be
  const std::string& encoder() const;  // "H.264 (libx264)"
  cv::Size size() const;               // of the frames in the file

 private:
  struct Impl;
  explicit VideoEncoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
