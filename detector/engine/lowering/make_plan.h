// From a trained network to the engine's plan. Needs torch inside; the header does not.
#pragma once

#include <string>

#include "backbone/result.h"
#include "detector/engine/plan.h"

namespace dualsight {

class DetectionNet;

// Empty when the engine can run the architecture (it has a row in lowering.h), else the reason, for people.
std::string why_no_plan(const std::string& architecture);

// Wide enough for the CPU's matrix units, and a multiple of 3, 6, 12 and 24, the widths of DPN92's groups.
constexpr int kGroupWidth = 48;

// `network` in float32; why_no_plan(architecture) is empty. Two exact rewrites make DPN92 fast (neither changes what is
// computed):
//  - the 3x3 convolutions of 32 groups become block-diagonal ones of groups of `group_width` channels (0: as they are),
//    since the CPU's matrix units need wide groups;
//  - a stage's tensor has the stage's final width from the start: each block reads all of it, with zero weights for the
//    channels that are not written yet, and adds to all of it, with zero weights for those that it leaves alone. So
//    nothing is ever concatenated.
Plan make_plan(const DetectionNet& network, const std::string& architecture, int group_width = kGroupWidth);

}  // namespace dualsight
