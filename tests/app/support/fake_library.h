// A source library under the test's control, and a clock that the test advances.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "app/sources/capture.h"
#include "tests/app/support/capture_support.h"

namespace dualsight {

using Story = std::vector<std::string>;

// A clock that goes when the test says so.
class FakeClock {
 public:
  void advance(double seconds) {
    now_ += std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds)).count();
  }
  SteadyTime now() const { return SteadyTime(SteadyTime::duration(now_.load())); }

 private:
  std::atomic<SteadyTime::rep> now_ = 1'000'000'000'000;
};

// A library whose behaviour the test controls. Shared with capture threads, which may outlive the test.
class FakeLibrary {
 public:
  SourceInfo info{"from the library", true, 0, 25};

  Capture::Opener opener(const std::shared_ptr<FakeLibrary>& self) {
    return [self](const SourceSettings&, const SourceOptions& options) { return self->open(self, options); };
  }

  // More frames, over all openings.
  void allow(int frames) {
    change([&] { allowed_ += frames; });
  }
  // read() comes to its end after the allowed frames.
  void finish() {
    change([&] { finished_ = true; });
  }
  // Reading fails, opening too.
  void unplug() {
    change([&] { plugged_ = false; });
  }
  void plug() {
    change([&] { plugged_ = true; });
  }
  // No call returns.
  void hang(bool on) {
    change([&] { hanging_ = on; });
  }
  // The same for read() of these openings alone, by number from 1.
  void freeze(const std::set<int>& openings) {
    change([&] { frozen_ = openings; });
  }
  // Before the next frame.
  void tell(const std::string& message) {
    change([&] { to_tell_.push_back(message); });
  }
  void throw_next(const std::string& what) {
    change([&] { to_throw_ = what; });
  }

  int opened() const { return opened_; }
  int delivered() const { return delivered_; }
  int inside() const { return inside_; }            // threads in the library
  int most_inside() const { return most_inside_; }  // at any time
  bool asks_for(int frame) const { return asked_ > frame; }

 private:
  class Opened : public Source {
   public:
    Opened(std::shared_ptr<FakeLibrary> fake, SourceOptions options, int number)
        : fake_(std::move(fake)), options_(std::move(options)), number_(number) {}
    const SourceInfo& info() const override { return fake_->info; }
    Result<std::optional<Frame>> read() override { return fake_->read(options_, number_); }

   private:
    std::shared_ptr<FakeLibrary> fake_;
    SourceOptions options_;
    int number_;
  };

  struct Inside {
    explicit Inside(FakeLibrary& f) : fake(f) { fake.most_inside_ = std::max<int>(fake.most_inside_, ++fake.inside_); }
    ~Inside() { --fake.inside_; }
    FakeLibrary& fake;
  };

  Result<std::unique_ptr<Source>> open(const std::shared_ptr<FakeLibrary>& self, const SourceOptions& options) {
    std::unique_lock lock(mutex_);
    const Inside inside(*this);
    const int number = ++opened_;
    changed_.wait(lock, [&] { return !hanging_; });
    if (!plugged_) return Error{ErrorKind::source, "there is no such camera"};
    return std::unique_ptr<Source>(new Opened(self, options, number));
  }

  Result<std::optional<Frame>> read(const SourceOptions& options, int opening) {
    std::unique_lock lock(mutex_);
    const Inside inside(*this);
    asked_ = delivered_ + 1;
    const auto something = [&] { return delivered_ < allowed_ || finished_ || !plugged_ || !to_throw_.empty(); };
    changed_.wait(lock, [&] { return !hanging_ && frozen_.count(opening) == 0 && something(); });
    for (const std::string& message : std::exchange(to_tell_, {})) {
      lock.unlock();
      options.on_status(State::skipped, message, "file");
      lock.lock();
    }
    if (!to_throw_.empty()) throw std::runtime_error(std::exchange(to_throw_, ""));
    if (!plugged_) return Error{ErrorKind::source, "cam: unplugged"};
    if (delivered_ >= allowed_) return std::optional<Frame>();
    Frame frame;
    frame.number = delivered_;
    frame.pts_ms = 40.0 * delivered_;
    frame.bgr = cv::Mat(2, 3, CV_8UC3);
    for (int i = 0; i < 6; ++i) frame.bgr.at<cv::Vec3b>(i / 3, i % 3) = cv::Vec3b::all(static_cast<uchar>(i));
    ++delivered_;
    return std::optional<Frame>(std::move(frame));
  }

  template <typename F>
  void change(F&& f) {
    const std::lock_guard lock(mutex_);
    f();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<int> opened_ = 0, delivered_ = 0, asked_ = 0, inside_ = 0;
  std::atomic<int> most_inside_ = 0;
  int allowed_ = 0;
  bool plugged_ = true, hanging_ = false, finished_ = false;
  std::set<int> frozen_;
  std::vector<std::string> to_tell_;
  std::string to_throw_;
};

class CaptureTest : public ::testing::Test {
 protected:
  ~CaptureTest() override {  // lets abandoned threads end
    fake_->hang(false);
    fake_->freeze({});
    fake_->unplug();
    EXPECT_TRUE(soon([&] { return fake_->inside() == 0; }));
  }

  SourceSettings live() const {
    SourceSettings settings;
    settings.spec = "rtsp://user:secret@nowhere.invalid/x";
    settings.name = "cam";
    return settings;
  }
  SourceSettings file() const {
    SourceSettings settings;
    settings.spec = "/nowhere/clip.mp4";
    settings.name = "clip";
    fake_->info = {"clip", false, 50, 25};
    return settings;
  }
  Capture& start(const SourceSettings& settings, bool own_clock = true) {
    CaptureTiming timing;
    if (own_clock) timing.now = [clock = clock_] { return clock->now(); };
    capture_ = std::make_unique<Capture>(settings, std::make_shared<WakeUp>(), fake_->opener(fake_), timing);
    seen_ = std::make_unique<Watcher>(*capture_);
    return *capture_;
  }

  std::shared_ptr<FakeLibrary> fake_ = std::make_shared<FakeLibrary>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::unique_ptr<Capture> capture_;
  std::unique_ptr<Watcher> seen_;
};

}  // namespace dualsight
