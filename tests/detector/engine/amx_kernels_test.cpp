// The kernels on AMX tiles against LibTorch's convolution in float32, which shares no code with them.
#include "detector/engine/amx_kernels.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <string>
#include <tuple>

#include "detector/engine/bf16.h"

namespace dualsight {
namespace {

// Channels, groups as the plan has them, height and width of the target, stride.
struct Shape {
  int in, out, kernel, groups, height, width, stride;
};

void PrintTo(const Shape& s, std::ostream* out) {
  *out << s.in << " to " << s.out << ", " << s.kernel << "x" << s.kernel << ", " << s.groups << " groups, " << s.width
       << "x" << s.height << ", stride " << s.stride;
}

class AmxKernels : public ::testing::TestWithParam<Shape> {
 protected:
  // Random weights; within each of the plan's groups of 48 channels, the network's own groups of a 32nd.
  PlanLayer layer() const {
    const auto& s = GetParam();
    torch::manual_seed(7);
    PlanLayer l;
    l.kernel = s.kernel;
    l.stride = s.stride;
    l.groups = s.groups;
    l.relu = true;
    const int ins = s.in / s.groups;
    auto weights = torch::randn({s.out, ins, s.kernel, s.kernel}) / std::sqrt(ins * s.kernel * s.kernel);
    if (s.groups > 1) {
      const int width = s.in / 32;
      for (int o = 0; o < s.out; ++o) {
        for (int i = 0; i < ins; ++i) {
          if ((o % ins) / width != i / width) weights[o][i].zero_();
        }
      }
    }
    weights = weights.to(torch::kBFloat16).to(torch::kFloat);
    l.weights.assign(weights.data_ptr<float>(), weights.data_ptr<float>() + weights.numel());
    const auto bias = torch::randn({s.out});
    l.bias.assign(bias.data_ptr<float>(), bias.data_ptr<float>() + bias.numel());
    return l;
  }

  // [1, in, H, W] -> [H', W', out], rectified.
  static torch::Tensor expected(const PlanLayer& l, const torch::Tensor& x) {
    const auto& s = GetParam();
    const auto weights = torch::tensor(l.weights).view({s.out, s.in / s.groups, s.kernel, s.kernel});
    return torch::conv2d(x, weights, torch::tensor(l.bias), s.stride, s.kernel / 2, 1, s.groups)
        .relu()[0]
        .permute({1, 2, 0});
  }
};

TEST_P(AmxKernels, AgreeWithLibTorchInBf16) {
  if (!amx_for(ValueType::bf16)) GTEST_SKIP() << "this CPU has no AMX";
  const auto& s = GetParam();
  const auto l = layer();
  const int h = s.height * s.stride, w = s.width * s.stride;
  const auto x = torch::randn({1, s.in, h, w}).to(torch::kBFloat16);
  auto source = torch::full({(h * w + 64) * s.in}, 1e30, torch::kBFloat16);  // what lies beyond must not matter
  source.slice(0, 0, h * w * s.in).copy_(x[0].permute({1, 2, 0}).flatten());
  auto target = torch::full({s.height * s.width + 1, s.out}, -7, torch::kBFloat16);

  LayerPlace place;
  place.source = {source.data_ptr(), h, w, s.in, ValueType::bf16, {}};
  place.target = {target.data_ptr(), s.height, s.width, s.out, ValueType::bf16, {}};
  const auto kernel = make_amx_convolution(l, place);
  ASSERT_TRUE(kernel);
  kernel->run();
  kernel->run();  // what the first one left in its own memory must not matter

  const auto got = target.slice(0, 0, s.height * s.width).to(torch::kFloat).view({s.height, s.width, s.out});
  const auto want = expected(l, x.to(torch::kFloat));
  EXPECT_LT((got - want).abs().max().item<float>(), 0.03) << "of values up to " << want.max().item<float>();
  EXPECT_TRUE((target[s.height * s.width] == -7).all().item<bool>()) << "written beyond the end";
}

TEST_P(AmxKernels, AgreeWithLibTorchInInt8) {
  if (!amx_for(ValueType::u8)) GTEST_SKIP() << "this CPU has no AMX for 8 bits";
  const auto& s = GetParam();
  auto l = layer();
  const int h = s.height * s.stride, w = s.width * s.stride;
  const auto x = torch::randint(0, 256, {1, s.in, h, w});
  auto source = torch::full({(h * w + 64) * s.in}, 255, torch::kByte);
  source.slice(0, 0, h * w * s.in).copy_(x[0].permute({1, 2, 0}).flatten());
  auto target = torch::full({s.height * s.width + 1, s.out}, 99, torch::kByte);

  LayerPlace place;
  const float in_scale = 1.0F / 255, out_scale = 1.0F / 64;
  place.source = {
      source.data_ptr(), h, w, s.in, ValueType::u8, std::vector<float>(static_cast<std::size_t>(s.in), in_scale)};
  place.target = {target.data_ptr(), s.height,
                  s.width,           s.out,
                  ValueType::u8,     std::vector<float>(static_cast<std::size_t>(s.out), out_scale)};
  const auto kernel = make_amx_convolution(l, place);
  ASSERT_TRUE(kernel);
  kernel->run();
  kernel->run();

  const auto got = target.slice(0, 0, s.height * s.width).to(torch::kFloat).view({s.height, s.width, s.out});
  const auto want = (expected(l, x.to(torch::kFloat) * in_scale) / out_scale).clamp_max(255);
  // Half a step of rounding, and weights that are up to 1/254 of their largest off: seldom two steps in all.
  EXPECT_LT((got - want).abs().max().item<float>(), 2.5);
  EXPECT_TRUE((target[s.height * s.width] == 99).all().item<bool>()) << "written beyond the end";
}

// DPN92's: every width of groups, pictures of one band and of several, the last one shorter, strides of 1 and 2.
INSTANTIATE_TEST_SUITE_P(Shapes, AmxKernels,
                         ::testing::Values(Shape{96, 96, 3, 2, 80, 80, 1}, Shape{192, 192, 3, 4, 40, 40, 2},
                                           Shape{192, 192, 3, 4, 41, 37, 1}, Shape{384, 384, 3, 8, 20, 20, 1},
                                           Shape{768, 768, 3, 16, 5, 5, 2}, Shape{768, 768, 3, 16, 7, 3, 1},
                                           Shape{96, 64, 1, 1, 9, 11, 2}, Shape{320, 96, 1, 1, 13, 13, 1}));

// What the tiles do not do is somebody else's.
TEST(AmxKernelsRefuse, WhatTheyCannotDo) {
  PlanLayer l;
  LayerPlace place;
  place.source = {nullptr, 8, 8, 64, ValueType::bf16, {}};
  place.target = place.source;
  l.weights.assign(64 * 64 * 9, 1.0F);
  l.bias.assign(64, 0.0F);
  l.kernel = 3;
  EXPECT_FALSE(make_amx_convolution(l, place)) << "a 3x3 convolution of one group";
  place.source.type = place.target.type = ValueType::f32;
  l.kernel = 1;
  EXPECT_FALSE(make_amx_convolution(l, place)) << "float32";
}

}  // namespace
}  // namespace dualsight
