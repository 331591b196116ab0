#include "app/sources/capture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "tests/app/support/capture_support.h"

namespace dualsight {
namespace {

using Story = std::vector<std::string>;

// A clock that goes when the test says so.
class Clock {
 public:
  void advance(double seconds) {
    now_ += std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds)).count();
  }
  SteadyTime now() const { return SteadyTime(SteadyTime::duration(now_.load())); }

 private:
  std::atomic<SteadyTime::rep> now_ = 1'000'000'000'000;
};

// What a fake library does, told by the test. Shared with capture threads, which may outlive the test.
class Fake {
 public:
  SourceInfo info{"from the library", true, 0, 25};

  Capture::Opener opener(const std::shared_ptr<Fake>& self) {
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
  // Whatever is called does not return.
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
    Opened(std::shared_ptr<Fake> fake, SourceOptions options, int number)
        : fake_(std::move(fake)), options_(std::move(options)), number_(number) {}
    const SourceInfo& info() const override { return fake_->info; }
    Result<std::optional<Frame>> read() override { return fake_->read(options_, number_); }

   private:
    std::shared_ptr<Fake> fake_;
    SourceOptions options_;
    int number_;
  };

  struct Inside {
    explicit Inside(Fake& f) : fake(f) { fake.most_inside_ = std::max<int>(fake.most_inside_, ++fake.inside_); }
    ~Inside() { --fake.inside_; }
    Fake& fake;
  };

  Result<std::unique_ptr<Source>> open(const std::shared_ptr<Fake>& self, const SourceOptions& options) {
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

  std::shared_ptr<Fake> fake_ = std::make_shared<Fake>();
  std::shared_ptr<Clock> clock_ = std::make_shared<Clock>();
  std::unique_ptr<Capture> capture_;
  std::unique_ptr<Watcher> seen_;
};

TEST_F(CaptureTest, NewestFrameWinsAndDropsAreCounted) {
  Capture& capture = start(live());
  EXPECT_EQ(capture.state(), State::lost);  // nothing has come yet
  fake_->allow(10);
  ASSERT_TRUE(soon([&] { return fake_->asks_for(10); }));  // ten have been put down
  ASSERT_TRUE(seen_->until_frames(1));
  EXPECT_EQ(seen_->story, (Story{"connected", "9"}));
  EXPECT_EQ(seen_->news[0].message, "cam: connected");
  EXPECT_EQ(seen_->frames[0].number, 9);
  EXPECT_EQ(capture.dropped(), 9);
  EXPECT_EQ(capture.captured(), 10);
  EXPECT_EQ(capture.state(), State::connected);
  EXPECT_EQ(capture.info().name, "cam");
  EXPECT_EQ(capture.info().fps, 25);
  EXPECT_TRUE(capture.info().live);

  clock_->advance(0.5);
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(2));
  EXPECT_EQ(seen_->frames[1].number, 10);
  EXPECT_EQ(seen_->frames[1].pts_ms, 500);  // since the first frame
  EXPECT_EQ(seen_->frames[1].captured, clock_->now());
  EXPECT_EQ(capture.dropped(), 9);
}

TEST_F(CaptureTest, FilesDeliverEveryFrameAndEnd) {
  Capture& capture = start(file());
  fake_->allow(50);
  fake_->finish();
  for (std::size_t i = 1; i <= 50; ++i) {
    std::this_thread::sleep_for(milliseconds(1));  // slower than the fake delivers
    ASSERT_TRUE(seen_->until_frames(i));
    EXPECT_LE(fake_->delivered(), static_cast<int>(i) + 2);  // not read into memory
  }
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->story.back(), "ended");
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(seen_->frames[static_cast<std::size_t>(i)].number, i);
    EXPECT_EQ(seen_->frames[static_cast<std::size_t>(i)].pts_ms, 40.0 * i);  // the file's own time
  }
  EXPECT_EQ(capture.captured(), 50);
  EXPECT_EQ(capture.dropped(), 0);
  EXPECT_EQ(capture.info().frame_count, 50);
  EXPECT_FALSE(capture.poll());
}

