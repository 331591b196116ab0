#include "detector/engine/plan.h"

#include <algorithm>
#include <numeric>

namespace dualsight {
namespace {

constexpr std::size_t kAlignment = 4096;

struct Lifetime {
  int first = -1, last = -1;  // layers
};

std::vector<Lifetime> lifetimes(const Plan& plan, bool keep_all) {
  const int end = static_cast<int>(plan.layers.size());
  std::vector<Lifetime> lives(plan.buffers.size());
  const auto touch = [&](int buffer, int layer) {
    auto& life = lives[static_cast<std::size_t>(buffer)];
    if (life.first < 0) life.first = layer;
    life.last = layer;
  };
  touch(plan.input, 0);
  for (int i = 0; i < end; ++i) {
    touch(plan.layers[static_cast<std::size_t>(i)].source, i);
    touch(plan.layers[static_cast<std::size_t>(i)].target, i);
  }
  for (const int output : plan.outputs) touch(output, end);
  if (keep_all) std::fill(lives.begin(), lives.end(), Lifetime{0, end});
  return lives;
}

}  // namespace

std::string to_string(const Plan& plan) {
  const auto buffer = [&](int index) {
    const auto& b = plan.buffers[static_cast<std::size_t>(index)];
    return b.name + "[" + std::to_string(b.channels) + " /" + std::to_string(b.stride) + "]";
  };
  std::string text;
  for (const auto& layer : plan.layers) {
    text += layer.name + ": " + buffer(layer.source) + " -> " + buffer(layer.target);
    if (layer.kind == LayerKind::convolution) {
      const auto k = std::to_string(layer.kernel);
      text += " conv " + k + "x" + k;
      if (layer.stride > 1) text += " stride " + std::to_string(layer.stride);
      if (layer.groups > 1) text += " groups " + std::to_string(layer.groups);
      if (layer.sum) text += " + sum";
      if (layer.relu) text += " + relu";
    } else {
      text += layer.kind == LayerKind::max_pool   ? " max-pool 3x3 stride 2"
              : layer.kind == LayerKind::upsample ? " upsample 2x"
                                                  : " quantize";
    }
    text += '\n';
  }
  return text;
}

MemoryPlan plan_memory(const Plan& plan, const std::vector<std::size_t>& sizes, bool keep_all) {
  const auto lives = lifetimes(plan, keep_all);
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });

  // Largest first, each at the lowest place that is free during its whole life.
  MemoryPlan memory;
  memory.offsets.assign(sizes.size(), 0);
  std::vector<std::size_t> placed;
  for (const std::size_t index : order) {
    const auto apart = [&](std::size_t other) {
      return lives[other].last < lives[index].first || lives[index].last < lives[other].first;
    };
    std::vector<std::size_t> rivals;
    std::copy_if(placed.begin(), placed.end(), std::back_inserter(rivals),
                 [&](std::size_t other) { return !apart(other); });
    std::sort(rivals.begin(), rivals.end(),
              [&](std::size_t a, std::size_t b) { return memory.offsets[a] < memory.offsets[b]; });
    std::size_t offset = 0;
    for (const std::size_t other : rivals) {
      if (offset + sizes[index] <= memory.offsets[other]) break;
      offset = std::max(offset, (memory.offsets[other] + sizes[other] + kAlignment - 1) / kAlignment * kAlignment);
    }
    memory.offsets[index] = offset;
    memory.bytes = std::max(memory.bytes, offset + sizes[index]);
    placed.push_back(index);
  }
  return memory;
}

}  // namespace dualsight
