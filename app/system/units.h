// Durations and sizes as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace dualsight {

// "90", "90s", "10m" or "10min", "2h" in seconds. nullopt: none of these, or not above 0.
std::optional<double> parse_duration(const std::string& text);

// "500MB", "1.5GiB" in bytes; the unit is required. nullopt: not a size, or below one byte.
std::optional<int64_t> parse_bytes(const std::string& text);

}  // namespace dualsight
