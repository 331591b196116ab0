// The one thing that matters: boxes stay on their objects. Pictures hold one red rectangle on grey; after any
// augmentation the red pixels and the box must agree.
#include "detector/training/augment.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dualsight {
namespace {

struct Scene {
  LabelledPicture labels;
  Image image;
  DecodedPicture decoded() const { return {&labels, image.view(), nullptr}; }
};

// A red rectangle (BGR 0, 0, 255) at `box` on blueish grey.
Scene red_rectangle(int width, int height, PixelRect box) {
  Scene scene;
  scene.image = Image(width, height, 90);
  for (int y = box.y1; y < box.y2; ++y) {
    for (int x = box.x1; x < box.x2; ++x) {
      uint8_t* pixel = scene.image.row(y) + 3 * x;
      pixel[0] = pixel[1] = 0;
      pixel[2] = 255;
    }
  }
  scene.labels.width = width;
  scene.labels.height = height;
  LabelledObject object;
  object.box = {static_cast<float>(box.x1), static_cast<float>(box.y1), static_cast<float>(box.x2),
                static_cast<float>(box.y2)};
  scene.labels.objects = {object};
  return scene;
}

bool is_red(const uint8_t* pixel) { return pixel[2] > pixel[0] + 60 && pixel[2] > pixel[1] + 60; }

// The bounds of the red pixels inside `region`.
Box red_bounds(const Image& image, const Box& region) {
  Box bounds = {1e9F, 1e9F, -1, -1};
  for (int y = static_cast<int>(region.y1); y < static_cast<int>(region.y2); ++y) {
    for (int x = static_cast<int>(region.x1); x < static_cast<int>(region.x2); ++x) {
      if (!is_red(image.row(y) + 3 * x)) continue;
      bounds = {std::min(bounds.x1, static_cast<float>(x)), std::min(bounds.y1, static_cast<float>(y)),
                std::max(bounds.x2, static_cast<float>(x + 1)), std::max(bounds.y2, static_cast<float>(y + 1))};
    }
  }
  return bounds;
}

void expect_on_object(const TrainingSample& sample) {
  const Box all = {0, 0, static_cast<float>(sample.picture.width), static_cast<float>(sample.picture.height)};
  for (const auto& object : sample.objects) {
    // Each object lies within one placement (one source picture).
    for (const auto& placed : sample.placements) {
      if (object.box.center_x() < placed.box.x1 || object.box.center_x() > placed.box.x2 ||
          object.box.center_y() < placed.box.y1 || object.box.center_y() > placed.box.y2) {
        continue;
      }
      const Box seen = red_bounds(sample.picture, placed.box);
      EXPECT_NEAR(seen.x1, object.box.x1, 2.0);  // antialiased edges: within two pixels
      EXPECT_NEAR(seen.y1, object.box.y1, 2.0);
      EXPECT_NEAR(seen.x2, object.box.x2, 2.0);
      EXPECT_NEAR(seen.y2, object.box.y2, 2.0);
    }
    EXPECT_GE(object.box.x1, all.x1);
    EXPECT_LE(object.box.x2, all.x2);
  }
}

TEST(Place, FlipMovesTheBoxByHand) {
  // 100 wide, box 10..30: mirrored 70..90.
  const auto scene = red_rectangle(100, 50, {10, 5, 30, 25});
  TrainingSample sample;
  sample.picture = Image(100, 50);
  place(scene.decoded(), {-1, 100}, {1, 0}, {0, 0, 100, 50}, 0.25, sample);
  ASSERT_EQ(sample.objects.size(), 1U);
  EXPECT_FLOAT_EQ(sample.objects[0].box.x1, 70);
  EXPECT_FLOAT_EQ(sample.objects[0].box.x2, 90);
  EXPECT_FLOAT_EQ(sample.objects[0].box.y1, 5);
  expect_on_object(sample);
}

TEST(Place, CroppedBoxIsClippedAndDroppedBelowTheVisibleShare) {
  const auto scene = red_rectangle(100, 50, {80, 0, 100, 20});
  TrainingSample sample;
  sample.picture = Image(90, 50);
  place(scene.decoded(), {1, 0}, {1, 0}, {0, 0, 90, 50}, 0.25, sample);  // 10 of 20 columns: half is left
  ASSERT_EQ(sample.objects.size(), 1U);
  EXPECT_FLOAT_EQ(sample.objects[0].box.x2, 90);
  sample.objects.clear();
  place(scene.decoded(), {1, 6}, {1, 0}, {0, 0, 90, 50}, 0.25, sample);  // 4 of 20 columns: a fifth
  EXPECT_TRUE(sample.objects.empty());
}

TEST(CropSample, BoxStaysOnObject) {
  const auto scene = red_rectangle(200, 120, {40, 30, 110, 90});
  AugmentOptions options;
  options.size = 160;
  int kept = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const auto sample = crop_sample(scene.decoded(), options, random);
    EXPECT_EQ(sample.picture.width, 160);
    kept += static_cast<int>(sample.objects.size());
    expect_on_object(sample);
  }
  EXPECT_GT(kept, 150);
}

