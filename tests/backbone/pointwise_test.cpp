#include "backbone/pointwise.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "backbone/torch_compat.h"

namespace dualsight {
namespace {

// Both ways of a 1x1 convolution in mixed precision: values and gradients. (Where the CPU has no AMX they are one way.)
TEST(Pointwise, IsTheConvolution) {
  torch::manual_seed(3);
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(48, 32, 1).bias(true));
  const auto x = torch::randn({2, 48, 5, 7}).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  const auto weight_of = torch::randn({2, 32, 5, 7});
  const auto gradients = [&](bool mixed) {
    torch::Tensor y;
    {
      const Autocast autocast(torch::kCPU, mixed);
      y = pointwise(conv, x);
    }
    EXPECT_EQ(y.sizes(), torch::IntArrayRef({2, 32, 5, 7}));
    return torch::autograd::grad({(y.to(torch::kFloat) * weight_of).sum()}, {x, conv->weight, conv->bias});
  };
  const auto exact = gradients(false), mixed = gradients(true);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    EXPECT_EQ(mixed[i].sizes(), exact[i].sizes());
    EXPECT_LT(((mixed[i] - exact[i]).norm() / exact[i].norm()).item<float>(), 0.01) << i;  // bf16 keeps 8 bits
  }
}

}  // namespace
}  // namespace dualsight
