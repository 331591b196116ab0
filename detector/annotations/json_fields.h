// Reading JSON files of annotations: a file as a whole, and fields that may be missing or of another type.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/core/types.h"

namespace dualsight {

inline Error source_error(const std::filesystem::path& path, const std::string& what) {
  return {ErrorKind::source, path.string() + ": " + what};
}

inline std::optional<std::vector<uint8_t>> read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::vector<uint8_t>(std::istreambuf_iterator<char>(in), {});
}

inline Result<nlohmann::json> read_json(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  if (!bytes) return source_error(path, "no such file");
  try {
    return nlohmann::json::parse(bytes->begin(), bytes->end());
  } catch (const nlohmann::json::exception& e) {  // names line and column
    return source_error(path, std::string("not JSON: ") + e.what());
  }
}

inline std::optional<int64_t> integer(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number_integer()) return std::nullopt;
  return at->get<int64_t>();
}

// A finite number, or nothing.
inline std::optional<double> number(const nlohmann::json& value) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) return std::nullopt;
  return value.get<double>();
}

inline std::optional<double> number(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() ? std::nullopt : number(*at);
}

inline std::optional<std::array<double, 4>> four_numbers(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_array() || at->size() != 4) return std::nullopt;
  std::array<double, 4> values;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = number((*at)[i]);
    if (!value) return std::nullopt;
    values[i] = *value;
  }
  return values;
}

// x, y, width, height as COCO has it.
inline Box box_of(const std::array<double, 4>& xywh) {
  const auto [x, y, w, h] = xywh;
  return {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + w), static_cast<float>(y + h)};
}

}  // namespace dualsight
