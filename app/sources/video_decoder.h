// A video file or network stream, opened and decoded by FFmpeg's libraries: every frame as an upright BGR picture with
// the container's time. Size, pixel format and colours may change from frame to frame.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "backbone/result.h"

namespace dualsight {

struct DecoderOptions {
  double open_timeout_s = 0, read_timeout_s = 0;  // 0: none; a call that takes longer fails
  bool live = false;                              // as little delay as possible
};

struct DecodedFrame {
  cv::Mat bgr;                   // CV_8UC3, owned by this frame alone
  std::optional<double> pts_ms;  // the container's own time, from the stream's start; may be anything
};

// Blocking; one thread at a time.
class VideoDecoder {
 public:
  // `address`: a path, or a URL. Errors (ErrorKind::source): why it cannot be opened, without the address, which may
  // hold a password: "nothing listens at that port (connection refused)".
  static Result<std::unique_ptr<VideoDecoder>> open(const std::string& address, const DecoderOptions& options);
  ~VideoDecoder();

  // The next frame; nullopt: the end. What cannot be decoded is passed over. Error (ErrorKind::source): the network
  // failed, or nothing came in time.
  Result<std::optional<DecodedFrame>> next();

  double fps() const;           // claimed; 0: unknown
  int64_t frame_count() const;  // claimed, or made of duration and rate; 0: unknown
  bool clock_may_jump() const;  // see StreamClock

 private:
  struct Impl;
  explicit VideoDecoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
