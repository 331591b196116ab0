#include "detector/engine/lowering/make_plan.h"

#include <torch/utils.h>

#include <utility>

#include "detector/engine/lowering/lowering.h"
#include "detector/network/network.h"

namespace dualsight {

std::string why_no_plan(const std::string& architecture) {
  const auto* row = find_lowering(architecture);
  if (!row) return "architecture \"" + architecture + "\" has no plan";
  return row->lower ? "" : row->why_not;
}

Plan make_plan(const DetectionNet& network, const std::string& architecture, int group_width) {
  const torch::NoGradGuard no_grad;
  PlanBuilder b(network);
  const auto taps = find_lowering(architecture)->lower(b, group_width);
  b.plan().taps.assign(taps.begin(), taps.end());
  b.plan().backbone_layers = b.plan().layers.size();
  lower_head(b, lower_neck(b, taps));
  return std::move(b.plan());
}

}  // namespace dualsight
