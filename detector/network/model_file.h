// A model is one safetensors file: weights of a DetectionNet and, in its metadata, everything else (model_info.h).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "backbone/result.h"
#include "detector/core/model_info.h"
#include "detector/core/quantization_ranges.h"

namespace dualsight {

class DetectionNet;  // network.h

// How weights lie in the file. Everything is float32 in memory.
enum class Storage {
  float32,
  bfloat16,
  int8,  // convolutions: int8 with one float32 scale per output channel ("NAME.scale"); the rest float32
};
Result<Storage> parse_storage(const std::string& name);  // "f32", "bf16", "int8"

// Reads the header only.
Result<ModelInfo> read_model_header(const std::filesystem::path& path);

struct LoadedModel {
  ModelInfo info;
  std::shared_ptr<DetectionNet> network;  // eval mode, float32, CPU
  Ranges ranges;                          // of int8 inference; empty: never calibrated
};

// Errors (ErrorKind::model, with the path): see safetensors.h and parse_model_info(); missing or unexpected weights.
Result<LoadedModel> load_model(const std::filesystem::path& path);

// Reads `from`, lets `edit` change what it says about itself, and writes `to`. For callers that know no torch.
Result<void> convert_model(const std::filesystem::path& from, const std::filesystem::path& to, Storage storage,
                           const std::function<Result<void>(ModelInfo&)>& edit);

Result<void> save_model(const std::filesystem::path& path, const DetectionNet& network, const ModelInfo& info,
                        Storage storage, const Ranges& ranges = {});

}  // namespace dualsight
