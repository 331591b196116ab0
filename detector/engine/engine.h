// The fused inference engine: a Plan, made ready for one input size and one arithmetic. No torch here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backbone/result.h"
#include "detector/engine/kernel.h"
#include "detector/engine/plan.h"

namespace dualsight {

// What the buffers hold, except those that say otherwise (PlanBuffer): int8 means bf16 where int8_allowed is false.
enum class Arithmetic { float32, bfloat16, int8 };

struct EngineOptions {
  int size = 320;  // network pixels, a multiple of 32
  Arithmetic arithmetic = Arithmetic::float32;
  Ranges ranges;          // int8 only
  bool tiles = true;      // the hand-written AMX kernels where the CPU has AMX (amx_kernels.h)
  bool keep_all = false;  // no two buffers share memory, so that each can be read after run(): for tests
};

class Engine {
 public:
  // Makes all kernels, for the calling thread's OpenMP team. Errors: a layer that the kernels' library cannot do, a
  // missing int8 range, not enough memory.
  static Result<std::unique_ptr<Engine>> build(Plan plan, const EngineOptions& options);
  ~Engine();

  // The input buffer, [size, size, 3], to be filled with normalised RGB before run(): float32 or the bits of bf16.
  void* input();
  ValueType input_type() const;

  // One picture. Always from one thread, with the OpenMP team that the engine was built for. Allocates no memory.
  void run();

  // Of level 0..2 (strides 8, 16, 32): [cells, output_width()], valid until the next run().
  const float* output(std::size_t level) const;
  int output_width() const;  // floats a cell: the classes' logits, ln(distance / stride) x 4, then unused ones

  struct LayerReport {
    std::string name, implementation;
  };
  std::vector<LayerReport> report() const;
  std::size_t activation_bytes() const;

  // run(), and after each layer `seen` is called with the layer's index in the plan: for tests and calibration.
  void run(const std::function<void(std::size_t layer)>& seen);
  // The contents of the plan's buffer of that index as float32, NHWC. After run() only with keep_all: until then
  // another buffer may have taken its memory.
  std::vector<float> read(int buffer) const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
