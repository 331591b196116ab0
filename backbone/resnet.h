// ResNet-18 (He et al. 2015, arXiv:1512.03385), names as in torchvision: the light backbone.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include "backbone/backbone.h"

namespace dualsight {

class BasicBlockImpl : public torch::nn::Module {
 public:
  BasicBlockImpl(int64_t in_channels, int64_t out_channels, int64_t stride);
  torch::Tensor forward(torch::Tensor x);

 private:
  friend class ResNet18Impl;
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr};
  torch::nn::Sequential downsample{nullptr};  // where stride or width changes: 1x1 -> BN
};
TORCH_MODULE(BasicBlock);

// Parameters: 11,689,512 with 1000 classes; 11,176,512 without the classifier.
class ResNet18Impl : public Backbone {
 public:
  explicit ResNet18Impl(int64_t num_classes = 1000);  // 0: no classifier

  // [B, 3, H, W] -> [B, num_classes].
  torch::Tensor forward(torch::Tensor x);

  std::array<torch::Tensor, 4> features(torch::Tensor x) override;
  std::array<int64_t, 4> channels() const override { return {64, 128, 256, 512}; }
  void for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) override;

  torch::nn::Linear fc{nullptr};

 private:
  torch::nn::Conv2d conv1{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr};
  torch::nn::Sequential layer1{nullptr}, layer2{nullptr}, layer3{nullptr}, layer4{nullptr};
};
TORCH_MODULE(ResNet18);

}  // namespace dualsight
