// What a detector needs of a backbone: four feature maps, C2 to C5, each at half the resolution of the one before.
#pragma once

#include <torch/nn/module.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace dualsight {

class Backbone : public torch::nn::Module {
 public:
  // x: [B, 3, H, W], normalised RGB, H and W multiples of strides()[3].
  // Returns C2..C5: [B, channels()[i], H / strides()[i], W / strides()[i]].
  virtual std::array<torch::Tensor, 4> features(torch::Tensor x) = 0;
  virtual std::array<int64_t, 4> channels() const = 0;
  // Pixels of x a cell. A detector takes a backbone of kDetectorStrides only (DetectionNet checks it).
  virtual std::array<int64_t, 4> strides() const { return kDetectorStrides; }
  static constexpr std::array<int64_t, 4> kDetectorStrides = {4, 8, 16, 32};

  // Calls `visit` for the modules of one stage: 0 is the stem, 1..4 end in C2..C5.
  virtual void for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) = 0;

  // The first `stages` stages stop learning (1: the stem alone); their BatchNorm keeps its running statistics, also
  // through later calls of train().
  void freeze(int stages);
  void train(bool on = true) override;

 private:
  int frozen_stages_ = 0;
};

// A fresh one of the registry's (registry.h), random weights; nullptr for a name that is not there.
std::shared_ptr<Backbone> make_backbone(const std::string& name);

// He's initialisation for every convolution (fan out, ReLU); BatchNorm weight 1, bias 0.
void initialise_convolutions(torch::nn::Module& module);

}  // namespace dualsight
