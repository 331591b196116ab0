// The one preprocess: training's evaluation, `eval` and live detection all come through here.
//   BGR picture -> letterbox (this file, 8 bits) -> to_network_input (network.h: BGR -> RGB, normalise).
#pragma once

#include "detector/core/image.h"
#include "detector/core/resample.h"
#include "detector/core/types.h"

namespace dualsight {

constexpr uint8_t kLetterboxGrey = 114;

// Where a source picture lies inside the square network input.
struct Letterbox {
  AxisMap x, y;  // source pixels -> network pixels; both scales are equal
  int size = 0;  // of the square
  int source_width = 0;
  int source_height = 0;

  // The exact inverse, clipped to the picture.
  Box to_source(const Box& network) const;
  Box to_network(const Box& source) const;
};

// The largest centred fit that keeps the aspect ratio. Small pictures are enlarged.
Letterbox fit_letterbox(int source_width, int source_height, int size);

// Draws the picture into `square` (size x size), grey around it.
void letterbox(ImageView src, const Letterbox& geometry, Image& square);
// The same, allocating nothing while pictures keep their size.
void letterbox(ImageView src, const Letterbox& geometry, Image& square, Resampler& resampler);

}  // namespace dualsight
