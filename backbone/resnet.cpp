#include "backbone/resnet.h"

#include <string>

namespace dualsight {
namespace {

torch::nn::Conv2d conv(int64_t in, int64_t out, int64_t kernel, int64_t stride) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

}  // namespace

BasicBlockImpl::BasicBlockImpl(int64_t in_channels, int64_t out_channels, int64_t stride) {
  conv1 = register_module("conv1", conv(in_channels, out_channels, 3, stride));
  bn1 = register_module("bn1", torch::nn::BatchNorm2d(out_channels));
  conv2 = register_module("conv2", conv(out_channels, out_channels, 3, 1));
  bn2 = register_module("bn2", torch::nn::BatchNorm2d(out_channels));
  if (stride != 1 || in_channels != out_channels) {
    downsample = register_module("downsample", torch::nn::Sequential(conv(in_channels, out_channels, 1, stride),
                                                                     torch::nn::BatchNorm2d(out_channels)));
  }
}

torch::Tensor BasicBlockImpl::forward(torch::Tensor x) {
  auto y = torch::relu(bn1(conv1(x)));
  y = bn2(conv2(y));
  if (downsample) x = downsample->forward(x);
  return torch::relu(x + y);
}

ResNet18Impl::ResNet18Impl(int64_t num_classes) {
  conv1 = register_module("conv1", conv(3, 64, 7, 2));
  bn1 = register_module("bn1", torch::nn::BatchNorm2d(64));
  int64_t in = 64;
  std::array<torch::nn::Sequential*, 4> layers = {&layer1, &layer2, &layer3, &layer4};
  for (std::size_t s = 0; s < layers.size(); ++s) {
    const int64_t out = channels()[s];
    *layers[s] =
        register_module("layer" + std::to_string(s + 1),
                        torch::nn::Sequential(BasicBlock(in, out, s == 0 ? 1 : 2), BasicBlock(out, out, /*stride=*/1)));
    in = out;
  }
  if (num_classes > 0) fc = register_module("fc", torch::nn::Linear(in, num_classes));

  initialise_convolutions(*this);
  // Residual branches start at zero (Goyal et al. 2017, 5.1).
  torch::NoGradGuard no_grad;
  for (const auto& module : modules(/*include_self=*/false)) {
    if (auto* block = module->as<BasicBlockImpl>()) block->bn2->weight.zero_();
  }
}

std::array<torch::Tensor, 4> ResNet18Impl::features(torch::Tensor x) {
  x = torch::relu(bn1(conv1(x)));
  x = torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
  const auto c2 = layer1->forward(x);
  const auto c3 = layer2->forward(c2);
  const auto c4 = layer3->forward(c3);
  const auto c5 = layer4->forward(c4);
  return {c2, c3, c4, c5};
}

torch::Tensor ResNet18Impl::forward(torch::Tensor x) { return fc(features(std::move(x))[3].mean({2, 3})); }

void ResNet18Impl::for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) {
  if (stage == 0) {
    visit(*conv1);
    visit(*bn1);
  } else {
    visit(*std::array{layer1, layer2, layer3, layer4}[static_cast<std::size_t>(stage - 1)]);
  }
}

}  // namespace dualsight
