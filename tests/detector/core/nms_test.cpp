#include "detector/core/nms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace dualsight {
namespace {

bool same(const Detection& a, const Detection& b) {
  return a.class_id == b.class_id && a.confidence == b.confidence && a.box.x1 == b.box.x1 && a.box.y1 == b.box.y1 &&
         a.box.x2 == b.box.x2 && a.box.y2 == b.box.y2;
}

void expect_same(const std::vector<Detection>& got, const std::vector<Detection>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(same(got[i], wanted[i])) << "at " << i;
}

constexpr Box kBox{0, 0, 10, 10};
constexpr Box kShifted{2, 0, 12, 10};  // 80 in common of 120: IoU 2/3 with kBox
constexpr Box kFar{100, 100, 110, 110};

TEST(Nms, NothingInNothingOut) {
  EXPECT_TRUE(nms({}, 0.6F, 300).empty());
  EXPECT_TRUE(nms({{0, 0.9F, kBox}}, 0.6F, 0).empty());
  EXPECT_TRUE(nms({{0, 0.9F, kBox}}, 0.6F, -1).empty());
}

TEST(Nms, BetterOfTwoStays) {
  expect_same(nms({{0, 0.5F, kBox}, {0, 0.9F, kShifted}}, 0.6F, 300), {{0, 0.9F, kShifted}});
  // 2/3 is not over 0.7; best first
  expect_same(nms({{0, 0.5F, kBox}, {0, 0.9F, kShifted}}, 0.7F, 300), {{0, 0.9F, kShifted}, {0, 0.5F, kBox}});
}

TEST(Nms, ClassesDoNotSuppressEachOther) {
  expect_same(nms({{1, 0.5F, kBox}, {0, 0.9F, kBox}}, 0.6F, 300), {{0, 0.9F, kBox}, {1, 0.5F, kBox}});
}

TEST(Nms, OverlapOnTheThresholdStays) {
  const Box half{0, 0, 10, 5};  // 50 of 100: IoU exactly 0.5
  EXPECT_EQ(nms({{0, 0.9F, kBox}, {0, 0.8F, half}}, 0.5F, 300).size(), 2U);
  EXPECT_EQ(nms({{0, 0.9F, kBox}, {0, 0.8F, half}}, 0.4999F, 300).size(), 1U);
}

TEST(Nms, TheSuppressedDoNotSuppress) {
  // Each of [0,10], [4,14], [8,18] shares 6 of 14 with the next (0.43) and the first 2 of 18 with the third (0.11):
  // the second falls to the first, so the third stays.
  const Box second{4, 0, 14, 10}, third{8, 0, 18, 10};
  expect_same(nms({{0, 0.9F, kBox}, {0, 0.8F, second}, {0, 0.7F, third}}, 0.4F, 300),
              {{0, 0.9F, kBox}, {0, 0.7F, third}});
}

TEST(Nms, KeepsTheBestOfAllClasses) {
  expect_same(nms({{0, 0.1F, kBox}, {1, 0.3F, kFar}, {2, 0.2F, kBox}}, 0.6F, 2), {{1, 0.3F, kFar}, {2, 0.2F, kBox}});
}

TEST(Nms, TiesAreOrderedByClassThenBox) {
  const std::vector<Detection> wanted = {{0, 0.5F, {0, 0, 10, 10}},
                                         {0, 0.5F, {100, 0, 110, 10}},
                                         {0, 0.5F, {100, 50, 110, 60}},
                                         {1, 0.5F, {0, 0, 10, 10}}};
  std::vector<Detection> given = wanted;
  std::mt19937 random(1);
  for (int i = 0; i < 10; ++i) {
    std::shuffle(given.begin(), given.end(), random);
    expect_same(nms(given, 0.6F, 300), wanted);
  }
  // of two equals on one object the one that starts further left stays
  expect_same(nms({{0, 0.5F, kShifted}, {0, 0.5F, kBox}}, 0.6F, 300), {{0, 0.5F, kBox}});
}

TEST(Nms, NumbersThatAreNoneAreDropped) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  expect_same(
      nms({{0, nan, kBox}, {0, 0.9F, {nan, 0, 1, 1}}, {0, 0.9F, {0, 0, infinity, 1}}, {0, 0.1F, kFar}}, 0.6F, 300),
      {{0, 0.1F, kFar}});
}

