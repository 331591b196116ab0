#include "app/records/interpolation.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(FindTrack, ByIdAndNeverWithoutOne) {
  const std::vector<Detection> detections = {{0, 0.9F, {0, 0, 10, 10}, 0}, {0, 0.8F, {1, 1, 2, 2}, 7}};
  EXPECT_EQ(find_track(detections, 7), &detections[1]);
  EXPECT_EQ(find_track(detections, 8), nullptr);
  EXPECT_EQ(find_track(detections, 0), nullptr);  // 0: not tracked, which is no id
}

TEST(BoxesToBlur, CoverTheWayAndWhatIsUncertain) {
  const BlurLook before{1, {{0, 0.9F, {0, 0, 10, 30}, 1}, {0, 0.9F, {100, 0, 110, 30}, 2}}, {}};
  const BlurLook after{2, {{0, 0.9F, {20, 5, 30, 35}, 1}}, {{200, 200, 210, 210}}};
  const auto boxes = boxes_to_blur(&before, &after, 1.25);
  ASSERT_EQ(boxes.size(), 4U);
  for (const std::size_t i : {0U, 2U}) {  // track 1, from both looks: all of its way
    EXPECT_EQ(boxes[i].x1, 0);
    EXPECT_EQ(boxes[i].y1, 0);
    EXPECT_EQ(boxes[i].x2, 30);
    EXPECT_EQ(boxes[i].y2, 35);
  }
  // Track 2, a quarter of a second after it was seen: 1.5 * 30 * 0.25 = 11.25 on each side.
  EXPECT_FLOAT_EQ(boxes[1].x1, 88.75F);
  EXPECT_FLOAT_EQ(boxes[1].y2, 41.25F);
  // The weak one, three quarters of a second before: 3 * 10 * 0.75 = 22.5.
  EXPECT_FLOAT_EQ(boxes[3].x1, 177.5F);
  const auto last = boxes_to_blur(&after, nullptr, 2);
  ASSERT_EQ(last.size(), 2U);
  EXPECT_EQ(last[0].x1, 20);
}

TEST(Interpolate, TracksMoveEvenlyAndOthersStayInTheNearerHalf) {
  const std::vector<Detection> before = {{0, 0.9F, {0, 0, 10, 10}, 1}, {1, 0.8F, {50, 50, 60, 60}, 2}};
  const std::vector<Detection> after = {{0, 0.7F, {20, 0, 40, 10}, 1}, {1, 0.6F, {80, 80, 90, 90}, 3}};
  const auto early = interpolate(before, after, 0.25F);  // 1 on its way; 2 still there; 3 not yet
  ASSERT_EQ(early.size(), 2U);
  EXPECT_EQ(early[0].track_id, 1);
  EXPECT_EQ(early[0].box.x1, 5);
  EXPECT_EQ(early[0].box.x2, 17.5F);
  EXPECT_EQ(early[1].track_id, 2);
  const auto late = interpolate(before, after, 0.75F);
  ASSERT_EQ(late.size(), 2U);
  EXPECT_EQ(late[0].box.x1, 15);
  EXPECT_EQ(late[1].track_id, 3);
  // Without ids nothing is known to be the same.
  EXPECT_EQ(interpolate({{0, 0.9F, {0, 0, 10, 10}}}, {{0, 0.9F, {4, 0, 14, 10}}}, 0.75F)[0].box.x1, 4);
}

TEST(Interpolate, NothingOnOneSideLastsForHalfOfTheTime) {
  const std::vector<Detection> one = {{3, 0.9F, {0, 0, 10, 10}, 1}};
  EXPECT_EQ(interpolate(one, {}, 0.49F).size(), 1U);
  EXPECT_TRUE(interpolate(one, {}, 0.5F).empty());
  EXPECT_TRUE(interpolate({}, one, 0.49F).empty());
  EXPECT_EQ(interpolate({}, one, 0.5F).size(), 1U);
  EXPECT_TRUE(interpolate({}, {}, 0.5F).empty());
}

TEST(Interpolate, ClassAndConfidenceAreThoseOfTheLaterFrame) {
  const auto between = interpolate({{0, 0.9F, {0, 0, 10, 10}, 1}}, {{2, 0.4F, {10, 10, 20, 20}, 1}}, 0.1F);
  ASSERT_EQ(between.size(), 1U);
  EXPECT_EQ(between[0].class_id, 2);
  EXPECT_EQ(between[0].confidence, 0.4F);
  EXPECT_FLOAT_EQ(between[0].box.y2, 11);
}

TEST(BoxesToBlur, NothingWithoutDetections) { EXPECT_TRUE(boxes_to_blur(nullptr, nullptr, 1).empty()); }

}  // namespace
}  // namespace dualsight
