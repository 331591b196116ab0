#include "backbone/pointwise.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "backbone/torch_compat.h"

namespace dualsight {
namespace {

bool cpu_has_amx_bf16() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  static const bool has = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22) & 1 && (d >> 24) & 1;
  return has;
#else
  return false;
#endif
}

}  // namespace

torch::Tensor pointwise(torch::nn::Conv2d& conv, const torch::Tensor& x) {
  const bool as_product =
      x.device().is_cpu() && torch::GradMode::is_enabled() && autocast_enabled(x.device()) && cpu_has_amx_bf16();
  if (!as_product) return conv(x);
  // Channels-last pixels are the rows of a matrix already.
  const auto rows = x.permute({0, 2, 3, 1});
  return torch::linear(rows, conv->weight.flatten(1), conv->bias).permute({0, 3, 1, 2});
}

}  // namespace dualsight
