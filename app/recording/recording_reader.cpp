#include "app/recording/recording_reader.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <filesystem>
#include <optional>
#include <utility>

#include "app/recording/last_up_to.h"
#include "app/sources/libav.h"

namespace dualsight {
namespace fs = std::filesystem;

struct RecordingReader::Impl {
  std::string path;
  Av<AVFormatContext> input;
  Av<AVCodecContext> codec;
  BgrConverter to_bgr;
  Av<AVPacket> packet{av_packet_alloc()};
  Av<AVFrame> incoming{av_frame_alloc()};
  // The frames decoded last, so that stepping back does not decode a whole group of pictures for each step.
  std::deque<std::pair<std::size_t, Av<AVFrame>>> recent;
  AVStream* stream = nullptr;
  Orientation orientation;        // of the stream
  std::vector<int64_t> stamps;    // of all frames, in the stream's time base
  std::vector<std::size_t> keys;  // indices of the frames at which decoding can start; the first is 0
  std::vector<double> times;
  std::optional<std::size_t> at;  // index of the frame decoded last
  bool ended = false;

  Error failed(const std::string& why) const { return {ErrorKind::source, path + ": " + why}; }
  Error interrupted() const { return {ErrorKind::interrupted, path + ": reading was cancelled"}; }

  Result<void> open_input() {
    const auto unusable = [this] { return failed("cannot be opened as a video (truncated, or not a video)"); };
    codec.reset();
    input.reset();
    AVFormatContext* opened = nullptr;
    // An absolute path: "a:b.mp4" would be taken for a protocol named "a".
    const int error = avformat_open_input(&opened, fs::absolute(path).c_str(), nullptr, nullptr);
    if (error == AVERROR(ENOENT)) return failed("no such file");
    if (error < 0) return unusable();
    input.reset(opened);
    if (avformat_find_stream_info(opened, nullptr) < 0) return unusable();
    const AVCodec* decoder = nullptr;
    const int best = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (best < 0 || decoder == nullptr) return unusable();
    for (unsigned i = 0; i < opened->nb_streams; ++i) {
      if (static_cast<int>(i) != best) opened->streams[i]->discard = AVDISCARD_ALL;
    }
    stream = opened->streams[best];
    codec.reset(avcodec_alloc_context3(decoder));
    avcodec_parameters_to_context(codec.get(), stream->codecpar);
    codec->pkt_timebase = stream->time_base;
    codec->thread_count = 2;
    if (avcodec_open2(codec.get(), decoder, nullptr) < 0) return unusable();
    orientation = orientation_of(*stream);
    at.reset();
    ended = false;
    return {};
  }

  // Reads all packets; this also makes the demuxers of files without an index build one.
  Result<void> find_frames(const std::stop_token& stop) {
    std::vector<std::pair<int64_t, bool>> found;
    for (; av_read_frame(input.get(), packet.get()) >= 0; av_packet_unref(packet.get())) {
      if (stop.stop_requested()) {
        av_packet_unref(packet.get());
        return interrupted();
      }
      const int64_t stamp = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
      // AVI fills gaps with empty packets.
      if (packet->stream_index != stream->index || packet->size == 0 || stamp == AV_NOPTS_VALUE) continue;
      if ((packet->flags & AV_PKT_FLAG_DISCARD) == 0) found.emplace_back(stamp, (packet->flags & AV_PKT_FLAG_KEY) != 0);
    }
    std::sort(found.begin(), found.end());
    const int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
    for (const auto& [stamp, key] : found) {
      if (!stamps.empty() && stamp == stamps.back()) continue;
      if (key || stamps.empty()) keys.push_back(stamps.size());
      stamps.push_back(stamp);
      times.push_back(static_cast<double>(stamp - start) * 1000 * stream->time_base.num / stream->time_base.den);
    }
    return stamps.empty() ? Result<void>(failed("holds no frames (truncated, or not a video)")) : Result<void>{};
  }

  // Seeks to that key frame or before it.
  Result<void> seek(std::size_t key) {
    at.reset();
    ended = false;
    if (key > 0 && av_seek_frame(input.get(), stream->index, stamps[key], AVSEEK_FLAG_BACKWARD) >= 0) {
      avcodec_flush_buffers(codec.get());
      return {};
    }
    return open_input();
  }

