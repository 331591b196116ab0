// What was there between two looks of the detector.
#pragma once

#include <cstdint>
#include <vector>

#include "detector/core/types.h"

namespace dualsight {

// nullptr: not among them, or `id` is 0 (not tracked).
const Detection* find_track(const std::vector<Detection>& detections, int64_t id);

// The boxes at the share `t` (0..1) of the time from one look to the next: those of tracks in both move evenly; what is
// in a single look is there in the half of the time that is nearer to it.
std::vector<Detection> interpolate(const std::vector<Detection>& before, const std::vector<Detection>& after, float t);

// One look, as far as blurring is concerned.
struct BlurLook {
  double seconds = 0;                 // when
  std::vector<Detection> detections;  // of the classes to be blurred, with track ids
  std::vector<Box> more;              // other boxes to be blurred: weak detections, lost tracks
};

// The boxes to be blurred at a time between two looks, either of which may be missing (nullptr). What is in both covers
// the way between its two places; what is in one only may be anywhere that it could have gone in the time to that look:
// three of its widths or one and a half of its heights a second, the larger.
std::vector<Box> boxes_to_blur(const BlurLook* before, const BlurLook* after, double seconds);

}  // namespace dualsight
