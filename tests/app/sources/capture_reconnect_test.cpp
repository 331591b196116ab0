// Losing a source and opening it again.
#include "tests/app/support/fake_library.h"

namespace dualsight {
namespace {

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
  ASSERT_TRUE(seen_->until_reported(State::retrying));
  EXPECT_EQ(capture.state(), State::retrying);
  EXPECT_EQ(seen_->events[0].message, "there is no such camera: attempt 1 in 0.5 s");
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
  ASSERT_TRUE(seen_->until_reported(State::retrying));
  EXPECT_EQ(seen_->story, (Story{"connected", "2", "lost", "retrying"}));
  EXPECT_EQ(seen_->events[1].message, "cam: unplugged");
  EXPECT_EQ(seen_->events[2].message, "cam: attempt 1 in 0.5 s");
  EXPECT_EQ(seen_->events[2].attempt, 1);
  EXPECT_EQ(seen_->events[2].retry_in_s, 0.5);
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
  ASSERT_TRUE(seen_->until_reported(State::retrying));
  EXPECT_EQ(seen_->story, (Story{"connected", "0", "lost", "retrying"}));
  EXPECT_EQ(seen_->events[1].message, "cam: the stream has ended");
}

TEST_F(CaptureTest, WaitsDoubleUpTo30SecondsAndNeverEnd) {
  start(live());
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(1));
  fake_->unplug();
  const std::vector<double> waits = {0.5, 1, 2, 4, 8, 16, 30, 30, 30};
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(seen_->until_reported(State::retrying, i + 1));
    const Capture::SourceEvent& told = seen_->events.back();
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
    ASSERT_TRUE(seen_->until_reported(State::retrying, seen_->count(State::retrying) + 1));
    fake_->plug();
    clock_->advance(seen_->events.back().retry_in_s);
  };
  deliver_for(1);
  EXPECT_EQ(seen_->events.back().retry_in_s, 0.5);
  deliver_for(1);  // comes and goes: the waits grow
  EXPECT_EQ(seen_->events.back().retry_in_s, 1);
  deliver_for(1);
  EXPECT_EQ(seen_->events.back().retry_in_s, 2);
  deliver_for(9.9);  // shorter than the time-out, in sum long enough
  EXPECT_EQ(seen_->events.back().retry_in_s, 4);
  fake_->allow(1);
  ASSERT_TRUE(seen_->until_frames(seen_->frames.size() + 1));
  clock_->advance(5);
  deliver_for(6);
  EXPECT_EQ(seen_->events.back().retry_in_s, 0.5);
  EXPECT_EQ(seen_->events.back().attempt, 1);
}

}  // namespace
}  // namespace dualsight