  // Decodes one more frame; false: there is none.
  bool next() {
    while (!ended) {
      const int got = avcodec_receive_frame(codec.get(), incoming.get());
      if (got == AVERROR_EOF) {
        ended = true;
      } else if (got < 0) {  // the decoder needs more packets, or the frame is damaged
        feed();
      } else {
        const int64_t stamp = incoming->best_effort_timestamp;
        at = stamp != AV_NOPTS_VALUE ? last_up_to(stamps, stamp) : at ? std::min(*at + 1, stamps.size() - 1) : 0;
        keep_incoming();
        return true;
      }
    }
    return false;
  }

  void keep_incoming() {
    constexpr int64_t most_bytes = 128 << 20, most_frames = 64;
    const int64_t bytes = std::max<int64_t>(1, int64_t{2} * incoming->width * incoming->height);
    const auto room = static_cast<std::size_t>(std::clamp<int64_t>(most_bytes / bytes, 1, most_frames));
    while (recent.size() >= room) recent.pop_front();
    recent.emplace_back(*at, std::exchange(incoming, Av<AVFrame>(av_frame_alloc())));
  }

  void feed() {
    if (av_read_frame(input.get(), packet.get()) < 0) {
      if (avcodec_send_packet(codec.get(), nullptr) == AVERROR_EOF) ended = true;
      return;
    }
    if (packet->stream_index == stream->index) (void)avcodec_send_packet(codec.get(), packet.get());
    av_packet_unref(packet.get());
  }

  Result<cv::Mat> read(std::size_t wanted, const std::stop_token& stop) {
    wanted = std::min(wanted, stamps.size() - 1);
    for (const auto& [index, frame] : recent) {
      if (index == wanted) return picture(*frame);
    }
    std::size_t key = last_up_to(keys, wanted);
    bool from_key = false;
    constexpr std::size_t worth_seeking = 8;  // decoding fewer frames than this is faster than a seek
    if (!at || ended || *at > wanted || *at + worth_seeking < keys[key]) {
      if (auto sought = seek(keys[key]); !sought) return sought.error();
      from_key = true;
    }
    while (!at || *at < wanted) {
      if (stop.stop_requested()) return interrupted();
      const bool first = !at;
      const bool there = next();
      if (!there && at) break;
      // The first frame after a seek may be too late: some demuxers seek in decoding order, and decoders skip frames
      // that need pictures from before the key frame. Then decoding starts at an earlier key frame.
      if (first && from_key && (!there || *at > wanted) && key > 0) {
        key -= std::min<std::size_t>(key, 2);
        if (auto sought = seek(keys[key]); !sought) return sought.error();
      } else if (!there) {
        return failed("no frame of this video can be decoded");
      }
    }
    return picture(*recent.back().second);
  }

  // As sources do it, so that live and recorded pictures have the same colours.
  Result<cv::Mat> picture(const AVFrame& frame) {
    const cv::Mat bgr = to_bgr(frame);
    if (bgr.empty()) return failed("its pixel format is not supported");
    return upright(bgr, orientation);
  }
};

Result<RecordingReader> RecordingReader::open(const std::string& video, const std::stop_token& stop) {
  auto impl = std::make_unique<Impl>();
  impl->path = video;
  if (auto opened = impl->open_input(); !opened) return opened.error();
  if (auto found = impl->find_frames(stop); !found) return found.error();
  impl->ended = true;  // all packets have been read
  return RecordingReader(std::move(impl));
}

RecordingReader::RecordingReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordingReader::RecordingReader(RecordingReader&&) noexcept = default;
RecordingReader& RecordingReader::operator=(RecordingReader&&) noexcept = default;
RecordingReader::~RecordingReader() = default;

const std::vector<double>& RecordingReader::times() const { return impl_->times; }

cv::Size RecordingReader::size() const {
  const cv::Size size(impl_->codec->width, impl_->codec->height);
  return impl_->orientation.transpose ? cv::Size(size.height, size.width) : size;
}

double RecordingReader::fps() const {
  const double fps = av_q2d(av_guess_frame_rate(impl_->input.get(), impl_->stream, nullptr));
  return std::isfinite(fps) && fps > 0 && fps < 1000 ? fps : 0;
}

Result<cv::Mat> RecordingReader::read(std::size_t index, const std::stop_token& stop) {
  return impl_->read(index, stop);
}

}  // namespace dualsight
