#include "detector/engine/make_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "detector/network/network.h"

namespace dualsight {
namespace {

constexpr double kEps = 1e-5;  // of every BatchNorm in the networks that can be folded
constexpr int kWidthUnit = 32;

int round_up(int value, int unit) { return (value + unit - 1) / unit * unit; }

// A convolution with its BatchNorm folded in.
struct Folded {
  int out = 0, in = 0, kernel = 1;  // in: of one group
  std::vector<float> weights;       // [out, in, kernel, kernel]
  std::vector<float> bias;          // [out]
  int per_input() const { return kernel * kernel; }
};

class PlanBuilder {
 public:
  explicit PlanBuilder(const DetectionNet& network) {
    for (const auto& p : network.named_parameters()) state_[p.key()] = p.value();
    for (const auto& b : network.named_buffers()) state_[b.key()] = b.value();
    plan_.classes = static_cast<int>(network.num_classes());
  }

  Plan finish() { return std::move(plan_); }
  Plan& plan() { return plan_; }

  int buffer(std::string name, int channels, int stride) {
    plan_.buffers.push_back({std::move(name), channels, stride, false, true});
    return static_cast<int>(plan_.buffers.size()) - 1;
  }
  PlanBuffer& at(int index) { return plan_.buffers[static_cast<std::size_t>(index)]; }

  // y = gamma * (conv(x) - mean) / sqrt(var + eps) + beta
  Folded fold(const std::string& conv, const std::string& bn) const {
    const auto weight = tensor(conv + ".weight").to(torch::kDouble);
    const auto scale =
        tensor(bn + ".weight").to(torch::kDouble) / (tensor(bn + ".running_var").to(torch::kDouble) + kEps).sqrt();
    const auto bias = tensor(bn + ".bias").to(torch::kDouble) - tensor(bn + ".running_mean").to(torch::kDouble) * scale;
    return folded(weight * scale.view({-1, 1, 1, 1}), bias);
  }
  Folded plain(const std::string& conv, double scale = 1) const {
    return folded(tensor(conv + ".weight").to(torch::kDouble) * scale,
                  tensor(conv + ".bias").to(torch::kDouble) * scale);
  }
  double number(const std::string& name, int64_t index) const { return tensor(name)[index].item<double>(); }

  struct Then {
    bool sum = false, relu = false;
  };
  void convolution(const std::string& name, int source, int target, Folded f, int stride, int groups, Then then) {
    const int in = at(source).channels / groups, out = at(target).channels;
    if (f.in != in || f.out != out) f = widen(f, in, out, all(f.out));
    PlanLayer layer;
    layer.name = name;
    layer.source = source;
    layer.target = target;
    layer.kernel = f.kernel;
    layer.stride = stride;
    layer.groups = groups;
    layer.sum = then.sum;
    layer.relu = then.relu;
    layer.weights = std::move(f.weights);
    layer.bias = std::move(f.bias);
    plan_.layers.push_back(std::move(layer));
  }
  void simple(LayerKind kind, const std::string& name, int source, int target) {
    PlanLayer layer;
    layer.kind = kind;
    layer.name = name;
    layer.source = source;
    layer.target = target;
    plan_.layers.push_back(std::move(layer));
  }

  static std::vector<int> all(int channels) {
    std::vector<int> places(static_cast<std::size_t>(channels));
    std::iota(places.begin(), places.end(), 0);
    return places;
  }
  // More channels on either side, with zero weights; output channel c goes to `places[c]`.
  static Folded widen(const Folded& f, int in, int out, const std::vector<int>& places) {
    Folded wide{out, in, f.kernel, {}, {}};
    const auto taps = static_cast<std::size_t>(f.per_input());
    const std::size_t row = static_cast<std::size_t>(in) * taps, old_row = static_cast<std::size_t>(f.in) * taps;
    wide.weights.assign(static_cast<std::size_t>(out) * row, 0.0F);
    wide.bias.assign(static_cast<std::size_t>(out), 0.0F);
    for (std::size_t c = 0; c < places.size(); ++c) {
      const auto to = static_cast<std::size_t>(places[c]);
      std::copy_n(&f.weights[c * old_row], old_row, &wide.weights[to * row]);
      wide.bias[to] = f.bias[c];
    }
    return wide;
  }
  // Groups of f.in channels, gathered into groups of `width` with zero weights between them.
  static Folded block_diagonal(const Folded& f, int width) {
    Folded wide{f.out, width, f.kernel, {}, f.bias};
    const auto taps = static_cast<std::size_t>(f.per_input());
    wide.weights.assign(static_cast<std::size_t>(f.out * width) * taps, 0.0F);
    for (int c = 0; c < f.out; ++c) {
      const int first = c / f.in * f.in % width;  // of the group's inputs, inside the block
      std::copy_n(&f.weights[static_cast<std::size_t>(c * f.in) * taps], static_cast<std::size_t>(f.in) * taps,
                  &wide.weights[static_cast<std::size_t>(c * width + first) * taps]);
    }
    return wide;
  }

