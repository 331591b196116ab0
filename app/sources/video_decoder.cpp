#include "app/sources/video_decoder.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "app/sources/libav.h"
#include "app/sources/stream_error.h"

namespace dualsight {
namespace {

using Clock = std::chrono::steady_clock;

// FFmpeg asks now and then whether to go on.
struct Deadline {
  Clock::time_point at = Clock::time_point::max();
  bool passed = false;

  void start(double seconds) {
    passed = false;
    at = seconds > 0
             ? Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))
             : Clock::time_point::max();
  }
  static int check(void* self) {
    auto& deadline = *static_cast<Deadline*>(self);
    deadline.passed = deadline.passed || Clock::now() > deadline.at;
    return deadline.passed ? 1 : 0;
  }
};

bool is_rtsp(const std::string& address) { return address.starts_with("rtsp"); }
bool is_http(const std::string& address) { return address.starts_with("http"); }

// Over TCP, as nearly every network lets through; OPENCV_FFMPEG_CAPTURE_OPTIONS ("rtsp_transport;udp|...") overrules
// it, as it did when OpenCV opened streams.
AVDictionary* protocol_options(const std::string& address) {
  AVDictionary* options = nullptr;
  const char* wanted = std::getenv("OPENCV_FFMPEG_CAPTURE_OPTIONS");
  if (wanted != nullptr) {
    av_dict_parse_string(&options, wanted, ";", "|", 0);
  } else if (is_rtsp(address)) {
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
  }
  return options;
}

}  // namespace

struct VideoDecoder::Impl {
  std::string address;
  DecoderOptions options;
  Deadline deadline;  // outlives `input`, which points to it
  Av<AVFormatContext> input;
  Av<AVCodecContext> codec;
  Av<AVPacket> packet{av_packet_alloc()};
  Av<AVFrame> frame{av_frame_alloc()};
  BgrConverter to_bgr;
  AVStream* stream = nullptr;
  Orientation orientation;
  bool draining = false, scans_for_jpegs = false;
  int open_error = 0;  // AVERROR of the last failed opening

  Error failed(const std::string& why) const { return {ErrorKind::source, why}; }
  Error not_opened(int error) {
    open_error = error;
    return failed(why_not_opened(address, error, deadline.passed));
  }

  // `format`: by name; nullptr: FFmpeg finds out.
  Result<void> open(const char* format) {
    codec.reset();
    input.reset();
    draining = false;
    deadline.start(options.open_timeout_s);
    AVFormatContext* context = avformat_alloc_context();
    context->interrupt_callback = {Deadline::check, &deadline};
    // The rate is in the stream's own headers where it matters: a camera that gives a frame every two seconds must not
    // be watched for twenty of them.
    if (options.live) context->fps_probe_size = 0;
    AVDictionary* settings = protocol_options(address);
    const int opened = avformat_open_input(&context, address.c_str(),
                                           format != nullptr ? av_find_input_format(format) : nullptr, &settings);
    av_dict_free(&settings);
    if (opened < 0) return not_opened(opened);  // `context` is gone
    input.reset(context);
    if (const int found = avformat_find_stream_info(context, nullptr); found < 0) return not_opened(found);
    const AVCodec* decoder = nullptr;
    const int best = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (best < 0 || decoder == nullptr) return not_opened(best < 0 ? best : AVERROR_DECODER_NOT_FOUND);
    stream = context->streams[best];
    for (unsigned i = 0; i < context->nb_streams; ++i) {
      if (static_cast<int>(i) != best) context->streams[i]->discard = AVDISCARD_ALL;
    }
    codec.reset(avcodec_alloc_context3(decoder));
    avcodec_parameters_to_context(codec.get(), stream->codecpar);
    codec->pkt_timebase = stream->time_base;
    codec->log_level_offset = 100;  // below all levels: what matters is in the return values
    // Threads over whole frames hold as many frames back: not for live pictures.
    codec->thread_count = options.live ? 2 : 0;
    if (options.live) {
      codec->thread_type = FF_THREAD_SLICE;
      codec->flags |= AV_CODEC_FLAG_LOW_DELAY;
    }
    if (const int begun = avcodec_open2(codec.get(), decoder, nullptr); begun < 0) return not_opened(begun);
    orientation = orientation_of(*stream);
    return {};
  }

