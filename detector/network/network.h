// The whole detector as one network: backbone -> neck -> head. Needs torch; include it only where weights are touched.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "backbone/backbone.h"
#include "detector/core/decode.h"
#include "detector/core/model_info.h"

namespace dualsight {

// Cells of all levels of a square input, level by level, rows top to bottom: 2,100 for 320 pixels.
int64_t cell_count(int64_t size);

// Centre (x, y) in network pixels and stride of each cell: [A, 3], float32.
torch::Tensor cell_grid(int64_t size, torch::Device device);

// A = cells of all levels, C = classes.
struct NetworkOutput {
  torch::Tensor logits;     // [B, A, C] float32, before the sigmoid
  torch::Tensor distances;  // [B, A, 4] float32, cell centre to left, top, right, bottom edge, network pixels, >= 0
};

// Channels of every map between neck and head, whatever the backbone.
inline constexpr int64_t kNeckWidth = 128;

// P3, P4, P5, which the neck hands to the head: each [B, kNeckWidth, H / stride, W / stride].
using Pyramid = std::array<torch::Tensor, 3>;

// Path aggregation with sums rather than concatenations (FPN, Lin et al. 2017; PANet, Liu et al. 2018): each sum is
// one post-op of the convolution before it in a fused engine.
class NeckImpl : public torch::nn::Module {
 public:
  NeckImpl(const std::array<int64_t, 4>& channels, int64_t width);
  // C2..C5 -> P3, P4, P5. C2 is not used.
  Pyramid forward(const std::array<torch::Tensor, 4>& taps);

 private:
  std::array<torch::nn::Sequential, 3> lateral_{nullptr, nullptr, nullptr};
  std::array<torch::nn::Sequential, 3> smooth_{nullptr, nullptr, nullptr};
  std::array<torch::nn::Sequential, 2> down_{nullptr, nullptr};
};
TORCH_MODULE(Neck);

// Anchor-free and decoupled: one tower of 3x3 convolutions for classes, one for boxes. The levels share the
// convolutions and have BatchNorm of their own (RTMDet, Lyu et al. 2022): one detector of shapes, whatever the scale,
// from a third of the parameters, while each level keeps its own statistics.
class HeadImpl : public torch::nn::Module {
 public:
  HeadImpl(int64_t width, int64_t num_classes);
  NetworkOutput forward(const Pyramid& pyramid);

 private:
  static constexpr std::size_t kDepth = 2;
  struct Tower {
    std::array<torch::nn::Conv2d, kDepth> conv{nullptr, nullptr};
    std::array<std::array<torch::nn::BatchNorm2d, kDepth>, kStrides.size()> bn{
        {{nullptr, nullptr}, {nullptr, nullptr}, {nullptr, nullptr}}};
    torch::Tensor forward(torch::Tensor x, std::size_t level);
  };
  Tower make_tower(const std::string& name, int64_t width);
  Tower classes_, boxes_;
  torch::nn::Conv2d classify{nullptr}, locate{nullptr};
  torch::Tensor scale_;  // [3]: learnt size of each level's unit
};
TORCH_MODULE(Head);

class DetectionNet : public torch::nn::Module {
 public:
  // `architecture`: the name of a registered backbone (backbone/registry.h) with Backbone::kDetectorStrides.
  DetectionNet(const std::string& architecture, int64_t num_classes);

  // x: [B, 3, S, S], normalised RGB, S a multiple of 32.
  NetworkOutput forward(const torch::Tensor& x) { return detect(pyramid(x)); }
  // Its two halves: backbone and neck, then the head.
  Pyramid pyramid(const torch::Tensor& x) { return neck(backbone_->features(x)); }
  NetworkOutput detect(const Pyramid& pyramid) { return head(pyramid); }

  Backbone& backbone() { return *backbone_; }
  int64_t num_classes() const { return num_classes_; }

 private:
  int64_t num_classes_;
  std::shared_ptr<Backbone> backbone_;
  Neck neck{nullptr};
  Head head{nullptr};
};

// Lays the weights of convolutions out channels-last: the layout of every fast convolution, on CPU and GPU. Before
// anything (an optimizer, say) holds on to them.
void to_channels_last(torch::nn::Module& module);

// Convolutions in bf16, BatchNorm in float32 on bf16 activations: what mixed precision does, without casting the
// weights anew for every picture.
void convolutions_to_bf16(torch::nn::Module& module);

// The second half of the preprocess. pictures: uint8 [B, S, S, 3], BGR, on any device. Returns [B, 3, S, S] float32,
// RGB, (value / 255 - mean) / stddev, channels-last in memory.
torch::Tensor to_network_input(const torch::Tensor& pictures, const ModelInfo& info);

// [.., 4] distances and [A, 3] cells -> [.., 4] boxes x1, y1, x2, y2 in network pixels.
torch::Tensor to_boxes(const torch::Tensor& distances, const torch::Tensor& cells);

}  // namespace dualsight
