#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/videoio.hpp>

#include "app/source.h"

namespace dualsight {
namespace {

// Containers miscount their frames a little (B-frames at the ends, rates that vary), so a few missing are no damage.
int64_t missing_frames_allowed(int64_t claimed) { return std::max<int64_t>(2, claimed / 50); }

class VideoFileSource : public Source {
 public:
  VideoFileSource(std::string path, cv::VideoCapture capture, SourceOptions options)
      : path_(std::move(path)), capture_(std::move(capture)), options_(std::move(options)) {
    info_.name = std::filesystem::path(path_).filename().string();
    const double fps = capture_.get(cv::CAP_PROP_FPS);
    const double count = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    if (std::isfinite(fps) && fps > 0 && fps < 1000) info_.fps = fps;
    if (std::isfinite(count) && count > 0 && count < 1e12) info_.frame_count = static_cast<int64_t>(count);
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    if (options_.stop != nullptr && *options_.stop) return std::optional<Frame>();
    Frame frame;
    if (ended_ || !capture_.read(frame.bgr)) return finish();
    frame.number = read_++;
    frame.pts_ms = next_pts();
    frame.timestamp = std::chrono::system_clock::now();
    frame.captured = std::chrono::steady_clock::now();
    return std::optional<Frame>(std::move(frame));
  }

 private:
  Result<std::optional<Frame>> finish() {
    if (read_ == 0) return Error{ErrorKind::source, path_ + ": no frame of this video can be decoded"};
    if (!ended_ && read_ + missing_frames_allowed(info_.frame_count) < info_.frame_count && options_.on_status) {
      options_.on_status(SourceState::truncated,
                         path_ + ": truncated or damaged: " + std::to_string(read_) + " of " +
                             std::to_string(info_.frame_count) + " frames could be read",
                         "");
    }
    ended_ = true;
    return std::optional<Frame>();
  }

  // The container's time; where it gives none for a frame (0, NaN) the frame rate fills in.
  double next_pts() {
    const double claimed = capture_.get(cv::CAP_PROP_POS_MSEC);
    const double step = info_.fps > 0 ? 1000 / info_.fps : 40;
    if (read_ == 1) {
      last_pts_ = std::isfinite(claimed) && claimed > 0 ? claimed : 0;
    } else {
      last_pts_ = std::isfinite(claimed) && claimed > last_pts_ ? claimed : last_pts_ + step;
    }
    return last_pts_;
  }

  std::string path_;
  cv::VideoCapture capture_;
  SourceOptions options_;
  SourceInfo info_;
  int64_t read_ = 0;
  double last_pts_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Source>> open_video_file(const std::string& path, const SourceOptions& options) {
  // An absolute path: FFmpeg would take "a:b.mp4" for a protocol named "a".
  cv::VideoCapture capture(std::filesystem::absolute(path).string(), cv::CAP_FFMPEG);
  if (!capture.isOpened()) {
    return Error{ErrorKind::source, path + ": cannot be opened as a video (truncated, or neither picture nor video)"};
  }
  return std::unique_ptr<Source>(new VideoFileSource(path, std::move(capture), options));
}

}  // namespace dualsight
