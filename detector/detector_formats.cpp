#include "detector/detector_formats.h"

#include <algorithm>
#include <utility>

#include "detector/network/model_file.h"
#include "detector/network_detector.h"

namespace dualsight {
namespace {

std::vector<DetectorFormat>& rows() {
  static std::vector<DetectorFormat> formats = {
      {"Dualsight safetensors", [](const std::filesystem::path& path) { return path.extension() == ".safetensors"; },
       read_model_header, open_network_detector},
  };
  return formats;
}

const DetectorFormat* find_format(const std::filesystem::path& path) {
  const auto row = std::find_if(rows().begin(), rows().end(), [&](const DetectorFormat& f) { return f.matches(path); });
  return row == rows().end() ? nullptr : &*row;
}

const DetectorFormat& format_of(const std::filesystem::path& path) {
  const DetectorFormat* format = find_format(path);
  return format != nullptr ? *format : rows().front();
}

}  // namespace

void register_detector_format(DetectorFormat format) { rows().push_back(std::move(format)); }
const std::vector<DetectorFormat>& detector_formats() { return rows(); }
bool is_model_file(const std::filesystem::path& path) { return find_format(path) != nullptr; }

Result<ModelInfo> read_model_info(const std::filesystem::path& path) { return format_of(path).read_info(path); }

Result<std::unique_ptr<Detector>> Detector::open(const std::filesystem::path& model, const DetectorOptions& options) {
  return format_of(model).open(model, options);
}

}  // namespace dualsight
