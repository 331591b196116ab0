#include "backbone/torch_compat.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#define DUALSIGHT_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace dualsight {

#if DUALSIGHT_TORCH_AT_LEAST(2, 4)
bool autocast_enabled(torch::Device device) { return at::autocast::is_autocast_enabled(device.type()); }
static void set_autocast(torch::Device device, bool enabled) {
  at::autocast::set_autocast_enabled(device.type(), enabled);
  if (enabled) at::autocast::set_autocast_dtype(device.type(), torch::kBFloat16);
}
#else
bool autocast_enabled(torch::Device device) {
  return device.is_cuda() ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
}
static void set_autocast(torch::Device device, bool enabled) {
  if (device.is_cuda()) {
    at::autocast::set_enabled(enabled);
    if (enabled) at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
  } else {
    at::autocast::set_cpu_enabled(enabled);
    if (enabled) at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
  }
}
#endif

Autocast::Autocast(torch::Device device, bool enabled) : device_(device), enabled_(enabled) {
  if (!enabled_) return;
  was_enabled_ = autocast_enabled(device_);
  at::autocast::increment_nesting();
  set_autocast(device_, true);
}

Autocast::~Autocast() {
  if (!enabled_) return;
  // The cache holds bf16 copies of the weights, which the optimizer is about to change.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set_autocast(device_, was_enabled_);
}

bool cuda_has_bf16() { return at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8(); }

void choose_fastest_convolutions() { at::globalContext().setBenchmarkCuDNN(true); }

}  // namespace dualsight
