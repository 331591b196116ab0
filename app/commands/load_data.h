// Loads data sets given on the command line.
#pragma once

#include <string>

#include "backbone/result.h"
#include "detector/data/dataset.h"

namespace dualsight {

// A COCO folder or .json file, or packed pieces (.safetensors, comma-separated). Skipped entries are logged as
// warnings: the first ten, and the count.
Result<Dataset> load_data(const std::string& what);

}  // namespace dualsight
