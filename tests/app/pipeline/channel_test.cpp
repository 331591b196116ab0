#include "app/pipeline/channel.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "tests/app/support/capture_support.h"
#include "tests/app/support/pipeline_support.h"

namespace dualsight {
namespace {

// A source that delivers what the test pushes, when it does. Shared by the test and the capture's thread.
struct Feed {
  void push() {
    const std::lock_guard lock(mutex);
    ++pushed;
    changed.notify_all();
  }
  void end() {
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }
  std::mutex mutex;
  std::condition_variable changed;
  int pushed = 0;
  bool ended = false;
};

class FedSource : public Source {
 public:
  FedSource(std::shared_ptr<Feed> feed, bool live) : feed_(std::move(feed)) {
    info_ = {"fed", live, 0, 10, live};  // live ones end, too
  }
  const SourceInfo& info() const override { return info_; }
  Result<std::optional<Frame>> read() override {
    std::unique_lock lock(feed_->mutex);
    feed_->changed.wait(lock, [&] { return feed_->pushed > next_ || feed_->ended; });
    if (feed_->pushed <= next_) return std::optional<Frame>();
    Frame frame;
    frame.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(0));
    cv::Mat(frame.bgr, cv::Rect(0, 0, 1, 48)).setTo(cv::Scalar::all(255));  // blurring changes the left edge
    frame.number = next_;
    frame.pts_ms = 100.0 * next_++;
    return std::optional<Frame>(std::move(frame));
  }

 private:
  const std::shared_ptr<Feed> feed_;
  SourceInfo info_;
  int next_ = 0;
};

struct Window : FakeSink {
  explicit Window(SinkLog& log) : FakeSink(log) {}
  bool wants_preview() const override { return true; }
  void on_preview(const ShownFrame& frame) override { previews.push_back(frame); }
  std::vector<ShownFrame> previews;
};

// One channel, whose source and detector the test plays by hand.
class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() {
    header_.class_names = {"even", "odd"};
    header_.thresholds = {0.4F, 0.4F};
    plan_.source.spec = "fed";
    plan_.controls = controls_;
  }
  ~ChannelTest() override { feed_->end(); }

  void open(bool live) {
    context_.open = [feed = feed_, live](const SourceSettings&, const SourceOptions&) {
      return Result<std::unique_ptr<Source>>(std::make_unique<FedSource>(feed, live));
    };
    channel_ = std::make_unique<Channel>(plan_, context_, SinkGroup({&sink_}, failure_));
  }
  // One more frame of a live source, taken by the channel.
  void push() {
    feed_->push();
    const std::size_t before = sink_.previews.size();
    ASSERT_TRUE(soon([&] {
      channel_->advance();
      return sink_.previews.size() > before;
    }));
  }
  // The detector begins with the newest frame ...
  int64_t start() {
    work_ = lanes_.start_next();
    return work_ ? work_->frame.number : -1;
  }
  // ... and is done: an object of this class at the left edge.
  void finish(int class_id = 0) {
    work_->found->detections = {{class_id, 0.9F, {0, 10, 20, 30}}};
    lanes_.finish(*std::exchange(work_, std::nullopt));
    channel_->on_inference_result(*lanes_.take());
  }
  void finish_next(int class_id = 0) {
    ASSERT_GE(start(), 0);
    finish(class_id);
  }
  std::vector<int64_t> shown() const {
    std::vector<int64_t> numbers;
    for (const ShownFrame& frame : log_.shown) numbers.push_back(frame.frame);
    return numbers;
  }
  static bool is_blurred(const ShownFrame& frame) { return frame.bgr.at<cv::Vec3b>(20, 0)[0] < 255; }

  HeaderRecord header_;
  const std::shared_ptr<Feed> feed_ = std::make_shared<Feed>();
  const std::shared_ptr<Controls> controls_ = std::make_shared<Controls>();
  const std::shared_ptr<WakeUp> wake_ = std::make_shared<WakeUp>();
  InferenceLanes lanes_{1, wake_, wake_};
  RunContext context_{header_,
                      0,
                      lanes_,
                      wake_,
                      {},
                      std::chrono::steady_clock::now(),
                      [] { return false; },
                      [](const std::string& name) { return name; },
                      {},
                      {}};
  SourcePlan plan_;
  SinkLog log_;
  Window sink_{log_};
  std::optional<Error> failure_;
  std::optional<InferenceResult> work_;
  std::unique_ptr<Channel> channel_;
};

TEST_F(ChannelTest, FramesAreShownOnceTheResultsAroundThemAreThere) {
  open(true);
  push();
  EXPECT_EQ(start(), 0);
  for (int i = 1; i <= 3; ++i) push();
  EXPECT_TRUE(log_.shown.empty());
  EXPECT_EQ(sink_.previews.size(), 4U);
  finish();
  EXPECT_EQ(shown(), std::vector<int64_t>{0});
  EXPECT_EQ(start(), 3);  // the newest; 1 and 2 were replaced
  finish();
  EXPECT_EQ(shown(), (std::vector<int64_t>{0, 1, 2, 3}));
  EXPECT_TRUE(log_.shown[1].predicted && log_.shown[2].predicted);
  EXPECT_FALSE(log_.shown[3].predicted);
  ASSERT_EQ(log_.frames.size(), 2U);
  EXPECT_EQ(log_.frames[1].dropped, 2);
  const SourceSummary summary = channel_->summary();
  EXPECT_EQ(summary.captured, 4);
  EXPECT_EQ(summary.frames, 2);
  EXPECT_EQ(summary.dropped, 2);
  EXPECT_EQ(summary.tracks, 1);
  const SourceStats stats = channel_->stats(std::chrono::steady_clock::now());
  EXPECT_EQ(stats.source, "fed");
  EXPECT_EQ(stats.captured, 4);
  EXPECT_EQ(stats.dropped, 2);
}