 private:
  const torch::Tensor& tensor(const std::string& name) const { return state_.at(name); }

  static Folded folded(const torch::Tensor& weight, const torch::Tensor& bias) {
    const auto values = [](const torch::Tensor& t) {
      const auto flat = t.to(torch::kCPU, torch::kFloat).contiguous();
      return std::vector<float>(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
    };
    return {static_cast<int>(weight.size(0)), static_cast<int>(weight.size(1)), static_cast<int>(weight.size(2)),
            values(weight), values(bias)};
  }

  std::map<std::string, torch::Tensor> state_;
  Plan plan_;
};

// Stem, common to both: 7x7 stride 2, max-pool. Returns the buffer at stride 4.
int add_stem(PlanBuilder& b) {
  auto& plan = b.plan();
  plan.input = b.buffer("input", 3, 1);
  b.at(plan.input).int8_allowed = false;
  const int stem = b.buffer("stem", 64, 2), pool = b.buffer("pool", 64, 4);
  b.at(stem).int8_allowed = false;
  b.convolution("stem", plan.input, stem, b.fold("backbone.conv1", "backbone.bn1"), 2, 1, {.relu = true});
  b.simple(LayerKind::max_pool, "pool", stem, pool);
  return pool;
}

struct DpnStage {
  int bottleneck, residual, increment, blocks;
};
constexpr std::array<DpnStage, 4> kDpnStages = {
    {{96, 256, 16, 3}, {192, 512, 32, 4}, {384, 1024, 24, 20}, {768, 2048, 128, 3}}};

// Returns the buffers C2..C5.
std::array<int, 4> add_dpn(PlanBuilder& b, int group_width) {
  std::array<int, 4> taps{};
  int x = add_stem(b);
  for (int s = 0; s < 4; ++s) {
    const auto& stage = kDpnStages[static_cast<std::size_t>(s)];
    const auto layer = "layer" + std::to_string(s + 1);
    const int stride = 4 << s;
    const int width = round_up(stage.residual + (stage.blocks + 1) * stage.increment, kWidthUnit);
    const int running = b.buffer(layer, width, stride);
    const int second = b.buffer(layer + ".b", stage.bottleneck, stride);
    int first = b.buffer(layer + ".a0", stage.bottleneck, b.at(x).stride);
    for (int j = 0; j < stage.blocks; ++j) {
      const auto name = layer + "." + std::to_string(j);
      const auto key = "backbone." + name + ".";
      const int step = j == 0 && s > 0 ? 2 : 1;
      if (j == 1 && s > 0) first = b.buffer(layer + ".a", stage.bottleneck, stride);

      b.convolution(name + ".conv1", x, first, b.fold(key + "conv1", key + "bn1"), 1, 1, {.relu = true});

      auto grouped = b.fold(key + "conv2", key + "bn2");
      if (group_width > 0) grouped = PlanBuilder::block_diagonal(grouped, group_width);
      const int groups = stage.bottleneck / grouped.in;
      b.convolution(name + ".conv2", first, second, std::move(grouped), step, groups, {.relu = true});

      const int in = b.at(x).channels;
      if (j == 0) {
        const auto shortcut = b.fold(key + "shortcut.0", key + "shortcut.1");
        b.convolution(name + ".shortcut", x, running,
                      PlanBuilder::widen(shortcut, in, width, PlanBuilder::all(shortcut.out)), step, 1, {});
      }
      // The residual path's channels stay, the new dense ones follow those that are there.
      auto places = PlanBuilder::all(stage.residual + stage.increment);
      for (int d = 0; d < stage.increment; ++d) {
        places[static_cast<std::size_t>(stage.residual + d)] = stage.residual + (j + 1) * stage.increment + d;
      }
      b.convolution(name + ".conv3", second, running,
                    PlanBuilder::widen(b.fold(key + "conv3", key + "bn3"), stage.bottleneck, width, places), 1, 1,
                    {.sum = true, .relu = true});
      x = running;
    }
    taps[static_cast<std::size_t>(s)] = x;
  }
  return taps;
}

std::array<int, 4> add_resnet18(PlanBuilder& b) {
  std::array<int, 4> taps{};
  int x = add_stem(b);
  for (int s = 0; s < 4; ++s) {
    const auto layer = "layer" + std::to_string(s + 1);
    const int stride = 4 << s, width = 64 << s;
    const int inner = b.buffer(layer + ".a", width, stride);
    for (int j = 0; j < 2; ++j) {
      const auto name = layer + "." + std::to_string(j);
      const auto key = "backbone." + name + ".";
      const int step = j == 0 && s > 0 ? 2 : 1;
      b.convolution(name + ".conv1", x, inner, b.fold(key + "conv1", key + "bn1"), step, 1, {.relu = true});
      if (step == 2) {
        const int next = b.buffer(layer, width, stride);
        b.convolution(name + ".downsample", x, next, b.fold(key + "downsample.0", key + "downsample.1"), step, 1, {});
        x = next;
      }
      b.convolution(name + ".conv2", inner, x, b.fold(key + "conv2", key + "bn2"), 1, 1, {.sum = true, .relu = true});
    }
    taps[static_cast<std::size_t>(s)] = x;
  }
  return taps;
}

// NeckImpl::forward: top down, then bottom up.
std::array<int, 3> add_neck(PlanBuilder& b, const std::array<int, 4>& taps, int width) {
  std::array<int, 3> down{}, up{};
  const auto name = [](const char* what, int level) { return what + std::to_string(level + 3); };
  const auto conv = [&](const char* what, int level, int source, int target, int stride, bool sum) {
    const auto key = "neck." + name(what, level);
    b.convolution(name(what, level), source, target, b.fold(key + ".0", key + ".1"), stride, 1,
                  {.sum = sum, .relu = true});
  };
  for (int level = 2; level >= 0; --level) {
    const auto l = static_cast<std::size_t>(level);
    down[l] = b.buffer(name("t", level), width, 8 << level);
    if (level < 2) b.simple(LayerKind::upsample, name("upsample", level), down[l + 1], down[l]);
    conv("lateral", level, taps[l + 1], down[l], 1, level < 2);
  }
  for (int level = 0; level < 3; ++level) {
    const auto l = static_cast<std::size_t>(level);
    up[l] = b.buffer(name("p", level), width, 8 << level);
    if (level > 0) conv("down", level, up[l - 1], down[l], 2, true);
    conv("smooth", level, down[l], up[l], 1, false);
  }
  return up;
}

// HeadImpl::forward. The two towers run side by side in one buffer: the first convolutions as one of twice the width,
// the second ones as two groups, the outputs as one with zero weights across.
void add_head(PlanBuilder& b, const std::array<int, 3>& pyramid, int width) {
  constexpr std::array<const char*, 2> kTowers = {"classes", "boxes"};
  const int classes = b.plan().classes, rows = round_up(classes + 4, 16);
  const auto stack = [](Folded top, const Folded& bottom) {
    top.out += bottom.out;
    top.weights.insert(top.weights.end(), bottom.weights.begin(), bottom.weights.end());
    top.bias.insert(top.bias.end(), bottom.bias.begin(), bottom.bias.end());
    return top;
  };
  for (int level = 0; level < 3; ++level) {
    const auto p = "_p" + std::to_string(level + 3);
    const int stride = 8 << level;
    std::array<int, 2> tower{};
    for (int depth = 0; depth < 2; ++depth) {
      const auto d = std::to_string(depth);
      std::array<Folded, 2> f;
      for (std::size_t t = 0; t < 2; ++t) {
        const auto key = std::string("head.") + kTowers[t];
        f[t] = b.fold(key + "_conv" + d, key + "_bn" + d + p);
      }
      tower[static_cast<std::size_t>(depth)] = b.buffer("head" + d + p, 2 * width, stride);
      b.convolution("head.conv" + d + p, depth == 0 ? pyramid[static_cast<std::size_t>(level)] : tower[0],
                    tower[static_cast<std::size_t>(depth)], stack(f[0], f[1]), 1, depth == 0 ? 1 : 2, {.relu = true});
    }
    const int out = b.buffer("output" + p, rows, stride);
    b.at(out).keep_f32 = true;
    b.plan().outputs.push_back(out);
    const auto classify = b.plain("head.classify"), locate = b.plain("head.locate", b.number("head.scale", level));
    auto both = PlanBuilder::widen(classify, 2 * width, rows, PlanBuilder::all(classes));
    for (int i = 0; i < 4; ++i) {
      const auto row = static_cast<std::size_t>(classes + i);
      std::copy_n(&locate.weights[static_cast<std::size_t>(i * width)], width,
                  &both.weights[row * 2 * static_cast<std::size_t>(width) + static_cast<std::size_t>(width)]);
      both.bias[row] = locate.bias[static_cast<std::size_t>(i)];
    }
    b.convolution("head.output" + p, tower[1], out, std::move(both), 1, 1, {});
  }
}

}  // namespace

std::string why_no_plan(const std::string& architecture) {
  if (architecture == "dpn92" || architecture == "resnet18") return "";
  if (architecture == "dpn92-original") {
    return "the original DPN normalises its running tensor anew in every block, which cannot be folded into "
           "convolutions";
  }
  return "architecture \"" + architecture + "\" has no plan";
}

Plan make_plan(const DetectionNet& network, const std::string& architecture, int group_width) {
  const torch::NoGradGuard no_grad;
  PlanBuilder b(network);
  const auto taps = architecture == "resnet18" ? add_resnet18(b) : add_dpn(b, group_width);
  constexpr int kNeckWidth = 128;
  const auto pyramid = add_neck(b, taps, kNeckWidth);
  add_head(b, pyramid, kNeckWidth);
  return b.finish();
}

}  // namespace dualsight
