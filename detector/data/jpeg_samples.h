// The second half of a baseline JPEG: from blocks of coefficients to samples, and from components to BGR pixels.
// Private to jpeg.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "detector/data/jpeg_entropy.h"

namespace dualsight::jpeg {

// One component (Y, Cb or Cr) of the picture and its decoded samples.
struct JpegComponent {
  int id = 0;
  int h = 1, v = 1;  // sampling factors
  int quantization = 0;
  int dc_table = 0, ac_table = 0;
  int width = 0, height = 0;     // samples that belong to the picture
  int stride = 0;                // samples a row, whole MCUs
  std::vector<uint8_t> samples;  // whole MCUs
  int16_t dc = 0;                // the last block's; wraps on hostile input, as harmless as any other value
  bool decoded = false;

  int blocks_wide() const { return (width + 7) / 8; }
  int blocks_high() const { return (height + 7) / 8; }
};

// Writes the block's 8 x 8 samples, 0..255, to rows `stride` bytes apart.
void inverse_dct(const CoefficientBlock& block, uint8_t* out, int stride);

// Row `y` of the full-size picture out of a component that may be subsampled.
class Upsampler {
 public:
  // The largest sampling factors of all components, and the picture's width. Keeps a reference to `component`.
  Upsampler(const JpegComponent& component, int h_max, int v_max, int width);

  const uint8_t* row(int y);  // valid until the next call

 private:
  const uint8_t* sample_row(int y) const {
    const int inside = std::clamp(y, 0, component_.height - 1);
    return component_.samples.data() + static_cast<std::ptrdiff_t>(inside) * component_.stride;
  }

  const JpegComponent& component_;
  int h_max_, v_max_;
  bool smooth_x_ = false, smooth_y_ = false;
  std::vector<uint16_t> mixed_;
  std::vector<uint8_t> row_;
};

// One row of `width` pixels: luma, blue and red chroma -> BGR (JFIF's YCbCr).
void to_bgr(const uint8_t* luma, const uint8_t* blue, const uint8_t* red, int width, uint8_t* out);

}  // namespace dualsight::jpeg
