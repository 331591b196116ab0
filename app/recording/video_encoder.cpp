#include "app/recording/video_encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "app/recording/mux_file.h"
#include "app/sources/libav.h"
#include "app/system/output_file.h"

extern "C" {
#include <libavutil/opt.h>
}

namespace dualsight {
namespace {

constexpr AVRational kMilliseconds{1, 1000};
constexpr int64_t kKeyFrameEvery = 1000;    // ms, the precision of seeking
constexpr int64_t kLongestAviGap = 40'000;  // frames; the muxer fills gaps with empty ones, and refuses 60,000
constexpr int64_t kHeader = 8 << 10;        // bytes, upper bound of a header, or of a trailer without its index
constexpr int64_t kIndexEntry = 32, kPacketHeader = 64;  // bytes, upper bounds

// Of a file being written; libav.h has that of one being read.
struct FormatDeleter {
  void operator()(AVFormatContext* format) const { avformat_free_context(format); }
};
using Codec = Av<AVCodecContext>;
using Format = std::unique_ptr<AVFormatContext, FormatDeleter>;
using Packet = Av<AVPacket>;
using PictureFrame = Av<AVFrame>;

int default_threads() { return std::thread::hardware_concurrency() <= 2 ? 1 : 2; }

// The container's time base: milliseconds, in AVI one frame.
AVRational clock_of(const std::string& extension, double fps) {
  if (extension != ".avi") return kMilliseconds;
  const int per_1000_s = fps > 0 && fps < 1000 ? static_cast<int>(std::lround(fps * 1000)) : 25'000;
  AVRational clock{};
  av_reduce(&clock.num, &clock.den, 1000, std::max(1, per_1000_s), 1 << 16);
  return clock;
}

// Every frame is encoded to a packet at once: no lookahead, no B-frames, no frame threads. Otherwise several seconds of
// a slow camera would still be in memory when power is lost.
Codec open_codec(const std::string& name, cv::Size size, AVRational clock, bool global_header,
                 const EncoderOptions& options) {
  const AVCodec* found = avcodec_find_encoder_by_name(name.c_str());
  Codec codec(found != nullptr ? avcodec_alloc_context3(found) : nullptr);
  if (!codec) return nullptr;
  const bool motion_jpeg = found->id == AV_CODEC_ID_MJPEG;
  codec->log_level_offset = 100;  // no log output: errors are in the return values
  codec->width = size.width;
  codec->height = size.height;
  codec->time_base = clock;
  codec->framerate = av_d2q(options.fps > 0 && options.fps < 1000 ? options.fps : 30, 1000);  // for H.264's level
  codec->gop_size = 600;  // key frames are requested by time
  codec->max_b_frames = 0;
  codec->thread_count = options.threads > 0 ? options.threads : default_threads();
  codec->thread_type = FF_THREAD_SLICE;
  if (global_header) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  // BT.601's matrix for all sizes, declared in the file: JPEG has no other, and OpenCV always assumes it.
  codec->pix_fmt = motion_jpeg ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  codec->color_range = motion_jpeg ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  codec->colorspace = AVCOL_SPC_SMPTE170M;
  codec->color_primaries = AVCOL_PRI_BT709;
  codec->color_trc = AVCOL_TRC_BT709;
  if (name == "libx264") {
    av_opt_set(codec->priv_data, "preset", "veryfast", 0);
    av_opt_set(codec->priv_data, "tune", "zerolatency", 0);
    av_opt_set(codec->priv_data, "crf", "23", 0);
    av_opt_set(codec->priv_data, "forced-idr", "1", 0);
  } else if (found->id == AV_CODEC_ID_H264) {
    codec->bit_rate = int64_t{4} * size.area();  // has no constant-quality mode: 8 Mbit/s at 1080p
  } else {
    codec->flags |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = 3 * FF_QP2LAMBDA;
  }
  return avcodec_open2(codec.get(), found, nullptr) == 0 ? std::move(codec) : nullptr;
}

// Wraps I420 pixels in the codec's frame format without copying; the picture must outlive the frame. `full_range` is a
// buffer for codecs that need full-range values.
PictureFrame frame_of(const cv::Mat& i420, const AVCodecContext& codec, cv::Mat& full_range) {
  const cv::Mat* picture = &i420;
  if (codec.color_range == AVCOL_RANGE_JPEG) {
    cv::Mat luma(1, 256, CV_8UC1), chroma(1, 256, CV_8UC1);
    for (int i = 0; i < 256; ++i) {
      luma.at<uchar>(i) = cv::saturate_cast<uchar>((i - 16) * 255.0 / 219);
      chroma.at<uchar>(i) = cv::saturate_cast<uchar>((i - 128) * 255.0 / 224 + 128);
    }
    full_range.create(i420.size(), CV_8UC1);
    cv::LUT(i420.rowRange(0, codec.height), luma, full_range.rowRange(0, codec.height));
    cv::LUT(i420.rowRange(codec.height, i420.rows), chroma, full_range.rowRange(codec.height, i420.rows));
    picture = &full_range;
  }
  PictureFrame frame(av_frame_alloc());
  frame->format = codec.pix_fmt;
  frame->width = codec.width;
  frame->height = codec.height;
  frame->color_range = codec.color_range;
  frame->colorspace = codec.colorspace;
  frame->color_primaries = codec.color_primaries;
  frame->color_trc = codec.color_trc;
  frame->quality = codec.global_quality;
  frame->data[0] = picture->data;
  frame->data[1] = frame->data[0] + codec.width * codec.height;
  frame->data[2] = frame->data[1] + codec.width * codec.height / 4;
  frame->linesize[0] = codec.width;
  frame->linesize[1] = frame->linesize[2] = codec.width / 2;
  return frame;
}

bool encodes(AVCodecContext& codec) {
  const cv::Mat grey(codec.height / 2 * 3, codec.width, CV_8UC1, cv::Scalar::all(128));
  cv::Mat full_range;
  const PictureFrame frame = frame_of(grey, codec, full_range);
  frame->pts = 0;
  const Packet packet(av_packet_alloc());
  return avcodec_send_frame(&codec, frame.get()) == 0 && avcodec_receive_packet(&codec, packet.get()) == 0;
}

std::string title_of(const std::string& encoder) {
  if (encoder == "mpeg4") return "MPEG-4 (mpeg4)";
  if (encoder == "mjpeg") return "Motion JPEG (mjpeg)";
  return "H.264 (" + encoder + ")";
}

cv::Mat fitted(const cv::Mat& bgr, cv::Size size) {
  if (bgr.size() == size) return bgr;
  const int extra_columns = bgr.cols - size.width, extra_rows = bgr.rows - size.height;
  if ((extra_columns == 0 || extra_columns == 1) && (extra_rows == 0 || extra_rows == 1)) {
    return bgr(cv::Rect({0, 0}, size));
  }
  const double scale =
      std::min(static_cast<double>(size.width) / bgr.cols, static_cast<double>(size.height) / bgr.rows);
  const cv::Size inner(std::clamp(static_cast<int>(std::lround(bgr.cols * scale)), 1, size.width),
                       std::clamp(static_cast<int>(std::lround(bgr.rows * scale)), 1, size.height));
  cv::Mat out(size, CV_8UC3, cv::Scalar::all(0));
  const cv::Rect middle({(size.width - inner.width) / 2, (size.height - inner.height) / 2}, inner);
  cv::resize(bgr, out(middle), inner, 0, 0, cv::INTER_AREA);
  return out;
}

}  // namespace

cv::Mat to_i420(const cv::Mat& bgr) {
  cv::Mat i420, half, chroma;
  cv::cvtColor(bgr, i420, cv::COLOR_BGR2YUV_I420);
  cv::resize(bgr, half, {bgr.cols / 2, bgr.rows / 2}, 0, 0, cv::INTER_AREA);
  static const cv::Matx<float, 2, 4> bt601(0.439216F, -0.290993F, -0.148223F, 128,   // U of B, G, R
                                           -0.071427F, -0.367788F, 0.439216F, 128);  // V
  cv::transform(half, chroma, bt601);
  uchar* const u = i420.data + bgr.total();
  std::array<cv::Mat, 2> planes{cv::Mat(half.size(), CV_8UC1, u), cv::Mat(half.size(), CV_8UC1, u + half.total())};
  cv::split(chroma, planes.data());
  return i420;
}

struct VideoEncoder::Impl {
  std::string path, title;
  std::unique_ptr<MuxFile> file;
  Codec codec;
  Format format;
  Packet packet{av_packet_alloc()};
  AVStream* stream = nullptr;
  AVRational clock{};  // time base of the times below
  bool avi = false, closed = false;
  std::optional<int64_t> last, last_key;
  int64_t duration = 1;    // expected of the next frame
  int64_t unwritten = 0;   // bytes still held by the muxer
  int64_t index_size = 0;  // upper bound of the trailer's index so far, bytes
  cv::Mat full_range;

