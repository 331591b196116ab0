#include "detector/network/network.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dualsight {
namespace {

int64_t parameter_count(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const auto& p : module.parameters()) count += p.numel();
  return count;
}

// Neck by hand: laterals c*128 + 256 each; 3 smooth + 2 down = 5 * (128*128*9 + 256).
// Head by hand: 2 towers * 2 * 128*128*9, BatchNorm 2 towers * 3 levels * 2 * 256, classify 128*C + C, locate 128*4 +
// 4, scale 3.
constexpr int64_t kFive = 5 * (128 * 128 * 9 + 256);
constexpr int64_t head_size(int64_t classes) { return 4 * 128 * 128 * 9 + 12 * 256 + 129 * classes + 516 + 3; }

TEST(DetectionNet, ParameterCountsByHand) {
  const DetectionNet light("resnet18", 12);
  EXPECT_EQ(parameter_count(light), 11176512 + (128 + 256 + 512) * 128 + 3 * 256 + kFive + head_size(12));
  const DetectionNet dual("dpn92", 80);
  EXPECT_EQ(parameter_count(dual), 34218704 + (672 + 1528 + 2560) * 128 + 3 * 256 + kFive + head_size(80));
}

TEST(DetectionNet, ShapesAndFreshOutputs) {
  torch::manual_seed(0);
  const torch::NoGradGuard no_grad;
  for (const char* name : {"resnet18", "dpn92", "dpn92-original"}) {
    DetectionNet network(name, 5);
    network.train();
    const auto out = network.forward(torch::randn({2, 3, 64, 64}));
    EXPECT_EQ(out.logits.sizes(), (std::vector<int64_t>{2, 84, 5})) << name;
    EXPECT_EQ(out.distances.sizes(), (std::vector<int64_t>{2, 84, 4})) << name;
    // A fresh head says about 1% of everything, with boxes about two strides to each side.
    EXPECT_NEAR(out.logits.sigmoid().mean().item<float>(), 0.01, 0.005) << name;
    EXPECT_NEAR(out.distances[0].slice(0, 0, 64).mean().item<float>(), 16, 4) << name;
    EXPECT_GT(out.distances.min().item<float>(), 0) << name;
  }
}

TEST(DetectionNet, FrozenStagesDoNotLearn) {
  DetectionNet network("resnet18", 2);
  network.backbone().freeze(2);  // stem and layer1
  network.train();
  const auto parameters = network.named_parameters();
  EXPECT_FALSE(parameters["backbone.conv1.weight"].requires_grad());
  EXPECT_FALSE(parameters["backbone.layer1.0.conv1.weight"].requires_grad());
  EXPECT_TRUE(parameters["backbone.layer2.0.conv1.weight"].requires_grad());
  const auto before = network.named_buffers()["backbone.bn1.running_mean"].clone();
  network.forward(torch::randn({2, 3, 64, 64}));
  EXPECT_TRUE(network.named_buffers()["backbone.bn1.running_mean"].equal(before));
}

TEST(ToNetworkInput, GoldenPixels) {
  // BGR (255, 0, 51): R = 51/255 = 0.2, G = 0, B = 1; ImageNet mean and deviation.
  auto picture = torch::zeros({1, 32, 32, 3}, torch::kByte);
  picture[0][5][7][0] = 255;
  picture[0][5][7][2] = 51;
  const auto input = to_network_input(picture, ModelInfo{});
  ASSERT_EQ(input.sizes(), (std::vector<int64_t>{1, 3, 32, 32}));
  EXPECT_NEAR(input[0][0][5][7].item<float>(), (0.2 - 0.485) / 0.229, 1e-5);
  EXPECT_NEAR(input[0][1][5][7].item<float>(), (0.0 - 0.456) / 0.224, 1e-5);
  EXPECT_NEAR(input[0][2][5][7].item<float>(), (1.0 - 0.406) / 0.225, 1e-5);
  EXPECT_TRUE(input.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST(ToBoxes, ByHand) {
  const auto boxes = to_boxes(torch::tensor({{{1.F, 2.F, 3.F, 4.F}}}), torch::tensor({{10.F, 20.F, 8.F}}));
  EXPECT_EQ(boxes[0][0][0].item<float>(), 9);
  EXPECT_EQ(boxes[0][0][1].item<float>(), 18);
  EXPECT_EQ(boxes[0][0][2].item<float>(), 13);
  EXPECT_EQ(boxes[0][0][3].item<float>(), 24);
}

}  // namespace
}  // namespace dualsight
