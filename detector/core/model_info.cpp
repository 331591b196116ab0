#include "detector/core/model_info.h"

#include <charconv>
#include <cmath>
#include <sstream>

#include "backbone/registry.h"

namespace dualsight {
namespace {

constexpr const char* kFormat = "dualsight-model/1";
const std::string kScorePrefix = "score:";

template <typename Range>
std::string join_numbers(const Range& values) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  for (const float value : values) out << (out.tellp() > 0 ? " " : "") << value;
  return out.str();
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// False unless the text is finite numbers and nothing else.
bool parse_numbers(const std::string& text, std::vector<float>& values) {
  for (const auto& part : split(text, ' ')) {
    float value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size() || !std::isfinite(value)) return false;
    values.push_back(value);
  }
  return true;
}

}  // namespace

Result<void> check_input_size(int size) {
  if (size >= 32 && size <= 4096 && size % 32 == 0) return {};
  return Error{ErrorKind::usage, "input size " + std::to_string(size) + " is not a multiple of 32 from 32 to 4096"};
}

std::map<std::string, std::string> to_metadata(const ModelInfo& info) {
  std::string classes;
  for (const auto& name : info.class_names) classes += (classes.empty() ? "" : "\n") + name;
  std::map<std::string, std::string> metadata = {
      {"format", kFormat},
      {"architecture", info.architecture},
      {"classes", classes},
      {"input_size", std::to_string(info.input_size)},
      {"mean", join_numbers(info.mean)},
      {"stddev", join_numbers(info.stddev)},
      {"thresholds", join_numbers(info.thresholds)},
      {"name", info.name},
      {"provenance", info.provenance},
  };
  for (const auto& [key, value] : info.scores) metadata[kScorePrefix + key] = value;
  return metadata;
}

Result<ModelInfo> parse_model_info(const std::map<std::string, std::string>& metadata) {
  const auto text = [&](const std::string& key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  const auto bad = [](const std::string& why) { return Error{ErrorKind::model, why}; };
  if (text("format").empty()) return bad("not a Dualsight model (its metadata has no \"format\")");
  if (text("format") != kFormat) return bad("model format \"" + text("format") + "\" is not \"" + kFormat + "\"");

  ModelInfo info;
  info.architecture = text("architecture");
  if (!find_backbone(info.architecture)) return bad("unknown architecture \"" + info.architecture + "\"");
  info.class_names = split(text("classes"), '\n');
  if (info.class_names.empty() || info.class_names.size() > 10000) return bad("metadata \"classes\" names no classes");

  std::vector<float> size;
  if (!parse_numbers(text("input_size"), size) || size.size() != 1 || size[0] < 32 || size[0] > 4096 ||
      static_cast<int>(size[0]) % 32 != 0) {
    return bad("metadata \"input_size\" is not a multiple of 32 between 32 and 4096: \"" + text("input_size") + "\"");
  }
  info.input_size = static_cast<int>(size[0]);

  const auto three = [&](const char* key, std::array<float, 3>& values) {
    std::vector<float> numbers;
    if (!parse_numbers(text(key), numbers) || numbers.size() != 3) return false;
    std::copy(numbers.begin(), numbers.end(), values.begin());
    return true;
  };
  if (!three("mean", info.mean)) return bad("metadata \"mean\" is not three numbers");
  if (!three("stddev", info.stddev) || info.stddev[0] <= 0 || info.stddev[1] <= 0 || info.stddev[2] <= 0) {
    return bad("metadata \"stddev\" is not three positive numbers");
  }
  if (!parse_numbers(text("thresholds"), info.thresholds) || info.thresholds.size() != info.class_names.size()) {
    return bad("metadata \"thresholds\" is not one number for each class");
  }
  info.name = text("name");
  info.provenance = text("provenance");
  for (const auto& [key, value] : metadata) {
    if (key.rfind(kScorePrefix, 0) == 0) info.scores[key.substr(kScorePrefix.size())] = value;
  }
  return info;
}

}  // namespace dualsight
