// Detections on frames between two that the detector processed.
#pragma once

#include <cstdint>
#include <vector>

#include "detector/core/types.h"

namespace dualsight {

// The detection with track id `id`; nullptr: there is none, or `id` is 0 (not tracked).
const Detection* find_track(const std::vector<Detection>& detections, int64_t id);

// Detections at the fraction `t` (0..1) of the time from `before` to `after`. Boxes of tracks in both are interpolated
// linearly, with class and confidence of `after`. A detection in only one of the two is shown during the half of the
// time nearer to it.
std::vector<Detection> interpolate(const std::vector<Detection>& before, const std::vector<Detection>& after, float t);

// What has to be blurred on one processed frame. Boxes are pixels of the frame.
struct BlurLook {
  double seconds = 0;                 // time of the frame
  std::vector<Detection> detections;  // of the blurred classes, with track ids
  std::vector<Box> more;              // further boxes: weak detections, lost tracks
};

// The boxes to blur at the time `seconds` between two processed frames, either of which may be missing (nullptr). A
// track in both is covered from its first to its second position. A detection in only one of them is widened on each
// side by the way that it may have gone since: per second three times its width or 1.5 times its height, whichever is
// larger.
std::vector<Box> boxes_to_blur(const BlurLook* before, const BlurLook* after, double seconds);

}  // namespace dualsight
