#include "app/sources/libav.h"

#include <array>
#include <cstdlib>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace dualsight {
namespace {

// FFmpeg 6.1 moved side data from the stream to its codec parameters.
const int32_t* display_matrix(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  const AVPacketSideData* data = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  return data != nullptr && data->size >= 9 * sizeof(int32_t) ? reinterpret_cast<const int32_t*>(data->data) : nullptr;
#else
  return reinterpret_cast<const int32_t*>(av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
#endif
}

// swscale's own old names for "YUV with full range" raise a warning; the plain format and the range say the same.
AVPixelFormat without_deprecated_range(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    default:
      return format;
  }
}

int matrix_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    default:
      return SWS_CS_ITU601;
  }
}

}  // namespace

std::string av_reason(int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(error, text.data(), text.size());
  return text.data();
}

Orientation orientation_from_matrix(const int32_t matrix[9]) {
  const int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) return {false, a < 0, d < 0};
  return {true, c < 0, b < 0};
}

Orientation orientation_of(const AVStream& stream) {
  const int32_t* matrix = display_matrix(stream);
  return matrix != nullptr ? orientation_from_matrix(matrix) : Orientation();
}

cv::Mat upright(const cv::Mat& bgr, Orientation orientation) {
  cv::Mat out = bgr;
  if (orientation.transpose) cv::transpose(bgr, out);
  if (!orientation.flip_horizontal && !orientation.flip_vertical) return out;
  cv::Mat flipped;
  cv::flip(out, flipped, !orientation.flip_vertical ? 1 : orientation.flip_horizontal ? -1 : 0);
  return flipped;
}

cv::Mat BgrConverter::operator()(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const AVPixelFormat plain = without_deprecated_range(format);
  const bool full_range = frame.color_range == AVCOL_RANGE_JPEG || plain != format;
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, plain, frame.width, frame.height,
                                     AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler_) return {};
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(plain);
  const bool yuv = description != nullptr && (description->flags & AV_PIX_FMT_FLAG_RGB) == 0;
  if (yuv) {
    const int* const table = sws_getCoefficients(matrix_of(frame));
    constexpr int one = 1 << 16;  // brightness, contrast and saturation as they are
    sws_setColorspaceDetails(scaler_.get(), table, full_range ? 1 : 0, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, one,
                             one);
  }
  // The scaler's vector code writes whole blocks of pixels, beyond the end of a row where they do not fill it.
  constexpr int block = 16;
  const int columns = frame.width % block == 0 ? frame.width : (frame.width / block + 2) * block;
  const cv::Mat rows(frame.height, columns, CV_8UC3);
  uint8_t* const planes[4] = {rows.data, nullptr, nullptr, nullptr};
  const int strides[4] = {static_cast<int>(rows.step), 0, 0, 0};
  sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
  return columns == frame.width ? rows : rows.colRange(0, frame.width).clone();
}

}  // namespace dualsight
