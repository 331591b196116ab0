#include "detector/training/detection/loss.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace dualsight {
namespace {

torch::Tensor box(float x1, float y1, float x2, float y2) { return torch::tensor({{x1, y1, x2, y2}}); }

TEST(GeneralisedIou, ByHand) {
  // Two 2x2 boxes sharing a 1x2 strip: inter 2, union 6, hull 3x2 = 6: IoU 1/3, GIoU 1/3.
  EXPECT_NEAR(generalised_iou(box(0, 0, 2, 2), box(1, 0, 3, 2)).item<float>(), 1.0 / 3, 1e-6);
  // Apart by 2: inter 0, union 8, hull 6x2 = 12: GIoU = 0 - (12 - 8) / 12 = -1/3.
  EXPECT_NEAR(generalised_iou(box(0, 0, 2, 2), box(4, 0, 6, 2)).item<float>(), -1.0 / 3, 1e-6);
  // Corner to corner: inter 1, union 7, hull 9: 1/7 - 2/9 = -5/63.
  EXPECT_NEAR(generalised_iou(box(0, 0, 2, 2), box(1, 1, 3, 3)).item<float>(), -5.0 / 63, 1e-6);
  EXPECT_NEAR(generalised_iou(box(1, 2, 5, 9), box(1, 2, 5, 9)).item<float>(), 1, 1e-6);
}

TEST(PairwiseIou, ByHand) {
  const auto a = torch::tensor({{{0.F, 0.F, 2.F, 2.F}, {0.F, 0.F, 4.F, 4.F}}});
  const auto b = torch::tensor({{{0.F, 0.F, 2.F, 2.F}, {2.F, 2.F, 4.F, 4.F}, {9.F, 9.F, 10.F, 10.F}}});
  const auto overlap = pairwise_iou(a, b);
  ASSERT_EQ(overlap.sizes(), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_NEAR(overlap[0][0][0].item<float>(), 1, 1e-6);
  EXPECT_NEAR(overlap[0][0][1].item<float>(), 0, 1e-6);
  EXPECT_NEAR(overlap[0][1][1].item<float>(), 0.25, 1e-6);  // 4 of 16
  EXPECT_NEAR(overlap[0][1][2].item<float>(), 0, 1e-6);
}

// A 64-pixel input: cells 0..63 at stride 8, 64..79 at 16, 80..83 at 32.
struct Fixture {
  torch::Tensor cells = cell_grid(64, torch::kCPU);
  torch::Tensor scores = torch::full({1, 84, 3}, 0.1F);
  torch::Tensor boxes = torch::zeros({1, 84, 4});
  Targets targets;

  explicit Fixture(const std::vector<std::array<float, 4>>& objects, const std::vector<int64_t>& classes) {
    const auto n = static_cast<int64_t>(objects.size());
    targets.boxes = torch::zeros({1, n, 4});
    targets.classes = torch::zeros({1, n}, torch::kLong);
    targets.valid = torch::ones({1, n}, torch::kBool);
    targets.unknown = torch::zeros({1, 84, 3}, torch::kBool);
    targets.scores = torch::ones({1, n});
    for (int64_t i = 0; i < n; ++i) {
      for (int64_t k = 0; k < 4; ++k)
        targets.boxes[0][i][k] = objects[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)];
      targets.classes[0][i] = classes[static_cast<std::size_t>(i)];
    }
    // Every cell predicts a 16-pixel square around its centre.
    boxes[0] = torch::cat({cells.slice(1, 0, 2) - 8, cells.slice(1, 0, 2) + 8}, 1);
  }
};

TEST(CellGrid, CountsAndCentres) {
  EXPECT_EQ(cell_count(320), 2100);  // 1600 + 400 + 100
  EXPECT_EQ(cell_count(64), 84);     // 64 + 16 + 4
  const auto cells = cell_grid(64, torch::kCPU);
  ASSERT_EQ(cells.sizes(), (std::vector<int64_t>{84, 3}));
  const auto expect_cell = [&](int64_t i, float x, float y, float stride) {
    EXPECT_EQ(cells[i][0].item<float>(), x);
    EXPECT_EQ(cells[i][1].item<float>(), y);
    EXPECT_EQ(cells[i][2].item<float>(), stride);
  };
  expect_cell(0, 4, 4, 8);
  expect_cell(9, 12, 12, 8);
  expect_cell(70, 40, 24, 16);
  expect_cell(83, 48, 48, 32);
}

TEST(Assign, OnlyCellsInsideTheObjectAndTheBestIsToldItsIou) {
  // Object 8..24 square: stride-8 centres 12 and 20 in each axis (4 cells), stride-16 centre (8, 8) lies on its edge
  // and is outside, (24, 24) likewise, none of stride 16 inside... 16-stride centres are 8, 24, 40, 56: none inside.
  // Stride-32 centre 16: cell 80 is inside. Cell 80 predicts 8..24: IoU 1. Cell 9 (12, 12) predicts 4..20:
  // inter 12 * 12 = 144, union 2 * 256 - 144 = 368: IoU 0.3913.
  Fixture f({{8, 8, 24, 24}}, {2});
  const auto a = assign_labels(f.scores, f.boxes, f.cells, f.targets);
  EXPECT_EQ(a.positive.sum().item<int64_t>(), 5);
  for (const int64_t cell : {9, 10, 17, 18, 80}) EXPECT_TRUE(a.positive[0][cell].item<bool>()) << cell;
  EXPECT_NEAR(a.scores[0][80][2].item<float>(), 1, 1e-4);
  // alignment ratio (0.3913 / 1)^6 = 0.00359, times the object's best IoU 1.
  EXPECT_NEAR(a.scores[0][9][2].item<float>(), 0.00359, 1e-4);
  EXPECT_EQ(a.scores[0][9][0].item<float>(), 0);
  EXPECT_EQ(a.weight[0][0].item<float>(), 0);
  EXPECT_EQ(a.boxes[0][80][2].item<float>(), 24);
}

TEST(Assign, TheScoreOfALabelScalesItsTargetsAndNothingElse) {
  // As above, with a label that a teacher gave 0.5, and another object, of people's, that holds cell 83 alone.
  Fixture f({{8, 8, 24, 24}, {40, 40, 56, 56}}, {2, 1});
  f.targets.scores[0][0] = 0.5F;
  const auto a = assign_labels(f.scores, f.boxes, f.cells, f.targets);
  EXPECT_EQ(a.positive.sum().item<int64_t>(), 10);
  EXPECT_NEAR(a.scores[0][80][2].item<float>(), 0.5, 1e-4);  // IoU 1 * 0.5
  EXPECT_NEAR(a.weight[0][80].item<float>(), 0.5, 1e-4);
  EXPECT_NEAR(a.scores[0][9][2].item<float>(), 0.00180, 1e-4);  // 0.00359 * 0.5
  EXPECT_NEAR(a.scores[0][83][1].item<float>(), 1, 1e-4);
}

TEST(Assign, AContestedCellTakesTheObjectItOverlapsMost) {
  // Both objects hold cell 80's centre (16, 16); its box 8..24 is the first object exactly.
  Fixture f({{8, 8, 24, 24}, {0, 0, 64, 64}}, {0, 1});
  const auto a = assign_labels(f.scores, f.boxes, f.cells, f.targets);
  EXPECT_GT(a.scores[0][80][0].item<float>(), 0.9);
  EXPECT_EQ(a.scores[0][80][1].item<float>(), 0);
}

TEST(Assign, TopKLimitsTheCells) {
  Fixture f({{0, 0, 64, 64}}, {0});
  EXPECT_EQ(assign_labels(f.scores, f.boxes, f.cells, f.targets, 10).positive.sum().item<int64_t>(), 10);
  EXPECT_EQ(assign_labels(f.scores, f.boxes, f.cells, f.targets, 3).positive.sum().item<int64_t>(), 3);
}

TEST(Assign, TinyObjectBetweenCentresIsNotLost) {
  // Around (32, 32) no level has a centre (28 and 36; 24 and 40; 16 and 48). Widened to one stride, 28..36, it holds
  // the four stride-8 centres at its corners. 6..8 holds none either; widened it is 3..11 and holds (4, 4) alone.
  Fixture corner({{31, 31, 33, 33}}, {1});
  EXPECT_EQ(assign_labels(corner.scores, corner.boxes, corner.cells, corner.targets).positive.sum().item<int64_t>(), 4);
  Fixture off_grid({{6, 6, 7.5F, 7.5F}}, {1});
  const auto a = assign_labels(off_grid.scores, off_grid.boxes, off_grid.cells, off_grid.targets);
  EXPECT_EQ(a.positive.sum().item<int64_t>(), 1);
  EXPECT_TRUE(a.positive[0][0].item<bool>());
}

TEST(Assign, PaddingAndEmptyPicturesGiveNothing) {
  Fixture f({{8, 8, 24, 24}}, {2});
  f.targets.valid.fill_(false);
  EXPECT_EQ(assign_labels(f.scores, f.boxes, f.cells, f.targets).positive.sum().item<int64_t>(), 0);
  Fixture none({}, {});
  EXPECT_EQ(assign_labels(none.scores, none.boxes, none.cells, none.targets).weight.sum().item<float>(), 0);
}

NetworkOutput output_of(float logit) {
  NetworkOutput output;
  output.logits = torch::full({1, 84, 3}, logit).requires_grad_(true);
  output.distances = torch::full({1, 84, 4}, 8.0F).requires_grad_(true);
  return output;
}

TEST(DetectionLoss, BackgroundByHand) {
  // No objects: per cell and class p = 0.5: focus 0.25 * BCE log 2 = 0.1733; 84 * 3 of them over max(1, 0).
  Fixture f({}, {});
  const auto loss = detection_loss(output_of(0), f.cells, f.targets);
  EXPECT_NEAR(loss.total.item<double>(), 84 * 3 * 0.25 * std::log(2.0), 1e-3);
  EXPECT_EQ(loss.box, 0);
  EXPECT_EQ(loss.positives, 0);
}

TEST(DetectionLoss, UnknownClassesTakeNoBackgroundLoss) {
  Fixture f({}, {});
  f.targets.unknown.select(2, 1).fill_(true);  // class 1 may be anywhere
  auto output = output_of(0);
  const auto loss = detection_loss(output, f.cells, f.targets);
  EXPECT_NEAR(loss.total.item<double>(), 84 * 2 * 0.25 * std::log(2.0), 1e-3);
  loss.total.backward();
  EXPECT_EQ(output.logits.grad().select(2, 1).abs().sum().item<float>(), 0);
  EXPECT_GT(output.logits.grad().select(2, 0).abs().sum().item<float>(), 0);
}

TEST(DetectionLoss, AnUnknownClassThatIsLabelledStillLearns) {
  Fixture f({{8, 8, 24, 24}}, {1});
  f.targets.unknown.select(2, 1).fill_(true);
  auto output = output_of(-2);
  detection_loss(output, f.cells, f.targets).total.backward();
  EXPECT_LT(output.logits.grad()[0][80][1].item<float>(), 0);  // pushed up
}

// A labelled truck is no sheep, also in a picture whose sheep have no labels; beside it one may stand.
TEST(DetectionLoss, ALabelledObjectIsOfNoUnknownClass) {
  Fixture f({{8, 8, 24, 24}}, {1});
  f.targets.unknown.select(2, 2).fill_(true);
  auto output = output_of(-2);
  detection_loss(output, f.cells, f.targets).total.backward();
  const auto gradient = output.logits.grad()[0].select(1, 2);
  EXPECT_GT(gradient[80].item<float>(), 0);  // the cell of the object: pushed down
  EXPECT_EQ(gradient[83].item<float>(), 0);  // another corner
}

TEST(DetectionLoss, AScoreIsASoftTarget) {
  // Every cell says 0.5 of every class and predicts a 16-pixel square around its centre. A label of score 0.5: cell 80
  // (IoU 1) is told 0.5 and says so, no loss. Its four other cells are told 0.00180 (above): 4 * 0.4982^2 = 0.9928. The
  // other 84 * 3 - 5 = 247 are told 0: 247 * 0.25 = 61.75. All times log 2, over max(1, 0.5 + 4 * 0.0018).
  Fixture f({{8, 8, 24, 24}}, {2});
  f.targets.scores.fill_(0.5F);
  const auto soft = detection_loss(output_of(0), f.cells, f.targets);
  EXPECT_NEAR(soft.classes, (61.75 + 0.9928) * std::log(2.0), 1e-3);
  // Cells 9, 10, 17, 18: IoU 144 / 368, hull 20 * 20: GIoU 0.3913 - 32 / 400 = 0.3113. 4 * 0.0018 * 0.6887.
  EXPECT_NEAR(soft.box, 0.00495, 5e-5);
  // A label of people's: cell 80 is told 1: 0.25 more; the four 0.00359: 4 * 0.4964^2 = 0.9857, over 1 + 4 * 0.00359.
  f.targets.scores.fill_(1);
  EXPECT_NEAR(detection_loss(output_of(0), f.cells, f.targets).classes,
              (61.75 + 0.9857 + 0.25) * std::log(2.0) / 1.01436, 1e-2);
}

TEST(DetectionLoss, PerfectOutputHasAlmostNoLossAndGradientDescentGetsThere) {
  Fixture f({{8, 8, 24, 24}, {30, 30, 62, 60}}, {0, 2});
  auto logits = torch::full({1, 84, 3}, -4.0F).requires_grad_(true);
  auto raw = torch::full({1, 84, 4}, 2.0F).requires_grad_(true);
  torch::optim::Adam adam({logits, raw}, torch::optim::AdamOptions(0.05));
  double first = 0, last = 0;
  for (int i = 0; i < 400; ++i) {
    adam.zero_grad();
    const auto loss = detection_loss({logits, raw.exp()}, f.cells, f.targets);
    loss.total.backward();
    adam.step();
    (i == 0 ? first : last) = loss.total.item<double>();
  }
  EXPECT_GT(first, 0.5);
  EXPECT_LT(last, 0.05);
}

// One picture, two channels, four places.
torch::Tensor features(std::vector<float> first, std::vector<float> second) {
  return torch::stack({torch::tensor(first), torch::tensor(second)}).view({1, 2, 2, 2});
}

TEST(FeatureDistance, IsOneMinusTheCorrelationOfEachChannel) {
  const auto teacher = features({0, 0, 1, 1}, {0, 1, 0, 1});
  const auto of_all_levels = [&](const torch::Tensor& student) {
    return feature_distance({student, student, student}, {teacher, teacher, teacher}).item<float>();
  };
  EXPECT_NEAR(of_all_levels(teacher), 0, 1e-4);
  EXPECT_NEAR(of_all_levels(3 * teacher + 2), 0, 1e-4);  // scale and offset do not matter
  EXPECT_NEAR(of_all_levels(-teacher), 6, 1e-3);         // r = -1: 2 a level
  // First channel r = 1, second r = 0: the mean of 0 and 1, three times.
  EXPECT_NEAR(of_all_levels(features({0, 0, 1, 1}, {0, 0, 1, 1})), 1.5, 1e-3);
  // A constant channel counts 1/2: the mean of 0 and 1/2.
  EXPECT_NEAR(of_all_levels(features({0, 0, 1, 1}, {7, 7, 7, 7})), 0.75, 1e-3);
  // By picture and place together: two pictures that are constant each, and differ.
  const auto pair = torch::cat({torch::zeros({1, 1, 2, 2}), torch::ones({1, 1, 2, 2})});
  EXPECT_NEAR(feature_distance({pair, pair, pair}, {pair, pair, pair}).item<float>(), 0, 1e-4);
}

TEST(FeatureDistance, DeadChannelsHaveAFiniteGradient) {
  auto student = features({0, 0, 0, 0}, {0, 1, 2, 3}).requires_grad_();
  const auto teacher = features({0, 1, 0, 1}, {0, 0, 0, 0});
  feature_distance({student, student, student}, {teacher, teacher, teacher}).backward();
  EXPECT_TRUE(student.grad().isfinite().all().item<bool>());
}

}  // namespace
}  // namespace dualsight
