#include "app/records/interpolation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dualsight {
namespace {

Box interpolated(const Box& a, const Box& b, float t) {
  return {a.x1 + t * (b.x1 - a.x1), a.y1 + t * (b.y1 - a.y1), a.x2 + t * (b.x2 - a.x2), a.y2 + t * (b.y2 - a.y2)};
}

Box enclosing(const Box& a, const Box& b) {
  return {std::min(a.x1, b.x1), std::min(a.y1, b.y1), std::max(a.x2, b.x2), std::max(a.y2, b.y2)};
}

Box widened(const Box& box, double seconds) {
  const auto margin = static_cast<float>(std::abs(seconds)) * std::max(3 * box.width(), 1.5F * box.height());
  return {box.x1 - margin, box.y1 - margin, box.x2 + margin, box.y2 + margin};
}

}  // namespace

const Detection* find_track(const std::vector<Detection>& detections, int64_t id) {
  const auto found = std::find_if(detections.begin(), detections.end(),
                                  [&](const Detection& d) { return id > 0 && d.track_id == id; });
  return found == detections.end() ? nullptr : &*found;
}

std::vector<Detection> interpolate(const std::vector<Detection>& before, const std::vector<Detection>& after, float t) {
  std::vector<Detection> out;
  for (Detection detection : after) {
    if (const Detection* earlier = find_track(before, detection.track_id)) {
      detection.box = interpolated(earlier->box, detection.box, t);
    } else if (t < 0.5F) {
      continue;
    }
    out.push_back(detection);
  }
  for (const Detection& detection : before) {
    if (t < 0.5F && find_track(after, detection.track_id) == nullptr) out.push_back(detection);
  }
  return out;
}

std::vector<Box> boxes_to_blur(const BlurLook* before, const BlurLook* after, double seconds) {
  std::vector<Box> boxes;
  for (const auto& [frame, other] : {std::pair(before, after), std::pair(after, before)}) {
    if (frame == nullptr) continue;
    const double since = seconds - frame->seconds;
    for (const Detection& detection : frame->detections) {
      const Detection* partner = other != nullptr ? find_track(other->detections, detection.track_id) : nullptr;
      boxes.push_back(partner != nullptr ? enclosing(detection.box, partner->box) : widened(detection.box, since));
    }
    for (const Box& box : frame->more) boxes.push_back(widened(box, since));
  }
  return boxes;
}

}  // namespace dualsight
