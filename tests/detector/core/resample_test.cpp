#include "detector/core/resample.h"

#include <gtest/gtest.h>

#include "detector/core/preprocess.h"

namespace dualsight {
namespace {

// One row of grey pixels.
Image grey_row(const std::vector<int>& values) {
  Image image(static_cast<int>(values.size()), 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) image.pixels[3 * i + c] = static_cast<uint8_t>(values[i]);
  }
  return image;
}

std::vector<int> greys(const Image& image) {
  std::vector<int> values;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) values.push_back(image.pixels[i]);
  return values;
}

TEST(Resample, IdentityCopies) {
  Image src(2, 2);
  for (std::size_t i = 0; i < 12; ++i) src.pixels[i] = static_cast<uint8_t>(20 * i);
  Image dst(2, 2);
  const auto drawn = resample(src.view(), {1, 0}, {1, 0}, {0, 0, 2, 2}, dst);
  EXPECT_EQ(dst.pixels, src.pixels);
  EXPECT_EQ(drawn.x2 - drawn.x1, 2);
}

TEST(Resample, MirrorReversesColumns) {
  const auto src = grey_row({10, 20, 30});
  Image dst(3, 1);
  resample(src.view(), {-1, 3}, {1, 0}, {0, 0, 3, 1}, dst);
  EXPECT_EQ(greys(dst), (std::vector<int>{30, 20, 10}));
}

TEST(Resample, EnlargingByTwoIsBilinear) {
  // Destination centres 0.5 1.5 2.5 3.5 fall on 0.25 0.75 1.25 1.75, that is -0.25 0.25 0.75 1.25 in pixel indices:
  // edge 0; 0.75*0 + 0.25*100 = 25; 75; edge 100.
  const auto src = grey_row({0, 100});
  Image dst(4, 1);
  resample(src.view(), {2, 0}, {1, 0}, {0, 0, 4, 1}, dst);
  EXPECT_EQ(greys(dst), (std::vector<int>{0, 25, 75, 100}));
}

TEST(Resample, ShrinkingByTwoAveragesWithATriangle) {
  // Destination 1 lies at source index 2.5, radius 2: weights of 1,2,3,4 are 0.25, 0.75, 0.75, 0.25 (sum 2).
  // (0.25*0 + 0.75*80 + 0.75*160 + 0.25*0) / 2 = 90.
  const auto src = grey_row({0, 0, 80, 160, 0, 0});
  Image dst(3, 1);
  resample(src.view(), {0.5, 0}, {1, 0}, {0, 0, 3, 1}, dst);
  EXPECT_EQ(greys(dst)[1], 90);
}

TEST(Resample, FineStripesBecomeGreyNotMoire) {
  std::vector<int> stripes;
  for (int i = 0; i < 80; ++i) stripes.push_back(i % 2 ? 200 : 0);
  Image dst(10, 1);
  resample(grey_row(stripes).view(), {0.125, 0}, {1, 0}, {0, 0, 10, 1}, dst);
  for (std::size_t i = 1; i < 9; ++i) EXPECT_NEAR(greys(dst)[i], 100, 2);
}

TEST(Resample, WritesOnlyInsideTheClipAndThePicture) {
  const auto src = grey_row({50, 50});
  Image dst(6, 3, 7);
  const auto drawn = resample(src.view(), {1, 2}, {1, 1}, {3, 0, 6, 3}, dst);  // the picture covers x 2..4, y 1..2
  EXPECT_EQ(drawn.x1, 3);
  EXPECT_EQ(drawn.x2, 4);
  EXPECT_EQ(drawn.y1, 1);
  EXPECT_EQ(drawn.y2, 2);
  int changed = 0;
  for (const int value : greys(dst)) changed += value != 7;
  EXPECT_EQ(changed, 1);
}

TEST(Resample, PictureOutsideDrawsNothing) {
  const auto src = grey_row({50, 50});
  Image dst(4, 4, 7);
  EXPECT_TRUE(resample(src.view(), {1, 100}, {1, 0}, {0, 0, 4, 4}, dst).empty());
  EXPECT_TRUE(resample(src.view(), {1, -100}, {1, 0}, {0, 0, 4, 4}, dst).empty());
  for (const int value : greys(dst)) EXPECT_EQ(value, 7);
}

TEST(Letterbox, WidePictureIsCentredBetweenGreyBars) {
  // 640x320 into 320: scale 0.5, 320x160, bars of 80 above and below.
  const auto fit = fit_letterbox(640, 320, 320);
  EXPECT_DOUBLE_EQ(fit.x.scale, 0.5);
  EXPECT_DOUBLE_EQ(fit.x.offset, 0);
  EXPECT_DOUBLE_EQ(fit.y.offset, 80);

  const Image white(640, 320, 255);
  Image square;
  letterbox(white.view(), fit, square);
  EXPECT_EQ(square.width, 320);
  EXPECT_EQ(square.row(79)[0], kLetterboxGrey);
  EXPECT_EQ(square.row(80)[0], 255);
  EXPECT_EQ(square.row(239)[3 * 319 + 2], 255);
  EXPECT_EQ(square.row(240)[0], kLetterboxGrey);
}

TEST(Letterbox, InverseReturnsTheBoxAndClipsToThePicture) {
  const auto fit = fit_letterbox(1280, 720, 320);  // scale 0.25, 320x180, offset y 70
  const Box box = fit.to_network({100, 200, 300, 400});
  EXPECT_FLOAT_EQ(box.x1, 25);
  EXPECT_FLOAT_EQ(box.y1, 120);  // 200 / 4 + 70
  EXPECT_FLOAT_EQ(box.x2, 75);
  EXPECT_FLOAT_EQ(box.y2, 170);
  const Box back = fit.to_source(box);
  EXPECT_FLOAT_EQ(back.x1, 100);
  EXPECT_FLOAT_EQ(back.y2, 400);
  const Box clipped = fit.to_source({-10, 0, 400, 320});
  EXPECT_FLOAT_EQ(clipped.x1, 0);
  EXPECT_FLOAT_EQ(clipped.y1, 0);
  EXPECT_FLOAT_EQ(clipped.x2, 1280);
  EXPECT_FLOAT_EQ(clipped.y2, 720);
}

TEST(Letterbox, InverseIsExactForOddSizes) {
  for (const auto& [w, h] : {std::pair{333, 77}, {1, 1}, {51, 640}, {1919, 1079}}) {
    const auto fit = fit_letterbox(w, h, 416);
    const Box whole = {0, 0, static_cast<float>(w), static_cast<float>(h)};
    const Box back = fit.to_source(fit.to_network(whole));
    EXPECT_NEAR(back.x2, w, 1e-3);
    EXPECT_NEAR(back.y2, h, 1e-3);
  }
}

}  // namespace
}  // namespace dualsight
