// How backbones become layers of the engine's plan: one row each. Adding one is a file here and a row in lowering.cpp;
// a backbone without a row runs on LibTorch. Needs torch.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "detector/engine/lowering/plan_builder.h"

namespace dualsight {

// Appends the backbone's layers to the plan, from the input buffer on, which it makes (Plan::input). Returns the
// buffers of C2..C5, which nothing writes any more. `group_width`: see make_plan().
using LowerBackbone = std::function<std::array<int, 4>(PlanBuilder&, int group_width)>;

struct Lowering {
  std::string backbone;  // its name in backbone/registry.h
  LowerBackbone lower;   // empty: the engine cannot run it
  std::string why_not;   // then the reason, for people
};

// nullptr: no row for that backbone.
const Lowering* find_lowering(const std::string& backbone);

// Appends a row; replaces one of the same backbone. Before any thread reads the list: at the program's start, in a
// test's set-up.
void register_lowering(Lowering row);

// ---- parts, a file each --------------------------------------------------------------------------------------------

// The input buffer, and the stem of ResNet-18 and DPN92: 7x7 of stride 2, BN, ReLU, max-pool. Returns the buffer at
// stride 4. Modules: "backbone.conv1", "backbone.bn1".
int lower_stem(PlanBuilder& b);
std::array<int, 4> lower_resnet18(PlanBuilder& b);
std::array<int, 4> lower_dpn92(PlanBuilder& b, int group_width);

// NeckImpl::forward: C2..C5 -> P3, P4, P5.
std::array<int, 3> lower_neck(PlanBuilder& b, const std::array<int, 4>& taps);
// HeadImpl::forward: appends the plan's outputs.
void lower_head(PlanBuilder& b, const std::array<int, 3>& pyramid);

}  // namespace dualsight
