#include "detector/core/preprocess.h"

#include <algorithm>

namespace dualsight {

Box Letterbox::to_source(const Box& b) const {
  const auto clip = [](double v, int limit) {
    return static_cast<float>(std::clamp(v, 0.0, static_cast<double>(limit)));
  };
  return {clip(x.inverse(b.x1), source_width), clip(y.inverse(b.y1), source_height),
          clip(x.inverse(b.x2), source_width), clip(y.inverse(b.y2), source_height)};
}

Box Letterbox::to_network(const Box& b) const {
  return {static_cast<float>(x(b.x1)), static_cast<float>(y(b.y1)), static_cast<float>(x(b.x2)),
          static_cast<float>(y(b.y2))};
}

Letterbox fit_letterbox(int source_width, int source_height, int size) {
  const double scale = std::min(static_cast<double>(size) / source_width, static_cast<double>(size) / source_height);
  Letterbox fit;
  fit.size = size;
  fit.source_width = source_width;
  fit.source_height = source_height;
  // Whole-pixel offsets: the picture's edge then falls on a pixel's edge.
  fit.x = {scale, static_cast<double>(static_cast<int>((size - source_width * scale) / 2))};
  fit.y = {scale, static_cast<double>(static_cast<int>((size - source_height * scale) / 2))};
  return fit;
}

void letterbox(ImageView src, const Letterbox& geometry, Image& square) {
  Resampler resampler;
  letterbox(src, geometry, square, resampler);
}

void letterbox(ImageView src, const Letterbox& geometry, Image& square, Resampler& resampler) {
  const int size = geometry.size;
  if (square.width != size || square.height != size) square = Image(size, size);
  std::fill(square.pixels.begin(), square.pixels.end(), kLetterboxGrey);
  resampler(src, geometry.x, geometry.y, {0, 0, size, size}, square);
}

}  // namespace dualsight
