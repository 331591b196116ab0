#include <torch/utils.h>
#include <torch/version.h>

#include "detector/forward.h"
#include "detector/model_info.h"
#include "detector/network.h"

namespace dualsight {
namespace {

// Convolutions in bf16, BatchNorm in float32 on bf16 activations: what mixed precision does, without casting the
// weights anew for every picture.
void convolutions_to_bf16(torch::nn::Module& network) {
  for (const auto& module : network.modules(/*include_self=*/false)) {
    if (module->as<torch::nn::Conv2dImpl>()) module->to(torch::kBFloat16);
  }
}

class TorchForward : public Forward {
 public:
  TorchForward(std::shared_ptr<DetectionNet> network, const ModelInfo& info, int size, bool cuda, bool bf16)
      : network_(std::move(network)),
        info_(info),
        size_(size),
        device_(cuda ? torch::kCUDA : torch::kCPU),
        bf16_(bf16) {
    if (bf16_) convolutions_to_bf16(*network_);
    to_channels_last(*network_);
    network_->to(device_);
    network_->eval();
  }

  HeadOutput run(const Image& square) override {
    const torch::InferenceMode inference;
    auto* pixels = const_cast<uint8_t*>(square.pixels.data());  // from_blob takes no const; nobody writes
    const auto picture = torch::from_blob(pixels, {1, size_, size_, 3}, torch::kByte);
    auto input = to_network_input(picture.to(device_), info_);
    if (bf16_) input = input.to(torch::kBFloat16);
    const auto output = network_->forward(input);
    logits_ = output.logits.to(torch::kCPU).contiguous();
    distances_ = output.distances.to(torch::kCPU).contiguous();
    return head_output(logits_.data_ptr<float>(), distances_.data_ptr<float>(), logits_.size(2), size_);
  }

  std::string name() const override { return std::string("LibTorch ") + TORCH_VERSION; }

 private:
  const std::shared_ptr<DetectionNet> network_;
  const ModelInfo info_;
  const int64_t size_;
  const torch::Device device_;
  const bool bf16_;
  torch::Tensor logits_, distances_;
};

}  // namespace

std::unique_ptr<Forward> make_torch_forward(std::shared_ptr<DetectionNet> network, const ModelInfo& info, int size,
                                            bool cuda, bool bf16) {
  return std::make_unique<TorchForward>(std::move(network), info, size, cuda, bf16);
}

}  // namespace dualsight
