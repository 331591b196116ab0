// A network as a list of ATen operators, for exports and for running it frozen.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <memory>

namespace dualsight {

class DetectionNet;

// Of one input of [1, 3, size, size]: the steps that `forward` takes from it to a tuple of tensors. Weights are
// constants, BatchNorm is folded into the convolution before it where there is one. `network` is the one that `forward`
// uses; its weights stop learning.
using TracedForward = std::function<std::vector<torch::Tensor>(const torch::Tensor& images)>;
std::shared_ptr<torch::jit::Graph> trace(DetectionNet& network, int64_t size, const TracedForward& forward);

// The network's own logits and distances (NetworkOutput), to be traced. `network` has to outlive the trace alone.
TracedForward outputs_of(DetectionNet& network);

// A traced graph, ready to run: weights channels-last, in bf16 where asked for (outputs stay float32).
class FrozenNetwork {
 public:
  FrozenNetwork(std::shared_ptr<torch::jit::Graph> graph, bool bf16);
  // [1, 3, size, size] float32, channels-last -> what was traced.
  std::vector<torch::Tensor> operator()(const torch::Tensor& images);

 private:
  std::shared_ptr<torch::jit::Graph> graph_;
  std::shared_ptr<torch::jit::GraphExecutor> executor_;
  bool bf16_;
};

}  // namespace dualsight
