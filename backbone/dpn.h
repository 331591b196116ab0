// DPN92 (Dual Path Networks, Chen et al. 2017, arXiv:1707.01629), twice: post-activation and as published.
//
// A dual path block adds a bottleneck's first channels to a running sum (the residual path, ResNet) and appends the
// rest to a growing tail (the dense path, DenseNet). Both networks share bottleneck widths 96/192/384/768,
// residual widths 256/512/1024/2048, dense increments 16/32/24/128, blocks 3/4/20/3 and 32 groups in every 3x3
// (kDpnStages, kDpnGroups).
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include "backbone/backbone.h"

namespace dualsight {

// Channels and number of blocks of one stage.
struct DpnStage {
  int64_t bottleneck, residual, increment, blocks;
};
inline constexpr std::array<DpnStage, 4> kDpnStages = {
    {{96, 256, 16, 3}, {192, 512, 32, 4}, {384, 1024, 24, 20}, {768, 2048, 128, 3}}};
inline constexpr int64_t kDpnGroups = 32;

// ---- post-activation: conv -> BN -> ReLU ------------------------------------------------------------------------

// One block. In: [B, in_channels, H, W]; out: [B, C, H / stride, W / stride] with
// C = residual + 2 increment for the first block of a stage, in_channels + increment for the others.
class DpnBlockImpl : public torch::nn::Module {
 public:
  DpnBlockImpl(int64_t in_channels, int64_t bottleneck, int64_t residual, int64_t increment, int64_t stride,
               bool first);
  torch::Tensor forward(torch::Tensor x);

 private:
  friend class DpnImpl;
  int64_t residual_;
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr}, conv3{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr}, bn3{nullptr};
  torch::nn::Sequential shortcut{nullptr};  // first block only: 1x1 -> BN, no activation
};
TORCH_MODULE(DpnBlock);

enum class DpnStem {
  conv3x3,  // 3x3 stride 1, no pool: C2..C5 at strides 1, 2, 4, 8. For classifying 32-pixel pictures, not for
            // detection.
  conv7x7,  // 7x7 stride 2 + 3x3 max-pool stride 2: C2..C5 at strides 4, 8, 16, 32
};

struct DpnOptions {
  TORCH_ARG(DpnStem, stem) = DpnStem::conv3x3;
  TORCH_ARG(int64_t, num_classes) = 10;  // 0: no classifier
};

// Parameters: 34,236,634 (3x3 stem, 10 classes); 34,218,704 (7x7 stem, no classifier).
// Names: conv1, bn1, layer{1..4}.{j}.{conv1,bn1,conv2,bn2,conv3,bn3,shortcut.0,shortcut.1}, linear.
class DpnImpl : public Backbone {
 public:
  explicit DpnImpl(const DpnOptions& options = {});

  // [B, 3, H, W] -> [B, num_classes]: global average of C5, then the linear classifier.
  torch::Tensor forward(torch::Tensor x);

  std::array<torch::Tensor, 4> features(torch::Tensor x) override;
  std::array<int64_t, 4> channels() const override { return {320, 672, 1528, 2560}; }
  std::array<int64_t, 4> strides() const override;
  void for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) override;

 private:
  DpnOptions options_;
  torch::nn::Conv2d conv1{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr};
  torch::nn::Sequential layer1{nullptr}, layer2{nullptr}, layer3{nullptr}, layer4{nullptr};
  torch::nn::Linear linear{nullptr};
};
TORCH_MODULE(Dpn);

// ---- original: BN -> ReLU -> conv, names as in timm's `dpn92` ---------------------------------------------------

struct OriginalDpnOptions {
  TORCH_ARG(int64_t, num_classes) = 1000;  // 0: no classifier
  // features() gives every tap a BN + ReLU of its own (a raw tap is a sum that nothing has normalised). C5 uses the
  // network's own last one, conv5_bn_ac.
  TORCH_ARG(bool, normalised_taps) = false;
};

// Parameters: 37,668,392 (1000 classes); 34,979,392 without the classifier. BN eps 1e-3.
class OriginalDpnImpl : public Backbone {
 public:
  explicit OriginalDpnImpl(const OriginalDpnOptions& options = {});

  // [B, 3, H, W] -> [B, num_classes].
  torch::Tensor forward(torch::Tensor x);

  std::array<torch::Tensor, 4> features(torch::Tensor x) override;
  std::array<int64_t, 4> channels() const override { return {336, 704, 1552, 2688}; }
  void for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) override;

  // Copies the pretrained BatchNorm that reads the same tensor into each tap's (C2: conv3_1.c1x1_w_s2.bn, ...).
  void initialise_taps();

 private:
  OriginalDpnOptions options_;
  std::shared_ptr<torch::nn::Module> features_;  // holds conv1_1, conv2_1 .. conv5_3, conv5_bn_ac
  std::array<torch::nn::BatchNorm2d, 3> tap_bn_{nullptr, nullptr, nullptr};  // C2..C4
  torch::nn::Conv2d classifier{nullptr};
};
TORCH_MODULE(OriginalDpn);

}  // namespace dualsight
