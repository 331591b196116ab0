// Of what the network found, what is reported and what is not.
#pragma once

#include <vector>

#include "detector/core/detection_result.h"

namespace dualsight {

// Parts `found`, which is by falling confidence: what reaches its class's threshold and has no better box of another
// class in its place (is_cross_class_duplicate) goes to result.detections, the rest to result.candidates; both are
// replaced, their memory is used again. A class without a threshold is not reported. `found` is none of the two. Any
// thread.
void split_by_threshold(const std::vector<Detection>& found, const std::vector<float>& thresholds,
                        float cross_class_iou, DetectionResult& result);

}  // namespace dualsight
