// Mistakes that a whole set of annotations has in common. None of them keeps a set from being read, so without these
// checks a network learns from it in silence.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "detector/annotations/coco_pictures.h"

namespace dualsight {

// A line for each mistake, with its likely cause. `annotations`: COCO's list. `candidates`: all pictures, with their
// true sizes.
std::vector<std::string> common_mistakes(const nlohmann::json& annotations, const std::vector<Candidate>& candidates);

}  // namespace dualsight
