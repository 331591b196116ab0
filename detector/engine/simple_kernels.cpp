// Kernels that only move values or change their type.
#include "detector/engine/simple_kernels.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "detector/engine/bf16.h"
#include "detector/engine/kernel.h"

namespace dualsight {
namespace {

// Nearest neighbour, 2x: every cell becomes four.
class UpsampleKernel : public Kernel {
 public:
  UpsampleKernel(Activations source, Activations target) : source_(std::move(source)), target_(std::move(target)) {}
  void run() override {
    const std::size_t cell = static_cast<std::size_t>(source_.channels) * bytes_of(source_.type);
    const std::size_t row = static_cast<std::size_t>(source_.width) * cell;
    for (int y = 0; y < source_.height; ++y) {
      const auto* from = static_cast<const char*>(source_.data) + static_cast<std::size_t>(y) * row;
      char* to = static_cast<char*>(target_.data) + static_cast<std::size_t>(y) * row * 4;
      for (int x = 0; x < source_.width; ++x) {
        std::memcpy(to + static_cast<std::size_t>(x) * cell * 2, from + static_cast<std::size_t>(x) * cell, cell);
        std::memcpy(to + static_cast<std::size_t>(x) * cell * 2 + cell, from + static_cast<std::size_t>(x) * cell,
                    cell);
      }
      std::memcpy(to + row * 2, to, row * 2);
    }
  }
  const std::string& implementation() const override { return name_; }

 private:
  Activations source_, target_;
  const std::string name_ = "copy";
};

#define DUALSIGHT_INLINE inline __attribute__((always_inline))

DUALSIGHT_INLINE float to_float(uint16_t bf16) { return from_bf16(bf16); }
DUALSIGHT_INLINE float to_float(float value) { return value; }

// To 8 bits: value / scale, rounded, within 0..255. Channels are innermost.
template <typename Value>
DUALSIGHT_INLINE void quantize(const Value* from, const float* inverse, uint8_t* to, int cells, int channels) {
  for (int cell = 0; cell < cells; ++cell, from += channels, to += channels) {
    for (int c = 0; c < channels; ++c) {
      const float value = to_float(from[c]) * inverse[c] + 0.5F;
      to[c] = static_cast<uint8_t>(static_cast<int>(std::min(std::max(value, 0.0F), 255.0F)));
    }
  }
}

// Only CPUs with AVX-512 VNNI (or AMX) get here, but the compiler does not know.
#if defined(__x86_64__)
#define DUALSIGHT_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,prefer-vector-width=512")))
#else
#define DUALSIGHT_WIDE
#endif
DUALSIGHT_WIDE void quantize_bf16(const uint16_t* from, const float* inverse, uint8_t* to, int cells, int channels) {
  quantize(from, inverse, to, cells, channels);
}
DUALSIGHT_WIDE void quantize_f32(const float* from, const float* inverse, uint8_t* to, int cells, int channels) {
  quantize(from, inverse, to, cells, channels);
}

class QuantizeKernel : public Kernel {
 public:
  QuantizeKernel(Activations source, Activations target) : source_(std::move(source)), target_(std::move(target)) {
    for (const float scale : target_.scales) inverse_.push_back(1 / scale);
  }
  void run() override {
    const int cells = source_.height * source_.width;
    auto* to = static_cast<uint8_t*>(target_.data);
    if (source_.type == ValueType::bf16) {
      quantize_bf16(static_cast<const uint16_t*>(source_.data), inverse_.data(), to, cells, source_.channels);
    } else {
      quantize_f32(static_cast<const float*>(source_.data), inverse_.data(), to, cells, source_.channels);
    }
  }
  const std::string& implementation() const override { return name_; }

 private:
  Activations source_, target_;
  std::vector<float> inverse_;
  const std::string name_ = "quantize";
};

}  // namespace

std::size_t bytes_of(ValueType type) { return type == ValueType::f32 ? 4 : type == ValueType::bf16 ? 2 : 1; }

std::unique_ptr<Kernel> make_upsample(const Activations& source, const Activations& target) {
  return std::make_unique<UpsampleKernel>(source, target);
}

std::unique_ptr<Kernel> make_quantize(const Activations& source, const Activations& target) {
  return std::make_unique<QuantizeKernel>(source, target);
}

}  // namespace dualsight
