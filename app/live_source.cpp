#include "app/live_source.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <opencv2/videoio.hpp>
#include <thread>

#include "app/redact.h"

namespace dualsight {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int library_timeout_ms = 10'000;  // asked of FFmpeg, for opening and for each read
constexpr seconds open_timeout{20};         // ours, for when the library does not keep to it
constexpr seconds close_timeout{1};
constexpr milliseconds stop_poll{50};

// Shared by the reader and the capture thread; the thread may outlive the reader.
struct Mailbox {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Frame> newest;
  int64_t captured = 0;
  int64_t dropped = 0;  // since the last read()
  double fps = 0;
  int64_t frame_count = 0;
  bool open = false, done = false;
  std::optional<Error> failure;
  std::atomic<bool> quit = false;
};

void capture(const std::shared_ptr<Mailbox>& box, const OpenFeed& open_feed) {
  std::optional<Error> failure;
  try {
    auto feed = open_feed();
    if (feed) {
      {
        const std::lock_guard lock(box->mutex);
        box->open = true;
        box->fps = feed->fps;
        box->frame_count = feed->frame_count;
      }
      box->changed.notify_all();
      while (!box->quit) {
        Frame frame;
        if (!feed->grab(frame.bgr) || frame.bgr.empty()) break;
        frame.timestamp = std::chrono::system_clock::now();
        frame.captured = std::chrono::steady_clock::now();
        {
          std::unique_lock lock(box->mutex);
          if (box->frame_count > 0) {  // a file behind an address: it can wait, so no frame of it is dropped
            box->changed.wait(lock, [&] { return !box->newest || box->quit; });
            if (box->quit) break;
          }
          frame.number = box->captured++;
          if (box->newest) ++box->dropped;
          box->newest = std::move(frame);
        }
        box->changed.notify_all();
      }
    } else {
      failure = feed.error();
    }
  } catch (const std::exception& error) {
    failure = Error{ErrorKind::source, redact(error.what())};
  }
  {
    const std::lock_guard lock(box->mutex);
    box->failure = failure;
    box->done = true;
  }
  box->changed.notify_all();
}

class LiveSource : public Source {
 public:
  LiveSource(const std::string& name, OpenFeed open_feed, SourceOptions options)
      : options_(std::move(options)), box_(std::make_shared<Mailbox>()) {
    info_.name = name;
    info_.live = true;
    thread_ = std::thread([box = box_, open_feed = std::move(open_feed)] { capture(box, open_feed); });
  }

  ~LiveSource() override {
    std::unique_lock lock(box_->mutex);
    box_->quit = true;
    box_->changed.notify_all();
    const bool done = box_->changed.wait_for(lock, close_timeout, [&] { return box_->done; });
    lock.unlock();
    done ? thread_.join() : thread_.detach();
  }

  Result<void> wait_until_open() {
    std::unique_lock lock(box_->mutex);
    const auto deadline = std::chrono::steady_clock::now() + open_timeout;
    while (!box_->open && !box_->done && !stopped() && std::chrono::steady_clock::now() < deadline) {
      box_->changed.wait_for(lock, stop_poll);
    }
    if (box_->failure) return *box_->failure;
    if (!box_->open && !stopped()) return Error{ErrorKind::source, info_.name + ": did not open in time"};
    info_.fps = box_->fps;
    info_.frame_count = box_->frame_count;
    info_.live = box_->frame_count == 0;
    return {};
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    std::unique_lock lock(box_->mutex);
    while (!box_->newest && !box_->done && !stopped()) box_->changed.wait_for(lock, stop_poll);
    if (stopped()) return std::optional<Frame>();
    if (box_->newest) {
      std::optional<Frame> frame;
      frame.swap(box_->newest);
      frame->dropped = std::exchange(box_->dropped, 0);
      lock.unlock();
      box_->changed.notify_all();
      if (!start_) {
        start_ = frame->captured;
        if (options_.on_status) options_.on_status(SourceState::connected, info_.name + ": connected", "");
      }
      if (info_.live) {
        frame->pts_ms = std::chrono::duration<double, std::milli>(frame->captured - *start_).count();
      } else {  // how fast a file is looked at says nothing about its time
        frame->pts_ms = static_cast<double>(frame->number) * 1000 / (info_.fps > 0 ? info_.fps : 25);
      }
      return frame;
    }
    if (box_->failure) return *box_->failure;
    if (info_.frame_count > 0 && box_->captured >= info_.frame_count) return std::optional<Frame>();
    const Error lost{ErrorKind::source, info_.name + ": no more frames after " + std::to_string(box_->captured) +
                                            " (disconnected, or the stream has ended)"};
    lock.unlock();
    if (options_.on_status) options_.on_status(SourceState::lost, lost.message, "");
    return lost;
  }

