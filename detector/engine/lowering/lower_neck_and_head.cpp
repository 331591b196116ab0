// NeckImpl::forward and HeadImpl::forward (network/network.h), which follow every backbone.
#include <algorithm>

#include "detector/engine/lowering/lowering.h"
#include "detector/network/network.h"

namespace dualsight {
namespace {

constexpr int kWidth = static_cast<int>(kNeckWidth);
constexpr int kRowUnit = 16;  // an output's channels are a multiple of this

std::string at_level(const std::string& what, int level) { return what + std::to_string(level + 3); }  // P3 is level 0

}  // namespace

// Top down, then bottom up.
std::array<int, 3> lower_neck(PlanBuilder& b, const std::array<int, 4>& taps) {
  std::array<int, 3> down{}, up{};
  const auto conv = [&](const char* what, int level, int source, int target, int stride, bool sum) {
    const auto name = at_level(what, level), key = "neck." + name;
    b.convolution(name, source, target, b.fold(key + ".0", key + ".1"), stride, 1, {.sum = sum, .relu = true});
  };
  for (int level = 2; level >= 0; --level) {
    const auto l = static_cast<std::size_t>(level);
    down[l] = b.buffer(at_level("t", level), kWidth, 8 << level);
    if (level < 2) b.simple(LayerKind::upsample, at_level("upsample", level), down[l + 1], down[l]);
    conv("lateral", level, taps[l + 1], down[l], 1, level < 2);
  }
  for (int level = 0; level < 3; ++level) {
    const auto l = static_cast<std::size_t>(level);
    up[l] = b.buffer(at_level("p", level), kWidth, 8 << level);
    if (level > 0) conv("down", level, up[l - 1], down[l], 2, true);
    conv("smooth", level, down[l], up[l], 1, false);
  }
  return up;
}

// The two towers run side by side in one buffer: their first convolutions as one of twice the width, the second ones as
// two groups, the outputs as one with zero weights across.
void lower_head(PlanBuilder& b, const std::array<int, 3>& pyramid) {
  const int classes = b.plan().classes, rows = (classes + 4 + kRowUnit - 1) / kRowUnit * kRowUnit;
  for (int level = 0; level < 3; ++level) {
    const auto p = at_level("_p", level);
    const int stride = 8 << level;
    int x = pyramid[static_cast<std::size_t>(level)];
    for (int depth = 0; depth < 2; ++depth) {
      const auto d = std::to_string(depth);
      const auto tower = [&](const std::string& key) { return b.fold(key + "_conv" + d, key + "_bn" + d + p); };
      const int target = b.buffer("head" + d + p, 2 * kWidth, stride);
      b.convolution("head.conv" + d + p, x, target, stack(tower("head.classes"), tower("head.boxes")), 1,
                    depth == 0 ? 1 : 2, {.relu = true});
      x = target;
    }
    const int out = b.buffer("output" + p, rows, stride);
    b.at(out).keep_f32 = true;
    b.plan().outputs.push_back(out);
    const auto locate = b.plain("head.locate", b.number("head.scale", level));
    auto both = widen(b.plain("head.classify"), 2 * kWidth, rows, consecutive(classes));
    for (int i = 0; i < 4; ++i) {  // reads the second tower's half
      const auto row = static_cast<std::size_t>(classes + i);
      std::copy_n(&locate.weights[static_cast<std::size_t>(i * kWidth)], kWidth,
                  &both.weights[row * 2 * static_cast<std::size_t>(kWidth) + static_cast<std::size_t>(kWidth)]);
      both.bias[row] = locate.bias[static_cast<std::size_t>(i)];
    }
    b.convolution("head.output" + p, x, out, std::move(both), 1, 1, {});
  }
}

}  // namespace dualsight
