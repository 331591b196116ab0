// Training pictures out of labelled ones: flip, scale and crop, mosaic, colour. Boxes move with their pixels.
// Pure functions of (pictures, options, random): the same seed gives the same sample on any thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "detector/core/image.h"
#include "detector/core/random.h"
#include "detector/core/resample.h"
#include "detector/data/dataset.h"

namespace dualsight {

struct AugmentOptions {
  int size = 320;          // of the square sample, pixels
  double mosaic = 0.5;     // probability of four pictures in one
  bool plain = false;      // the last epochs: no mosaic, mild scale, as close to live pictures as training gets
  double flip = 0.5;       // probability of a left-right mirror
  double min_scale = 0.5;  // of the letterbox fit
  double max_scale = 1.6;
  double min_visible = 0.25;  // a box cropped to less than this share of its area is dropped
};

// A part of the sample that came from one picture, and the classes that are not labelled exhaustively there.
struct ImagePlacement {
  Box box;  // sample pixels
  std::vector<int> not_exhaustive;
};

struct TrainingSample {
  Image picture;                        // size x size, BGR
  std::vector<LabelledObject> objects;  // boxes in sample pixels; crowds too
  std::vector<ImagePlacement> regions;  // later ones lie on top
};

struct DecodedPicture {
  const LabelledPicture* labels = nullptr;
  ImageView pixels;
  std::shared_ptr<const Image> owner;  // of the pixels; may be empty where the caller keeps them
};

// Draws `picture` into `sample`, placed by `x` and `y` and clipped to `clip`; adds its boxes (clipped, dropped where
// too little is left) and its region.
void place(const DecodedPicture& picture, AxisMap x, AxisMap y, PixelRect clip, double min_visible,
           TrainingSample& sample);

// One picture, randomly scaled, stretched, moved and mirrored.
TrainingSample crop_sample(const DecodedPicture& picture, const AugmentOptions& options, Random& random);

// Four pictures around a random centre.
TrainingSample mosaic_sample(const std::vector<DecodedPicture>& four, const AugmentOptions& options, Random& random);

// Hue, saturation, brightness and contrast as one affine map of colour. Boxes stay.
void jitter_color(Image& picture, double strength, Random& random);

// What the trainer calls: `decode(i)` gives the i-th picture of `count`.
TrainingSample make_sample(std::size_t index, std::size_t count,
                           const std::function<DecodedPicture(std::size_t)>& decode, const AugmentOptions& options,
                           Random& random);

}  // namespace dualsight
