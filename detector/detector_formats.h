// The model formats that detectors can be opened from, one row each. Free of torch.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/core/model_info.h"
#include "detector/detector.h"

namespace dualsight {

struct DetectorFormat {
  std::string name;                                           // for people: "Dualsight safetensors"
  std::function<bool(const std::filesystem::path&)> matches;  // by the file's name or its first bytes
  // What the file says about its model. Cheap: it does not load the weights. Error: ErrorKind::model, with the path.
  std::function<Result<ModelInfo>(const std::filesystem::path&)> read_info;
  // See Detector::open().
  std::function<Result<std::unique_ptr<Detector>>(const std::filesystem::path&, const DetectorOptions&)> open;
};

// Adds a row. Call it before other threads open or list models.
void register_detector_format(DetectorFormat format);

// All rows; the first is Dualsight's own, safetensors.
const std::vector<DetectorFormat>& detector_formats();

bool is_model_file(const std::filesystem::path& path);  // a format matches it

// What a model file of any format says about itself. A file that no format matches is read as the first row's, whose
// error then says what is wrong with it.
Result<ModelInfo> read_model_info(const std::filesystem::path& path);

}  // namespace dualsight
