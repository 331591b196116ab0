// FFmpeg's libraries (libavformat, libavcodec, libswscale) as C++ has it: owners, and the way from a decoded frame to a
// BGR picture that stands upright and has its own colours.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace dualsight {

struct AvDeleter {
  void operator()(AVFormatContext* input) const { avformat_close_input(&input); }
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};
template <typename T>
using Av = std::unique_ptr<T, AvDeleter>;

std::string av_reason(int error);  // the library's own words for an AVERROR code

// How a decoded picture has to be turned to stand upright: first transposed (rows become columns), then flipped.
struct Orientation {
  bool transpose = false, flip_horizontal = false, flip_vertical = false;

  bool operator==(const Orientation&) const = default;
};

// From a display matrix as MP4 has it (ISO 14496-12, 6.2.2: x' = a x + c y, y' = b x + d y; a, b, c, d are its entries
// 0, 1, 3, 4), to the nearest quarter turn.
Orientation orientation_from_matrix(const int32_t matrix[9]);
Orientation orientation_of(const AVStream& stream);
cv::Mat upright(const cv::Mat& bgr, Orientation orientation);  // may be `bgr` itself

// Frames of any size and pixel format, which may change from one to the next, as BGR (CV_8UC3) of the same size. The
// frame's own matrix (BT.601, BT.709, BT.2020 ...) and range are used; where it names none, as FFmpeg does: BT.601.
class BgrConverter {
 public:
  // Empty: the pixel format is not supported.
  cv::Mat operator()(const AVFrame& frame);

 private:
  Av<SwsContext> scaler_;
};

}  // namespace dualsight
