// Options that `detect` and `eval` share.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "detector/detector.h"

namespace dualsight {

// --model --iou --size --threads --device
void add_detector_flags(CLI::App& command, std::string& model, DetectorOptions& options);

}  // namespace dualsight
