// Loads data sets given on the command line.
#pragma once

#include <string>

#include "backbone/result.h"
#include "detector/data/dataset.h"

namespace dualsight {

// A COCO folder or .json file, or packed pieces (.safetensors, comma-separated). What was wrong and skipped is logged
// as warnings: the first ten, and the count. `teacher_labels`: COCO results to be merged with people's labels
// (teacher_labels.h); empty: none.
Result<Dataset> load_data(const std::string& what, const std::string& teacher_labels = "");

}  // namespace dualsight
