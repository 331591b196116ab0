#include "app/sources/capture.h"

#include "tests/app/support/fake_library.h"

namespace dualsight {
namespace {

TEST_F(CaptureTest, NewestFrameWinsAndDropsAreCounted) {
  Capture& capture = start(live());
  EXPECT_EQ(capture.state(), State::lost);  // nothing has come yet
  fake_->allow(10);
  ASSERT_TRUE(soon([&] { return fake_->asks_for(10); }));  // ten have been put down
  ASSERT_TRUE(seen_->until_frames(1));
  EXPECT_EQ(seen_->story, (Story{"connected", "9"}));
  EXPECT_EQ(seen_->events[0].message, "cam: connected");
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
  EXPECT_EQ(seen_->events[0].message, "before the first");
  EXPECT_EQ(seen_->events[0].file, "file");
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
  ASSERT_TRUE(seen_->until_reported(State::retrying));
  EXPECT_EQ(seen_->events[1].message, "cam: cannot read rtsp://***@host/x");
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

TEST_F(CaptureTest, RotatesClockwiseAndMirrorsAfterwards) {
  // 0 1 2
  // 3 4 5
  const auto pixels = [&](int rotate, bool mirror) {
    fake_ = std::make_shared<FakeLibrary>();
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
