// Data augmentation: flip, scale and crop, mosaic, colour. Boxes move with their pixels.
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
  double mosaic = 0.5;     // probability of a sample made of four pictures
  bool plain = false;      // for the last epochs: no mosaic, mild scale; the samples then look most like live pictures
  double flip = 0.5;       // probability of a left-right mirror
  double min_scale = 0.5;  // of the letterbox fit
  double max_scale = 1.6;
  double min_visible = 0.25;  // a box cropped to less than this share of its area is dropped
};

// Where one picture lies in the sample.
struct ImagePlacement {
  Box box;                          // sample pixels
  std::vector<int> not_exhaustive;  // classes that may be there unlabelled (LabelledPicture)
};

struct TrainingSample {
  Image picture;                           // size x size, BGR
  std::vector<LabelledObject> objects;     // boxes in sample pixels; crowds too
  std::vector<ImagePlacement> placements;  // one a picture; later ones lie on top
};

struct DecodedPicture {
  const LabelledPicture* labels = nullptr;
  ImageView pixels;
  std::shared_ptr<const Image> owner;  // keeps `pixels` alive; empty where the caller does
};

// Draws `picture` into `sample`, mapped by `x` and `y` and clipped to `clip`. Adds its boxes, clipped as well (those of
// which too little is left are dropped), and its placement.
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