TEST_F(CaptureTest, FilesHaveAllTheTimeTheyNeed) {
  start(file());
  ASSERT_TRUE(soon([&] { return fake_->asks_for(0); }));
  clock_->advance(3600);
  EXPECT_FALSE(seen_->poll());
  fake_->allow(1);
  EXPECT_TRUE(seen_->until_frames(1));
}

TEST_F(CaptureTest, AFileThatCannotBeReadIsAnError) {
  fake_->unplug();
  Capture& capture = start(file());
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->failure, "there is no such camera");
  EXPECT_EQ(capture.state(), State::failed);
  EXPECT_FALSE(capture.poll());
}

TEST_F(CaptureTest, StatusesKeepTheirPlaceAmongTheFrames) {
  start(file());
  fake_->tell("before the first");
  fake_->allow(2);
  ASSERT_TRUE(seen_->until_frames(2));
  fake_->tell("after the second");
  fake_->allow(1);
  fake_->finish();
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->story, (Story{"skipped", "0", "1", "skipped", "2", "ended"}));
  EXPECT_EQ(seen_->news[0].message, "before the first");
  EXPECT_EQ(seen_->news[0].file, "file");
}

TEST_F(CaptureTest, StatusesOfALiveSourceSurviveTheFramesAroundThem) {
  start(live());
  fake_->allow(1);
  ASSERT_TRUE(soon([&] { return fake_->asks_for(1); }));
  fake_->tell("odd");
  fake_->allow(1);
  ASSERT_TRUE(soon([&] { return fake_->asks_for(2); }));
  ASSERT_TRUE(seen_->until_frames(1));
  EXPECT_EQ(seen_->story, (Story{"connected", "skipped", "1"}));
}

TEST_F(CaptureTest, TheFirstOpeningMustSucceed) {
  fake_->unplug();
  Capture& capture = start(live());
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->story, (Story{"error"}));
  EXPECT_EQ(seen_->failure, "there is no such camera");
  EXPECT_EQ(capture.state(), State::failed);
  clock_->advance(3600);
  EXPECT_FALSE(capture.poll());
  EXPECT_EQ(fake_->opened(), 1);
}

TEST_F(CaptureTest, OrItIsWaitedFor) {
  fake_->unplug();
  SourceSettings settings = live();
  settings.wait = true;
  Capture& capture = start(settings);
  ASSERT_TRUE(seen_->until_told(State::retrying));
  EXPECT_EQ(capture.state(), State::retrying);
  EXPECT_EQ(seen_->news[0].message, "there is no such camera: attempt 1 in 0.5 s");
  fake_->plug();
  fake_->allow(1);
  clock_->advance(0.5);
  ASSERT_TRUE(seen_->until_frames(1));
  EXPECT_EQ(seen_->story, (Story{"retrying", "connected", "0"}));
  EXPECT_EQ(capture.reconnects(), 0);  // the first connection
}

TEST_F(CaptureTest, ALostSourceComesBackAndGoesOnCounting) {
  Capture& capture = start(live());
  fake_->allow(3);
  ASSERT_TRUE(soon([&] { return fake_->asks_for(3); }));
  ASSERT_TRUE(seen_->until_frames(1));
  fake_->unplug();
  ASSERT_TRUE(seen_->until_told(State::retrying));
  EXPECT_EQ(seen_->story, (Story{"connected", "2", "lost", "retrying"}));
  EXPECT_EQ(seen_->news[1].message, "cam: unplugged");
  EXPECT_EQ(seen_->news[2].message, "cam: attempt 1 in 0.5 s");
  EXPECT_EQ(seen_->news[2].attempt, 1);
  EXPECT_EQ(seen_->news[2].retry_in_s, 0.5);
  EXPECT_EQ(capture.state(), State::retrying);
  EXPECT_EQ(capture.measured_fps(clock_->now()), 0);

  fake_->plug();
  fake_->allow(1);
  clock_->advance(2);
  ASSERT_TRUE(seen_->until_frames(2));
  EXPECT_EQ(seen_->story, (Story{"connected", "2", "lost", "retrying", "connected", "3"}));
  EXPECT_EQ(seen_->frames[1].pts_ms, 2000);
  EXPECT_EQ(capture.captured(), 4);
  EXPECT_EQ(capture.dropped(), 2);
  EXPECT_EQ(capture.reconnects(), 1);
  EXPECT_EQ(capture.state(), State::connected);
}

