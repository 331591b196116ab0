#include "backbone/dpn.h"

#include <torch/nn/functional/pooling.h>

#include <string>

#include "backbone/pointwise.h"

namespace dualsight {
namespace {

constexpr double kOriginalEps = 1e-3;

torch::nn::Conv2d conv(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1, int64_t groups = 1) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).groups(groups).bias(false));
}

// The dual path: the first `residual` channels are summed, the rest of y is appended to the rest of x.
// split rather than narrow: its gradient is one concatenation, where each narrow's is a tensor of zeros and a copy.
torch::Tensor merge_paths(const torch::Tensor& x, const torch::Tensor& y, int64_t residual) {
  const auto old_paths = x.split_with_sizes({residual, x.size(1) - residual}, 1);
  const auto new_paths = y.split_with_sizes({residual, y.size(1) - residual}, 1);
  return torch::cat({old_paths[0] + new_paths[0], old_paths[1], new_paths[1]}, 1);
}

torch::Tensor max_pool(const torch::Tensor& x) {
  return torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
}

}  // namespace

// ---- post-activation --------------------------------------------------------------------------------------------

DpnBlockImpl::DpnBlockImpl(int64_t in_channels, int64_t bottleneck, int64_t residual, int64_t increment, int64_t stride,
                           bool first)
    : residual_(residual) {
  const int64_t out = residual + increment;
  conv1 = register_module("conv1", conv(in_channels, bottleneck, 1));
  bn1 = register_module("bn1", torch::nn::BatchNorm2d(bottleneck));
  conv2 = register_module("conv2", conv(bottleneck, bottleneck, 3, stride, kDpnGroups));
  bn2 = register_module("bn2", torch::nn::BatchNorm2d(bottleneck));
  conv3 = register_module("conv3", conv(bottleneck, out, 1));
  bn3 = register_module("bn3", torch::nn::BatchNorm2d(out));
  if (first) {
    shortcut = register_module("shortcut",
                               torch::nn::Sequential(conv(in_channels, out, 1, stride), torch::nn::BatchNorm2d(out)));
  }
}

torch::Tensor DpnBlockImpl::forward(torch::Tensor x) {
  auto y = torch::relu(bn1(pointwise(conv1, x)));  // [B, bottleneck, H, W]
  y = torch::relu(bn2(conv2(y)));                  // [B, bottleneck, H / stride, W / stride]
  y = bn3(pointwise(conv3, y));                    // [B, residual + increment, ...]
  if (shortcut) x = shortcut->forward(x);
  return torch::relu(merge_paths(x, y, residual_));
}

DpnImpl::DpnImpl(const DpnOptions& options) : options_(options) {
  const bool large = options.stem() == DpnStem::conv7x7;
  conv1 = register_module("conv1", large ? conv(3, 64, 7, 2) : conv(3, 64, 3));
  bn1 = register_module("bn1", torch::nn::BatchNorm2d(64));

  int64_t channels = 64;
  std::array<torch::nn::Sequential*, 4> layers = {&layer1, &layer2, &layer3, &layer4};
  for (std::size_t s = 0; s < layers.size(); ++s) {
    const auto& stage = kDpnStages[s];
    torch::nn::Sequential layer;
    for (int64_t j = 0; j < stage.blocks; ++j) {
      const int64_t stride = j == 0 && s > 0 ? 2 : 1;
      layer->push_back(DpnBlock(channels, stage.bottleneck, stage.residual, stage.increment, stride, j == 0));
      channels = stage.residual + (j + 2) * stage.increment;
    }
    *layers[s] = register_module("layer" + std::to_string(s + 1), layer);
  }
  if (options.num_classes() > 0) linear = register_module("linear", torch::nn::Linear(channels, options.num_classes()));

  initialise_convolutions(*this);
  // Residual branches start at zero, so that each stage of a fresh network is nearly an identity, which makes the first
  // steps of training stable (Goyal et al. 2017, 5.1). The dense path's channels keep their weight of one.
  torch::NoGradGuard no_grad;
  for (const auto& module : modules(/*include_self=*/false)) {
    if (auto* block = module->as<DpnBlockImpl>()) block->bn3->weight.narrow(0, 0, block->residual_).zero_();
  }
}

