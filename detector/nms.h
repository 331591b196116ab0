// Non-maximum suppression: of many boxes on one object the best stays.
#pragma once

#include <vector>

#include "detector/types.h"

namespace dualsight {

// Greedy and class-aware: of two boxes of one class whose IoU exceeds `iou_threshold` (0..1) the more confident stays;
// boxes of different classes never suppress each other. The result is best first, at most `max_detections` long.
// Equal confidences are ordered by class, then x1, y1, x2, y2, so that the result never depends on the order given.
// Candidates with a number that is not finite are dropped. Any thread.
std::vector<Detection> nms(std::vector<Detection> candidates, float iou_threshold, int max_detections);

}  // namespace dualsight
