#include "backbone/backbone.h"

#include <torch/nn/init.h>
#include <torch/nn/modules/conv.h>

#include "backbone/dpn.h"
#include "backbone/resnet.h"

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
    for_stage(stage, [](torch::nn::Module& module) { module.eval(); });
  }
}

std::shared_ptr<Backbone> make_backbone(const std::string& name) {
  if (name == "dpn92") return std::make_shared<DpnImpl>(DpnOptions{}.stem(DpnStem::conv7x7).num_classes(0));
  if (name == "dpn92-original") {
    return std::make_shared<OriginalDpnImpl>(OriginalDpnOptions{}.num_classes(0).normalised_taps(true));
  }
  if (name == "resnet18") return std::make_shared<ResNet18Impl>(/*num_classes=*/0);
  return nullptr;
}

void initialise_convolutions(torch::nn::Module& module) {
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (auto* conv = child->as<torch::nn::Conv2dImpl>()) {
      torch::nn::init::kaiming_normal_(conv->weight, /*a=*/0, torch::kFanOut, torch::kReLU);
    }
  }
}

}  // namespace dualsight