std::array<torch::Tensor, 4> DpnImpl::features(torch::Tensor x) {
  x = torch::relu(bn1(conv1(x)));
  if (options_.stem() == DpnStem::conv7x7) x = max_pool(x);
  const auto c2 = layer1->forward(x);
  const auto c3 = layer2->forward(c2);
  const auto c4 = layer3->forward(c3);
  const auto c5 = layer4->forward(c4);
  return {c2, c3, c4, c5};
}

std::array<int64_t, 4> DpnImpl::strides() const {
  if (options_.stem() == DpnStem::conv3x3) return {1, 2, 4, 8};
  return kDetectorStrides;
}

torch::Tensor DpnImpl::forward(torch::Tensor x) {
  const auto c5 = features(std::move(x))[3];
  return linear(c5.mean({2, 3}));  // [B, 2560] -> [B, num_classes]
}

void DpnImpl::for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) {
  if (stage == 0) {
    visit(*conv1);
    visit(*bn1);
  } else {
    visit(*std::array{layer1, layer2, layer3, layer4}[static_cast<std::size_t>(stage - 1)]);
  }
}

// ---- original ---------------------------------------------------------------------------------------------------

namespace {

// BN -> ReLU -> conv: `bn`, `conv`.
struct PreActConvImpl : torch::nn::Module {
  PreActConvImpl(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1, int64_t groups = 1) {
    bn = register_module("bn", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(in).eps(kOriginalEps)));
    conv = register_module("conv", dualsight::conv(in, out, kernel, stride, groups));
  }
  torch::Tensor forward(const torch::Tensor& x) { return conv(torch::relu(bn(x))); }
  torch::nn::BatchNorm2d bn{nullptr};
  torch::nn::Conv2d conv{nullptr};
};
TORCH_MODULE(PreActConv);

// The stem (conv -> BN -> ReLU) and the closing BN -> ReLU.
struct StemImpl : torch::nn::Module {
  StemImpl() {
    conv = register_module("conv", dualsight::conv(3, 64, 7, 2));
    bn = register_module("bn", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(64).eps(kOriginalEps)));
  }
  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d bn{nullptr};
};
struct BnActImpl : torch::nn::Module {
  explicit BnActImpl(int64_t channels) {
    bn = register_module("bn", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(channels).eps(kOriginalEps)));
  }
  torch::nn::BatchNorm2d bn{nullptr};
};

struct OriginalBlockImpl : torch::nn::Module {
  OriginalBlockImpl(int64_t in, const DpnStage& stage, int64_t stride, bool first) : residual(stage.residual) {
    if (first) {
      const std::string name = stride == 1 ? "c1x1_w_s1" : "c1x1_w_s2";
      projection = register_module(name, PreActConv(in, stage.residual + 2 * stage.increment, 1, stride));
    }
    a = register_module("c1x1_a", PreActConv(in, stage.bottleneck, 1));
    b = register_module("c3x3_b", PreActConv(stage.bottleneck, stage.bottleneck, 3, stride, kDpnGroups));
    c = register_module("c1x1_c", PreActConv(stage.bottleneck, stage.residual + stage.increment, 1));
  }
  // x: the residual and the dense path, concatenated.
  torch::Tensor forward(const torch::Tensor& x) {
    const auto shortcut = projection ? projection(x) : x;
    const auto y = c(b(a(x)));
    return merge_paths(shortcut, y, residual);
  }
  int64_t residual;
  PreActConv projection{nullptr}, a{nullptr}, b{nullptr}, c{nullptr};
};

