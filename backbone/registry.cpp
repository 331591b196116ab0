#include "backbone/registry.h"

#include <deque>
#include <utility>

#include "backbone/dpn.h"
#include "backbone/resnet.h"

namespace dualsight {
namespace {

std::shared_ptr<Backbone> make_dpn92() {
  return std::make_shared<DpnImpl>(DpnOptions{}.stem(DpnStem::conv7x7).num_classes(0));
}

std::shared_ptr<Backbone> make_dpn92_original() {
  return std::make_shared<OriginalDpnImpl>(OriginalDpnOptions{}.num_classes(0).normalised_taps(true));
}

std::shared_ptr<Backbone> make_resnet18() { return std::make_shared<ResNet18Impl>(/*num_classes=*/0); }

void initialise_taps(Backbone& backbone) { dynamic_cast<OriginalDpnImpl&>(backbone).initialise_taps(); }

// A deque: entries stay where they are when one is appended.
std::deque<BackboneEntry>& entries() {
  static std::deque<BackboneEntry> rows = {
      {"dpn92", make_dpn92},
      {"dpn92-original", make_dpn92_original, initialise_taps},
      {"resnet18", make_resnet18},
  };
  return rows;
}

}  // namespace

const BackboneEntry* find_backbone(const std::string& name) {
  for (const auto& entry : entries()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::vector<std::string> backbone_names() {
  std::vector<std::string> names;
  for (const auto& entry : entries()) names.push_back(entry.name);
  return names;
}

void register_backbone(BackboneEntry entry) {
  for (auto& existing : entries()) {
    if (existing.name != entry.name) continue;
    existing = std::move(entry);
    return;
  }
  entries().push_back(std::move(entry));
}

}  // namespace dualsight
