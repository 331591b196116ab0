#include "detector/part.h"

#include "detector/nms.h"

namespace dualsight {

void part(const std::vector<Detection>& found, const std::vector<float>& thresholds, float same_place,
          DetectionResult& result) {
  result.detections.clear();
  result.candidates.clear();
  for (const Detection& d : found) {
    const auto c = static_cast<std::size_t>(d.class_id);
    const bool reported =
        c < thresholds.size() && d.confidence >= thresholds[c] && !named_otherwise(d, result.detections, same_place);
    (reported ? result.detections : result.candidates).push_back(d);
  }
}

}  // namespace dualsight
