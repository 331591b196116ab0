// bf16: the upper half of a float32.
#pragma once

#include <bit>
#include <cstdint>

namespace dualsight {

inline uint16_t to_bf16(float value) {  // to nearest even, as LibTorch does
  const auto bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

inline __attribute__((always_inline)) float from_bf16(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

}  // namespace dualsight
