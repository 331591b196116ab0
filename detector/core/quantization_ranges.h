// What int8 inference has to know of a network's activations.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace dualsight {

// The largest value of each channel of each of the engine's buffers, by the buffer's name: what 8-bit integers have to
// reach.
using Ranges = std::map<std::string, std::vector<float>>;

}  // namespace dualsight
