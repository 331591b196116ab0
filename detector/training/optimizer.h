// AdamW and the moving average of weights. Their states are plain named tensors, so that a checkpoint is one
// safetensors file that every version of LibTorch can read.
#pragma once

#include <torch/nn/module.h>

#include <string>
#include <vector>

#include "backbone/result.h"
#include "backbone/safetensors.h"

namespace dualsight {

// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2); betas 0.9, 0.999, eps 1e-8. Weights of
// one dimension (BatchNorm, biases, scales) do not decay. Parameters that need no gradient are left alone.
class AdamW {
 public:
  AdamW(torch::nn::Module& module, double weight_decay);

  void zero_grad();
  // Scales all gradients so that their joint L2 norm is at most `limit`; returns the norm before that.
  double clip_gradients(double limit);
  void step(double learning_rate);

  void save(NamedTensors& tensors) const;  // adds "adam.m.NAME", "adam.v.NAME"
  // `steps` done so far. Error (ErrorKind::model): a tensor is missing or has another shape.
  Result<void> load(const Safetensors& checkpoint, int64_t steps);

 private:
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_, mean_, variance_;
  std::vector<double> decay_;
  int64_t steps_ = 0;
};

// Exponential moving average of parameters and BatchNorm statistics: average += (1 - d) (value - average) with
// d = decay * (1 - exp(-step / 500)), so that the first weights, which are random, do not stay in it.
class WeightAverage {
 public:
  WeightAverage(torch::nn::Module& module, double decay);
  void update();

  // Exchanges the averages and the module's values: once before evaluating or saving, once more after it.
  void swap();

  void save(NamedTensors& tensors) const;  // adds "ema.NAME"
  Result<void> load(const Safetensors& checkpoint, int64_t steps);

 private:
  std::vector<std::string> names_;
  std::vector<torch::Tensor> values_, averages_;
  double decay_;
  int64_t steps_ = 0;
};

}  // namespace dualsight
