#include "app/sources/video_source.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <opencv2/core/version.hpp>

#include "app/sources/packet_scan.h"
#include "app/sources/rotation.h"

namespace dualsight {
namespace {

double claimed_fps(const cv::VideoCapture& video) {
  const double fps = video.get(cv::CAP_PROP_FPS);
  return std::isfinite(fps) && fps > 0 && fps < 1000 ? fps : 0;
}

// Degrees by which frames must be rotated clockwise; turns OpenCV's own rotation off. Phones store a rotation angle
// with the video. OpenCV 4.6 applies it with the wrong sign (its issue 22088), and 4.11 applies it only on request.
int take_over_rotation(cv::VideoCapture& video) {
  video.set(cv::CAP_PROP_ORIENTATION_AUTO, 0);
  const double meta = video.get(cv::CAP_PROP_ORIENTATION_META);
  const int angle = std::isfinite(meta) ? static_cast<int>(std::lround(meta)) : 0;
  constexpr bool wrong_sign = CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR == 6;
  return ((wrong_sign ? -angle : angle) % 360 + 360) % 360;
}

// Frame counts of containers are slightly off (B-frames at the ends, varying rates), so a few missing are no damage.
int64_t missing_frames_allowed(int64_t claimed) { return std::max<int64_t>(2, claimed / 50); }

class FiniteVideo : public Source {
 public:
  FiniteVideo(std::string name, std::string path, cv::VideoCapture video, SourceOptions options)
      : path_(std::move(path)), video_(std::move(video)), options_(std::move(options)) {
    info_.name = std::move(name);
    info_.fps = claimed_fps(video_);
    info_.frame_count = claimed_frames(video_);
    step_ms_ = info_.fps > 0 ? 1000 / info_.fps : 40;
    clockwise_ = take_over_rotation(video_);
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    Frame frame;
    if (ended_ || !next(frame.bgr)) return finish();
    frame.bgr = rotate_clockwise(frame.bgr, clockwise_);
    frame.number = read_++;
    frame.pts_ms = last_pts_ = pts();
    frame.timestamp = std::chrono::system_clock::now();
    frame.captured = std::chrono::steady_clock::now();
    return std::optional<Frame>(std::move(frame));
  }

 private:
  std::string place() const { return path_.empty() ? info_.name : path_; }

  // OpenCV reports the end also for a packet that cannot be decoded, so reading is tried again for the frames after it.
  bool next(cv::Mat& bgr) {
    constexpr int64_t least = 10, most = 1000;
    const int64_t tries = std::clamp(info_.frame_count - read_, least, most);
    const auto begun = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < tries; ++i) {
      if (video_.read(bgr)) return true;
      if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(1))
        break;  // a failing network, not a damaged packet
    }
    return false;
  }

  Result<std::optional<Frame>> finish() {
    if (read_ == 0) return Error{ErrorKind::source, place() + ": no frame of this video can be decoded"};
    if (!ended_ && frames_are_missing() && options_.on_status) {
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
      const PacketScan scan = scan_packets(path_, 0);
      if (scan.pts_ms.empty() || short_of(static_cast<int64_t>(scan.pts_ms.size()))) return true;
      end_ms = scan.end_ms + step_ms_;
      if (scan.claimed_ms > 0) claimed_ms = scan.claimed_ms;
    }
    return end_ms + 2 * step_ms_ < 0.98 * claimed_ms;
  }

  // OpenCV reports the container's time, but 0 for the frames that the decoder delays until the end (B-frames, and one
  // per decoder thread). The times of those are read from the packets.
  double pts() {
    const double reported = video_.get(cv::CAP_PROP_POS_MSEC);
    const bool usable = std::isfinite(reported) && reported >= 0;
    if (read_ == 1) return usable ? reported : 0;
    if (usable && reported > last_pts_) return reported;
    if (!path_.empty() && !tail_) tail_ = scan_packets(path_, last_pts_).pts_ms;
    if (tail_) {
      const auto next = std::upper_bound(tail_->begin(), tail_->end(), last_pts_ + 0.01);
      if (next != tail_->end()) return *next;
    }
    return last_pts_ + step_ms_;
  }

  std::string path_;
  cv::VideoCapture video_;
  SourceOptions options_;
  SourceInfo info_;
  double step_ms_ = 40;
  int clockwise_ = 0;  // degrees by which frames must be rotated
  int64_t read_ = 0;
  double last_pts_ = 0;
  std::optional<std::vector<double>> tail_;  // times of the packets near the end
  bool ended_ = false;
};

}  // namespace

int64_t claimed_frames(const cv::VideoCapture& video) {
  const double count = video.get(cv::CAP_PROP_FRAME_COUNT);  // estimated from the rate if the container has none
  return claimed_fps(video) > 0 && std::isfinite(count) && count > 0 && count < 1e12 ? static_cast<int64_t>(count) : 0;
}

Result<std::unique_ptr<Source>> finite_video(const std::string& name, const std::string& path, cv::VideoCapture video,
                                             const SourceOptions& options) {
  return std::unique_ptr<Source>(new FiniteVideo(name, path, std::move(video), options));
}

Result<std::unique_ptr<Source>> open_video_file(std::string name, const std::string& path,
                                                const SourceOptions& options) {
  // An absolute path: FFmpeg would take "a:b.mp4" for a protocol named "a".
  cv::VideoCapture video(std::filesystem::absolute(path).string(), cv::CAP_FFMPEG);
  if (!video.isOpened()) {
    return Error{ErrorKind::source, path + ": cannot be opened as a video (truncated, or neither picture nor video)"};
  }
  return finite_video(name, path, std::move(video), options);
}

}  // namespace dualsight
