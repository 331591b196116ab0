#include "detector/training/augment.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "detector/core/preprocess.h"

namespace dualsight {
namespace {

TrainingSample empty_sample(int size) {
  TrainingSample sample;
  sample.picture = Image(size, size, kLetterboxGrey);
  return sample;
}

// The map of one axis, with the source mirrored first.
AxisMap mirrored(AxisMap map, double src_size) { return {-map.scale, map.scale * src_size + map.offset}; }

constexpr double kMinSide = 2;  // pixels: too little is seen of smaller boxes to learn anything right from them

}  // namespace

void place(const DecodedPicture& picture, AxisMap x, AxisMap y, PixelRect clip, double min_visible,
           TrainingSample& sample) {
  const PixelRect drawn = resample(picture.pixels, x, y, clip, sample.picture);
  if (drawn.empty()) return;
  const Box limits = {static_cast<float>(drawn.x1), static_cast<float>(drawn.y1), static_cast<float>(drawn.x2),
                      static_cast<float>(drawn.y2)};
  sample.placements.push_back({limits, picture.labels->not_exhaustive});

  for (LabelledObject object : picture.labels->objects) {
    const auto [x1, x2] = std::minmax({static_cast<float>(x(object.box.x1)), static_cast<float>(x(object.box.x2))});
    const auto [y1, y2] = std::minmax({static_cast<float>(y(object.box.y1)), static_cast<float>(y(object.box.y2))});
    const Box whole = {x1, y1, x2, y2};
    object.box = {std::max(x1, limits.x1), std::max(y1, limits.y1), std::min(x2, limits.x2), std::min(y2, limits.y2)};
    if (object.box.width() < kMinSide || object.box.height() < kMinSide) continue;
    if (!object.crowd && object.box.area() < min_visible * whole.area()) continue;
    object.area = object.box.area();
    sample.objects.push_back(object);
  }
}

TrainingSample crop_sample(const DecodedPicture& picture, const AugmentOptions& options, Random& random) {
  const int size = options.size;
  const auto fit = fit_letterbox(picture.pixels.width, picture.pixels.height, size);
  const double low = options.plain ? std::max(options.min_scale, 0.8) : options.min_scale;
  const double high = options.plain ? std::min(options.max_scale, 1.2) : options.max_scale;
  const double scale = fit.x.scale * std::exp(random.uniform(std::log(low), std::log(high)));
  const double stretch = std::exp(random.uniform(-0.15, 0.15));
  AxisMap x = {scale * stretch, 0};
  AxisMap y = {scale / stretch, 0};
  // The slack is positive where the picture is smaller than the square (then it moves inside the square), negative
  // where it is larger (then the square moves over the picture).
  x.offset = random.uniform() * (size - x.scale * picture.pixels.width);
  y.offset = random.uniform() * (size - y.scale * picture.pixels.height);
  if (random.chance(options.flip)) x = mirrored(x, picture.pixels.width);

  auto sample = empty_sample(size);
  place(picture, x, y, {0, 0, size, size}, options.min_visible, sample);
  return sample;
}

TrainingSample mosaic_sample(const std::vector<DecodedPicture>& four, const AugmentOptions& options, Random& random) {
  const int size = options.size;
  const int cx = static_cast<int>(random.uniform(0.3, 0.7) * size);
  const int cy = static_cast<int>(random.uniform(0.3, 0.7) * size);
  const std::array<PixelRect, 4> quadrants = {
      {{0, 0, cx, cy}, {cx, 0, size, cy}, {0, cy, cx, size}, {cx, cy, size, size}}};

  auto sample = empty_sample(size);
  for (std::size_t q = 0; q < quadrants.size() && q < four.size(); ++q) {
    const auto& picture = four[q];
    const auto fit = fit_letterbox(picture.pixels.width, picture.pixels.height, size);
    const double scale = fit.x.scale * std::exp(random.uniform(std::log(0.4), std::log(1.0)));
    const double width = scale * picture.pixels.width;
    const double height = scale * picture.pixels.height;
    // Anywhere inside its quadrant if it fits, else anywhere over it, and cropped.
    const auto& rect = quadrants[q];
    AxisMap x = {scale, rect.x1 + random.uniform() * (rect.x2 - rect.x1 - width)};
    const AxisMap y = {scale, rect.y1 + random.uniform() * (rect.y2 - rect.y1 - height)};
    if (random.chance(options.flip)) x = mirrored(x, picture.pixels.width);
    place(picture, x, y, rect, options.min_visible, sample);
  }
  return sample;
}

void jitter_color(Image& picture, double strength, Random& random) {
  const double hue = random.uniform(-0.15, 0.15) * strength;  // radians around the grey axis
  const double saturation = 1 + random.uniform(-0.5, 0.5) * strength;
  const double gain = 1 + random.uniform(-0.35, 0.35) * strength;
  const double contrast = 1 + random.uniform(-0.3, 0.3) * strength;

  // Rotation about (1,1,1) (Rodrigues), then scaling of the distance from grey, then gain and contrast about mid-grey.
  const double c = std::cos(hue);
  const double s = std::sin(hue) / std::sqrt(3.0);
  std::array<std::array<float, 3>, 3> matrix{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const double third = 1.0 / 3;
      const double cross = i == j ? 0 : ((j + 3 - i) % 3 == 1 ? -s : s);
      const double rotated = (i == j ? c : 0) + (1 - c) * third + cross;
      const double coloured = saturation * (rotated - third) + third;
      matrix[i][j] = static_cast<float>(coloured * gain * contrast);
    }
  }
  const auto offset = static_cast<float>(127.5 * (1 - contrast));
  for (std::size_t p = 0; p + 2 < picture.pixels.size(); p += 3) {
    uint8_t* pixel = &picture.pixels[p];
    const auto b = static_cast<float>(pixel[0]), g = static_cast<float>(pixel[1]), r = static_cast<float>(pixel[2]);
    for (std::size_t i = 0; i < 3; ++i) {
      const float value = matrix[i][0] * b + matrix[i][1] * g + matrix[i][2] * r + offset;
      pixel[i] = static_cast<uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
    }
  }
}

TrainingSample make_sample(std::size_t index, std::size_t count,
                           const std::function<DecodedPicture(std::size_t)>& decode, const AugmentOptions& options,
                           Random& random) {
  TrainingSample sample;
  if (!options.plain && count >= 4 && random.chance(options.mosaic)) {
    std::vector<DecodedPicture> four = {decode(index)};
    while (four.size() < 4) four.push_back(decode(random.below(count)));
    sample = mosaic_sample(four, options, random);
  } else {
    sample = crop_sample(decode(index), options, random);
  }
  jitter_color(sample.picture, options.plain ? 0.4 : 1.0, random);
  return sample;
}

}  // namespace dualsight
