// Networks with random weights that behave as trained ones do: every channel's activations have a spread of about one,
// and what is added to a residual path is small beside it. (Straight out of the random generator a DPN is chaotic: it
// blows rounding errors up, and says nothing of an engine.)
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/utils.h>

#include <memory>
#include <string>

#include "detector/network/network.h"

namespace dualsight::testing {

inline torch::Tensor smooth_pictures(int64_t batch, int64_t size) {
  const auto coarse = torch::randn({batch, 3, size / 4, size / 4});
  return torch::upsample_bilinear2d(coarse, {size, size}, /*align_corners=*/false) +
         0.3 * torch::randn({batch, 3, size, size});
}

inline std::shared_ptr<DetectionNet> conditioned_network(const std::string& architecture, int64_t classes,
                                                         int64_t size) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(11);
  auto network = std::make_shared<DetectionNet>(architecture, classes);
  for (const auto& module : network->named_modules()) {
    if (auto* bn = module.value()->as<torch::nn::BatchNorm2dImpl>()) {
      const auto& name = module.key();
      const bool joins_residual = name.find(".layer") != std::string::npos &&
                                  (name.ends_with(".bn3") || (architecture == "resnet18" && name.ends_with(".bn2")));
      joins_residual ? bn->weight.uniform_(0.1, 0.3) : bn->weight.uniform_(0.5, 1.2);
      bn->bias.uniform_(-0.2, 0.2);
      bn->options.momentum(1.0);  // the running statistics are the last batch's
    }
  }
  network->train();
  network->forward(smooth_pictures(4, size));
  network->eval();
  return network;
}

}  // namespace dualsight::testing
