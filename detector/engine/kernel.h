// One layer of the plan, ready to run: the interface between the engine and the libraries that compute.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/engine/plan.h"

namespace dualsight {

// The type of values in memory. An 8-bit integer stands for integer * scale, with a scale for each channel.
enum class ValueType { f32, bf16, u8, s8 };
std::size_t bytes_of(ValueType type);

// A feature map in memory: NHWC, N = 1, without gaps.
struct Activations {
  void* data = nullptr;
  int height = 0, width = 0, channels = 0;
  ValueType type = ValueType::f32;
  std::vector<float> scales;  // 8-bit types only: one a channel
};

// What a layer reads and writes. With PlanLayer::sum it adds to what the target holds already, whose type may differ
// from the one that it writes (s8 in place of u8).
struct LayerPlace {
  Activations source, target;
  ValueType held = ValueType::f32;  // the type of what the target holds, as wide as the target's
  float held_scale = 1;             // 8 bits: a held integer is worth so many times the target's
  bool held_rectified = false;      // a ReLU was the last thing over it
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  // On one thread, always the same, with the OpenMP team that it was made for.
  virtual void run() = 0;
  // For people and tests: "brgconv:avx512_core_amx_bf16".
  virtual const std::string& implementation() const = 0;
};

// Memory that a kernel may use while it runs. All kernels of an engine share it, since they run one after another.
struct Scratch {
  std::size_t bytes = 0;  // the most that any of them needs; the engine then sets `data`, before anything runs
  void* data = nullptr;
};

// Errors (ErrorKind::internal): the library cannot do it, with its reason.
Result<std::unique_ptr<Kernel>> make_kernel(const PlanLayer& layer, const LayerPlace& place, Scratch& scratch);

// "oneDNN 2.6.3"; empty: built without it, so there is no engine.
std::string kernel_library();

}  // namespace dualsight
