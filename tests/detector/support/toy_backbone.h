// A backbone that the program does not know: five 3x3 convolutions of stride 2, each with BatchNorm and ReLU. For tests
// of what adding one takes.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include <array>
#include <memory>
#include <string>

#include "backbone/backbone.h"
#include "backbone/registry.h"
#include "detector/engine/lowering/lowering.h"

namespace dualsight::testing {

class ToyBackbone : public Backbone {
 public:
  static constexpr int kStages = 5, kWidth = 32;

  ToyBackbone() {
    for (int i = 0; i < kStages; ++i) {
      const auto stage = static_cast<std::size_t>(i);
      const auto options = torch::nn::Conv2dOptions(i == 0 ? 3 : kWidth, kWidth, 3).stride(2).padding(1).bias(false);
      conv_[stage] = register_module("conv" + std::to_string(i), torch::nn::Conv2d(options));
      // An eps of its own, so that whoever folds with another one is found out.
      bn_[stage] = register_module("bn" + std::to_string(i),
                                   torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(kWidth).eps(0.1)));
    }
    initialise_convolutions(*this);
  }

  std::array<torch::Tensor, 4> features(torch::Tensor x) override {
    std::array<torch::Tensor, kStages> maps;
    for (std::size_t i = 0; i < maps.size(); ++i) maps[i] = x = torch::relu(bn_[i](conv_[i](x)));
    return {maps[1], maps[2], maps[3], maps[4]};
  }
  std::array<int64_t, 4> channels() const override { return {kWidth, kWidth, kWidth, kWidth}; }
  void for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) override {
    visit(*conv_[static_cast<std::size_t>(stage)]);
    visit(*bn_[static_cast<std::size_t>(stage)]);
  }

 private:
  std::array<torch::nn::Conv2d, kStages> conv_{nullptr, nullptr, nullptr, nullptr, nullptr};
  std::array<torch::nn::BatchNorm2d, kStages> bn_{nullptr, nullptr, nullptr, nullptr, nullptr};
};

// All that a new backbone needs.
inline void register_toy_backbone(const std::string& name) {
  register_backbone({name, [] { return std::make_shared<ToyBackbone>(); }});
}

// And all that it needs to run in the engine.
inline void register_toy_lowering(const std::string& name) {
  const auto lower = [](PlanBuilder& b, int) {
    std::array<int, 4> taps{};
    int x = b.plan().input = b.buffer("input", 3, 1);
    b.at(x).int8_allowed = false;
    for (int i = 0; i < ToyBackbone::kStages; ++i) {
      const auto number = std::to_string(i);
      const int target = b.buffer("toy" + number, ToyBackbone::kWidth, 2 << i);
      b.convolution("conv" + number, x, target, b.fold("backbone.conv" + number, "backbone.bn" + number),
                    /*stride=*/2, /*groups=*/1, {.relu = true});
      if (i > 0) taps[static_cast<std::size_t>(i - 1)] = target;
      x = target;
    }
    return taps;
  };
  register_lowering({name, lower, ""});
}

}  // namespace dualsight::testing
