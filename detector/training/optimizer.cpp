#include "detector/training/optimizer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

namespace dualsight {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEps = 1e-8;
constexpr double kAverageRamp = 500;  // steps

// Copies PREFIX + name of the checkpoint into each tensor.
Result<void> restore(const Safetensors& checkpoint, const std::string& prefix, const std::vector<std::string>& names,
                     std::vector<torch::Tensor>& tensors) {
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto saved = checkpoint.view(prefix + names[i]);
    if (!saved) return saved.error();
    if (saved->sizes() != tensors[i].sizes()) {
      return Error{ErrorKind::model, "checkpoint: \"" + prefix + names[i] + "\" has another shape"};
    }
    tensors[i].copy_(*saved);
  }
  return {};
}

}  // namespace

AdamW::AdamW(torch::nn::Module& module, double weight_decay) {
  for (const auto& item : module.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    names_.push_back(item.key());
    parameters_.push_back(item.value());
    mean_.push_back(torch::zeros_like(item.value()));
    variance_.push_back(torch::zeros_like(item.value()));
    decay_.push_back(item.value().dim() > 1 ? weight_decay : 0);
  }
}

void AdamW::zero_grad() {
  for (auto& parameter : parameters_) parameter.mutable_grad() = torch::Tensor();
}

double AdamW::clip_gradients(double limit) {
  torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> gradients;
  for (auto& parameter : parameters_) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return 0;
  const auto norms = at::_foreach_norm(gradients, 2);
  const auto norm = torch::stack(norms).norm().item<double>();
  if (std::isfinite(norm) && norm > limit) at::_foreach_mul_(gradients, limit / (norm + 1e-6));
  return norm;
}

namespace {

// A step of one parameter in one pass over memory: on a CPU, memory traffic is what a step costs.
void step_on_cpu(float* parameter, const float* gradient, float* mean, float* variance, int64_t count, float shrink,
                 float rate, float correction2) {
  constexpr int64_t kGrain = 1 << 15;
  at::parallel_for(0, count, kGrain, [&](int64_t begin, int64_t end) {
    constexpr auto b1 = static_cast<float>(kBeta1), b2 = static_cast<float>(kBeta2), eps = static_cast<float>(kEps);
    for (int64_t i = begin; i < end; ++i) {
      mean[i] = b1 * mean[i] + (1 - b1) * gradient[i];
      variance[i] = b2 * variance[i] + (1 - b2) * gradient[i] * gradient[i];
      parameter[i] = shrink * parameter[i] - rate * mean[i] / (std::sqrt(variance[i]) * correction2 + eps);
    }
  });
}

// Float32 on the CPU, without gaps and all with the same order of elements in memory.
bool side_by_side(const std::vector<torch::Tensor>& tensors) {
  return std::all_of(tensors.begin(), tensors.end(), [&](const torch::Tensor& t) {
    return t.device().is_cpu() && t.scalar_type() == torch::kFloat && t.is_non_overlapping_and_dense() &&
           t.strides() == tensors.front().strides();
  });
}

}  // namespace

void AdamW::step(double learning_rate) {
  torch::NoGradGuard no_grad;
  ++steps_;
  const double correction1 = 1 - std::pow(kBeta1, static_cast<double>(steps_));
  const double correction2 = 1 / std::sqrt(1 - std::pow(kBeta2, static_cast<double>(steps_)));
  // All others are grouped into lists: a GPU then runs a few kernels rather than thousands.
  std::vector<torch::Tensor> gradients, parameters, means, variances, decaying;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    auto& parameter = parameters_[i];
    const auto& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    if (side_by_side({parameter, gradient, mean_[i], variance_[i]})) {
      step_on_cpu(parameter.data_ptr<float>(), gradient.data_ptr<float>(), mean_[i].data_ptr<float>(),
                  variance_[i].data_ptr<float>(), parameter.numel(), static_cast<float>(1 - learning_rate * decay_[i]),
                  static_cast<float>(learning_rate / correction1), static_cast<float>(correction2));
      continue;
    }
    gradients.push_back(gradient);
    parameters.push_back(parameter);
    means.push_back(mean_[i]);
    variances.push_back(variance_[i]);
    if (decay_[i] > 0) decaying.push_back(parameter);
  }
  if (gradients.empty()) return;
  const double decay = *std::max_element(decay_.begin(), decay_.end());
  if (!decaying.empty()) at::_foreach_mul_(decaying, 1 - learning_rate * decay);
  at::_foreach_mul_(means, kBeta1);
  at::_foreach_add_(means, gradients, 1 - kBeta1);
  at::_foreach_mul_(variances, kBeta2);
  at::_foreach_addcmul_(variances, gradients, gradients, 1 - kBeta2);
  auto denominator = at::_foreach_sqrt(variances);
  at::_foreach_mul_(denominator, correction2);
  at::_foreach_add_(denominator, kEps);
  at::_foreach_addcdiv_(parameters, means, denominator, -learning_rate / correction1);
}

void AdamW::save(NamedTensors& tensors) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    tensors.emplace_back("adam.m." + names_[i], mean_[i]);
    tensors.emplace_back("adam.v." + names_[i], variance_[i]);
  }
}

Result<void> AdamW::load(const Safetensors& checkpoint, int64_t steps) {
  steps_ = steps;
  if (auto done = restore(checkpoint, "adam.m.", names_, mean_); !done) return done;
  return restore(checkpoint, "adam.v.", names_, variance_);
}

WeightAverage::WeightAverage(torch::nn::Module& module, double decay) : decay_(decay) {
  torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : state_dict(module)) {
    if (!tensor.is_floating_point()) continue;
    names_.push_back(name);
    values_.push_back(tensor);
    averages_.push_back(tensor.detach().clone());
  }
}

void WeightAverage::update() {
  torch::NoGradGuard no_grad;
  ++steps_;
  const double d = decay_ * (1 - std::exp(-static_cast<double>(steps_) / kAverageRamp));
  if (averages_.front().device().is_cpu()) {  // one pass over memory
    for (std::size_t i = 0; i < averages_.size(); ++i) averages_[i].lerp_(values_[i], 1 - d);
    return;
  }
  at::_foreach_mul_(averages_, d);
  at::_foreach_add_(averages_, values_, 1 - d);
}

void WeightAverage::swap() {
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto value = values_[i].detach().clone();
    values_[i].copy_(averages_[i]);
    averages_[i].copy_(value);
  }
}

void WeightAverage::save(NamedTensors& tensors) const {
  for (std::size_t i = 0; i < names_.size(); ++i) tensors.emplace_back("ema." + names_[i], averages_[i]);
}

Result<void> WeightAverage::load(const Safetensors& checkpoint, int64_t steps) {
  steps_ = steps;
  return restore(checkpoint, "ema.", names_, averages_);
}

}  // namespace dualsight
