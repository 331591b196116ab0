#include "detector/tracking/mot_evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace dualsight {
namespace {

using Frames = std::vector<TrackedFrame>;

constexpr Box kA{0, 0, 10, 10};
constexpr Box kB{100, 0, 110, 10};  // apart from kA
constexpr Box kNowhere{500, 500, 510, 510};

// `count` times the same frame, and sequences one after the other.
Frames times(int count, const TrackedFrame& frame) { return Frames(static_cast<std::size_t>(count), frame); }
Frames operator+(Frames a, const Frames& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(MotEvaluate, PerfectIsOne) {
  const MotScore score =
      evaluate_tracks(times(10, {{1, kA}, {2, kB}}), times(10, {{8, kB}, {9, kA}}));  // names of ids do not matter
  EXPECT_EQ(score.truth_boxes, 20);
  EXPECT_EQ(score.result_boxes, 20);
  EXPECT_EQ(score.true_positives, 20);
  EXPECT_EQ(score.false_negatives + score.false_positives + score.id_switches, 0);
  EXPECT_NEAR(score.mota, 1, 1e-12);
  EXPECT_NEAR(score.idf1, 1, 1e-12);
  EXPECT_NEAR(score.hota, 1, 1e-12);
  EXPECT_NEAR(score.det_a, 1, 1e-12);
  EXPECT_NEAR(score.ass_a, 1, 1e-12);
}

TEST(MotEvaluate, NothingFoundOrNothingThere) {
  const MotScore blind = evaluate_tracks(times(5, {{1, kA}}), times(5, {}));
  EXPECT_EQ(blind.false_negatives, 5);
  EXPECT_EQ(blind.mota, 0);
  EXPECT_EQ(blind.idf1, 0);
  EXPECT_EQ(blind.hota, 0);
  const MotScore dreaming = evaluate_tracks(times(5, {}), times(5, {{1, kA}}));
  EXPECT_EQ(dreaming.false_positives, 5);
  EXPECT_EQ(dreaming.mota, 0);
  EXPECT_EQ(dreaming.idf1, 0);
  EXPECT_EQ(dreaming.hota, 0);
  const MotScore empty = evaluate_tracks({}, {});
  EXPECT_EQ(empty.mota, 0);
  EXPECT_EQ(empty.hota, 0);
}

TEST(MotEvaluate, OneIdSwitchInTheMiddle) {
  // One object over 10 frames, id 1 for 5 and id 2 for 5. IDSW 1: MOTA = 1 - 1/10. One of the two ids is the object's:
  // IDTP 5, IDF1 = 2*5 / (10 + 10). All 10 detected: DetA 1. For each match TPA 5, FNA 5, FPA 0: AssA 1/2.
  const MotScore score = evaluate_tracks(times(10, {{1, kA}}), times(5, {{1, kA}}) + times(5, {{2, kA}}));
  EXPECT_EQ(score.id_switches, 1);
  EXPECT_NEAR(score.mota, 0.9, 1e-12);
  EXPECT_NEAR(score.idf1, 0.5, 1e-12);
  EXPECT_NEAR(score.det_a, 1, 1e-12);
  EXPECT_NEAR(score.ass_a, 0.5, 1e-12);
  EXPECT_NEAR(score.hota, std::sqrt(0.5), 1e-12);
}

TEST(MotEvaluate, SwitchAfterAGapCountsToo) {
  // ids 1, none for two frames, 2: FN 2, IDSW 1 of 6 boxes.
  const MotScore score =
      evaluate_tracks(times(6, {{1, kA}}), times(2, {{1, kA}}) + times(2, {{3, kNowhere}}) + times(2, {{2, kA}}));
  EXPECT_EQ(score.false_negatives, 2);
  EXPECT_EQ(score.false_positives, 2);
  EXPECT_EQ(score.id_switches, 1);
  EXPECT_NEAR(score.mota, 1 - 5.0 / 6, 1e-12);
  EXPECT_NEAR(score.idf1, 2 * 2 / 12.0, 1e-12);
  // The same id again after the gap is no switch.
  EXPECT_EQ(evaluate_tracks(times(3, {{1, kA}}), times(1, {{1, kA}}) + times(1, {}) + times(1, {{1, kA}})).id_switches,
            0);
}

TEST(MotEvaluate, MissedFrames) {
  // 2 of 10 frames missed: FN 2, MOTA 0.8; IDTP 8, IDF1 = 16/18; DetA = 8/10; each match has TPA 8, FNA 2: AssA 8/10.
  const MotScore score =
      evaluate_tracks(times(10, {{1, kA}}), times(4, {{1, kA}}) + times(2, {}) + times(4, {{1, kA}}));
  EXPECT_EQ(score.false_negatives, 2);
  EXPECT_EQ(score.id_switches, 0);
  EXPECT_NEAR(score.mota, 0.8, 1e-12);
  EXPECT_NEAR(score.idf1, 16.0 / 18, 1e-12);
  EXPECT_NEAR(score.det_a, 0.8, 1e-12);
  EXPECT_NEAR(score.ass_a, 0.8, 1e-12);
  EXPECT_NEAR(score.hota, 0.8, 1e-12);
}

TEST(MotEvaluate, FalsePositives) {
  // A false track in 5 of 10 frames: FP 5, MOTA 0.5; IDF1 = 20 / (10 + 15); DetA = 10 / 15; AssA 1.
  const MotScore score =
      evaluate_tracks(times(10, {{1, kA}}), times(5, {{1, kA}}) + times(5, {{7, kNowhere}, {1, kA}}));
  EXPECT_EQ(score.false_positives, 5);
  EXPECT_NEAR(score.mota, 0.5, 1e-12);
  EXPECT_NEAR(score.idf1, 0.8, 1e-12);
  EXPECT_NEAR(score.det_a, 2.0 / 3, 1e-12);
  EXPECT_NEAR(score.ass_a, 1, 1e-12);
  EXPECT_NEAR(score.hota, std::sqrt(2.0 / 3), 1e-12);
}

TEST(MotEvaluate, TwoObjectsSwapIds) {
  // Ids 1 and 2 swap after 4 of 10 frames: IDSW 2 of 20 boxes. Pairs (1,1) and (2,2) share 4 frames each, (1,2) and
  // (2,1) 6 each: IDTP 12, IDF1 = 24/40. DetA 1. 8 matches have TPA 4, FNA 6, FPA 6: 4/16; 12 have TPA 6: 6/14.
  const MotScore score =
      evaluate_tracks(times(10, {{1, kA}, {2, kB}}), times(4, {{1, kA}, {2, kB}}) + times(6, {{2, kA}, {1, kB}}));
  const double association = (8 * 4.0 / 16 + 12 * 6.0 / 14) / 20;
  EXPECT_EQ(score.id_switches, 2);
  EXPECT_NEAR(score.mota, 0.9, 1e-12);
  EXPECT_NEAR(score.idf1, 0.6, 1e-12);
  EXPECT_NEAR(score.det_a, 1, 1e-12);
  EXPECT_NEAR(score.ass_a, association, 1e-12);
  EXPECT_NEAR(score.hota, std::sqrt(association), 1e-12);
}

TEST(MotEvaluate, LooseBoxes) {
  // [0,10] and [2,12] share 8 of 12: IoU 2/3. Alpha 0.05 .. 0.65 are 13 of 19: HOTA is 1 for those, else 0.
  const MotScore score = evaluate_tracks(times(4, {{1, kA}}), times(4, {{1, {2, 0, 12, 10}}}));
  EXPECT_EQ(score.mota, 1);
  EXPECT_EQ(score.idf1, 1);
  EXPECT_NEAR(score.hota, 13.0 / 19, 1e-12);
  EXPECT_NEAR(score.det_a, 13.0 / 19, 1e-12);
  EXPECT_NEAR(score.ass_a, 13.0 / 19, 1e-12);
}

TEST(MotEvaluate, OverlapOnTheThresholdMatches) {
  const Box half{0, 0, 10, 5};  // IoU exactly 1/2: alpha 0.05 .. 0.50 are 10 of 19
  const MotScore on = evaluate_tracks({{{1, kA}}}, {{{1, half}}});
  EXPECT_EQ(on.true_positives, 1);
  EXPECT_NEAR(on.hota, 10.0 / 19, 1e-12);
  // Below it: one missed and one false, MOTA = 1 - 2/1.
  const MotScore below = evaluate_tracks({{{1, kA}}}, {{{1, {0, 0, 10, 4}}}});
  EXPECT_EQ(below.true_positives, 0);
  EXPECT_EQ(below.mota, -1);
  EXPECT_EQ(below.idf1, 0);
  EXPECT_NEAR(below.hota, 8.0 / 19, 1e-12);  // IoU 0.4
}

TEST(MotEvaluate, KeepsThePreviousMatchBeforeABetterOne) {
  // Result 1 sits on the truth, then slips to IoU 2/3 while result 2 comes exactly onto it: the truth stays with 1, so
  // there is no switch, and 2 is false.
  const Box slipped{2, 0, 12, 10};
  const MotScore score = evaluate_tracks(times(2, {{1, kA}}), {{{1, kA}}, {{1, slipped}, {2, kA}}});
  EXPECT_EQ(score.id_switches, 0);
  EXPECT_EQ(score.false_positives, 1);
  // Without the frame before it goes to 2.
  const MotScore alone = evaluate_tracks({{{1, kA}}, {}, {{1, kA}}}, {{{1, kA}}, {}, {{1, slipped}, {2, kA}}});
  EXPECT_EQ(alone.id_switches, 0) << "an empty frame is no frame before";
  const MotScore away =
      evaluate_tracks({{{1, kA}}, {{5, kB}}, {{1, kA}}}, {{{1, kA}}, {{5, kB}}, {{1, slipped}, {2, kA}}});
  EXPECT_EQ(away.id_switches, 1);
}

TEST(MotEvaluate, OneResultPerTruth) {
  // Two results on one truth: one is true, one false.
  const MotScore score = evaluate_tracks(times(4, {{1, kA}}), times(4, {{1, kA}, {2, kA}}));
  EXPECT_EQ(score.true_positives, 4);
  EXPECT_EQ(score.false_positives, 4);
  EXPECT_NEAR(score.idf1, 8.0 / 12, 1e-12);
  EXPECT_NEAR(score.det_a, 0.5, 1e-12);
  EXPECT_NEAR(score.ass_a, 1, 1e-12);
}

TEST(MotEvaluate, WrongInputThrows) {
  EXPECT_THROW(evaluate_tracks(times(2, {}), times(1, {})), std::invalid_argument);
  EXPECT_THROW(evaluate_tracks(times(1, {}), {{{1, kA}, {1, kB}}}), std::invalid_argument);
}

}  // namespace
}  // namespace dualsight
