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

enum class Arithmetic { float32, bfloat16, int8 };  // int8: bf16 for the buffers that are not `int8_allowed`

struct EngineOptions {
  int size = 320;  // network pixels, a multiple of 32
  Arithmetic arithmetic = Arithmetic::float32;
  Ranges ranges;          // int8 only
  bool tiles = true;      // convolutions by hand where the CPU has AMX (amx_kernels.h)
  bool keep_all = false;  // no buffer shares memory, so that each can be read afterwards: tests and calibration
};

class Engine {
 public:
  // Builds all primitives, for the calling thread's OpenMP team. Errors: what the kernels' library cannot do.
  static Result<std::unique_ptr<Engine>> build(Plan plan, const EngineOptions& options);
  ~Engine();

  // The input, [size, size, 3], to be filled with normalised RGB before run(): as float32 or bf16 bits.
  void* input();
  ValueType input_type() const;

  // One picture. Call from one thread, with the team that the engine was built for. Allocates nothing of its own.
  void run();

  // Of level 0..2 (strides 8, 16, 32): [cells, output_width()], valid until the next run().
  const float* output(std::size_t level) const;
  int output_width() const;  // floats a cell: the classes' logits, ln(distance / stride) x 4, nothing

  struct LayerReport {
    std::string name, implementation;
  };
  std::vector<LayerReport> report() const;
  std::size_t activation_bytes() const;

  // run(), and after each layer `seen` is called with the layer's place in the plan: tests and calibration.
  void run(const std::function<void(std::size_t layer)>& seen);
  // A buffer's contents as float32, NHWC, by its place in the plan and by its name. Afterwards only with keep_all.
  std::vector<float> read(int buffer) const;
  std::vector<float> read(const std::string& buffer) const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
