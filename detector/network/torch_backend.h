// Inference by LibTorch: any architecture, CPU or CUDA.
#pragma once

#include <memory>

#include "detector/core/inference_backend.h"

namespace dualsight {

class DetectionNet;
struct ModelInfo;

// Channels-last; traced and frozen on the CPU, run as it is on CUDA. Changes `network` (type, layout and device of its
// weights).
// `size`: of the square input, pixels.
std::unique_ptr<InferenceBackend> make_torch_backend(std::shared_ptr<DetectionNet> network, const ModelInfo& info,
                                                     int size, bool cuda, bool bf16);

}  // namespace dualsight
