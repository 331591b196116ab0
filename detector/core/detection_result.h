// What a detector says of one picture.
#pragma once

#include <vector>

#include "detector/core/types.h"

namespace dualsight {

struct SpeedMs {
  double preprocess = 0, inference = 0, postprocess = 0;  // milliseconds
};

struct DetectionResult {
  std::vector<Detection> detections;  // by falling confidence; boxes in source-picture pixels
  std::vector<Detection> candidates;  // likewise: those below the threshold, and other names of what is reported
  SpeedMs speed;
};

}  // namespace dualsight
