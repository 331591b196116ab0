// The one resampler: letterbox, training's scale-and-crop, flips and mosaics are all calls of it.
#pragma once

#include <vector>

#include "detector/core/image.h"

namespace dualsight {

// One axis of a placement, in continuous pixel coordinates: dst = scale * src + offset. A negative scale mirrors.
struct AxisMap {
  double scale = 1;
  double offset = 0;
  double operator()(double src) const { return scale * src + offset; }
  double inverse(double dst) const { return (dst - offset) / scale; }
};

// Whole pixels of the destination: [x1, x2) x [y1, y2).
struct PixelRect {
  int x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  bool empty() const { return x2 <= x1 || y2 <= y1; }
};

// Draws `src`, placed by `x` and `y`, into `dst`; writes only pixels inside `clip` whose centre falls on the picture.
// Returns the pixels written. Triangle filter, widened to 1 / |scale| when shrinking, so that shrinking averages rather
// than skips (what Pillow calls BILINEAR); picture edges are repeated. 8-bit result, rounded.
PixelRect resample(ImageView src, AxisMap x, AxisMap y, PixelRect clip, Image& dst);

// The same, for pictures that keep coming in one size: what was computed and allocated for the last one is kept.
class Resampler {
 public:
  PixelRect operator()(ImageView src, AxisMap x, AxisMap y, PixelRect clip, Image& dst);

 private:
  // For each destination pixel of one axis: the first source pixel and the weights of `taps` consecutive ones.
  struct Filter {
    int taps = 0;
    std::vector<int> first;
    std::vector<float> weights;  // [count * taps]
    // What it was made for.
    AxisMap map{0, 0};
    int begin = 0, end = 0, src_size = 0;
    void prepare(const AxisMap& map, int begin, int end, int src_size);
  };
  Filter columns_, rows_;
  std::vector<float> line_;
};

}  // namespace dualsight
