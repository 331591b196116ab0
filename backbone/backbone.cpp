#include "backbone/backbone.h"

#include <torch/nn/init.h>
#include <torch/nn/modules/conv.h>

#include "backbone/batch_norm.h"
#include "backbone/registry.h"

namespace dualsight {

void Backbone::freeze(int stages) {
  frozen_stages_ = stages;
  for (int stage = 0; stage < stages && stage < 5; ++stage) {
    for_stage(stage, [](torch::nn::Module& module) {
      for (auto& parameter : module.parameters()) parameter.requires_grad_(false);
    });
  }
  train(is_training());
}

void Backbone::train(bool on) {
  torch::nn::Module::train(on);
  for (int stage = 0; stage < frozen_stages_ && stage < 5; ++stage) {
    for_stage(stage, freeze_batch_norm);
  }
}

std::shared_ptr<Backbone> make_backbone(const std::string& name) {
  const auto* entry = find_backbone(name);
  return entry ? entry->make() : nullptr;
}

void initialise_convolutions(torch::nn::Module& module) {
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (auto* conv = child->as<torch::nn::Conv2dImpl>()) {
      torch::nn::init::kaiming_normal_(conv->weight, /*a=*/0, torch::kFanOut, torch::kReLU);
    }
  }
}

}  // namespace dualsight
