// What one model file says about itself: its safetensors metadata, typed. No torch here.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct ModelInfo {
  std::string architecture;  // a backbone's name (backbone/registry.h)
  std::vector<std::string> class_names;
  int input_size = 320;                                  // pixels; the network sees input_size x input_size
  std::array<float, 3> mean = {0.485F, 0.456F, 0.406F};  // RGB, of values in 0..1
  std::array<float, 3> stddev = {0.229F, 0.224F, 0.225F};
  std::vector<float> thresholds;              // per class: default confidence to report
  std::string name;                           // for people, e.g. "DPN92 home-and-street"
  std::string provenance;                     // data, recipe, date: one line
  std::map<std::string, std::string> scores;  // e.g. {"val mAP50", "41.2"}
};

// Network pixels: a multiple of 32, from 32 to 4096. Error: ErrorKind::usage.
Result<void> check_input_size(int size);

// To and from safetensors metadata. The key "format" is "dualsight-model/1"; class names are joined by '\n'.
std::map<std::string, std::string> to_metadata(const ModelInfo& info);

// Errors (ErrorKind::model): not a Dualsight model, unknown architecture, no classes, sizes or numbers out of range.
Result<ModelInfo> parse_model_info(const std::map<std::string, std::string>& metadata);

}  // namespace dualsight
