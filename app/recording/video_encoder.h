// Writes one video file with FFmpeg's libraries. Times are milliseconds. Every frame has its own time, so playback is
// in real time even if the rate varies or frames are missing.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct EncoderOptions {
  // FFmpeg's names, tried in order; the first that can encode a frame of this size is used.
  std::vector<std::string> encoders = {"libx264", "libopenh264", "mpeg4", "mjpeg"};
  int threads = 0;  // 0: one on machines with up to two cores, which the detector needs, else two
  double fps = 0;   // expected rate, for the first frame's duration and AVI's clock; 0: unknown
};

// BGR (CV_8UC3, even sizes) to planar YUV 4:2:0 (I420), BT.601, limited range: CV_8UC1, 1.5 times as high. Chroma is
// the mean of four pixels, so that thin coloured lines stay visible; cv::COLOR_BGR2YUV_I420 takes one of the four.
cv::Mat to_i420(const cv::Mat& bgr);
inline cv::Size i420_size(const cv::Mat& i420) { return {i420.cols, i420.rows / 3 * 2}; }

// Movable; used on one thread at a time. Errors are ErrorKind::output and name the path and the reason.
class VideoEncoder {
 public:
  // The extension selects the container:
  //   .mkv  clusters of half a second
  //   .mp4  fragments of half a second
  //   .avi  has a fixed rate, `fps` or 25: times are rounded to it, gaps longer than half an hour are shortened
  // .mkv and .mp4 are playable except for the last second after the process was killed or power was lost. Other
  // extensions: ErrorKind::usage. An odd last column or row is cut off, because 4:2:0 needs even sizes.
  static Result<VideoEncoder> create(const std::string& path, int width, int height,
                                     const EncoderOptions& options = {});
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;
  ~VideoEncoder();  // closes

  // Times start at 0 and increase; a frame that is not later than the previous one is moved to 1 ms (AVI: one frame)
  // after it. A picture of another size is scaled to fit, with black bars. Returns the frame's time in the file. After
  // an error call close(), which completes the file if possible.
  Result<int64_t> write(const cv::Mat& bgr, int64_t pts_ms);
  Result<int64_t> write_i420(const cv::Mat& i420, int64_t pts_ms);  // even size

  Result<void> flush();  // makes all frames so far playable; call when no frame has come for a while
  Result<void> close();  // no effect when called again

  int64_t bytes() const;               // written, or held by the muxer
  const std::string& encoder() const;  // "H.264 (libx264)"
  cv::Size size() const;               // of the frames in the file

 private:
  struct Impl;
  explicit VideoEncoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
