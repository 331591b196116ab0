#include "detector/engine/lowering/lowering.h"

#include <deque>
#include <utility>

namespace dualsight {
namespace {

// A deque: rows stay where they are when one is appended.
std::deque<Lowering>& rows() {
  static std::deque<Lowering> all = {
      {"dpn92", lower_dpn92, ""},
      {"resnet18", [](PlanBuilder& b, int) { return lower_resnet18(b); }, ""},
      {"dpn92-original", nullptr,
       "the original DPN normalises its running tensor anew in every block, which cannot be folded into "
       "convolutions"},
  };
  return all;
}

}  // namespace

const Lowering* find_lowering(const std::string& backbone) {
  for (const auto& row : rows()) {
    if (row.backbone == backbone) return &row;
  }
  return nullptr;
}

void register_lowering(Lowering row) {
  for (auto& existing : rows()) {
    if (existing.backbone != row.backbone) continue;
    existing = std::move(row);
    return;
  }
  rows().push_back(std::move(row));
}

}  // namespace dualsight