TEST(Nms, EmptyBoxesOverlapNothing) {
  EXPECT_EQ(nms({{0, 0.9F, {5, 5, 5, 5}}, {0, 0.8F, {5, 5, 5, 5}}}, 0.6F, 300).size(), 2U);
}

// The definition, by elimination: take the best, strike out its rivals, go on. IoU in double, written out.
std::vector<Detection> by_elimination(std::vector<Detection> left, double threshold, std::size_t limit) {
  std::vector<Detection> kept;
  while (!left.empty() && kept.size() < limit) {
    const auto best = std::max_element(left.begin(), left.end(), [](const Detection& a, const Detection& b) {
      return a.confidence < b.confidence;  // confidences are all different here
    });
    const Detection winner = *best;
    kept.push_back(winner);
    left.erase(best);
    std::erase_if(left, [&](const Detection& d) {
      if (d.class_id != winner.class_id) return false;
      const Box &a = d.box, &b = winner.box;
      const double w = std::max(0.0, double{std::min(a.x2, b.x2)} - double{std::max(a.x1, b.x1)});
      const double h = std::max(0.0, double{std::min(a.y2, b.y2)} - double{std::max(a.y1, b.y1)});
      const double areas =
          (double{a.x2} - a.x1) * (double{a.y2} - a.y1) + (double{b.x2} - b.x1) * (double{b.y2} - b.y1);
      return w * h > threshold * (areas - w * h);
    });
  }
  return kept;
}

TEST(Nms, AgreesWithElimination) {
  std::mt19937 random(7);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 50; ++round) {
    std::vector<Detection> candidates;
    const int count = pick(0, 300), classes = pick(1, 5), span = pick(10, 200);
    for (int i = 0; i < count; ++i) {
      // whole numbers, so that areas and intersections are exact in float too
      const auto x = static_cast<float>(pick(0, span)), y = static_cast<float>(pick(0, span));
      candidates.push_back({pick(0, classes - 1),
                            static_cast<float>(i + 1) / 301,
                            {x, y, x + static_cast<float>(pick(1, 40)), y + static_cast<float>(pick(1, 40))}});
    }
    std::shuffle(candidates.begin(), candidates.end(), random);
    constexpr double kThreshold = 0.45 + 0.00314159;
    const int limit = pick(1, 400);
    expect_same(nms(candidates, static_cast<float>(kThreshold), limit),
                by_elimination(candidates, kThreshold, static_cast<std::size_t>(limit)));
  }
}

TEST(NamedOtherwise, OnlyByAnotherClassInTheSamePlace) {
  const Detection dog{0, 0.5F, kBox};
  EXPECT_FALSE(is_cross_class_duplicate(dog, {}));
  EXPECT_TRUE(is_cross_class_duplicate(dog, {{1, 0.9F, kBox}}));
  EXPECT_FALSE(is_cross_class_duplicate(dog, {{0, 0.9F, kBox}}));      // its own class: NMS has let both be
  EXPECT_FALSE(is_cross_class_duplicate(dog, {{1, 0.9F, kShifted}}));  // 2/3 is not over 0.7
  EXPECT_TRUE(is_cross_class_duplicate(dog, {{1, 0.9F, kFar}, {1, 0.8F, kShifted}}, 0.66F));
  EXPECT_FALSE(is_cross_class_duplicate(dog, {{1, 0.9F, kBox}}, 1));
}

}  // namespace
}  // namespace dualsight
