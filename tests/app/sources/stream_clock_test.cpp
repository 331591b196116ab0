#include "app/sources/stream_clock.h"

#include <gtest/gtest.h>

#include <vector>

namespace dualsight {
namespace {

std::vector<double> times(StreamClock clock, const std::vector<std::optional<double>>& stamps) {
  std::vector<double> out;
  for (const auto& stamp : stamps) out.push_back(clock.advance(stamp));
  return out;
}
using Times = std::vector<double>;

TEST(StreamClock, GoodTimesStay) {
  EXPECT_EQ(times(StreamClock(40), {0, 40, 85, 120, 5000}), (Times{0, 40, 85, 120, 5000}));
  EXPECT_EQ(times(StreamClock(40), {120, 160}), (Times{120, 160}));  // the first need not be 0
}

TEST(StreamClock, AJumpBackGoesOnFromTheFrameBefore) {
  EXPECT_EQ(times(StreamClock(40), {1000, 1040, 100, 140, 180}), (Times{1000, 1040, 1080, 1120, 1160}));
}

// 33 bits of 90 kHz, unwrapped once too often: 26.5 hours ahead.
TEST(StreamClock, AJumpAheadIsNoneWhereClocksStartAnew) {
  EXPECT_EQ(times(StreamClock(40, true), {0, 40, 95'443'717, 95'443'757}), (Times{0, 40, 80, 120}));
  EXPECT_EQ(times(StreamClock(40, true), {0, 40, 9'000}), (Times{0, 40, 9'000}));  // a gap of nine seconds is one
}

TEST(StreamClock, RecordingsMayHaveLongGaps) {
  constexpr double hour = 3600 * 1000.0;
  EXPECT_EQ(times(StreamClock(40), {0, 40, 3 * hour, 3 * hour + 40}), (Times{0, 40, 3 * hour, 3 * hour + 40}));
  // A camera that found out in mid-recording that it is not 1970.
  EXPECT_EQ(times(StreamClock(40), {0, 40, 400'000 * hour, 400'000 * hour + 40}), (Times{0, 40, 80, 120}));
}

TEST(StreamClock, EqualTimesDoNotShiftLaterOnes) {
  EXPECT_EQ(times(StreamClock(40), {720, 760, 760, 840, 880}), (Times{720, 760, 761, 840, 880}));
}

TEST(StreamClock, AClockThatStandsStillIsReplacedByTheRate) {
  EXPECT_EQ(times(StreamClock(40), {0, 0, 0, 0, 0}), (Times{0, 1, 41, 81, 121}));
}

TEST(StreamClock, MissingTimesAreTheRate) {
  EXPECT_EQ(times(StreamClock(40), {std::nullopt, std::nullopt, 100, std::nullopt}), (Times{0, 40, 100, 140}));
}

}  // namespace
}  // namespace dualsight
