// The list of backbones. To add one: its own files, and a row in registry.cpp. A lowering row in
// detector/engine/lowering lets the fused engine run it; without one it runs on LibTorch. No torch in this header.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dualsight {

class Backbone;  // backbone.h

struct BackboneEntry {
  std::string name;  // as in --model and in a model file's "architecture"
  std::function<std::shared_ptr<Backbone>()> make;
  // Completes a backbone after weights from elsewhere (timm, torchvision) have been copied into it: sets what such
  // files do not have. Not to be called after a model file of ours, which has everything. Empty: nothing to do.
  std::function<void(Backbone&)> after_load = {};
};

// nullptr: no backbone of that name. The entry stays where it is for the program's life.
const BackboneEntry* find_backbone(const std::string& name);

// In order of preference: the first is the default of training, and a shipped model of an earlier one is preferred.
std::vector<std::string> backbone_names();

// Appends a row; replaces one of the same name. Before any thread reads the list: at the program's start, in a test's
// set-up.
void register_backbone(BackboneEntry entry);

}  // namespace dualsight