TEST(MosaicSample, BoxesStayOnObjectsAndPlacementsDoNotOverlap) {
  std::vector<Scene> scenes = {red_rectangle(200, 120, {40, 30, 110, 90}), red_rectangle(90, 200, {10, 50, 80, 150}),
                               red_rectangle(160, 160, {0, 0, 100, 100}), red_rectangle(300, 100, {150, 10, 290, 90})};
  for (std::size_t i = 0; i < 4; ++i) scenes[i].labels.not_exhaustive = {static_cast<int>(i)};
  std::vector<DecodedPicture> four;
  for (const auto& scene : scenes) four.push_back(scene.decoded());
  AugmentOptions options;
  options.size = 256;
  int kept = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const auto sample = mosaic_sample(four, options, random);
    ASSERT_EQ(sample.placements.size(), 4U);
    for (std::size_t a = 0; a < 4; ++a) {
      EXPECT_EQ(sample.placements[a].not_exhaustive, std::vector<int>{static_cast<int>(a)});
      for (std::size_t b = a + 1; b < 4; ++b) EXPECT_EQ(iou(sample.placements[a].box, sample.placements[b].box), 0);
    }
    kept += static_cast<int>(sample.objects.size());
    expect_on_object(sample);
  }
  EXPECT_GT(kept, 200);
}

TEST(JitterColor, KeepsGreyGreyAndShape) {
  Image image(8, 8, 100);
  Random random(3);
  jitter_color(image, 1, random);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    EXPECT_NEAR(image.pixels[i], image.pixels[i + 1], 1);  // hue and saturation leave grey alone
    EXPECT_EQ(image.pixels[i], image.pixels[0]);
  }
}

TEST(JitterColor, ChangesColourAndNotTheBox) {
  const auto scene = red_rectangle(100, 100, {20, 20, 70, 70});
  int different = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    Image image = scene.image;
    jitter_color(image, 1, random);
    different += image.pixels != scene.image.pixels;
    const Box seen = red_bounds(image, {0, 0, 100, 100});
    EXPECT_EQ(seen.x1, 20);
    EXPECT_EQ(seen.y2, 70);
  }
  EXPECT_EQ(different, 50);
}

TEST(MakeSample, SameSeedSameSample) {
  std::vector<Scene> scenes;
  for (int i = 0; i < 5; ++i) scenes.push_back(red_rectangle(100 + 10 * i, 90, {10, 10, 60, 60}));
  const auto decode = [&](std::size_t i) { return scenes[i].decoded(); };
  AugmentOptions options;
  options.size = 96;
  Random a(7, 1, 2), b(7, 1, 2), c(7, 1, 3);
  const auto first = make_sample(0, scenes.size(), decode, options, a);
  const auto second = make_sample(0, scenes.size(), decode, options, b);
  const auto third = make_sample(0, scenes.size(), decode, options, c);
  EXPECT_EQ(first.picture.pixels, second.picture.pixels);
  EXPECT_NE(first.picture.pixels, third.picture.pixels);
}

TEST(MakeSample, PlainNeverMixesPictures) {
  std::vector<Scene> scenes;
  for (int i = 0; i < 5; ++i) scenes.push_back(red_rectangle(100, 90, {10, 10, 60, 60}));
  AugmentOptions options;
  options.size = 96;
  options.plain = true;
  options.mosaic = 1;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const auto sample = make_sample(
        0, scenes.size(), [&](std::size_t i) { return scenes[i].decoded(); }, options, random);
    EXPECT_EQ(sample.placements.size(), 1U);
  }
}

}  // namespace
}  // namespace dualsight
