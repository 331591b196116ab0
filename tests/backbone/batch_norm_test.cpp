#include "backbone/batch_norm.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace dualsight {
namespace {

using torch::nn::BatchNorm2d;
using torch::nn::BatchNorm2dOptions;
using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;

void expect_values(const torch::Tensor& actual, const std::vector<double>& expected, double tolerance = 1e-6) {
  const auto flat = actual.detach().to(torch::kDouble).flatten();
  ASSERT_EQ(flat.numel(), static_cast<int64_t>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(flat[static_cast<int64_t>(i)].item<double>(), expected[i], tolerance) << "at " << i;
  }
}

// Two pictures of 1 x 2 pixels, two channels.
//   channel 0: 1 3 | 5 7    mean 4, squared deviations 9 1 1 9: biased variance 20/4 = 5, unbiased 20/3
//   channel 1: 0 0 | 8 8    mean 4, squared deviations 16 each: biased variance 64/4 = 16, unbiased 64/3
torch::Tensor batch() { return torch::tensor({1.0F, 3.0F, 0.0F, 0.0F, 5.0F, 7.0F, 8.0F, 8.0F}).view({2, 2, 1, 2}); }

TEST(BatchNormTest, BatchFormula) {
  // eps 4: channel 0 divides by sqrt(5 + 4) = 3, channel 1 by sqrt(16 + 4) = 4.4721360.
  BatchNorm2d bn(BatchNorm2dOptions(2).eps(4));
  const double d = 4 / std::sqrt(20.0);  // 0.8944272
  expect_values(bn(batch()), {-1, -1.0 / 3, -d, -d, 1.0 / 3, 1, d, d});
}

TEST(BatchNormTest, AffineComesAfterNormalising) {
  BatchNorm2d bn(BatchNorm2dOptions(2).eps(4));
  {
    const torch::NoGradGuard no_grad;
    bn->weight.copy_(torch::tensor({2.0F, 0.0F}));
    bn->bias.copy_(torch::tensor({10.0F, -1.0F}));
  }
  // Channel 0: 2 * (-1, -1/3, 1/3, 1) + 10; channel 1: weight 0 leaves the bias.
  expect_values(bn(batch()), {8, 10 - 2.0 / 3, -1, -1, 10 + 2.0 / 3, 12, -1, -1}, 1e-5);
}

TEST(BatchNormTest, WithoutAffineThereIsNothingToLearn) {
  BatchNorm2d bn(BatchNorm2dOptions(2).eps(4).affine(false));
  EXPECT_TRUE(bn->parameters().empty());
  const double d = 4 / std::sqrt(20.0);
  expect_values(bn(batch()), {-1, -1.0 / 3, -d, -d, 1.0 / 3, 1, d, d});
}

TEST(BatchNormTest, RunningStatisticsUseTheUnbiasedVarianceAndMomentum) {
  BatchNorm2d bn(2);  // momentum 0.1; starts at mean 0, variance 1
  EXPECT_EQ(*bn->options.momentum(), 0.1);
  expect_values(bn->running_mean, {0, 0});
  expect_values(bn->running_var, {1, 1});
  bn(batch());
  // mean 0.9 * 0 + 0.1 * 4 = 0.4; variance 0.9 * 1 + 0.1 * 20/3 = 1.5666667 and 0.9 + 0.1 * 64/3 = 3.0333333.
  expect_values(bn->running_mean, {0.4, 0.4});
  expect_values(bn->running_var, {0.9 + 2.0 / 3, 0.9 + 6.4 / 3});
  EXPECT_EQ(bn->num_batches_tracked.item<int64_t>(), 1);
  bn(batch());
  // mean 0.9 * 0.4 + 0.4 = 0.76; variance 0.9 * 1.5666667 + 0.6666667 = 2.0766667, 0.9 * 3.0333333 + 2.1333333.
  expect_values(bn->running_mean, {0.76, 0.76});
  expect_values(bn->running_var, {2.0766667, 4.8633333});
  EXPECT_EQ(bn->num_batches_tracked.item<int64_t>(), 2);
}

TEST(BatchNormTest, MomentumIsTheShareOfTheNewBatch) {
  BatchNorm2d bn(BatchNorm2dOptions(2).momentum(0.75));
  bn(batch());
  // mean 0.25 * 0 + 0.75 * 4 = 3; variance 0.25 + 0.75 * 20/3 = 5.25 and 0.25 + 0.75 * 64/3 = 16.25.
  expect_values(bn->running_mean, {3, 3});
  expect_values(bn->running_var, {5.25, 16.25}, 1e-5);
}

TEST(BatchNormTest, WithoutMomentumThePlainAverageIsKept) {
  BatchNorm2d bn(BatchNorm2dOptions(2).momentum({}));
  bn(batch());
  bn(batch() + 2);  // mean 6, the same variance
  expect_values(bn->running_mean, {5, 5});
  expect_values(bn->running_var, {20.0 / 3, 64.0 / 3}, 1e-5);
}

TEST(BatchNormTest, EvalModeUsesTheRunningStatisticsAndLeavesThem) {
  BatchNorm2d bn(BatchNorm2dOptions(2).eps(4));
  bn->running_mean.copy_(torch::tensor({2.0F, -1.0F}));
  bn->running_var.copy_(torch::tensor({12.0F, 5.0F}));
  bn->eval();
  // Channel 0: (x - 2) / sqrt(12 + 4) = (x - 2) / 4; channel 1: (x + 1) / sqrt(5 + 4) = (x + 1) / 3.
  expect_values(bn(batch()), {-0.25, 0.25, 1.0 / 3, 1.0 / 3, 0.75, 1.25, 3, 3});
  expect_values(bn->running_mean, {2, -1});
  expect_values(bn->running_var, {12, 5});
  EXPECT_EQ(bn->num_batches_tracked.item<int64_t>(), 0);
  // One picture alone gives the same values: nothing depends on the batch.
  expect_values(bn(batch().slice(0, 0, 1)), {-0.25, 0.25, 1.0 / 3, 1.0 / 3});
}

TEST(BatchNormTest, EpsKeepsAConstantChannelFinite) {
  BatchNorm2d bn(1);
  EXPECT_EQ(bn->options.eps(), 1e-5);
  // Float32 rounds 3 / sqrt(1e-5) = 948.7 to within 6e-5.
  expect_values(bn(torch::full({2, 1, 1, 2}, 3.0F)), {0, 0, 0, 0}, 1e-4);
  // Deviations of 0.003: variance 9e-6; 0.003 / sqrt(9e-6 + 1e-5) = 0.6882472 rather than 1.
  expect_values(bn(torch::tensor({-0.003F, 0.003F}).view({2, 1, 1, 1})), {-0.6882472, 0.6882472}, 1e-5);
}

TEST(BatchNormTest, TheGradientHasNoMeanAndNoShareAlongTheInput) {
  // The output does not change when the input is shifted or (eps aside) scaled, so dL/dx is orthogonal to 1 and to x.
  BatchNorm2d bn(BatchNorm2dOptions(1).eps(1e-12));
  auto x = torch::tensor({1.0, 3.0, 5.0, 8.0}, torch::kDouble).view({4, 1, 1, 1}).requires_grad_();
  bn->to(torch::kDouble);
  (bn(x).flatten() * torch::tensor({1.0, -2.0, 0.5, 3.0}, torch::kDouble)).sum().backward();
  EXPECT_GT(x.grad().abs().max().item<double>(), 0.1);
  EXPECT_NEAR(x.grad().sum().item<double>(), 0, 1e-9);
  EXPECT_NEAR((x.grad() * x.detach()).sum().item<double>(), 0, 1e-9);
}

// ---- freezing ---------------------------------------------------------------------------------------------------

struct SmallNet : torch::nn::Module {
  Conv2d conv = register_module("conv", Conv2d(2, 3, 1));
  torch::nn::Sequential inner = register_module("inner", torch::nn::Sequential(BatchNorm2d(3)));
  torch::nn::Dropout dropout = register_module("dropout", torch::nn::Dropout(0.5));
};

TEST(FreezeBatchNormTest, StatisticsAndParametersStay) {
  SmallNet net;
  net.train();
  freeze_batch_norm(net);
  auto& bn = *net.inner->ptr(0)->as<torch::nn::BatchNorm2dImpl>();
  EXPECT_FALSE(bn.is_training());
  EXPECT_TRUE(net.conv->is_training());
  EXPECT_TRUE(net.dropout->is_training());  // nothing but BatchNorm is touched

  net.inner->forward(net.conv(batch())).sum().backward();
  expect_values(bn.running_mean, {0, 0, 0}, 0);
  expect_values(bn.running_var, {1, 1, 1}, 0);
  EXPECT_FALSE(bn.weight.requires_grad());
  EXPECT_FALSE(bn.bias.grad().defined());
  EXPECT_TRUE(net.conv->weight.grad().defined());  // the gradient passes through
}

TEST(FreezeBatchNormTest, ALoneBatchNorm) {
  BatchNorm2d bn(2);
  freeze_batch_norm(*bn);
  EXPECT_FALSE(bn->is_training());
  EXPECT_FALSE(bn->weight.requires_grad());
}

// ---- folding ----------------------------------------------------------------------------------------------------

TEST(FoldBatchNormTest, ByHand) {
  // conv: 2 x + 1. BN: mean 3, sqrt(12 + 4) = 4, weight 8, bias 5: (y - 3) / 4 * 8 + 5 = 2 y - 1.
  // Together: 2 (2 x + 1) - 1 = 4 x + 1.
  Conv2d conv(1, 1, 1);
  BatchNorm2d bn(BatchNorm2dOptions(1).eps(4));
  const torch::NoGradGuard no_grad;
  conv->weight.fill_(2);
  conv->bias.fill_(1);
  bn->running_mean.fill_(3);
  bn->running_var.fill_(12);
  bn->weight.fill_(8);
  bn->bias.fill_(5);
  const auto folded = fold_batch_norm(*conv, *bn);
  expect_values(folded.weight, {4}, 0);
  expect_values(folded.bias, {1}, 0);
  expect_values(conv->weight, {2}, 0);  // the arguments stay as they are
  expect_values(conv->bias, {1}, 0);
}

struct FoldCase {
  std::string name;
  Conv2dOptions options;
  bool affine = true;
  double variance = 1;  // scale of the running variance
};

void PrintTo(const FoldCase& c, std::ostream* out) { *out << c.name; }

class FoldBatchNormCases : public testing::TestWithParam<FoldCase> {};

TEST_P(FoldBatchNormCases, TheOutputStays) {
  const auto& param = GetParam();
  torch::manual_seed(7);
  const torch::NoGradGuard no_grad;
  Conv2d conv(param.options);
  const int64_t out = param.options.out_channels();
  BatchNorm2d bn(BatchNorm2dOptions(out).affine(param.affine));
  bn->running_mean.normal_();
  bn->running_var.uniform_(0.5, 2).mul_(param.variance);
  if (param.affine) {
    bn->weight.uniform_(-1.2, 1.2);
    bn->bias.normal_();
  }
  bn->eval();
  const auto x = torch::randn({2, param.options.in_channels(), 17, 13});
  const auto expected = bn(conv(x));
  const auto folded = fold_batch_norm(*conv, *bn);
  auto options = param.options;
  Conv2d one(options.bias(true));  // in place of the two
  one->weight.copy_(folded.weight);
  one->bias.copy_(folded.bias);
  const auto actual = one(x);
  ASSERT_EQ(actual.sizes(), expected.sizes());
  const double error = (actual - expected).abs().max().item<double>() / expected.abs().max().item<double>();
  EXPECT_LT(error, 1e-5);
  EXPECT_FALSE(folded.weight.requires_grad());
  EXPECT_FALSE(folded.bias.requires_grad());
}

INSTANTIATE_TEST_SUITE_P(
    All, FoldBatchNormCases,
    testing::Values(FoldCase{"plain", Conv2dOptions(16, 24, 3).padding(1).bias(false)},
                    FoldCase{"bias", Conv2dOptions(16, 24, 3).padding(1).bias(true)},
                    FoldCase{"grouped", Conv2dOptions(96, 96, 3).padding(1).groups(32).bias(false)},
                    FoldCase{"grouped_bias_stride", Conv2dOptions(64, 32, 3).stride(2).padding(1).groups(32)},
                    FoldCase{"depthwise", Conv2dOptions(8, 8, 3).groups(8).bias(false)},
                    FoldCase{"one_by_one", Conv2dOptions(64, 336, 1).bias(false)},
                    FoldCase{"uneven", Conv2dOptions(3, 5, {3, 5}).stride({2, 1}).padding({0, 2}).dilation({2, 1})},
                    FoldCase{"reflect", Conv2dOptions(3, 5, 3).padding(1).padding_mode(torch::kReflect)},
                    FoldCase{"same", Conv2dOptions(3, 5, 3).padding(torch::kSame)},
                    FoldCase{"no_affine", Conv2dOptions(16, 24, 3).bias(false), false},
                    FoldCase{"tiny_variance", Conv2dOptions(16, 24, 3).bias(false), true, 1e-9},
                    FoldCase{"large_variance", Conv2dOptions(16, 24, 3).bias(false), true, 1e6}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace dualsight
