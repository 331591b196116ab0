// The detector of Dualsight's own models: letterbox -> network (fused engine or LibTorch) -> decode and NMS.
#pragma once

#include <filesystem>
#include <memory>

#include "backbone/result.h"
#include "detector/detector.h"

namespace dualsight {

// Of a safetensors file that `dualsight train` or `export` wrote. Errors: see Detector::open().
Result<std::unique_ptr<Detector>> open_network_detector(const std::filesystem::path& model,
                                                        const DetectorOptions& options);

}  // namespace dualsight
