// Makes a model ready for int8 inference: measures the largest value of each channel on pictures. No torch here.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "backbone/result.h"
#include "detector/core/image.h"

namespace dualsight {

struct QuantizeOptions {
  int input_size = 0;  // pixels, a multiple of 32; 0: what the model was trained at
  int threads = 0;     // 0: all cores
};

// `next` returns one picture after another, nullopt at the end; an error it returns ends the work. A few hundred
// pictures like those that detection will see are enough. Writes `to` with the weights as `dualsight convert --storage
// int8` does and the ranges beside them; returns how many pictures were used. Errors: ErrorKind::model,
// ErrorKind::usage (a network that the engine does not run, no picture), ErrorKind::output.
Result<int> quantize_model(const std::filesystem::path& from, const std::filesystem::path& to,
                           const std::function<Result<std::optional<Image>>()>& next, const QuantizeOptions& options);

}  // namespace dualsight