  // Cameras' MJPEG over HTTP: FFmpeg's reader of multipart streams insists on a boundary first and on parts that are
  // JPEGs. Looking for JPEGs in the bytes finds them in any of these.
  Result<void> open_as_jpegs() {
    scans_for_jpegs = true;
    return open("mjpeg");
  }

  Result<std::optional<DecodedFrame>> next() {
    while (true) {
      const int got = avcodec_receive_frame(codec.get(), frame.get());
      if (got == AVERROR_EOF) return std::optional<DecodedFrame>();
      if (got < 0) {  // it wants more, or the frame is damaged
        if (auto fed = feed(); !fed) return fed.error();
        continue;
      }
      DecodedFrame decoded;
      decoded.bgr = to_bgr(*frame);
      if (decoded.bgr.empty()) return failed("its pixel format is not supported");
      decoded.bgr = upright(decoded.bgr, orientation);
      const int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
      if (frame->best_effort_timestamp != AV_NOPTS_VALUE) {
        decoded.pts_ms = static_cast<double>(frame->best_effort_timestamp - start) * av_q2d(stream->time_base) * 1000;
      }
      av_frame_unref(frame.get());
      return std::optional<DecodedFrame>(std::move(decoded));
    }
  }

  // One more packet into the decoder; at the end, or where reading fails, what it still holds comes out first.
  Result<void> feed() {
    if (draining) return {};
    deadline.start(options.read_timeout_s);
    const int read = av_read_frame(input.get(), packet.get());
    if (read == AVERROR(EAGAIN)) return {};
    if (read == AVERROR_INVALIDDATA && is_http(address) && !scans_for_jpegs && is_multipart()) return open_as_jpegs();
    if (read < 0 && read != AVERROR_EOF && options.live) {
      const bool timed_out = deadline.passed || read == AVERROR(ETIMEDOUT);
      return failed(timed_out ? "no more frames came" : "no more frames (disconnected, or the stream has ended)");
    }
    if (read < 0) {
      draining = true;
      (void)avcodec_send_packet(codec.get(), nullptr);
      return {};
    }
    // A packet that cannot be decoded costs its own frame, no more.
    if (packet->stream_index == stream->index) (void)avcodec_send_packet(codec.get(), packet.get());
    av_packet_unref(packet.get());
    return {};
  }

  bool is_multipart() const { return std::string(input->iformat->name) == "mpjpeg"; }
};

Result<std::unique_ptr<VideoDecoder>> VideoDecoder::open(const std::string& address, const DecoderOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->address = address;
  impl->options = options;
  auto opened = impl->open(nullptr);
  const bool answers = impl->open_error == AVERROR_INVALIDDATA || impl->open_error == AVERROR_STREAM_NOT_FOUND;
  if (!opened && options.live && is_http(address) && answers && !impl->deadline.passed) {
    const Error first = opened.error();
    if (!impl->open_as_jpegs()) return first;
    opened = {};
  }
  if (!opened) return opened.error();
  return std::unique_ptr<VideoDecoder>(new VideoDecoder(std::move(impl)));
}

VideoDecoder::VideoDecoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoDecoder::~VideoDecoder() = default;

Result<std::optional<DecodedFrame>> VideoDecoder::next() { return impl_->next(); }

double VideoDecoder::fps() const {
  const double fps = av_q2d(av_guess_frame_rate(impl_->input.get(), impl_->stream, nullptr));
  return std::isfinite(fps) && fps > 0 && fps < 1000 ? fps : 0;
}

int64_t VideoDecoder::frame_count() const {
  if (impl_->stream->nb_frames > 0) return impl_->stream->nb_frames;
  double seconds = 0;
  if (impl_->input->duration > 0) {
    seconds = static_cast<double>(impl_->input->duration) / AV_TIME_BASE;
  } else if (impl_->stream->duration > 0) {
    seconds = static_cast<double>(impl_->stream->duration) * av_q2d(impl_->stream->time_base);
  }
  const double count = std::floor(seconds * fps() + 0.5);
  return count > 0 && count < 1e12 ? static_cast<int64_t>(count) : 0;
}

bool VideoDecoder::clock_may_jump() const { return (impl_->input->iformat->flags & AVFMT_TS_DISCONT) != 0; }

}  // namespace dualsight
