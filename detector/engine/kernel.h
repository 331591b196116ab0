// The one thing that the engine asks of whoever does its arithmetic: a layer, ready to run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/engine/plan.h"

namespace dualsight {

// How values lie in memory. 8-bit integers stand for `integer * scale` of their channel.
enum class ValueType { f32, bf16, u8, s8 };
std::size_t bytes_of(ValueType type);

// Where a layer's pictures are. Rows and cells are packed: NHWC, N = 1.
struct Activations {
  void* data = nullptr;
  int height = 0, width = 0, channels = 0;
  ValueType type = ValueType::f32;
  std::vector<float> scales;  // 8-bit types only: one a channel
};

// What a layer works on. A sum adds to what the target holds already: of the same size in bytes, its integers worth
// `held_scale` times the target's.
struct LayerPlace {
  Activations source, target;
  ValueType held = ValueType::f32;
  float held_scale = 1;
  bool held_rectified = false;  // a ReLU has been over what is held
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  // On the engine's thread, with the OpenMP team that it was made for.
  virtual void run() = 0;
  // For people and tests: "brgconv:avx512_core_amx_bf16".
  virtual const std::string& implementation() const = 0;
};

// Memory that kernels may use while they run; one is shared by all of an engine's, since they take turns.
struct Scratch {
  std::size_t bytes = 0;  // what the hungriest wants; the engine provides `data` before anything runs
  void* data = nullptr;
};

// Errors (ErrorKind::internal): the library cannot do it, with its reason.
Result<std::unique_ptr<Kernel>> make_kernel(const PlanLayer& layer, const LayerPlace& place, Scratch& scratch);

// "oneDNN 2.6.3"; empty: built without, and there is no engine.
std::string kernel_library();

}  // namespace dualsight
