// Ranges for int8, measured on pictures.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "detector/engine/engine.h"
#include "detector/engine/plan.h"

namespace dualsight {

// Runs the plan in float32 on pictures and keeps, per channel of every buffer, the largest value seen.
class Calibration {
 public:
  // Errors: see Engine::build().
  static Result<Calibration> make(const Plan& plan, int size);

  float* input() { return static_cast<float*>(engine_->input()); }  // [size, size, 3], normalised RGB
  void add();                                                       // measures the picture in input()
  Ranges ranges() const { return ranges_; }
  int pictures() const { return pictures_; }

 private:
  Calibration() = default;
  std::unique_ptr<Engine> engine_;
  std::vector<std::string> names_;
  std::vector<int> targets_;  // the buffer that each layer writes
  Ranges ranges_;
  int pictures_ = 0;
};

}  // namespace dualsight