// Ninety frames wait at most.
TEST_F(ChannelTest, ADetectorThatHangsDoesNotKeepFrames) {
  open(true);
  push();
  start();
  for (int i = 1; i < 95; ++i) push();
  EXPECT_EQ(shown(), (std::vector<int64_t>{0, 1, 2, 3, 4}));
  finish();  // of frame 0, which was shown without it
  EXPECT_EQ(log_.shown.size(), 5U);
  EXPECT_EQ(log_.frames.size(), 1U);
  EXPECT_EQ(channel_->summary().record_dropped, 0);
  channel_->close();
  EXPECT_EQ(log_.shown.size(), 95U);
}

TEST_F(ChannelTest, WhatIsToBeBlurredIsNotShownWithoutAResult) {
  controls_->set({{}, 0.6F, {}, {true, false}, true});
  open(true);
  push();
  start();
  for (int i = 1; i < 95; ++i) push();
  EXPECT_TRUE(log_.shown.empty());
  EXPECT_EQ(channel_->summary().record_dropped, 5);
  finish();  // of frame 0, which can be shown after all
  EXPECT_EQ(shown(), std::vector<int64_t>{0});
  EXPECT_TRUE(is_blurred(log_.shown[0]));
  EXPECT_EQ(channel_->summary().record_dropped, 4);
  channel_->close();
  EXPECT_EQ(log_.shown.size(), 1U);
  EXPECT_EQ(channel_->summary().record_dropped, 94);
}

TEST_F(ChannelTest, BlurringThatIsSwitchedOnShowsNothingBetween) {
  open(true);
  push();
  finish_next();
  push();
  push();
  controls_->set({{}, 0.6F, {}, {true, false}, true});
  finish_next();
  EXPECT_EQ(shown(), (std::vector<int64_t>{0, 2}));  // where the object was in frame 1 is known of frame 2 alone
  EXPECT_FALSE(is_blurred(log_.shown[0]));
  EXPECT_TRUE(is_blurred(log_.shown[1]));
  EXPECT_EQ(channel_->summary().record_dropped, 1);
  push();
  EXPECT_TRUE(is_blurred(sink_.previews.back()));
  controls_->set({{}, 0.6F, {}, {}, true});
  finish_next();
  EXPECT_FALSE(is_blurred(log_.shown.back()));
}

TEST_F(ChannelTest, TracksThatAreSwitchedOffEndAtTheLastResult) {
  open(true);
  push();
  finish_next();
  ASSERT_EQ(log_.events.size(), 1U);
  EXPECT_EQ(log_.events[0].event, Event::appeared);
  push();
  controls_->set({{}, 0.6F, {}, {}, false});
  push();
  ASSERT_EQ(log_.events.size(), 2U);
  EXPECT_EQ(log_.events[1].event, Event::ended);
  EXPECT_EQ(log_.events[1].frame, 0);  // 1 and 2 still wait for their results
}

TEST_F(ChannelTest, ALiveSourceIsFinishedAfterSoManyResults) {
  context_.max_frames = 1;
  open(true);
  push();
  start();
  push();
  EXPECT_FALSE(channel_->finished());
  finish();
  channel_->advance();
  EXPECT_TRUE(channel_->finished());  // though frame 1 still waits for the detector
  EXPECT_TRUE(lanes_.busy(0));
  finish_next();  // comes too late
  EXPECT_EQ(log_.frames.size(), 1U);
}

TEST_F(ChannelTest, AFileWaitsForTheDetector) {
  open(false);
  for (int i = 0; i < 3; ++i) feed_->push();
  feed_->end();
  ASSERT_TRUE(soon([&] {
    channel_->advance();
    return lanes_.busy(0);
  }));
  for (int i = 0; i < 20; ++i) {
    channel_->advance();
    EXPECT_FALSE(lanes_.has_room(0));
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_EQ(start(), 0);  // not replaced by a newer one
  ASSERT_TRUE(soon([&] {
    channel_->advance();
    return !lanes_.has_room(0);
  }));
  finish(0);
  EXPECT_EQ(start(), 1);
  finish(1);
  EXPECT_EQ(shown(), (std::vector<int64_t>{0, 1}));
  ASSERT_TRUE(soon([&] {
    channel_->advance();
    return !lanes_.has_room(0);
  }));
  channel_->close();  // interrupted: frame 2 has no result, and is not shown
  EXPECT_EQ(log_.shown.size(), 2U);
  EXPECT_TRUE(sink_.previews.empty());
}

TEST_F(ChannelTest, ABrokenDetectorFailsTheRun) {
  open(true);
  push();
  start();
  work_->found = Error{ErrorKind::internal, "the network is broken"};
  lanes_.finish(*std::exchange(work_, std::nullopt));
  channel_->on_inference_result(*lanes_.take());
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->message, "the network is broken");
}

}  // namespace
}  // namespace dualsight
