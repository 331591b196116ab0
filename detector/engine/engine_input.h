// The second half of the preprocess for the engine: what to_network_input() (network.h) does, value by value.
#pragma once

#include <array>
#include <cstdint>

#include "detector/core/image.h"
#include "detector/core/model_info.h"

namespace dualsight {

// The network's input for each of the 256 values of a channel, by look-up: red, green, blue.
template <typename Value>
using InputValues = std::array<std::array<Value, 256>, 3>;

inline InputValues<float> input_values(const ModelInfo& info) {
  InputValues<float> values;
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t v = 0; v < 256; ++v) {
      values[c][v] = (static_cast<float>(v) / 255 - info.mean[c]) / info.stddev[c];
    }
  }
  return values;
}

// BGR, 8 bits -> RGB, normalised, [size, size, 3].
template <typename Value>
void fill_input(const Image& square, const InputValues<Value>& values, Value* to) {
  const uint8_t* bgr = square.pixels.data();
  const uint8_t* end = bgr + square.pixels.size();
  for (; bgr < end; bgr += 3, to += 3) {
    to[0] = values[0][bgr[2]];
    to[1] = values[1][bgr[1]];
    to[2] = values[2][bgr[0]];
  }
}

}  // namespace dualsight
