#include "detector/network/torch_backend.h"

#include <torch/utils.h>
#include <torch/version.h>

#include <utility>

#include "detector/core/model_info.h"
#include "detector/network/network.h"
#include "detector/network/trace.h"

namespace dualsight {
namespace {

class TorchBackend : public InferenceBackend {
 public:
  TorchBackend(const ModelInfo& info, int size, torch::Device device) : info_(info), size_(size), device_(device) {}

  HeadOutput run(const Image& square) override {
    auto* pixels = const_cast<uint8_t*>(square.pixels.data());  // from_blob takes no const; nobody writes
    const auto picture = torch::from_blob(pixels, {1, size_, size_, 3}, torch::kByte);
    const auto output = forward(to_network_input(picture.to(device_), info_));
    logits_ = output.logits.to(torch::kCPU).contiguous();
    distances_ = output.distances.to(torch::kCPU).contiguous();
    return head_output(logits_.data_ptr<float>(), distances_.data_ptr<float>(), logits_.size(2), size_);
  }

 private:
  virtual NetworkOutput forward(const torch::Tensor& images) = 0;  // [1, 3, size, size] float32

  const ModelInfo info_;
  const int64_t size_;
  const torch::Device device_;
  torch::Tensor logits_, distances_;
};

// The network as it is, on CUDA.
class EagerBackend : public TorchBackend {
 public:
  EagerBackend(std::shared_ptr<DetectionNet> network, const ModelInfo& info, int size, bool bf16)
      : TorchBackend(info, size, torch::kCUDA), network_(std::move(network)), bf16_(bf16) {
    if (bf16_) convolutions_to_bf16(*network_);
    to_channels_last(*network_);
    network_->to(torch::kCUDA);
    network_->eval();
  }
  std::string name() const override { return std::string("LibTorch ") + TORCH_VERSION; }

 private:
  NetworkOutput forward(const torch::Tensor& images) override {
    const torch::InferenceMode inference;
    return network_->forward(bf16_ ? images.to(torch::kBFloat16) : images);
  }
  const std::shared_ptr<DetectionNet> network_;
  const bool bf16_;
};

// Traced on the CPU, with BatchNorm folded where it follows a convolution.
class FrozenBackend : public TorchBackend {
 public:
  FrozenBackend(DetectionNet& network, const ModelInfo& info, int size, bool bf16)
      : TorchBackend(info, size, torch::kCPU), network_(trace(network, size, outputs_of(network)), bf16) {}
  std::string name() const override { return std::string("LibTorch ") + TORCH_VERSION + ", frozen"; }

 private:
  NetworkOutput forward(const torch::Tensor& images) override {
    const torch::NoGradGuard no_grad;
    const auto out = network_(images);
    return {out[0], out[1]};
  }
  FrozenNetwork network_;
};

}  // namespace

std::unique_ptr<InferenceBackend> make_torch_backend(std::shared_ptr<DetectionNet> network, const ModelInfo& info,
                                                     int size, bool cuda, bool bf16) {
  if (cuda) return std::make_unique<EagerBackend>(std::move(network), info, size, bf16);
  network->eval();
  return std::make_unique<FrozenBackend>(*network, info, size, bf16);
}

}  // namespace dualsight
