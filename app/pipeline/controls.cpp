#include "app/pipeline/controls.h"

#include <algorithm>

#include "detector/core/nms.h"
#include "detector/core/threshold_split.h"

namespace dualsight {

void apply_thresholds(DetectionResult& result, const std::vector<float>& thresholds) {
  if (thresholds.empty()) return;
  auto all = std::move(result.detections);
  all.insert(all.end(), result.candidates.begin(), result.candidates.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
  split_by_threshold(all, thresholds, kCrossClassIou, result);
}

}  // namespace dualsight
