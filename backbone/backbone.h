// What a detector needs of a backbone: four feature maps at strides 4, 8, 16, 32.
#pragma once

#include <torch/nn/module.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace dualsight {

class Backbone : public torch::nn::Module {
 public:
  // x: [B, 3, H, W], normalised RGB, H and W multiples of 32.
  // Returns C2..C5: [B, channels()[i], H / (4 << i), W / (4 << i)].
  virtual std::array<torch::Tensor, 4> features(torch::Tensor x) = 0;
  virtual std::array<int64_t, 4> channels() const = 0;

  // Stage 0 is the stem, stages 1..4 end in C2..C5.
  virtual void for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) = 0;

  // The stem and the following stages, `stages` in all, stop learning; their BatchNorm stays in eval mode.
  void freeze(int stages);
  void train(bool on = true) override;

 private:
  int frozen_stages_ = 0;
};

// "dpn92" (post-activation, 7x7 stem), "dpn92-original" (pre-activation), "resnet18"; nullptr for any other name.
std::shared_ptr<Backbone> make_backbone(const std::string& name);

// He's initialisation for every convolution (fan out, ReLU); BatchNorm weight 1, bias 0.
void initialise_convolutions(torch::nn::Module& module);

}  // namespace dualsight
