// Inference by the fused engine (engine.h), on the CPU.
#pragma once

#include <memory>

#include "backbone/result.h"
#include "detector/core/inference_backend.h"
#include "detector/core/quantization_ranges.h"

namespace dualsight {

class DetectionNet;
struct ModelInfo;
enum class Arithmetic;

// `size`: of the square input, pixels. `ranges`: for int8. Errors (ErrorKind::usage): why the engine cannot take this
// network.
Result<std::unique_ptr<InferenceBackend>> make_engine_backend(const DetectionNet& network, const ModelInfo& info,
                                                              int size, Arithmetic arithmetic, const Ranges& ranges);

}  // namespace dualsight
