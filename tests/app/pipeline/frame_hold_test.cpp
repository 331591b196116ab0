#include "app/pipeline/frame_hold.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

// Ten frames a second.
Frame frame(int64_t number) {
  Frame out;
  out.bgr = cv::Mat(2, 4, CV_8UC3, cv::Scalar::all(0));  // 24 bytes
  out.number = number;
  out.pts_ms = 100.0 * static_cast<double>(number);
  return out;
}

// Track 1, ten pixels wide and high, with its left edge at x.
Detection box_at(float x) { return {0, 0.9F, {x, 0, x + 10, 10}, 1}; }

FrameHold::ResultBoxes found_at(float x) { return {{box_at(x)}, std::nullopt}; }

FrameHold::ResultBoxes blurred_at(float x, double seconds) { return {{box_at(x)}, BlurLook{seconds, {box_at(x)}, {}}}; }

TEST(FrameHold, FramesWaitForTheResultsAroundThem) {
  FrameHold hold;
  for (int i = 0; i <= 5; ++i) hold.add(frame(i));
  EXPECT_EQ(hold.newest_number(), 5);
  const auto first = hold.release(frame(0), found_at(0));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_FALSE(first[0].interpolated);
  ASSERT_EQ(first[0].detections.size(), 1U);
  EXPECT_FLOAT_EQ(first[0].detections[0].box.x1, 0);
  const auto next = hold.release(frame(4), found_at(40));
  ASSERT_EQ(next.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(next[i].frame.number, static_cast<int64_t>(i) + 1);
    ASSERT_EQ(next[i].detections.size(), 1U);
    EXPECT_FLOAT_EQ(next[i].detections[0].box.x1, 10.0F * static_cast<float>(i + 1));  // moves evenly
    EXPECT_EQ(next[i].interpolated, i < 3);
    EXPECT_TRUE(next[i].blur && next[i].blur->empty());
  }
  EXPECT_FALSE(hold.empty());  // frame 5 waits on
  EXPECT_EQ(hold.take_oldest()->number, 5);
  EXPECT_FALSE(hold.take_oldest());
}

// A track that is in one result alone is there in the half of the time that is nearer to that result.
TEST(FrameHold, BeforeTheFirstResultItsBoxesCountFromHalfTheWay) {
  FrameHold hold;
  for (int i = 0; i <= 4; ++i) hold.add(frame(i));
  const auto released = hold.release(frame(4), found_at(40));
  ASSERT_EQ(released.size(), 5U);
  EXPECT_TRUE(released[1].detections.empty());   // at a quarter
  EXPECT_EQ(released[3].detections.size(), 1U);  // at three quarters
}

TEST(FrameHold, BlurringCoversTheWayBetweenTwoResults) {
  FrameHold hold;
  for (int i = 0; i <= 4; ++i) hold.add(frame(i));
  hold.release(frame(0), blurred_at(0, 0));
  const auto released = hold.release(frame(4), blurred_at(40, 0.4));
  ASSERT_TRUE(released[1].blur);
  for (const Box& box : *released[1].blur) {  // from x = 0 to 50, where the track was and will be
    EXPECT_LE(box.x1, 0);
    EXPECT_GE(box.x2, 50);
  }
  EXPECT_FALSE(released[1].blur->empty());
  EXPECT_TRUE(released[3].blur->empty());  // the result's own frame: the caller knows
}

TEST(FrameHold, WhatIsToBeBlurredIsUnknownWithoutAResultBefore) {
  FrameHold hold;
  for (int i = 0; i <= 9; ++i) hold.add(frame(i));
  EXPECT_TRUE(hold.boxes_to_blur_after_result(0.1).empty());
  EXPECT_FALSE(hold.release(frame(1), blurred_at(0, 0.1))[0].blur);  // before the first
  EXPECT_FALSE(hold.boxes_to_blur_after_result(0.2).empty());
  EXPECT_TRUE(hold.release(frame(3), blurred_at(0, 0.3))[0].blur);
  hold.release(frame(5), found_at(0));                               // nothing is blurred ...
  EXPECT_FALSE(hold.release(frame(7), blurred_at(0, 0.7))[0].blur);  // ... until it is
  hold.forget_result();                                              // another connection
  EXPECT_FALSE(hold.release(frame(9), blurred_at(0, 0.9))[0].blur);
}

TEST(FrameHold, TheOldestLeavesWhenTooManyWait) {
  FrameHold by_count({3, 1000});
  for (int i = 0; i < 3; ++i) by_count.add(frame(i));
  EXPECT_FALSE(by_count.take_overflow());
  by_count.add(frame(3));
  EXPECT_EQ(by_count.take_overflow()->number, 0);
  EXPECT_FALSE(by_count.take_overflow());

  FrameHold by_size({90, 2 * 24});
  for (int i = 0; i < 2; ++i) by_size.add(frame(i));
  EXPECT_FALSE(by_size.take_overflow());
  by_size.add(frame(2));
  EXPECT_EQ(by_size.take_overflow()->number, 0);
  // The result of the frame that left: nothing of it is released, and it still counts for those after it.
  EXPECT_TRUE(by_size.release(frame(0), found_at(0)).empty());
  EXPECT_FLOAT_EQ(by_size.release(frame(2), found_at(20))[0].detections[0].box.x1, 10);
}

}  // namespace
}  // namespace dualsight
