// ResNet18Impl::features (backbone/resnet.h).
#include "detector/engine/lowering/lowering.h"

namespace dualsight {

int lower_stem(PlanBuilder& b) {
  auto& plan = b.plan();
  plan.input = b.buffer("input", 3, 1);
  b.at(plan.input).int8_allowed = false;
  const int stem = b.buffer("stem", 64, 2), pool = b.buffer("pool", 64, 4);
  b.at(stem).int8_allowed = false;
  b.convolution("stem", plan.input, stem, b.fold("backbone.conv1", "backbone.bn1"), 2, 1, {.relu = true});
  b.simple(LayerKind::max_pool, "pool", stem, pool);
  return pool;
}

std::array<int, 4> lower_resnet18(PlanBuilder& b) {
  std::array<int, 4> taps{};
  int x = lower_stem(b);
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

}  // namespace dualsight
