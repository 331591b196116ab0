#include "backbone/batch_norm.h"

#include <torch/utils.h>

namespace dualsight {

void freeze_batch_norm(torch::nn::Module& module) {
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (auto* batch_norm = child->as<torch::nn::BatchNorm2dImpl>()) {
      batch_norm->eval();
      for (auto& parameter : batch_norm->parameters()) parameter.requires_grad_(false);
    }
  }
  if (auto* batch_norm = module.as<torch::nn::BatchNorm2dImpl>()) {
    batch_norm->eval();
    for (auto& parameter : batch_norm->parameters()) parameter.requires_grad_(false);
  }
}

torch::nn::Conv2d fold_batch_norm(const torch::nn::Conv2d& conv, const torch::nn::BatchNorm2d& batch_norm) {
  torch::NoGradGuard no_grad;
  const auto& bn = *batch_norm;
  // Double precision keeps the fold exact to float32 rounding where the running variance is tiny.
  const auto inverse_std = (bn.running_var.to(torch::kDouble) + bn.options.eps()).rsqrt();
  const bool affine = bn.options.affine();
  const auto scale = affine ? bn.weight.to(torch::kDouble) * inverse_std : inverse_std;
  auto shift = -bn.running_mean.to(torch::kDouble) * scale;
  if (affine) shift = shift + bn.bias.to(torch::kDouble);
  if (conv->bias.defined()) shift = shift + conv->bias.to(torch::kDouble) * scale;

  const auto& from = conv->options;
  auto options = torch::nn::Conv2dOptions(from.in_channels(), from.out_channels(), from.kernel_size());
  options.stride(from.stride()).dilation(from.dilation()).groups(from.groups()).bias(true);
  options.padding(from.padding()).padding_mode(from.padding_mode());
  torch::nn::Conv2d folded(options);
  folded->to(conv->weight.device());
  folded->weight.copy_(conv->weight.to(torch::kDouble) * scale.view({-1, 1, 1, 1}));
  folded->bias.copy_(shift);
  folded->eval();
  return folded;
}

}  // namespace dualsight
