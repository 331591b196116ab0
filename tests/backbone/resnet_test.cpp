#include "backbone/resnet.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/backbone/reference_network.h"
#include "tests/backbone/support/sparsify.h"

namespace dualsight {
namespace {

using reference::add_batch_norm;
using reference::count_parameters;
using reference::Shapes;
using reference::sparsify;
using Shape = std::vector<int64_t>;

TEST(ResNet18Test, ParameterCounts) {
  // torchvision's documented figure; the classifier is 512 * 1000 + 1000 = 513,000 of it.
  EXPECT_EQ(count_parameters(*ResNet18()), 11'689'512);
  EXPECT_EQ(count_parameters(*ResNet18(0)), 11'176'512);
}

TEST(ResNet18Test, EveryNameAndShapeOfTorchvision) {
  const std::vector<int64_t> widths = {64, 128, 256, 512};
  Shapes expected;
  expected["conv1.weight"] = {64, 3, 7, 7};
  add_batch_norm(expected, "bn1", 64);
  for (std::size_t s = 0; s < 4; ++s) {
    for (int j = 0; j < 2; ++j) {
      const std::string prefix = "layer" + std::to_string(s + 1) + '.' + std::to_string(j) + '.';
      const int64_t width = widths[s], in = j == 0 && s > 0 ? widths[s - 1] : width;
      expected[prefix + "conv1.weight"] = {width, in, 3, 3};
      add_batch_norm(expected, prefix + "bn1", width);
      expected[prefix + "conv2.weight"] = {width, width, 3, 3};
      add_batch_norm(expected, prefix + "bn2", width);
      if (in == width) continue;
      expected[prefix + "downsample.0.weight"] = {width, in, 1, 1};
      add_batch_norm(expected, prefix + "downsample.1", width);
    }
  }
  expected["fc.weight"] = {1000, 512};
  expected["fc.bias"] = {1000};
  // 20 convolutions, 20 BatchNorms of 5, classifier 2.
  ASSERT_EQ(expected.size(), 20U + 20 * 5 + 2);
  EXPECT_EQ(reference::shapes(*ResNet18()), expected);
}

TEST(ResNet18Test, StageShapes) {
  ResNet18 net(7);
  net->eval();
  const torch::NoGradGuard no_grad;
  const auto x = torch::zeros({2, 3, 64, 96});
  const auto features = net->features(x);
  EXPECT_EQ(features[0].sizes().vec(), (Shape{2, 64, 16, 24}));
  EXPECT_EQ(features[1].sizes().vec(), (Shape{2, 128, 8, 12}));
  EXPECT_EQ(features[2].sizes().vec(), (Shape{2, 256, 4, 6}));
  EXPECT_EQ(features[3].sizes().vec(), (Shape{2, 512, 2, 3}));
  EXPECT_EQ(net->channels(), (std::array<int64_t, 4>{64, 128, 256, 512}));
  EXPECT_EQ(net->forward(x).sizes().vec(), (Shape{2, 7}));
}

TEST(ResNet18Test, ParityWithPyTorchUnderTorchvisionsNames) {
  const auto expected = reference::run("resnet18");
  if (!expected) GTEST_SKIP() << DUALSIGHT_PYTHON << " has no PyTorch";
  EXPECT_EQ(expected->weights.size(), 122U);
  ResNet18 net;
  reference::expect_parity(net, *expected);
}

TEST(SparsifyTest, DropsTheSmallestOfEachRow) {
  torch::nn::Linear layer(4, 2);
  {
    const torch::NoGradGuard no_grad;
    layer->weight.copy_(torch::tensor({{1.0F, -4.0F, 0.5F, 3.0F}, {-0.1F, 0.2F, 5.0F, -0.3F}}));
  }
  const auto bias = layer->bias.clone();
  const auto mask = sparsify(layer, 0.5);  // half of 4: the two smallest in magnitude
  EXPECT_TRUE(torch::equal(mask, torch::tensor({{0.0F, 1.0F, 0.0F, 1.0F}, {0.0F, 0.0F, 1.0F, 1.0F}})));
  EXPECT_TRUE(torch::equal(layer->weight, torch::tensor({{0.0F, -4.0F, 0.0F, 3.0F}, {0.0F, 0.0F, 5.0F, -0.3F}})));
  EXPECT_TRUE(torch::equal(layer->bias, bias));
  EXPECT_TRUE(layer->weight.requires_grad());
}

TEST(SparsifyTest, NoneAndAll) {
  torch::nn::Linear layer(3, 2);
  const auto before = layer->weight.clone();
  EXPECT_TRUE(sparsify(layer, 0).eq(1).all().item<bool>());
  EXPECT_TRUE(torch::equal(layer->weight, before));
  EXPECT_TRUE(sparsify(layer, 1).eq(0).all().item<bool>());
  EXPECT_EQ(layer->weight.abs().sum().item<float>(), 0.0F);
}

}  // namespace
}  // namespace dualsight
