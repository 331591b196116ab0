#include "app/in_between.h"

#include <algorithm>

namespace dualsight {
namespace {

Box moved(const Box& a, const Box& b, float t) {
  return {a.x1 + t * (b.x1 - a.x1), a.y1 + t * (b.y1 - a.y1), a.x2 + t * (b.x2 - a.x2), a.y2 + t * (b.y2 - a.y2)};
}

}  // namespace

const Detection* find_track(const std::vector<Detection>& detections, int64_t id) {
  const auto found = std::find_if(detections.begin(), detections.end(),
                                  [&](const Detection& d) { return id > 0 && d.track_id == id; });
  return found == detections.end() ? nullptr : &*found;
}

std::vector<Detection> in_between(const std::vector<Detection>& before, const std::vector<Detection>& after, float t) {
  std::vector<Detection> out;
  for (Detection detection : after) {
    if (const Detection* earlier = find_track(before, detection.track_id)) {
      detection.box = moved(earlier->box, detection.box, t);
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

}  // namespace dualsight
