#include "detector/data/teacher_labels.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <tuple>
#include <vector>

#include "detector/evaluation/evaluate.h"

namespace dualsight {
namespace {

enum Class { kPerson, kCar, kTruck, kForklift };

// Pictures of 100 x 100 without labels that label all but `open` exhaustively.
Dataset pictures(const std::vector<std::vector<int>>& open) {
  Dataset dataset;
  dataset.class_names = {"person", "car", "truck", "forklift"};
  dataset.category_ids = {1, 3, 8, 99};
  for (const auto& classes : open) {
    LabelledPicture picture;
    picture.id = static_cast<int64_t>(dataset.pictures.size()) + 1;
    picture.width = picture.height = 100;
    picture.not_exhaustive = classes;
    dataset.pictures.push_back(picture);
  }
  return dataset;
}

// Class, score, to be ignored, left edge of each label.
using Labels = std::vector<std::tuple<int, float, bool, float>>;
Labels labels(const LabelledPicture& picture) {
  Labels found;
  for (const auto& o : picture.objects) found.emplace_back(o.class_id, o.score, o.crowd, o.box.x1);
  return found;
}

TEST(TeacherLabels, FillInWhatPeopleDidNotLabel) {
  Dataset dataset = pictures({{kCar, kTruck}});
  dataset.pictures[0].objects = {{{0, 0, 10, 20}, kPerson}};
  const TeacherLabels merged = merge_teacher_labels(dataset, {{{kPerson, 0.9F, {50, 0, 60, 20}},       // people did
                                                               {kCar, 0.75F, {10, 50, 40, 70}},        // an object
                                                               {kCar, 0.4F, {20, 50, 50, 70}},         // just one
                                                               {kCar, 0.375F, {30, 50, 60, 70}},       // ignored
                                                               {kTruck, 0.25F, {40, 50, 70, 70}},      // just so
                                                               {kTruck, 0.125F, {50, 50, 80, 70}}}});  // dropped
  EXPECT_EQ(labels(dataset.pictures[0]), (Labels{{kPerson, 1, false, 0},
                                                 {kCar, 0.75F, false, 10},
                                                 {kCar, 0.4F, false, 20},
                                                 {kCar, 0.375F, true, 30},
                                                 {kTruck, 0.25F, true, 40}}));
  EXPECT_EQ(dataset.pictures[0].objects[1].area, 600);  // 30 * 20
  EXPECT_TRUE(dataset.pictures[0].not_exhaustive.empty());
  EXPECT_EQ(merged.objects, 2);
  EXPECT_EQ(merged.ignored, 2);
  EXPECT_EQ(merged.not_needed, 1);
  EXPECT_EQ(merged.pictures, 1);
}

// People labelled one car of a picture in which others may stand unlabelled, and a person.
TEST(TeacherLabels, PeoplesLabelsStand) {
  Dataset dataset = pictures({{kCar, kTruck}});
  dataset.pictures[0].objects = {{{0, 0, 40, 20}, kCar}, {{60, 0, 70, 20}, kPerson}};
  const TeacherLabels merged =
      merge_teacher_labels(dataset, {{{kCar, 0.9F, {0, 0, 20, 20}},        // half of the car: IoU 0.5, the same
                                      {kCar, 0.9F, {1, 50, 20, 70}},       // another car
                                      {kCar, 0.9F, {2, 0, 21, 20}},        // 19 / 40 of it: another
                                      {kTruck, 0.9F, {3, 0, 40, 20}},      // 37 / 40 of the car: is it a truck?
                                      {kTruck, 0.9F, {59, 0, 81, 20}}}});  // 10 / 22 of it is the person
  EXPECT_EQ(labels(dataset.pictures[0]), (Labels{{kCar, 1, false, 0},
                                                 {kPerson, 1, false, 60},
                                                 {kCar, 0.9F, false, 1},
                                                 {kCar, 0.9F, false, 2},
                                                 {kTruck, 0.9F, true, 3},
                                                 {kTruck, 0.9F, false, 59}}));
  EXPECT_EQ(merged.objects, 3);
  EXPECT_EQ(merged.ignored, 1);
  EXPECT_EQ(merged.not_needed, 1);
}

TEST(TeacherLabels, WhatTheTeacherDoesNotKnowOrHasNotSeenStaysUnlabelled) {
  Dataset dataset = pictures({{kCar, kForklift}, {kCar}, {kPerson, kCar}});
  const TeacherLabels merged =
      merge_teacher_labels(dataset, {{{kPerson, 0.1F, {0, 0, 10, 10}}}, {}, {{kCar, 0.1F, {0, 0, 10, 10}}}});
  EXPECT_EQ(dataset.pictures[0].not_exhaustive, std::vector<int>{kForklift});  // in none of its results
  EXPECT_EQ(dataset.pictures[1].not_exhaustive, std::vector<int>{kCar});       // no result for this picture
  EXPECT_TRUE(dataset.pictures[2].not_exhaustive.empty());                     // seen, and nothing there
  for (const auto& picture : dataset.pictures) EXPECT_TRUE(picture.objects.empty());
  EXPECT_EQ(merged.pictures, 2);
}

TEST(TeacherLabels, BoxesAreClipped) {
  Dataset dataset = pictures({{kCar}});
  merge_teacher_labels(dataset, {{{kCar, 0.5F, {-10, 90, 20, 120}}, {kCar, 0.5F, {120, 0, 140, 10}}}});
  ASSERT_EQ(dataset.pictures[0].objects.size(), 1U);  // the other lies outside
  const Box& box = dataset.pictures[0].objects[0].box;
  EXPECT_EQ(box.x1, 0);
  EXPECT_EQ(box.y1, 90);
  EXPECT_EQ(box.x2, 20);
  EXPECT_EQ(box.y2, 100);
  EXPECT_EQ(dataset.pictures[0].objects[0].area, 200);
}

TEST(TeacherLabels, ResultsOfAnotherCountAreRefused) {
  Dataset dataset = pictures({{}, {}});
  EXPECT_THROW(merge_teacher_labels(dataset, {{}}), std::invalid_argument);
}

// Scored labels as evaluation sees them: one of 0.9 is to be found, one of 0.3 neither.
TEST(TeacherLabels, EvaluationIgnoresTheHalfSure) {
  Dataset dataset = pictures({{kCar}});
  merge_teacher_labels(dataset, {{{kCar, 0.9F, {0, 0, 10, 10}}, {kCar, 0.3F, {50, 50, 60, 60}}}});
  // The surest detection lies on the half-sure label: ignored. The next is right: AP 1. Were it wrong: 1 / 2.
  const Evaluation result = evaluate(dataset, {{{kCar, 0.8F, {50, 50, 60, 60}}, {kCar, 0.7F, {0, 0, 10, 10}}}});
  EXPECT_EQ(result.labels, 1);
  EXPECT_NEAR(result.mean.ap, 1, 1e-12);
}

}  // namespace
}  // namespace dualsight