// Children are kept by name and run in order of registration.
struct OriginalFeatures : torch::nn::Module {
  OriginalFeatures() {
    stem = register_module("conv1_1", std::make_shared<StemImpl>());
    int64_t channels = 64;
    for (std::size_t s = 0; s < kDpnStages.size(); ++s) {
      for (int64_t i = 1; i <= kDpnStages[s].blocks; ++i) {
        const int64_t stride = i == 1 && s > 0 ? 2 : 1;
        const auto name = "conv" + std::to_string(s + 2) + "_" + std::to_string(i);
        blocks[s].push_back(
            register_module(name, std::make_shared<OriginalBlockImpl>(channels, kDpnStages[s], stride, i == 1)));
        channels = kDpnStages[s].residual + (i + 2) * kDpnStages[s].increment;
      }
    }
    last = register_module("conv5_bn_ac", std::make_shared<BnActImpl>(channels));
  }
  std::shared_ptr<StemImpl> stem;
  std::array<std::vector<std::shared_ptr<OriginalBlockImpl>>, 4> blocks;
  std::shared_ptr<BnActImpl> last;
};

OriginalFeatures& as_features(const std::shared_ptr<torch::nn::Module>& module) {
  return static_cast<OriginalFeatures&>(*module);
}

}  // namespace

OriginalDpnImpl::OriginalDpnImpl(const OriginalDpnOptions& options) : options_(options) {
  features_ = register_module("features", std::shared_ptr<torch::nn::Module>(std::make_shared<OriginalFeatures>()));
  if (options.num_classes() > 0) {
    classifier = register_module(
        "classifier", torch::nn::Conv2d(torch::nn::Conv2dOptions(channels()[3], options.num_classes(), 1).bias(true)));
  }
  if (options.normalised_taps()) {
    for (std::size_t i = 0; i < tap_bn_.size(); ++i) {
      tap_bn_[i] =
          register_module("tap_bn" + std::to_string(i + 2),
                          torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(channels()[i]).eps(kOriginalEps)));
    }
  }
  initialise_convolutions(*this);
}

std::array<torch::Tensor, 4> OriginalDpnImpl::features(torch::Tensor x) {
  auto& net = as_features(features_);
  x = max_pool(torch::relu(net.stem->bn(net.stem->conv(x))));
  std::array<torch::Tensor, 4> taps;
  for (std::size_t s = 0; s < taps.size(); ++s) {
    for (auto& block : net.blocks[s]) x = block->forward(x);
    taps[s] = x;
  }
  if (options_.normalised_taps()) {
    for (std::size_t i = 0; i < tap_bn_.size(); ++i) taps[i] = torch::relu(tap_bn_[i](taps[i]));
    taps[3] = torch::relu(net.last->bn(taps[3]));
  }
  return taps;
}

torch::Tensor OriginalDpnImpl::forward(torch::Tensor x) {
  auto c5 = features(std::move(x))[3];
  if (!options_.normalised_taps()) c5 = torch::relu(as_features(features_).last->bn(c5));
  return classifier(c5.mean({2, 3}, /*keepdim=*/true)).flatten(1);  // [B, 2688, 1, 1] -> [B, num_classes]
}

void OriginalDpnImpl::for_stage(int stage, const std::function<void(torch::nn::Module&)>& visit) {
  auto& net = as_features(features_);
  if (stage == 0) {
    visit(*net.stem);
  } else {
    for (auto& block : net.blocks[static_cast<std::size_t>(stage - 1)]) visit(*block);
  }
}

void OriginalDpnImpl::initialise_taps() {
  torch::NoGradGuard no_grad;
  auto& net = as_features(features_);
  for (std::size_t i = 0; i < tap_bn_.size(); ++i) {
    if (!tap_bn_[i]) return;
    const auto& source = net.blocks[i + 1].front()->projection->bn;
    tap_bn_[i]->weight.copy_(source->weight);
    tap_bn_[i]->bias.copy_(source->bias);
    tap_bn_[i]->running_mean.copy_(source->running_mean);
    tap_bn_[i]->running_var.copy_(source->running_var);
  }
}

}  // namespace dualsight
