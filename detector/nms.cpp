#include "detector/nms.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

namespace dualsight {
namespace {

bool finite(const Detection& d) {
  return std::isfinite(d.confidence) && std::isfinite(d.box.x1) && std::isfinite(d.box.y1) && std::isfinite(d.box.x2) &&
         std::isfinite(d.box.y2);
}

bool better(const Detection& a, const Detection& b) {
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  return std::tie(a.class_id, a.box.x1, a.box.y1, a.box.x2, a.box.y2) <
         std::tie(b.class_id, b.box.x1, b.box.y1, b.box.x2, b.box.y2);
}

}  // namespace

std::vector<Detection> nms(std::vector<Detection> candidates, float iou_threshold, int max_detections) {
  std::erase_if(candidates, [](const Detection& d) { return !finite(d); });
  std::sort(candidates.begin(), candidates.end(), better);

  // Best first over all classes, so that the search ends as soon as enough are kept.
  std::vector<Detection> kept;
  std::unordered_map<int, std::vector<Box>> kept_of_class;
  for (const Detection& candidate : candidates) {
    if (static_cast<int>(kept.size()) >= max_detections) break;
    std::vector<Box>& rivals = kept_of_class[candidate.class_id];
    const bool suppressed = std::any_of(rivals.begin(), rivals.end(),
                                        [&](const Box& box) { return iou(box, candidate.box) > iou_threshold; });
    if (suppressed) continue;
    rivals.push_back(candidate.box);
    kept.push_back(candidate);
  }
  return kept;
}

}  // namespace dualsight
