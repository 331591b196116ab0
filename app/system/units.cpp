#include "app/system/units.h"

#include <cmath>
#include <exception>
#include <map>

namespace dualsight {
namespace {

// A number followed by one of the units; nullopt: anything else, or not above 0.
std::optional<double> with_unit(const std::string& text, const std::map<std::string, double>& units) {
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const auto unit = units.find(text.substr(used));
  if (unit == units.end() || !std::isfinite(value) || value <= 0) return std::nullopt;
  return value * unit->second;
}

}  // namespace

std::optional<double> parse_duration(const std::string& text) {
  return with_unit(text, {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}});
}

std::optional<int64_t> parse_bytes(const std::string& text) {
  const auto bytes = with_unit(text, {{"kB", 1e3},
                                      {"MB", 1e6},
                                      {"GB", 1e9},
                                      {"TB", 1e12},
                                      {"KiB", 1024.0},
                                      {"MiB", 1048576.0},
                                      {"GiB", 1073741824.0}});
  if (!bytes || *bytes < 1) return std::nullopt;
  return static_cast<int64_t>(*bytes);
}

}  // namespace dualsight
