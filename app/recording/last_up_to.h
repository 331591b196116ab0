#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace dualsight {

// Index of the last entry that is not above `value`, or 0 if all are. `rising` is sorted and not empty.
template <typename T>
std::size_t last_up_to(const std::vector<T>& rising, T value) {
  const auto above = std::upper_bound(rising.begin(), rising.end(), value);
  return above == rising.begin() ? 0 : static_cast<std::size_t>(above - rising.begin()) - 1;
}

}  // namespace dualsight
