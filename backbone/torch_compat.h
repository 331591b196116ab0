// The one place for what differs between LibTorch 1.13 (Debian 12) and 2.x.
#pragma once

#include <torch/types.h>

namespace dualsight {

// Mixed precision for the scope: convolutions and matrix products run in bf16, the rest as LibTorch sees fit.
// Wraps the forward pass alone: the loss stays in float32. One per thread; does nothing where `enabled` is false.
class Autocast {
 public:
  Autocast(torch::Device device, bool enabled);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::Device device_;
  bool enabled_;
  bool was_enabled_ = false;
};

// Inside an Autocast for this kind of device.
bool autocast_enabled(torch::Device device);

// The GPU convolves in bf16 (Ampere and later). Call only where CUDA is available.
bool cuda_has_bf16();

// On CUDA: let cuDNN try its algorithms once per shape and keep the fastest. Shapes are fixed here.
void choose_fastest_convolutions();

}  // namespace dualsight
