// DpnImpl::features with the 7x7 stem (backbone/dpn.h), by the two rewrites that make_plan.h describes.
#include "backbone/dpn.h"
#include "detector/engine/lowering/lowering.h"

namespace dualsight {
namespace {

constexpr int kWidthUnit = 32;  // buffers' channels are a multiple of this

int round_up(int value, int unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

std::array<int, 4> lower_dpn92(PlanBuilder& b, int group_width) {
  std::array<int, 4> taps{};
  int x = lower_stem(b);
  for (int s = 0; s < 4; ++s) {
    const auto& stage = kDpnStages[static_cast<std::size_t>(s)];
    const int bottleneck = static_cast<int>(stage.bottleneck), residual = static_cast<int>(stage.residual);
    const int increment = static_cast<int>(stage.increment), blocks = static_cast<int>(stage.blocks);
    const auto layer = "layer" + std::to_string(s + 1);
    const int stride = 4 << s;
    const int width = round_up(residual + (blocks + 1) * increment, kWidthUnit);
    const int running = b.buffer(layer, width, stride);
    const int second = b.buffer(layer + ".b", bottleneck, stride);
    int first = b.buffer(layer + ".a0", bottleneck, b.at(x).stride);
    for (int j = 0; j < blocks; ++j) {
      const auto name = layer + "." + std::to_string(j);
      const auto key = "backbone." + name + ".";
      const int step = j == 0 && s > 0 ? 2 : 1;
      if (j == 1 && s > 0) first = b.buffer(layer + ".a", bottleneck, stride);

      b.convolution(name + ".conv1", x, first, b.fold(key + "conv1", key + "bn1"), 1, 1, {.relu = true});

      auto grouped = b.fold(key + "conv2", key + "bn2");
      if (group_width > 0) grouped = block_diagonal(grouped, group_width);
      const int groups = bottleneck / grouped.in;
      b.convolution(name + ".conv2", first, second, std::move(grouped), step, groups, {.relu = true});

      if (j == 0) {
        b.convolution(name + ".shortcut", x, running, b.fold(key + "shortcut.0", key + "shortcut.1"), step, 1, {});
      }
      // The residual channels are added to, the new dense ones follow those that are there.
      auto places = consecutive(residual + increment);
      for (int d = 0; d < increment; ++d) {
        places[static_cast<std::size_t>(residual + d)] = residual + (j + 1) * increment + d;
      }
      b.convolution(name + ".conv3", second, running,
                    widen(b.fold(key + "conv3", key + "bn3"), bottleneck, width, places), 1, 1,
                    {.sum = true, .relu = true});
      x = running;
    }
    taps[static_cast<std::size_t>(s)] = x;
  }
  return taps;
}

}  // namespace dualsight
