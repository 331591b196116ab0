// The one place for what differs between LibTorch 1.13 (Debian 12) and 2.x.
#pragma once

#include <torch/types.h>

namespace dualsight {

// Mixed precision for the scope: convolutions and matrix products run in bf16, the rest as autograd sees fit.
// Wraps the forward pass and the loss, not backward(). One per thread; does nothing where `enabled` is false.
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

}  // namespace dualsight
