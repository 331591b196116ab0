#include "backbone/pointwise.h"

#include "backbone/amx.h"
#include "backbone/torch_compat.h"

namespace dualsight {

torch::Tensor pointwise(torch::nn::Conv2d& conv, const torch::Tensor& x) {
  static const bool has_amx = amx_of_cpu().bf16;
  const bool as_product =
      has_amx && x.device().is_cpu() && torch::GradMode::is_enabled() && autocast_enabled(x.device());
  if (!as_product) return conv(x);
  // In channels-last memory the pixels are the rows of a matrix: no copy.
  const auto rows = x.permute({0, 2, 3, 1});
  return torch::linear(rows, conv->weight.flatten(1), conv->bias).permute({0, 3, 1, 2});
}

}  // namespace dualsight
