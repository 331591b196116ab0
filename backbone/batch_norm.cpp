#include "backbone/batch_norm.h"

#include <torch/utils.h>

namespace dualsight {

void freeze_batch_norm(torch::nn::Module& module) {
  const auto freeze = [](torch::nn::Module& candidate) {
    auto* batch_norm = candidate.as<torch::nn::BatchNorm2dImpl>();
    if (!batch_norm) return;
    batch_norm->eval();
    for (auto& parameter : batch_norm->parameters()) parameter.requires_grad_(false);
  };
  freeze(module);
  for (const auto& child : module.modules(/*include_self=*/false)) freeze(*child);
}

FoldedConvolution fold_batch_norm(const torch::nn::Conv2dImpl& conv, const torch::nn::BatchNorm2dImpl& bn) {
  const torch::NoGradGuard no_grad;
  const bool affine = bn.options.affine();
  const auto inverse_std = (bn.running_var.to(torch::kDouble) + bn.options.eps()).rsqrt();
  const auto scale = affine ? bn.weight.to(torch::kDouble) * inverse_std : inverse_std;
  auto bias = -bn.running_mean.to(torch::kDouble) * scale;
  if (affine) bias = bias + bn.bias.to(torch::kDouble);
  if (conv.bias.defined()) bias = bias + conv.bias.to(torch::kDouble) * scale;
  return {conv.weight.to(torch::kDouble) * scale.view({-1, 1, 1, 1}), bias};
}

}  // namespace dualsight
