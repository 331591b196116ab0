#include "detector/core/threshold_split.h"

#include "detector/core/nms.h"

namespace dualsight {

void split_by_threshold(const std::vector<Detection>& found, const std::vector<float>& thresholds,
                        float cross_class_iou, DetectionResult& result) {
  result.detections.clear();
  result.candidates.clear();
  for (const Detection& d : found) {
    const auto c = static_cast<std::size_t>(d.class_id);
    const bool reported = c < thresholds.size() && d.confidence >= thresholds[c] &&
                          !is_cross_class_duplicate(d, result.detections, cross_class_iou);
    (reported ? result.detections : result.candidates).push_back(d);
  }
}

}  // namespace dualsight
