#include "app/sources/video_source.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "app/sources/packet_scan.h"
#include "app/sources/stream_clock.h"

namespace dualsight {
namespace {

// Frame counts of containers are slightly off (B-frames at the ends, varying rates), so a few missing are no damage.
int64_t missing_frames_allowed(int64_t claimed) { return std::max<int64_t>(2, claimed / 50); }

class FiniteVideo : public Source {
 public:
  FiniteVideo(std::string name, std::string path, std::unique_ptr<VideoDecoder> decoder, SourceOptions options)
      : path_(std::move(path)), decoder_(std::move(decoder)), options_(std::move(options)) {
    info_.name = std::move(name);
    info_.fps = decoder_->fps();
    info_.frame_count = decoder_->frame_count();
    step_ms_ = info_.fps > 0 ? 1000 / info_.fps : 40;
    clock_ = StreamClock(step_ms_, decoder_->clock_may_jump());
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    if (ended_) return std::optional<Frame>();
    auto decoded = decoder_->next();
    if (!decoded || !*decoded) return finish();
    Frame frame;
    frame.bgr = std::move((*decoded)->bgr);
    frame.number = read_++;
    frame.pts_ms = last_pts_ = clock_.advance((*decoded)->pts_ms);
    frame.timestamp = std::chrono::system_clock::now();
    frame.captured = std::chrono::steady_clock::now();
    return std::optional<Frame>(std::move(frame));
  }

 private:
  std::string place() const { return path_.empty() ? info_.name : path_; }

  Result<std::optional<Frame>> finish() {
    if (read_ == 0) return Error{ErrorKind::source, place() + ": no frame of this video can be decoded"};
    if (frames_are_missing() && options_.on_status) {
      options_.on_status(State::truncated,
                         place() + ": truncated or damaged: " + std::to_string(read_) + " of " +
                             std::to_string(info_.frame_count) + " frames could be read",
                         "");
    }
    ended_ = true;
    return std::optional<Frame>();
  }

  // For containers without a frame count FFmpeg estimates one from duration and rate, which is unreliable for varying
  // rates. So too few frames count as missing only if packets are missing as well or the time ends too early.
  bool frames_are_missing() const {
    const auto short_of = [&](int64_t count) { return read_ + missing_frames_allowed(count) < count; };
    if (!short_of(info_.frame_count)) return false;
    double end_ms = last_pts_ + step_ms_;
    double claimed_ms = static_cast<double>(info_.frame_count) * step_ms_;
    if (!path_.empty()) {
      const PacketScan scan = scan_packets(path_);
      if (scan.pts_ms.empty() || short_of(static_cast<int64_t>(scan.pts_ms.size()))) return true;
      end_ms = scan.end_ms + step_ms_;
      if (scan.claimed_ms > 0) claimed_ms = scan.claimed_ms;
    }
    return end_ms + 2 * step_ms_ < 0.98 * claimed_ms;
  }

  std::string path_;
  std::unique_ptr<VideoDecoder> decoder_;
  SourceOptions options_;
  SourceInfo info_;
  double step_ms_ = 40;
  StreamClock clock_;
  int64_t read_ = 0;
  double last_pts_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Source> finite_video(const std::string& name, const std::string& path,
                                     std::unique_ptr<VideoDecoder> decoder, const SourceOptions& options) {
  return std::make_unique<FiniteVideo>(name, path, std::move(decoder), options);
}

Result<std::unique_ptr<Source>> open_video_file(std::string name, const std::string& path,
                                                const SourceOptions& options) {
  // An absolute path: FFmpeg would take "a:b.mp4" for a protocol named "a".
  auto decoder = VideoDecoder::open("file:" + std::filesystem::absolute(path).string(), {});
  if (!decoder) {
    return Error{ErrorKind::source, path + ": cannot be opened as a video (truncated, or neither picture nor video)"};
  }
  return finite_video(name, path, *std::move(decoder), options);
}

Result<std::unique_ptr<Source>> open_standard_input(std::string name, const SourceOptions& options) {
  auto decoder = VideoDecoder::open("pipe:0", {});
  if (!decoder) return Error{ErrorKind::source, "standard input: holds neither pictures nor a video that can be read"};
  return finite_video(name, "", *std::move(decoder), options);
}

}  // namespace dualsight
