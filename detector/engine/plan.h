// A detection network as the fused engine runs it: a list of layers over buffers. Plain data that can be printed; no
// torch and no oneDNN here. BatchNorm is folded into the convolutions, ReLU and sums are part of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "detector/core/quantization_ranges.h"

namespace dualsight {

// One feature map of one picture, NHWC: (size / stride)^2 cells of `channels` values. Layers read and write buffers; a
// buffer may be written by several of them.
struct PlanBuffer {
  std::string name;       // unique in the plan; int8 ranges are kept under it in model files, so it stays the same
  int channels = 0;       // in memory: may be more than the network has there, and then the rest is zero
  int stride = 1;         // network pixels a cell
  bool keep_f32 = false;  // float32 in every engine, also in a bf16 or int8 one: the outputs, which decode reads
  // An int8 engine holds it as 8-bit integers from 0 on, so a ReLU must have been the last thing over it. False: bf16.
  bool int8_allowed = true;
};

// max_pool: 3x3, stride 2, padding 1. upsample: nearest, 2x. quantize: the same values in 8 bits; Engine::build()
// inserts these where an int8 layer reads a bf16 buffer.
enum class LayerKind { convolution, max_pool, upsample, quantize };

struct PlanLayer {
  LayerKind kind = LayerKind::convolution;
  std::string name;
  int source = 0, target = 0;  // indices of buffers
  // Convolutions only; padding is kernel / 2.
  int kernel = 1, stride = 1, groups = 1;
  bool sum = false;  // adds to what the target holds, before the ReLU; otherwise overwrites it
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
  std::size_t backbone_layers = 0;  // the first so many layers are the backbone, the rest neck and head
  std::vector<int> taps;            // buffers of C2..C5, complete after the backbone's layers
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
