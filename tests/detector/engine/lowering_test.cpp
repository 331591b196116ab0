// From backbones to plans: a lowering that a test adds gives in the engine what the network gives in LibTorch; the
// rewrites of weights, by hand.
#include "detector/engine/lowering/lowering.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "detector/core/inference_backend.h"
#include "detector/core/runtime.h"
#include "detector/engine/engine.h"
#include "detector/engine/engine_backend.h"
#include "detector/engine/kernel.h"
#include "detector/engine/lowering/make_plan.h"
#include "detector/network/network.h"
#include "tests/detector/support/conditioned.h"
#include "tests/detector/support/toy_backbone.h"

namespace dualsight {
namespace {

TEST(Lowering, AToyRunsInTheEngineAsInLibTorch) {
  if (kernel_library().empty()) GTEST_SKIP() << "built without oneDNN";
  testing::register_toy_backbone("toy-lowered");
  EXPECT_EQ(why_no_plan("toy-lowered"), "architecture \"toy-lowered\" has no plan");
  testing::register_toy_lowering("toy-lowered");
  EXPECT_EQ(why_no_plan("toy-lowered"), "");

  constexpr int kSize = 96, kClasses = 5;
  set_inference_threads(2);
  const torch::NoGradGuard no_grad;
  const auto network = testing::conditioned_network("toy-lowered", kClasses, kSize);
  ModelInfo info;
  info.architecture = "toy-lowered";
  info.class_names.assign(kClasses, "thing");
  Image square(kSize, kSize);
  for (std::size_t i = 0; i < square.pixels.size(); ++i) square.pixels[i] = static_cast<uint8_t>(i * 2654435761U >> 24);
  const auto pixels = torch::from_blob(square.pixels.data(), {1, kSize, kSize, 3}, torch::kByte);
  const auto expected = network->forward(to_network_input(pixels, info));

  auto engine = make_engine_backend(*network, info, kSize, Arithmetic::float32, {});
  ASSERT_TRUE(engine) << engine.error().message;
  const auto head = (*engine)->run(square);
  ASSERT_TRUE(head.logarithmic);
  int64_t cell = 0;
  for (std::size_t l = 0; l < head.levels.size(); ++l) {
    const auto& level = head.levels[l];
    const int64_t side = kSize / kStrides[l];
    for (int64_t i = 0; i < side * side; ++i, ++cell) {
      const float* logits = level.logits + i * level.logit_step;
      const float* distances = level.distances + i * level.distance_step;
      for (int64_t c = 0; c < kClasses; ++c) {
        ASSERT_NEAR(logits[c], expected.logits[0][cell][c].item<float>(), 1e-4) << "cell " << cell;
      }
      for (int64_t e = 0; e < 4; ++e) {
        const float stride = static_cast<float>(kStrides[l]);
        ASSERT_NEAR(std::exp(distances[e]) * stride, expected.distances[0][cell][e].item<float>(), 1e-4 * stride)
            << "cell " << cell;
      }
    }
  }
  EXPECT_EQ(cell, expected.logits.size(1));
}

TEST(Lowering, ThePlanKnowsWhereTheBackboneEnds) {
  testing::register_toy_backbone("toy-lowered");
  testing::register_toy_lowering("toy-lowered");
  const DetectionNet network("toy-lowered", 2);
  const auto plan = make_plan(network, "toy-lowered");
  EXPECT_EQ(plan.backbone_layers, 5U);
  ASSERT_EQ(plan.taps.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(plan.buffers[static_cast<std::size_t>(plan.taps[i])].stride, 4 << i);
  }
  EXPECT_EQ(plan.layers[5].name, "lateral5");  // the neck begins at the coarsest level
}

// ---- rewrites of weights, by hand ---------------------------------------------------------------------------------

TEST(Lowering, WidenPutsOutputsInTheirPlaces) {
  // 1x1, 2 inputs, 2 outputs: rows (1 2) and (3 4), biases 5 and 6; to 3 inputs and 4 outputs, at places 3 and 0.
  const auto wide = widen({2, 2, 1, {1, 2, 3, 4}, {5, 6}}, 3, 4, {3, 0});
  EXPECT_EQ(wide.out, 4);
  EXPECT_EQ(wide.in, 3);
  EXPECT_EQ(wide.weights, (std::vector<float>{3, 4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0}));
  EXPECT_EQ(wide.bias, (std::vector<float>{6, 0, 0, 5}));
}

TEST(Lowering, BlockDiagonalKeepsEachGroupsInputs) {
  // 1x1, 4 outputs in 4 groups of one input each; two groups of two inputs: outputs 0 and 2 read the first of their
  // group's inputs, 1 and 3 the second.
  const auto wide = block_diagonal({4, 1, 1, {1, 2, 3, 4}, {5, 6, 7, 8}}, 2);
  EXPECT_EQ(wide.in, 2);
  EXPECT_EQ(wide.weights, (std::vector<float>{1, 0, 0, 2, 3, 0, 0, 4}));
  EXPECT_EQ(wide.bias, (std::vector<float>{5, 6, 7, 8}));
}

TEST(Lowering, StackPutsOneAfterTheOther) {
  const auto both = stack({1, 2, 1, {1, 2}, {3}}, {2, 2, 1, {4, 5, 6, 7}, {8, 9}});
  EXPECT_EQ(both.out, 3);
  EXPECT_EQ(both.weights, (std::vector<float>{1, 2, 4, 5, 6, 7}));
  EXPECT_EQ(both.bias, (std::vector<float>{3, 8, 9}));
}

}  // namespace
}  // namespace dualsight