TEST_F(CaptureTest, TheEndOfALiveSourceIsALoss) {
  start(live());
  fake_->allow(1);
  fake_->finish();
  ASSERT_TRUE(seen_->until_told(State::retrying));
  EXPECT_EQ(seen_->story, (Story{"connected", "0", "lost", "retrying"}));
  EXPECT_EQ(seen_->news[1].message, "cam: the stream has ended");
}

TEST_F(CaptureTest, WaitsDoubleUpTo30SecondsAndNeverEnd) {
  start(live());
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(1));
  fake_->unplug();
  const std::vector<double> waits = {0.5, 1, 2, 4, 8, 16, 30, 30, 30};
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(seen_->until_told(State::retrying, i + 1));
    const Capture::SourceEvent& told = seen_->news.back();
    EXPECT_EQ(told.attempt, static_cast<int>(i) + 1);
    EXPECT_EQ(told.retry_in_s, i < waits.size() ? waits[i] : 30);
    clock_->advance(told.retry_in_s - 0.01);  // not before its time
    EXPECT_FALSE(seen_->poll());
    EXPECT_EQ(fake_->opened(), static_cast<int>(i) + 1);
    clock_->advance(0.02);
  }
  EXPECT_EQ(seen_->count(State::lost), 1U);
}

TEST_F(CaptureTest, OnlyALastingConnectionSetsTheWaitBack) {
  start(live());
  const auto deliver_for = [&](double seconds) {
    const std::size_t had = seen_->frames.size();
    fake_->allow(1);
    ASSERT_TRUE(seen_->until_frames(had + 1));
    clock_->advance(seconds);
    fake_->allow(1);
    ASSERT_TRUE(seen_->until_frames(had + 2));
    fake_->unplug();
    ASSERT_TRUE(seen_->until_told(State::retrying, seen_->count(State::retrying) + 1));
    fake_->plug();
    clock_->advance(seen_->news.back().retry_in_s);
  };
  deliver_for(1);
  EXPECT_EQ(seen_->news.back().retry_in_s, 0.5);
  deliver_for(1);  // comes and goes: the waits grow
  EXPECT_EQ(seen_->news.back().retry_in_s, 1);
  deliver_for(1);
  EXPECT_EQ(seen_->news.back().retry_in_s, 2);
  deliver_for(9.9);  // shorter than the time-out, in sum long enough
  EXPECT_EQ(seen_->news.back().retry_in_s, 4);
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(seen_->frames.size() + 1));
  clock_->advance(5);
  deliver_for(6);
  EXPECT_EQ(seen_->news.back().retry_in_s, 0.5);
  EXPECT_EQ(seen_->news.back().attempt, 1);
}

TEST_F(CaptureTest, NoFrameForTooLongIsALoss) {
  Capture& capture = start(live());
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(1));
  ASSERT_TRUE(soon([&] { return fake_->asks_for(1); }));
  clock_->advance(9.9);
  EXPECT_FALSE(seen_->poll());
  clock_->advance(0.2);
  ASSERT_TRUE(seen_->until_told(State::retrying));
  EXPECT_EQ(seen_->story, (Story{"connected", "0", "lost", "retrying"}));
  EXPECT_EQ(seen_->news[1].message, "cam: no frame for 10 s");

  fake_->freeze({1});  // that thread hangs on
  fake_->allow(1);
  clock_->advance(0.5);
  ASSERT_TRUE(seen_->until_frames(2));
  EXPECT_EQ(seen_->frames[1].number, 1);
  fake_->freeze({2});  // now it comes back with a frame
  fake_->allow(1);
  ASSERT_TRUE(soon([&] { return fake_->delivered() == 3; }));
  ASSERT_TRUE(soon([&] { return fake_->inside() == 1; }));
  EXPECT_FALSE(seen_->poll());  // too late
  fake_->freeze({});
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(3));
  EXPECT_EQ(seen_->frames[2].number, 2);
  EXPECT_EQ(capture.captured(), 3);
}