 private:
  bool stopped() const { return options_.stop != nullptr && *options_.stop; }

  SourceInfo info_;
  SourceOptions options_;
  std::shared_ptr<Mailbox> box_;
  std::thread thread_;
  std::optional<SteadyTime> start_;  // of the first frame: live time counts from it
};

LiveFeed feed_from(std::shared_ptr<cv::VideoCapture> video) {
  LiveFeed feed;
  const double fps = video->get(cv::CAP_PROP_FPS);
  const double count = video->get(cv::CAP_PROP_FRAME_COUNT);
  if (std::isfinite(fps) && fps > 0 && fps < 1000) feed.fps = fps;
  if (std::isfinite(count) && count > 0 && count < 1e12) feed.frame_count = static_cast<int64_t>(count);
  feed.grab = [video = std::move(video)](cv::Mat& bgr) { return video->read(bgr); };
  return feed;
}

}  // namespace

Result<std::unique_ptr<Source>> open_live(const std::string& name, OpenFeed open_feed, const SourceOptions& options) {
  auto source = std::make_unique<LiveSource>(name, std::move(open_feed), options);
  if (auto opened = source->wait_until_open(); !opened) return opened.error();
  return std::unique_ptr<Source>(std::move(source));
}

Result<void> check_camera(const std::string& device) {
  const auto failed = [&](const std::string& why) { return Error{ErrorKind::source, device + ": " + why}; };
  const int fd = ::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO) {
      return failed("there is no such camera (`dualsight cameras` lists them)");
    }
    if (errno == EACCES || errno == EPERM) return failed("permission denied (is your user in the group `video`?)");
    if (errno == EBUSY) return failed("the camera is in use by another program");
    return failed(std::string("the camera cannot be opened: ") + std::strerror(errno));
  }
  v4l2_capability capability{};
  const bool answered = ::ioctl(fd, VIDIOC_QUERYCAP, &capability) == 0;
  ::close(fd);
  const auto flags =
      (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps : capability.capabilities;
  if (!answered || (flags & V4L2_CAP_VIDEO_CAPTURE) == 0) return failed("is not a camera");
  return {};
}

Result<std::unique_ptr<Source>> open_camera(const std::string& name, const std::string& device,
                                            const SourceOptions& options) {
  if (auto usable = check_camera(device); !usable) return usable.error();
  return open_live(
      name,
      [device]() -> Result<LiveFeed> {
        // OpenCV's V4L2 backend takes /dev/videoN only, so links (by-id) are followed.
        std::error_code ignored;
        const auto node = std::filesystem::canonical(device, ignored).string();
        auto video = std::make_shared<cv::VideoCapture>(node, cv::CAP_V4L2);
        if (!video->isOpened()) return Error{ErrorKind::source, device + ": the camera is busy or does not answer"};
        return feed_from(std::move(video));
      },
      options);
}

Result<std::unique_ptr<Source>> open_stream(const std::string& url, const SourceOptions& options) {
  return open_live(
      redact(url),
      [url]() -> Result<LiveFeed> {
        auto video = std::make_shared<cv::VideoCapture>();
        const std::vector<int> timeouts = {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, library_timeout_ms,
                                           cv::CAP_PROP_READ_TIMEOUT_MSEC, library_timeout_ms};
        if (!video->open(url, cv::CAP_FFMPEG, timeouts)) {
          return Error{ErrorKind::source, redact(url) + ": nothing answers there, or it is not a video stream"};
        }
        return feed_from(std::move(video));
      },
      options);
}

}  // namespace dualsight
