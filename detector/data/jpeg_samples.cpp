#include "detector/data/jpeg_samples.h"

#include <array>
#include <cmath>
#include <numbers>

namespace dualsight::jpeg {
namespace {

uint8_t to_sample(float value) { return static_cast<uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F)); }

// basis[u][x]: the u-th cosine at sample x, scaled so that the transform is orthonormal (T.81, A.3.3).
const std::array<std::array<float, 8>, 8> kBasis = [] {
  std::array<std::array<float, 8>, 8> basis{};
  for (int u = 0; u < 8; ++u) {
    for (int x = 0; x < 8; ++x) {
      const double scale = u == 0 ? std::sqrt(0.125) : 0.5;
      basis[u][x] = static_cast<float>(scale * std::cos((2 * x + 1) * u * std::numbers::pi / 16));
    }
  }
  return basis;
}();

}  // namespace

// Two matrix products whose inner loops run over rows of eight, which compilers turn into vector instructions;
// most blocks have few rows and columns, so this beats a fast transform.
void inverse_dct(const CoefficientBlock& block, uint8_t* out, int stride) {
  if (block.rows == 1 && block.columns == 1) {
    const uint8_t sample = to_sample(block.coefficients[0] * 0.125F + 128);
    for (int y = 0; y < 8; ++y) std::fill_n(out + y * static_cast<std::ptrdiff_t>(stride), 8, sample);
    return;
  }
  for (int y = 0; y < 8; ++y) {
    std::array<float, 8> row{};
    for (int u = 0; u < block.rows; ++u) {
      for (int v = 0; v < 8; ++v) row[v] += kBasis[u][y] * block.coefficients[u * 8 + v];
    }
    std::array<float, 8> samples;
    samples.fill(128);
    for (int v = 0; v < block.columns; ++v) {
      for (int x = 0; x < 8; ++x) samples[x] += row[v] * kBasis[v][x];
    }
    for (int x = 0; x < 8; ++x) out[y * static_cast<std::ptrdiff_t>(stride) + x] = to_sample(samples[x]);
  }
}

Upsampler::Upsampler(const JpegComponent& component, int h_max, int v_max, int width)
    : component_(component), h_max_(h_max), v_max_(v_max), row_(static_cast<std::size_t>(width) + 1) {
  const bool half_x = h_max == 2 * component.h;
  const bool half_y = v_max == 2 * component.v;
  // Where libjpeg smooths; other ratios and very narrow pictures repeat samples there, and here.
  smooth_x_ = half_x && (half_y || v_max == component.v) && component.width > 2;
  smooth_y_ = half_y && (smooth_x_ || h_max == component.h);
  mixed_.resize(static_cast<std::size_t>(component.width));
}

const uint8_t* Upsampler::row(int y) {
  const int near_y = y * component_.v / v_max_;
  const uint8_t* near = sample_row(near_y);
  if (component_.h == h_max_ && !smooth_y_) return near;

  // Vertically: 3/4 of the nearer row and 1/4 of the next, both times four.
  const uint8_t* far = smooth_y_ ? sample_row(near_y + (y % 2 == 0 ? -1 : 1)) : near;
  const int width = component_.width;
  for (int x = 0; x < width; ++x) mixed_[x] = static_cast<uint16_t>(3 * near[x] + far[x]);

  const int out_width = static_cast<int>(row_.size()) - 1;
  if (smooth_x_) {  // the same horizontally; the rounding alternates so as not to brighten
    for (int x = 0; x < width; ++x) {
      const int three = 3 * mixed_[x];
      row_[2 * x] = static_cast<uint8_t>((three + mixed_[std::max(x - 1, 0)] + 8) >> 4);
      if (2 * x + 1 < out_width) {
        row_[2 * x + 1] = static_cast<uint8_t>((three + mixed_[std::min(x + 1, width - 1)] + 7) >> 4);
      }
    }
  } else {
    for (int x = 0; x < out_width; ++x) {
      row_[x] = static_cast<uint8_t>((mixed_[x * component_.h / h_max_] + 2) >> 2);
    }
  }
  return row_.data();
}

// In 16-bit fixed point: 1.402, 0.344136, 0.714136 and 1.772 times 65536.
void to_bgr(const uint8_t* luma, const uint8_t* blue, const uint8_t* red, int width, uint8_t* out) {
  const auto clamp = [](int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); };
  for (int x = 0; x < width; ++x, out += 3) {
    const int cb = blue[x] - 128;
    const int cr = red[x] - 128;
    out[0] = clamp(luma[x] + ((116130 * cb + 32768) >> 16));
    out[1] = clamp(luma[x] + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    out[2] = clamp(luma[x] + ((91881 * cr + 32768) >> 16));
  }
}

}  // namespace dualsight::jpeg
