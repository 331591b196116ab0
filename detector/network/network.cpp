#include "detector/network/network.h"

#include <torch/nn/init.h>

#include <cmath>

namespace dualsight {
namespace {

constexpr double kPrior = 0.01;     // a fresh head says 1% everywhere (focal loss, Lin et al. 2017, 4.1)
constexpr double kMaxExponent = 6;  // e^6 = 403 strides: beyond any picture

torch::nn::Conv2d conv(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1, bool bias = false) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(bias));
}

torch::nn::Sequential conv_bn(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1) {
  return torch::nn::Sequential(conv(in, out, kernel, stride), torch::nn::BatchNorm2d(out));
}

torch::Tensor upsample(const torch::Tensor& x) { return torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}); }

}  // namespace

int64_t cell_count(int64_t size) {
  int64_t count = 0;
  for (const int64_t stride : kStrides) count += (size / stride) * (size / stride);
  return count;
}

torch::Tensor cell_grid(int64_t size, torch::Device device) {
  std::vector<torch::Tensor> levels;
  for (const int64_t stride : kStrides) {
    const auto centers = (torch::arange(size / stride, torch::kFloat) + 0.5) * stride;
    const auto yx = torch::meshgrid({centers, centers}, "ij");
    levels.push_back(torch::stack({yx[1].flatten(), yx[0].flatten(),
                                   torch::full({centers.numel() * centers.numel()}, static_cast<double>(stride))},
                                  1));
  }
  return torch::cat(levels).to(device);
}

NeckImpl::NeckImpl(const std::array<int64_t, 4>& channels, int64_t width) {
  for (std::size_t i = 0; i < 3; ++i) {
    const auto level = std::to_string(i + 3);
    lateral_[i] = register_module("lateral" + level, conv_bn(channels[i + 1], width, 1));
    smooth_[i] = register_module("smooth" + level, conv_bn(width, width, 3));
    if (i > 0) down_[i - 1] = register_module("down" + level, conv_bn(width, width, 3, 2));
  }
}

Pyramid NeckImpl::forward(const std::array<torch::Tensor, 4>& taps) {
  // Top down: the fine levels get the context of the coarse ones ...
  const auto t5 = torch::relu(lateral_[2]->forward(taps[3]));
  const auto t4 = torch::relu(lateral_[1]->forward(taps[2]) + upsample(t5));
  const auto t3 = torch::relu(lateral_[0]->forward(taps[1]) + upsample(t4));
  // ... then bottom up: the coarse levels get the exact positions of the fine ones.
  const auto p3 = torch::relu(smooth_[0]->forward(t3));
  const auto p4 = torch::relu(smooth_[1]->forward(torch::relu(down_[0]->forward(p3) + t4)));
  const auto p5 = torch::relu(smooth_[2]->forward(torch::relu(down_[1]->forward(p4) + t5)));
  return {p3, p4, p5};
}

HeadImpl::Tower HeadImpl::make_tower(const std::string& name, int64_t width) {
  Tower tower;
  for (std::size_t d = 0; d < kDepth; ++d) {
    tower.conv[d] = register_module(name + "_conv" + std::to_string(d), conv(width, width, 3));
    for (std::size_t level = 0; level < kStrides.size(); ++level) {
      tower.bn[level][d] = register_module(name + "_bn" + std::to_string(d) + "_p" + std::to_string(level + 3),
                                           torch::nn::BatchNorm2d(width));
    }
  }
  return tower;
}

torch::Tensor HeadImpl::Tower::forward(torch::Tensor x, std::size_t level) {
  for (std::size_t d = 0; d < kDepth; ++d) x = torch::relu(bn[level][d](conv[d](x)));
  return x;
}

HeadImpl::HeadImpl(int64_t width, int64_t num_classes) {
  classes_ = make_tower("classes", width);
  boxes_ = make_tower("boxes", width);
  classify = register_module("classify", conv(width, num_classes, 1, 1, /*bias=*/true));
  locate = register_module("locate", conv(width, 4, 1, 1, /*bias=*/true));
  scale_ = register_parameter("scale", torch::ones({static_cast<int64_t>(kStrides.size())}));
}

NetworkOutput HeadImpl::forward(const Pyramid& pyramid) {
  std::vector<torch::Tensor> logits, distances;
  for (std::size_t level = 0; level < pyramid.size(); ++level) {
    const auto flat = [](const torch::Tensor& x) {  // [B, K, H, W] -> [B, H * W, K] float32
      return x.permute({0, 2, 3, 1}).flatten(1, 2).to(torch::kFloat);
    };
    logits.push_back(flat(classify(classes_.forward(pyramid[level], level))));
    // exp keeps the error relative to the object's size and every distance positive (FCOS, Tian et al. 2019).
    const auto raw = flat(locate(boxes_.forward(pyramid[level], level))) * scale_[static_cast<int64_t>(level)];
    distances.push_back(raw.clamp_max(kMaxExponent).exp() * kStrides[level]);
  }
  return {torch::cat(logits, 1), torch::cat(distances, 1)};
}

DetectionNet::DetectionNet(const std::string& architecture, int64_t num_classes) : num_classes_(num_classes) {
  backbone_ = register_module("backbone", make_backbone(architecture));
  TORCH_CHECK(backbone_->strides() == Backbone::kDetectorStrides, architecture, ": not a detector's strides");
  neck = register_module("neck", Neck(backbone_->channels(), kNeckWidth));
  head = register_module("head", Head(kNeckWidth, num_classes));
  initialise_convolutions(*neck);
  initialise_convolutions(*head);
  torch::NoGradGuard no_grad;
  const auto parameters = head->named_parameters();
  parameters["classify.weight"].normal_(0, 0.01);
  parameters["classify.bias"].fill_(-std::log((1 - kPrior) / kPrior));
  parameters["locate.weight"].normal_(0, 0.01);
  parameters["locate.bias"].fill_(std::log(2.0));  // a fresh box reaches two strides to each side
}

void to_channels_last(torch::nn::Module& module) {
  for (auto& parameter : module.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.data().contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

void convolutions_to_bf16(torch::nn::Module& module) {
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (child->as<torch::nn::Conv2dImpl>()) child->to(torch::kBFloat16);
  }
}

torch::Tensor to_network_input(const torch::Tensor& pictures, const ModelInfo& info) {
  const auto vector3 = [&](const std::array<float, 3>& v) {
    return torch::tensor({v[0], v[1], v[2]}).view({1, 3, 1, 1}).to(pictures.device());
  };
  // A permuted view of interleaved pixels is channels-last already.
  const auto rgb = pictures.permute({0, 3, 1, 2}).to(torch::kFloat).flip({1});
  return ((rgb / 255 - vector3(info.mean)) / vector3(info.stddev)).contiguous(torch::MemoryFormat::ChannelsLast);
}

torch::Tensor to_boxes(const torch::Tensor& distances, const torch::Tensor& cells) {
  const auto center = cells.slice(1, 0, 2);
  return torch::cat({center - distances.slice(-1, 0, 2), center + distances.slice(-1, 2, 4)}, -1);
}

}  // namespace dualsight