  Error failed(const std::string& why) const {
    return {ErrorKind::output, path + ": cannot be written as a video: " + why};
  }
  int64_t in_clock(int64_t ms) const { return av_rescale_q(ms, kMilliseconds, clock); }

  Result<void> open_encoder(cv::Size size, const EncoderOptions& options) {
    const bool global_header = (format->oformat->flags & AVFMT_GLOBALHEADER) != 0;
    for (const std::string& name : options.encoders) {
      const Codec probe = open_codec(name, size, clock, global_header, options);
      if (!probe || !encodes(*probe)) continue;
      codec = open_codec(name, size, clock, global_header, options);
      title = title_of(name);
      if (codec) return {};
    }
    return failed("no encoder works for " + std::to_string(size.width) + "x" + std::to_string(size.height));
  }

  Result<void> write_header(bool mp4) {
    stream = avformat_new_stream(format.get(), nullptr);
    if (stream == nullptr) return failed("out of memory");
    stream->time_base = clock;
    avcodec_parameters_from_context(stream->codecpar, codec.get());
    format->pb = file->io();
    format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_FLUSH_PACKETS;
    AVDictionary* settings = nullptr;
    if (mp4) {
      av_dict_set(&settings, "movflags", "empty_moov+default_base_moof", 0);
      av_dict_set(&settings, "frag_duration", "500000", 0);  // us
    } else if (!avi) {
      av_dict_set(&settings, "cluster_time_limit", "500", 0);  // ms
    }
    auto result = file->reserve(2 * kHeader);
    const int error = result ? avformat_write_header(format.get(), &settings) : 0;
    av_dict_free(&settings);
    if (!result) return result;
    return error < 0 ? failed(av_reason(error)) : written();
  }