TEST_F(CaptureTest, OpeningThatTakesTooLongFails) {
  fake_->hang(true);
  SourceSettings settings = live();
  settings.open_timeout_s = 3;
  start(settings);
  ASSERT_TRUE(soon([&] { return fake_->opened() == 1; }));
  clock_->advance(2.9);
  EXPECT_FALSE(seen_->poll());
  clock_->advance(0.2);
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->failure, "cam: did not open within 3 s");
}

TEST_F(CaptureTest, ALibraryThatHangsForEverCostsTwoThreadsAtMost) {
  fake_->hang(true);
  SourceSettings settings = live();
  settings.wait = true;
  Capture& capture = start(settings);
  for (int i = 0; i < 1000; ++i) {  // five hours
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    clock_->advance(18);
    while (seen_->poll()) {
    }
  }
  EXPECT_EQ(fake_->opened(), 2);
  EXPECT_EQ(fake_->most_inside(), 2);
  EXPECT_EQ(capture.state(), State::retrying);
  EXPECT_EQ(seen_->story, (Story{"retrying", "retrying", "retrying"}));
  EXPECT_EQ(seen_->news[1].message, "cam: did not open within 15 s: attempt 2 in 1 s");
  EXPECT_EQ(seen_->news[2].message, "cam: earlier attempts still hang; waiting until one returns");

  fake_->allow(1);
  fake_->hang(false);  // both return, and the next attempt succeeds
  ASSERT_TRUE(seen_->until_frames(1));
  EXPECT_EQ(fake_->opened(), 3);
  EXPECT_EQ(capture.state(), State::connected);
}

TEST_F(CaptureTest, ManyHangsOneAfterTheOtherLeaveNoThreads) {
  SourceSettings settings = live();
  settings.wait = true;
  fake_->hang(true);
  start(settings);
  for (std::size_t i = 1; i <= 30; ++i) {
    ASSERT_TRUE(soon([&] { return fake_->inside() >= 1; }));
    clock_->advance(16);
    ASSERT_TRUE(seen_->until_told(State::retrying, i));
    fake_->unplug();
    fake_->hang(false);  // the one that was given up returns
    ASSERT_TRUE(soon([&] { return fake_->inside() == 0; }));
    fake_->hang(true);
    clock_->advance(30);
    ASSERT_TRUE(seen_->until([&] { return fake_->inside() == 1; }));
  }
  EXPECT_EQ(fake_->most_inside(), 1);
}

TEST_F(CaptureTest, IsDestroyedWithinASecondWhateverTheLibraryDoes) {
  start(live(), false);
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(1));
  fake_->hang(true);
  const auto begun = std::chrono::steady_clock::now();
  capture_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(1000));
  EXPECT_EQ(fake_->inside(), 1);  // left behind, until the test lets it go
}

TEST_F(CaptureTest, ManyThatHangEndSideBySide) {
  fake_->hang(true);
  std::vector<std::unique_ptr<Capture>> captures;
  for (int i = 0; i < 5; ++i) {
    captures.push_back(std::make_unique<Capture>(live(), std::make_shared<WakeUp>(), fake_->opener(fake_)));
  }
  const auto begun = std::chrono::steady_clock::now();
  for (auto& capture : captures) capture->stop();
  captures.clear();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(2000));  // not five times one second
}

TEST_F(CaptureTest, AFileNobodyReadsOnLetsGoAtOnce) {
  start(file(), false);
  fake_->allow(50);
  ASSERT_TRUE(soon([&] { return fake_->delivered() >= 2; }));  // the thread waits for the reader
  const auto begun = std::chrono::steady_clock::now();
  capture_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(700));
  EXPECT_LE(fake_->delivered(), 3);
}

