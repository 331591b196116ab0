// What was there between two looks of the detector.
#pragma once

#include <cstdint>
#include <vector>

#include "detector/types.h"

namespace dualsight {

// nullptr: not among them, or `id` is 0 (not tracked).
const Detection* find_track(const std::vector<Detection>& detections, int64_t id);

// The boxes at the share `t` (0..1) of the time from one look to the next: those of tracks in both move evenly; what is
// in a single look is there in the half of the time that is nearer to it.
std::vector<Detection> in_between(const std::vector<Detection>& before, const std::vector<Detection>& after, float t);

}  // namespace dualsight
