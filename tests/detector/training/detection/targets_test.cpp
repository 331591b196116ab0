#include "detector/training/detection/targets.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace dualsight {
namespace {

TEST(Collate, PadsObjectsAndMarksUnknownCells) {
  TrainingSample a, b;
  a.picture = Image(64, 64, 10);
  b.picture = Image(64, 64, 20);
  LabelledObject object;
  object.box = {1, 2, 30, 40};
  object.class_id = 1;
  object.score = 0.75F;
  LabelledObject crowd = object;
  crowd.box = {0, 0, 16, 16};
  crowd.class_id = 0;
  crowd.crowd = true;
  b.objects = {object, crowd};
  a.placements = {{{0, 0, 64, 64}, {}}};
  // The left half of b does not label class 2; a later picture on top of its upper quarter labels everything.
  b.placements = {{{0, 0, 32, 64}, {2}}, {{0, 0, 32, 16}, {}}};
  const auto targets = collate({a, b}, 3);

  ASSERT_EQ(targets.boxes.sizes(), (std::vector<int64_t>{2, 1, 4}));  // crowds are no targets
  EXPECT_FALSE(targets.valid[0][0].item<bool>());
  EXPECT_TRUE(targets.valid[1][0].item<bool>());
  EXPECT_EQ(targets.boxes[1][0][3].item<float>(), 40);
  EXPECT_EQ(targets.classes[1][0].item<int64_t>(), 1);
  EXPECT_EQ(targets.scores[1][0].item<float>(), 0.75F);

  EXPECT_EQ(targets.unknown[0].sum().item<int64_t>(), 0);
  // Class 2, stride 8: 4 columns x 6 rows = 24 cells (rows 2..7); stride 16: centres x 8, 24, y 24, 40, 56: 6;
  // stride 32: centre (16, 16) lies below the covered quarter, (16, 48) too: 2. In all 32.
  EXPECT_EQ(targets.unknown[1].select(1, 2).sum().item<int64_t>(), 32);
  // The crowd of class 0 covers the 4 stride-8 centres below 16 and the stride-16 centre (8, 8).
  EXPECT_EQ(targets.unknown[1].select(1, 0).sum().item<int64_t>(), 5);
}

TEST(Targets, TheTrainersTensorsAreTheSameTargets) {
  const Targets targets = {torch::rand({2, 3, 4}), torch::ones({2, 3}, torch::kLong), torch::ones({2, 3}, torch::kBool),
                           torch::zeros({2, 84, 5}, torch::kBool), torch::rand({2, 3})};
  const auto back = to_targets(to_tensors(targets));
  EXPECT_TRUE(back.boxes.equal(targets.boxes));
  EXPECT_TRUE(back.classes.equal(targets.classes));
  EXPECT_TRUE(back.valid.equal(targets.valid));
  EXPECT_TRUE(back.unknown.equal(targets.unknown));
  EXPECT_TRUE(back.scores.equal(targets.scores));
}

}  // namespace
}  // namespace dualsight