TEST_F(CaptureTest, TheRateFallsToZeroWhenNothingComes) {
  Capture& capture = start(live());
  for (std::size_t i = 1; i <= 20; ++i) {  // 10 frames/s
    fake_->allow(1);
    ASSERT_TRUE(seen_->until_frames(i));
    if (i < 20) clock_->advance(0.1);
  }
  EXPECT_NEAR(capture.measured_fps(clock_->now()), 10, 0.01);
  clock_->advance(1);
  EXPECT_LT(capture.measured_fps(clock_->now()), 8);
  clock_->advance(4);
  EXPECT_EQ(capture.measured_fps(clock_->now()), 0);
}

TEST_F(CaptureTest, WhatTheLibraryThrowsIsALossWithoutPasswords) {
  start(live());
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(1));
  fake_->throw_next("cannot read rtsp://user:secret@host/x");
  ASSERT_TRUE(seen_->until_told(State::retrying));
  EXPECT_EQ(seen_->news[1].message, "cam: cannot read rtsp://***@host/x");
}

TEST_F(CaptureTest, AFileBehindAnAddressLosesNoFrameAndEnds) {
  fake_->info = {"clip", false, 5, 25};
  Capture& capture = start(live());
  EXPECT_TRUE(capture.info().live);  // as far as can be told before it is open
  fake_->allow(5);
  fake_->finish();
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->story, (Story{"0", "1", "2", "3", "4", "ended"}));
  EXPECT_FALSE(capture.info().live);
}

TEST_F(CaptureTest, AFileBehindAnAddressMayBeReadSlowlyButMustNotHang) {
  fake_->info = {"clip", false, 5, 25};
  start(live());
  fake_->allow(3);
  ASSERT_TRUE(soon([&] { return fake_->delivered() >= 2; }));
  std::this_thread::sleep_for(milliseconds(20));
  clock_->advance(60);  // the reader was slow, not the library
  ASSERT_TRUE(seen_->until_frames(3));
  ASSERT_TRUE(soon([&] { return fake_->asks_for(3); }));
  clock_->advance(11);
  ASSERT_TRUE(seen_->until_over());
  EXPECT_EQ(seen_->story, (Story{"0", "1", "2", "truncated", "ended"}));
}

TEST_F(CaptureTest, RotatesClockwiseAndMirrorsAfterwards) {
  // 0 1 2
  // 3 4 5
  const auto pixels = [&](int rotate, bool mirror) {
    fake_ = std::make_shared<Fake>();
    SourceSettings settings = live();
    settings.rotate = rotate;
    settings.mirror = mirror;
    start(settings);
    fake_->allow(1);
    EXPECT_TRUE(seen_->until_frames(1));
    std::vector<std::vector<int>> rows;
    const cv::Mat bgr = seen_->frames.at(0).bgr;
    for (int y = 0; y < bgr.rows; ++y) {
      rows.emplace_back();
      for (int x = 0; x < bgr.cols; ++x) rows.back().push_back(bgr.at<cv::Vec3b>(y, x)[0]);
    }
    fake_->unplug();
    capture_.reset();
    return rows;
  };
  using Rows = std::vector<std::vector<int>>;
  EXPECT_EQ(pixels(0, false), (Rows{{0, 1, 2}, {3, 4, 5}}));
  EXPECT_EQ(pixels(90, false), (Rows{{3, 0}, {4, 1}, {5, 2}}));
  EXPECT_EQ(pixels(180, false), (Rows{{5, 4, 3}, {2, 1, 0}}));
  EXPECT_EQ(pixels(270, false), (Rows{{2, 5}, {1, 4}, {0, 3}}));
  EXPECT_EQ(pixels(0, true), (Rows{{2, 1, 0}, {5, 4, 3}}));
  EXPECT_EQ(pixels(90, true), (Rows{{0, 3}, {1, 4}, {2, 5}}));
}

TEST_F(CaptureTest, WakesTheReader) {
  const auto wake = std::make_shared<WakeUp>();
  Capture capture(live(), wake, fake_->opener(fake_));
  Watcher seen(capture);
  fake_->allow(1);
  const auto begun = std::chrono::steady_clock::now();
  while (seen.frames.empty() && std::chrono::steady_clock::now() - begun < std::chrono::seconds(10)) {
    if (!seen.poll()) wake->wait_for(std::chrono::seconds(5));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
  fake_->unplug();
}

}  // namespace
}  // namespace dualsight
