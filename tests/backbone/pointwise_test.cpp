#include "backbone/pointwise.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <array>
#include <cmath>

#include "backbone/torch_compat.h"
#include "tests/support/processor.h"

namespace dualsight {
namespace {

// How far a sum of `terms` products in bf16 may be from the exact one: root mean square of the error over that of the
// sum.
//
// bf16 has 8 significant bits, so rounding to nearest changes a value by at most u = 2^-8 of itself. Taken as
// independent and spread evenly over -u..u, one rounding has a variance of u^2 / 3. (Such errors grow with the root of
// their number, not with their number: Higham & Mary 2019, "A new approach to probabilistic rounding error analysis".)
//
// Three roundings are there on every processor: both factors of each product, and the result. Products are summed in
// float32 where the processor has the instructions for it. Where bf16 is emulated, the running sum is rounded after
// every term. The terms being independent and of one size t, the sum of k of them has a variance of k t^2, and its
// rounding adds k t^2 u^2 / 3; over k = 1..n that is n (n + 1) / 2 t^2 u^2 / 3, beside the whole sum's variance n t^2:
// (n + 1) / 2 roundings more.
double bf16_error_bound(int terms) {
  const double roundings = 3 + (testing::sums_bf16_in_float32() ? 0 : (terms + 1) / 2.0);
  return std::ldexp(1.0, -8) * std::sqrt(roundings / 3);
}

// Both ways of a 1x1 convolution in mixed precision: values and gradients. (Where the CPU has no AMX they are one way.)
TEST(Pointwise, IsTheConvolution) {
  constexpr int kIn = 48, kOut = 32, kPixels = 2 * 5 * 7;
  torch::manual_seed(3);
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(kIn, kOut, 1).bias(true));
  const auto x = torch::randn({2, kIn, 5, 7}).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  const auto weight_of = torch::randn({2, kOut, 5, 7});
  // The values, and the gradients of sum(weight_of * y) by x, the weights and the bias.
  const auto values_and_gradients = [&](bool mixed) {
    torch::Tensor y;
    {
      const Autocast autocast(torch::kCPU, mixed);
      y = pointwise(conv, x);
    }
    EXPECT_EQ(y.sizes(), torch::IntArrayRef({2, kOut, 5, 7}));
    auto all = torch::autograd::grad({(y.to(torch::kFloat) * weight_of).sum()}, {x, conv->weight, conv->bias});
    all.insert(all.begin(), y.detach().to(torch::kFloat));
    return all;
  };
  // What each value is a sum over: input channels and the bias; output channels; pixels; pixels.
  const std::array<int, 4> terms = {kIn + 1, kOut, kPixels, kPixels};
  const auto exact = values_and_gradients(false), mixed = values_and_gradients(true);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    EXPECT_EQ(mixed[i].sizes(), exact[i].sizes());
    EXPECT_LT(((mixed[i] - exact[i]).norm() / exact[i].norm()).item<double>(), bf16_error_bound(terms[i])) << i;
  }
}

}  // namespace
}  // namespace dualsight
