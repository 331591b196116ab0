// From a trained network to the engine's plan. Needs torch inside; the header does not.
#pragma once

#include <string>

#include "backbone/result.h"
#include "detector/engine/plan.h"

namespace dualsight {

class DetectionNet;

// Empty when the engine knows the architecture, else why it does not.
std::string why_no_plan(const std::string& architecture);

// Wide enough for the CPU's matrix units, and 3, 6, 12 and 24 channels divide it (the four stages' groups).
constexpr int kGroupWidth = 48;

// `network` in float32. Two exact rewrites make the DPN fast (neither changes what is computed):
//  - the 3x3 convolutions of 32 groups become block-diagonal ones of `group_width` channels (0: as they are), since the
//    CPU's matrix units want wide groups;
//  - a stage's tensor has the stage's final width from the start: each block reads all of it, with zero weights for the
//    channels that are not written yet, and adds to all of it, with zero weights for those that it leaves alone. So
//    nothing is ever concatenated.
Plan make_plan(const DetectionNet& network, const std::string& architecture, int group_width = kGroupWidth);

}  // namespace dualsight
