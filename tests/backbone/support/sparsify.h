// A sparse fully connected layer, as ResNet-18's last one can be. No part of the program uses it yet, so it is kept
// beside its test (resnet_test.cpp) and not in the library.
#pragma once

#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <cmath>
#include <tuple>

namespace dualsight::reference {

// Of each row's weights the `sparsity` share (0..1) smallest in magnitude become zero. Returns the mask (1 where a
// weight stays); multiply the weight by it after each training step to keep it so.
inline torch::Tensor sparsify(torch::nn::Linear& layer, double sparsity) {
  const torch::NoGradGuard no_grad;
  const int64_t columns = layer->weight.size(1);
  const auto drop = std::llround(sparsity * static_cast<double>(columns));
  auto mask = torch::ones_like(layer->weight);
  if (drop > 0) {
    const auto smallest = std::get<1>(layer->weight.abs().topk(drop, /*dim=*/1, /*largest=*/false));
    mask.scatter_(1, smallest, 0.0);
    layer->weight.mul_(mask);
  }
  return mask;
}

}  // namespace dualsight::reference
