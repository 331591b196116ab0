// Data sets as the command line names them.
#pragma once

#include <string>

#include "backbone/result.h"
#include "detector/data/dataset.h"

namespace dualsight {

// A COCO folder or .json file, or packed pieces (.safetensors, comma-separated). What was wrong and skipped is logged
// as warnings: the first ten, and the count.
Result<Dataset> load_data(const std::string& what);

}  // namespace dualsight
