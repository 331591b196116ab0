#include "detector/engine/lowering/plan_builder.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "backbone/batch_norm.h"
#include "detector/network/network.h"

namespace dualsight {
namespace {

ConvolutionWeights to_weights(const torch::Tensor& weight, const torch::Tensor& bias) {
  const auto values = [](const torch::Tensor& t) {
    const auto flat = t.to(torch::kCPU, torch::kFloat).contiguous();
    return std::vector<float>(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
  };
  return {static_cast<int>(weight.size(0)), static_cast<int>(weight.size(1)), static_cast<int>(weight.size(2)),
          values(weight), values(bias)};
}

std::size_t kernel_size(const ConvolutionWeights& w) { return static_cast<std::size_t>(w.kernel * w.kernel); }

}  // namespace

std::vector<int> consecutive(int channels) {
  std::vector<int> places(static_cast<std::size_t>(channels));
  std::iota(places.begin(), places.end(), 0);
  return places;
}

ConvolutionWeights widen(const ConvolutionWeights& narrow, int in, int out, const std::vector<int>& places) {
  ConvolutionWeights wide{out, in, narrow.kernel, {}, {}};
  const std::size_t row = static_cast<std::size_t>(in) * kernel_size(narrow);
  const std::size_t old_row = static_cast<std::size_t>(narrow.in) * kernel_size(narrow);
  wide.weights.assign(static_cast<std::size_t>(out) * row, 0.0F);
  wide.bias.assign(static_cast<std::size_t>(out), 0.0F);
  for (std::size_t c = 0; c < places.size(); ++c) {
    const auto to = static_cast<std::size_t>(places[c]);
    std::copy_n(&narrow.weights[c * old_row], old_row, &wide.weights[to * row]);
    wide.bias[to] = narrow.bias[c];
  }
  return wide;
}

ConvolutionWeights block_diagonal(const ConvolutionWeights& grouped, int width) {
  ConvolutionWeights wide{grouped.out, width, grouped.kernel, {}, grouped.bias};
  const std::size_t taps = kernel_size(grouped);
  wide.weights.assign(static_cast<std::size_t>(grouped.out * width) * taps, 0.0F);
  for (int c = 0; c < grouped.out; ++c) {
    const int first = c / grouped.in * grouped.in % width;  // of the old group's inputs, inside the new group
    std::copy_n(&grouped.weights[static_cast<std::size_t>(c * grouped.in) * taps],
                static_cast<std::size_t>(grouped.in) * taps,
                &wide.weights[static_cast<std::size_t>(c * width + first) * taps]);
  }
  return wide;
}

ConvolutionWeights stack(ConvolutionWeights top, const ConvolutionWeights& bottom) {
  top.out += bottom.out;
  top.weights.insert(top.weights.end(), bottom.weights.begin(), bottom.weights.end());
  top.bias.insert(top.bias.end(), bottom.bias.begin(), bottom.bias.end());
  return top;
}

PlanBuilder::PlanBuilder(const DetectionNet& network) {
  for (const auto& m : network.named_modules(/*name_prefix=*/"", /*include_self=*/false)) modules_[m.key()] = m.value();
  for (const auto& p : network.named_parameters()) parameters_[p.key()] = p.value();
  plan_.classes = static_cast<int>(network.num_classes());
}

ConvolutionWeights PlanBuilder::fold(const std::string& conv, const std::string& bn) const {
  const auto folded = fold_batch_norm(dynamic_cast<const torch::nn::Conv2dImpl&>(*modules_.at(conv)),
                                      dynamic_cast<const torch::nn::BatchNorm2dImpl&>(*modules_.at(bn)));
  return to_weights(folded.weight, folded.bias);
}

ConvolutionWeights PlanBuilder::plain(const std::string& conv, double scale) const {
  return to_weights(parameters_.at(conv + ".weight").to(torch::kDouble) * scale,
                    parameters_.at(conv + ".bias").to(torch::kDouble) * scale);
}

double PlanBuilder::number(const std::string& parameter, int64_t index) const {
  return parameters_.at(parameter)[index].item<double>();
}

int PlanBuilder::buffer(std::string name, int channels, int stride) {
  plan_.buffers.push_back({std::move(name), channels, stride});
  return static_cast<int>(plan_.buffers.size()) - 1;
}

void PlanBuilder::convolution(const std::string& name, int source, int target, ConvolutionWeights weights, int stride,
                              int groups, Then then) {
  const int in = at(source).channels / groups, out = at(target).channels;
  if (weights.in != in || weights.out != out) weights = widen(weights, in, out, consecutive(weights.out));
  PlanLayer layer;
  layer.name = name;
  layer.source = source;
  layer.target = target;
  layer.kernel = weights.kernel;
  layer.stride = stride;
  layer.groups = groups;
  layer.sum = then.sum;
  layer.relu = then.relu;
  layer.weights = std::move(weights.weights);
  layer.bias = std::move(weights.bias);
  plan_.layers.push_back(std::move(layer));
}

void PlanBuilder::simple(LayerKind kind, const std::string& name, int source, int target) {
  PlanLayer layer;
  layer.kind = kind;
  layer.name = name;
  layer.source = source;
  layer.target = target;
  plan_.layers.push_back(std::move(layer));
}

}  // namespace dualsight
