// What the kernels written by hand for AMX tiles have in common. Only they include it.
#pragma once

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__)
#define DUALSIGHT_AMX 1

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "detector/engine/kernel.h"
#include "detector/engine/quantize_weights.h"

namespace dualsight {

// nullptr: not for this layer. Only where amx_for() is true.
std::unique_ptr<Kernel> make_amx_pointwise(const PlanLayer& layer, const LayerPlace& place);
std::unique_ptr<Kernel> make_amx_grouped(const PlanLayer& layer, const LayerPlace& place);

namespace amx {

// A tile of sums is 16 x 16 floats or int32. A tile of A (cells) or B (weights) is 16 rows of 64 bytes: 32 input
// channels in bf16, 64 in 8 bits (a step). In B input channels come in pairs (bf16) or fours (8 bits), as the
// instructions want.
constexpr int kRows = 16;
constexpr std::size_t kTileBytes = 1024, kRowBytes = 64, kPage = 4096;
template <bool kBf16>
constexpr int kStep = kBf16 ? 32 : 64;
template <bool kBf16>
constexpr std::size_t kValueBytes = kBf16 ? 2 : 1;

// Puts the weight of input channel k of a step and output channel n of 16 into a tile of B; 8 bits: a whole number.
void put_weight(bool bf16, char* tile, int k, int n, float weight);

struct alignas(64) TileConfig {
  uint8_t palette = 1, start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t bytes_of_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
inline const TileConfig tile_config;

// Code between these two is compiled for AMX and AVX-512 and called only where amx_for() is true. It holds plain
// functions only: a template of the standard library that was compiled here could be linked into code that runs on
// every CPU.
#define DUALSIGHT_AMX_BEGIN   \
  _Pragma("GCC push_options") \
      _Pragma("GCC target(\"avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,amx-tile,amx-bf16,amx-int8\")")
#define DUALSIGHT_AMX_END _Pragma("GCC pop_options")
#define DUALSIGHT_AMX_INLINE static inline __attribute__((always_inline))

DUALSIGHT_AMX_BEGIN

// (GCC 12's _tile_loadconfig loses the stores that fill the struct.)
__attribute__((noinline)) inline void configure_tiles() { asm volatile("ldtilecfg %0" ::"m"(tile_config) : "memory"); }
__attribute__((noinline)) inline void release_tiles() { _tile_release(); }

// Four tiles of sums, 0 to 3, beside each other in memory.
DUALSIGHT_AMX_INLINE void zero_sums() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}
DUALSIGHT_AMX_INLINE void store_sums(void* to) {
  char* out = static_cast<char*>(to);
  _tile_stored(0, out, kRowBytes);
  _tile_stored(1, out + kTileBytes, kRowBytes);
  _tile_stored(2, out + 2 * kTileBytes, kRowBytes);
  _tile_stored(3, out + 3 * kTileBytes, kRowBytes);
}

// Tile `sums` += tile a x tile b. A macro, because the intrinsics take the tiles' numbers as literals only.
#define DUALSIGHT_AMX_MULTIPLY(kBf16, sums, a, b) \
  if constexpr (kBf16) {                          \
    _tile_dpbf16ps(sums, a, b);                   \
  } else {                                        \
    _tile_dpbusd(sums, a, b);                     \
  }

DUALSIGHT_AMX_INLINE __m512 widen(__m256i bf16) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bf16), 16));
}

DUALSIGHT_AMX_INLINE __m512 to_float(__m128i bytes, bool is_signed) {
  return _mm512_cvtepi32_ps(is_signed ? _mm512_cvtepi8_epi32(bytes) : _mm512_cvtepu8_epi32(bytes));
}

// To u8; what is negative becomes 0, so a ReLU is for free.
DUALSIGHT_AMX_INLINE __m128i to_u8(__m512 x) {
  return _mm512_cvtusepi32_epi8(_mm512_max_epi32(_mm512_cvtps_epi32(x), _mm512_setzero_si512()));
}

DUALSIGHT_AMX_END

// The layer's weights as the tiles take them: whole numbers with scales for 8 bits.
template <bool kBf16>
QuantizedWeights weights_of(const PlanLayer& layer, const LayerPlace& place) {
  if constexpr (kBf16) return {layer.weights, layer.bias, {}};
  return quantize_weights(layer, place);
}

// nullptr: the kernel is not ready(): it is not for this layer, or there was not enough memory.
template <template <bool> class Convolution>
std::unique_ptr<Kernel> make_if_ready(const PlanLayer& layer, const LayerPlace& place) {
  const auto make = [](auto kernel) -> std::unique_ptr<Kernel> {
    return kernel->ready() ? std::move(kernel) : nullptr;
  };
  if (place.source.type == ValueType::bf16) return make(std::make_unique<Convolution<true>>(layer, place));
  return make(std::make_unique<Convolution<false>>(layer, place));
}

}  // namespace amx
}  // namespace dualsight

#endif
