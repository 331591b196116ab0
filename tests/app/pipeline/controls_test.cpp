#include "app/pipeline/controls.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(Controls, EverySettingIsANewObject) {
  Controls controls;
  const auto before = controls.get();
  ASSERT_NE(before, nullptr);
  EXPECT_EQ(controls.get(), before);
  controls.set({{0.5F}, 0.25F, {}, {}, false});
  EXPECT_NE(controls.get(), before);
  EXPECT_FLOAT_EQ(controls.get()->iou, 0.25F);
  EXPECT_TRUE(before->thresholds.empty());
}

TEST(ApplyThresholds, SplitsAnew) {
  DetectionResult result;
  result.detections = {{0, 0.9F, {}}, {1, 0.5F, {}}};
  result.candidates = {{0, 0.3F, {}}};
  apply_thresholds(result, {});
  EXPECT_EQ(result.detections.size(), 2U);
  apply_thresholds(result, {0.3F, 0.6F});
  ASSERT_EQ(result.detections.size(), 2U);
  EXPECT_FLOAT_EQ(result.detections[1].confidence, 0.3F);
  ASSERT_EQ(result.candidates.size(), 1U);
  EXPECT_EQ(result.candidates[0].class_id, 1);
  apply_thresholds(result, {0.3F});  // of a class that it says nothing about: not wanted
  EXPECT_EQ(result.detections.size(), 2U);
}

TEST(ApplyThresholds, OfTwoNamesOfOneThingTheBetterIsReported) {
  const Box cat{10, 10, 110, 110}, dog{12, 10, 112, 110};  // IoU 98 / 102
  DetectionResult result;
  result.detections = {{0, 0.9F, cat}, {1, 0.5F, dog}};
  apply_thresholds(result, {0.3F, 0.3F});
  ASSERT_EQ(result.detections.size(), 1U);
  EXPECT_EQ(result.detections[0].class_id, 0);
  ASSERT_EQ(result.candidates.size(), 1U);
  apply_thresholds(result, {0.95F, 0.3F});  // the cat is not wanted so cheaply: then it is a dog
  ASSERT_EQ(result.detections.size(), 1U);
  EXPECT_EQ(result.detections[0].class_id, 1);
  EXPECT_EQ(result.candidates[0].class_id, 0);
}

}  // namespace
}  // namespace dualsight
