// A detection network as the fused engine runs it: a list of layers over buffers. Plain data that can be printed; no
// torch and no oneDNN here. BatchNorm is folded into the convolutions, ReLU and sums are part of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "detector/core/quantization_ranges.h"

namespace dualsight {

// Activations of one picture, NHWC: (size / stride)^2 cells of `channels` values.
struct PlanBuffer {
  std::string name;
  int channels = 0;       // in memory; what is beyond the network's own channels is zero
  int stride = 1;         // network pixels a cell
  bool keep_f32 = false;  // float32 whatever the engine's arithmetic: what decode reads
  bool int8_allowed =
      true;  // 8-bit integers in an int8 engine; its values are never negative once a ReLU has been over them
};

// max_pool: 3x3, stride 2, padding 1; upsample: nearest, 2x; quantize: the same values in 8 bits (the engine adds
// these).
enum class LayerKind { convolution, max_pool, upsample, quantize };

struct PlanLayer {
  LayerKind kind = LayerKind::convolution;
  std::string name;
  int source = 0, target = 0;  // indices of buffers
  // Convolutions only; padding is kernel / 2.
  int kernel = 1, stride = 1, groups = 1;
  bool sum = false;  // adds to what the target holds, before the ReLU
  bool relu = false;
  std::vector<float> weights;  // [target channels, source channels / groups, kernel, kernel]
  std::vector<float> bias;     // [target channels]
};

struct Plan {
  std::vector<PlanBuffer> buffers;
  std::vector<PlanLayer> layers;  // in order of execution
  int input = 0;                  // 3 channels, RGB, normalised
  std::vector<int> outputs;       // of strides 8, 16, 32: per cell the classes' logits, then ln(distance / stride) x 4
  int classes = 0;
};

// One line a layer.
std::string to_string(const Plan& plan);

// Where each buffer lies in one arena: buffers that never live at the same time may share memory.
struct MemoryPlan {
  std::vector<std::size_t> offsets;  // bytes, one a buffer
  std::size_t bytes = 0;             // of the arena
};
// `sizes`: bytes of each buffer. `keep_all`: no two share memory (the outputs never do with what comes after them).
MemoryPlan plan_memory(const Plan& plan, const std::vector<std::size_t>& sizes, bool keep_all = false);

}  // namespace dualsight
