// Zones and lines for tests.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "detector/tracking/zones.h"

namespace dualsight {

using Points = std::vector<std::array<double, 2>>;

inline Region zone(const char* name, Points points, std::vector<std::string> classes = {}) {
  return {name, false, std::move(points), std::move(classes)};
}
inline Region line(const char* name, Points points) { return {name, true, std::move(points), {}}; }

inline const Points square = {{0.25, 0.25}, {0.5, 0.25}, {0.5, 0.5}, {0.25, 0.5}};  // of 400 x 300: 100,75 to 200,150

}  // namespace dualsight