  // Called after each call of the muxer.
  Result<void> written() {
    avio_flush(file->io());
    if (auto status = file->status(); !status) return status;
    file->mark_whole();
    return {};
  }

  Result<int64_t> write(const cv::Mat& i420, int64_t pts_ms) {
    int64_t now = in_clock(pts_ms);
    if (last && now <= *last) now = *last + 1;
    if (last && avi) now = std::min(now, *last + kLongestAviGap);
    if (last) duration = std::clamp<int64_t>(now - *last, 1, in_clock(1000));
    const int64_t skipped = avi && last ? now - *last : 0;
    index_size += kIndexEntry * skipped;
    last = now;

    const PictureFrame frame = frame_of(i420, *codec, full_range);
    frame->pts = now;
    if (!last_key || now - *last_key >= in_clock(kKeyFrameEvery)) {
      frame->pict_type = AV_PICTURE_TYPE_I;
      last_key = now;
    }
    if (const int error = avcodec_send_frame(codec.get(), frame.get()); error < 0) return failed(av_reason(error));
    if (auto muxed = mux_packets(kPacketHeader * (1 + skipped)); !muxed) return muxed.error();
    return av_rescale_q(now, clock, kMilliseconds);
  }

  Result<void> mux_packets(int64_t overhead) {
    for (;;) {
      const int got = avcodec_receive_packet(codec.get(), packet.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return {};
      if (got < 0) return failed(av_reason(got));
      const int64_t size = packet->size + overhead;
      index_size += kIndexEntry;
      auto reserved = file->reserve(unwritten + size + kHeader + index_size);
      if (!reserved) {
        av_packet_unref(packet.get());
        return reserved;
      }
      packet->stream_index = stream->index;
      packet->duration = duration;
      av_packet_rescale_ts(packet.get(), clock, stream->time_base);
      const int64_t size_before = file->size();
      const int error = av_write_frame(format.get(), packet.get());
      av_packet_unref(packet.get());
      if (auto done = written(); !done) return done;
      if (error < 0) return failed(av_reason(error));
      unwritten = file->size() == size_before ? unwritten + size : size;
    }
  }

  Result<void> close() {
    if (std::exchange(closed, true)) return {};
    if (stream != nullptr && file->status()) {
      if (avcodec_send_frame(codec.get(), nullptr) == 0) (void)mux_packets(kPacketHeader);
      const int error = av_write_trailer(format.get());
      unwritten = 0;
      avio_flush(file->io());
      if (auto closing = file->close(); !closing || error >= 0) return closing;
      return failed(av_reason(error));
    }
    return file->close();
  }
};

Result<VideoEncoder> VideoEncoder::create(const std::string& path, int width, int height,
                                          const EncoderOptions& options) {
  const std::string extension = lower_extension(path);
  const bool mp4 = extension == ".mp4", avi = extension == ".avi";
  if (!mp4 && !avi && extension != ".mkv") {
    return Error{ErrorKind::usage, path + ": the name must end in .mkv, .mp4 or .avi"};
  }
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->avi = avi;
  impl->clock = clock_of(extension, options.fps);
  impl->duration = impl->in_clock(options.fps > 0 ? std::clamp<int64_t>(std::lround(1000 / options.fps), 1, 1000) : 40);
  auto file = MuxFile::create(path);
  if (!file) return file.error();
  impl->file = std::move(*file);
  AVFormatContext* format = nullptr;
  const char* const muxer = mp4 ? "mp4" : avi ? "avi" : "matroska";
  if (avformat_alloc_output_context2(&format, nullptr, muxer, nullptr) < 0) return impl->failed("no such muxer");
  impl->format.reset(format);
  const cv::Size even(std::max(2, width & ~1), std::max(2, height & ~1));
  if (auto opened = impl->open_encoder(even, options); !opened) return opened.error();
  if (auto header = impl->write_header(mp4); !header) return header.error();
  return VideoEncoder(std::move(impl));
}

VideoEncoder::VideoEncoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoEncoder::VideoEncoder(VideoEncoder&&) noexcept = default;
VideoEncoder& VideoEncoder::operator=(VideoEncoder&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

VideoEncoder::~VideoEncoder() {
  if (impl_) (void)impl_->close();
}

Result<int64_t> VideoEncoder::write(const cv::Mat& bgr, int64_t pts_ms) {
  return impl_->write(to_i420(fitted(bgr, size())), pts_ms);
}

Result<int64_t> VideoEncoder::write_i420(const cv::Mat& i420, int64_t pts_ms) {
  if (i420_size(i420) == size()) return impl_->write(i420, pts_ms);
  cv::Mat bgr;
  cv::cvtColor(i420, bgr, cv::COLOR_YUV2BGR_I420);
  return write(bgr, pts_ms);
}

Result<void> VideoEncoder::flush() {
  const int error = av_write_frame(impl_->format.get(), nullptr);
  if (auto done = impl_->written(); !done) return done;
  if (error < 0) return impl_->failed(av_reason(error));
  impl_->unwritten = 0;
  // Without this flag MP4 starts the next fragment at the end of this one, whose last frame's duration is a guess.
  av_opt_set(impl_->format->priv_data, "movflags", "+frag_discont", 0);
  return {};
}

Result<void> VideoEncoder::close() { return impl_->close(); }

int64_t VideoEncoder::bytes() const { return impl_->file->size() + impl_->unwritten; }
const std::string& VideoEncoder::encoder() const { return impl_->title; }
cv::Size VideoEncoder::size() const { return {impl_->codec->width, impl_->codec->height}; }

}  // namespace dualsight
