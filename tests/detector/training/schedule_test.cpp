#include "detector/training/schedule.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

// 16 pictures: the peak is lr itself. 100 steps to warm up, then half a cosine over 200.
TEST(Schedule, WarmsUpAndFallsToOnePercent) {
  TrainOptions options;
  options.lr = 0.4;
  options.batch = 16;
  options.warmup_steps = 100;
  const Schedule schedule(options, 300);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(0), 0.004);  // 1 / 100
  EXPECT_DOUBLE_EQ(schedule.learning_rate(49), 0.2);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(99), 0.4);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(100), 0.4);
  EXPECT_NEAR(schedule.learning_rate(200), 0.4 * 0.505, 1e-12);  // half-way: 0.01 + 0.99 / 2
  EXPECT_NEAR(schedule.learning_rate(300), 0.004, 1e-12);
  EXPECT_DOUBLE_EQ(schedule.fade(50), 1);
  EXPECT_DOUBLE_EQ(schedule.fade(100), 1);
  EXPECT_NEAR(schedule.fade(200), 0.5, 1e-12);
  EXPECT_NEAR(schedule.fade(300), 0, 1e-12);
  EXPECT_NEAR(schedule.fade(1000), 0, 1e-12);  // never negative
}

// 160 pictures, 16 a step, 30 epochs: 300 steps, of which the default warm-up would be all.
TEST(Schedule, AShortRunIsNotAllWarmUp) {
  TrainOptions options;
  options.lr = 0.4;
  options.batch = 16;
  options.warmup_steps = 300;
  EXPECT_EQ(Schedule::warmup_for(options, 300), 30);
  EXPECT_EQ(Schedule::warmup_for(options, 599), 59);
  EXPECT_EQ(Schedule::warmup_for(options, 600), 300);  // half of it is what was asked for
  EXPECT_EQ(Schedule::warmup_for(options, 5), 1);
  EXPECT_DOUBLE_EQ(Schedule(options, 300).learning_rate(29), 0.4);
  EXPECT_LT(Schedule(options, 300).learning_rate(299), 0.005);
}

TEST(Schedule, ThePeakGrowsWithTheRootOfTheBatch) {
  TrainOptions options;
  options.lr = 0.4;
  options.warmup_steps = 0;
  options.batch = 4;  // sqrt(4 / 16) = 1 / 2
  EXPECT_DOUBLE_EQ(Schedule(options, 10).learning_rate(0), 0.2);
  options.batch = 64;
  EXPECT_DOUBLE_EQ(Schedule(options, 10).learning_rate(0), 0.8);
}

}  // namespace
}  // namespace dualsight
