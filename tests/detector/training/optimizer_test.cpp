#include "detector/training/optimizer.h"

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

namespace dualsight {
namespace {

struct Net : torch::nn::Module {
  Net() {
    linear = register_module("linear", torch::nn::Linear(4, 3));
    bn = register_module("bn", torch::nn::BatchNorm1d(3));
  }
  torch::Tensor forward(const torch::Tensor& x) { return bn(linear(x)); }
  torch::nn::Linear linear{nullptr};
  torch::nn::BatchNorm1d bn{nullptr};
};

TEST(AdamW, FirstStepByHand) {
  // Weight 1, gradient 0.5, lr 0.1, decay 0.01. Decay first: 1 - 0.1 * 0.01 = 0.999. The first corrected step is
  // lr * g / (|g| + eps) = 0.1. One-dimensional parameters do not decay.
  torch::nn::Linear layer(1, 1);
  torch::NoGradGuard no_grad;
  layer->weight.fill_(1);
  layer->bias.fill_(1);
  AdamW optimizer(*layer, 0.01);
  layer->weight.mutable_grad() = torch::full({1, 1}, 0.5);
  layer->bias.mutable_grad() = torch::full({1}, -2.0);
  optimizer.step(0.1);
  EXPECT_NEAR(layer->weight.item<float>(), 0.899, 1e-6);
  EXPECT_NEAR(layer->bias.item<float>(), 1.1, 1e-6);
}

TEST(AdamW, AgreesWithLibTorchsOwn) {
  torch::manual_seed(1);
  // Without the BatchNorm: behind it the bias has no gradient but rounding noise, which Adam would blow up to size.
  Net a, b;
  {
    torch::NoGradGuard no_grad;
    for (const auto& item : a.named_parameters()) b.named_parameters()[item.key()].copy_(item.value());
  }
  AdamW ours(a, 0.05);
  // LibTorch's AdamW decays everything it is given: two groups, as ours decides by shape.
  using Options = torch::optim::AdamWOptions;
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<torch::Tensor>{b.linear->weight},
                      std::make_unique<Options>(Options(0.01).weight_decay(0.05)));
  groups.emplace_back(std::vector<torch::Tensor>{b.linear->bias, b.bn->weight, b.bn->bias},
                      std::make_unique<Options>(Options(0.01).weight_decay(0)));
  torch::optim::AdamW theirs(groups, Options(0.01));
  for (int i = 0; i < 20; ++i) {
    const auto x = torch::randn({8, 4});
    ours.zero_grad();
    (a.linear(x) * a.bn->weight + a.bn->bias).square().sum().backward();
    ours.step(0.01);
    theirs.zero_grad();
    (b.linear(x) * b.bn->weight + b.bn->bias).square().sum().backward();
    theirs.step();
  }
  for (const auto& item : a.named_parameters()) {
    EXPECT_TRUE(torch::allclose(item.value(), b.named_parameters()[item.key()], 1e-4, 1e-5)) << item.key();
  }
}

TEST(AdamW, ClipsTheJointNorm) {
  torch::nn::Linear layer(1, 1);
  AdamW optimizer(*layer, 0);
  layer->weight.mutable_grad() = torch::full({1, 1}, 3.0);
  layer->bias.mutable_grad() = torch::full({1}, 4.0);
  EXPECT_NEAR(optimizer.clip_gradients(1), 5, 1e-5);
  EXPECT_NEAR(layer->weight.grad().item<float>(), 0.6, 1e-5);
  EXPECT_NEAR(layer->bias.grad().item<float>(), 0.8, 1e-5);
  EXPECT_NEAR(optimizer.clip_gradients(10), 1, 1e-5);  // already below: untouched
  EXPECT_NEAR(layer->bias.grad().item<float>(), 0.8, 1e-5);
}

TEST(WeightAverage, ByHandAndSwapsBothWays) {
  torch::nn::Linear layer(1, 1);
  torch::NoGradGuard no_grad;
  layer->weight.fill_(0);
  layer->bias.fill_(0);
  WeightAverage average(*layer, 0.5);
  layer->weight.fill_(1);
  average.update();
  // d = 0.5 * (1 - e^(-1/500)) = 0.000999; average = 1 - d.
  const double d = 0.5 * (1 - std::exp(-1.0 / 500));
  average.swap();
  EXPECT_NEAR(layer->weight.item<float>(), 1 - d, 1e-6);
  average.swap();
  EXPECT_EQ(layer->weight.item<float>(), 1);
}

TEST(Checkpoint, OptimizerAndAverageGoOnAsIfNothingHadHappened) {
  const auto path =
      std::filesystem::temp_directory_path() / ("dualsight_optimizer_" + std::to_string(::getpid()) + ".safetensors");
  torch::manual_seed(2);
  Net a;
  AdamW first(a, 0.05);
  WeightAverage first_average(a, 0.9);
  const auto train = [](Net& net, AdamW& optimizer, WeightAverage& average, int seed) {
    torch::manual_seed(static_cast<uint64_t>(seed));
    const auto x = torch::randn({8, 4});
    optimizer.zero_grad();
    net.forward(x).square().sum().backward();
    optimizer.step(0.01);
    average.update();
  };
  for (int i = 0; i < 5; ++i) train(a, first, first_average, i);

  NamedTensors tensors = state_dict(a);
  first.save(tensors);
  first_average.save(tensors);
  ASSERT_TRUE(write_safetensors(path, tensors, {}));

  Net b;
  AdamW second(b, 0.05);
  WeightAverage second_average(b, 0.9);
  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file);
  {
    torch::NoGradGuard no_grad;
    for (auto& [name, tensor] : state_dict(b)) tensor.copy_(*file->tensor(name));
  }
  ASSERT_TRUE(second.load(*file, 5));
  ASSERT_TRUE(second_average.load(*file, 5));
  for (int i = 5; i < 9; ++i) {
    train(a, first, first_average, i);
    train(b, second, second_average, i);
  }
  for (const auto& item : a.named_parameters()) {
    EXPECT_TRUE(item.value().equal(b.named_parameters()[item.key()])) << item.key();
  }
  first_average.swap();
  second_average.swap();
  EXPECT_TRUE(a.linear->weight.equal(b.linear->weight));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace dualsight
