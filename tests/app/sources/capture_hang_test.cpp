// Time-outs, and libraries that hang.
#include "tests/app/support/fake_library.h"

namespace dualsight {
namespace {

TEST_F(CaptureTest, NoFrameForTooLongIsALoss) {
  Capture& capture = start(live());
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(1));
  ASSERT_TRUE(soon([&] { return fake_->asks_for(1); }));
  clock_->advance(9.9);
  EXPECT_FALSE(seen_->poll());
  clock_->advance(0.2);
  ASSERT_TRUE(seen_->until_reported(State::retrying));
  EXPECT_EQ(seen_->story, (Story{"connected", "0", "lost", "retrying"}));
  EXPECT_EQ(seen_->events[1].message, "cam: no frame for 10 s");

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
  EXPECT_EQ(seen_->events[1].message, "cam: did not open within 15 s: attempt 2 in 1 s");
  EXPECT_EQ(seen_->events[2].message, "cam: earlier attempts still hang; waiting until one returns");

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
    ASSERT_TRUE(seen_->until_reported(State::retrying, i));
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

}  // namespace
}  // namespace dualsight
