#include "detector/core/nms.h"

#include <algorithm>
#include <cmath>
#include <tuple>

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

void Nms::Rivals::clear() {
  for (auto* values : {&x1, &y1, &x2, &y2, &area}) values->clear();
}

void Nms::Rivals::add(const Box& box) {
  x1.push_back(box.x1);
  y1.push_back(box.y1);
  x2.push_back(box.x2);
  y2.push_back(box.y2);
  area.push_back(box.area());
}

bool Nms::Rivals::overlap(const Box& box, float iou_threshold) const {
  // iou() of types.h, without branches and without its division: of positive unions, inter / union > t.
  const float own = box.area();
  int any = 0;
  for (std::size_t i = 0; i < area.size(); ++i) {
    const float w = std::max(0.0F, std::min(x2[i], box.x2) - std::max(x1[i], box.x1));
    const float h = std::max(0.0F, std::min(y2[i], box.y2) - std::max(y1[i], box.y1));
    const float inter = w * h;
    any |= static_cast<int>(inter > 0) & static_cast<int>(inter > iou_threshold * (area[i] + own - inter));
  }
  return any != 0;
}

void Nms::operator()(std::vector<Detection>& candidates, float iou_threshold, int max_detections) {
  std::erase_if(candidates, [](const Detection& d) { return !finite(d); });
  std::sort(candidates.begin(), candidates.end(), better);
  for (auto& rivals : rivals_) rivals.clear();

  // Best first over all classes, so that the search ends as soon as enough are kept.
  std::size_t kept = 0;
  for (const Detection& candidate : candidates) {
    if (static_cast<int>(kept) >= max_detections) break;
    const auto c = static_cast<std::size_t>(candidate.class_id);
    if (c >= rivals_.size()) rivals_.resize(c + 1);
    if (rivals_[c].overlap(candidate.box, iou_threshold)) continue;
    rivals_[c].add(candidate.box);
    candidates[kept++] = candidate;
  }
  candidates.resize(kept);
}

std::vector<Detection> nms(std::vector<Detection> candidates, float iou_threshold, int max_detections) {
  Nms suppress;
  suppress(candidates, iou_threshold, max_detections);
  return candidates;
}

bool is_cross_class_duplicate(const Detection& detection, const std::vector<Detection>& better, float cross_class_iou) {
  if (cross_class_iou >= 1) return false;  // nothing overlaps more
  return std::any_of(better.begin(), better.end(), [&](const Detection& other) {
    return other.class_id != detection.class_id && iou(other.box, detection.box) > cross_class_iou;
  });
}

}  // namespace dualsight
