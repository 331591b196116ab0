#include "detector/core/decode.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dualsight {
namespace {

// A 64-pixel input has 8x8 + 4x4 + 2x2 = 84 cells.
constexpr int kCells = 84;

struct Raw {
  std::vector<float> logits = std::vector<float>(kCells * 2, -10.0F);
  std::vector<float> distances = std::vector<float>(kCells * 4, 1.0F);
  void set(int cell, int class_id, float logit, std::array<float, 4> ltrb) {
    logits[static_cast<std::size_t>(2 * cell + class_id)] = logit;
    std::copy(ltrb.begin(), ltrb.end(), distances.begin() + 4 * cell);
  }
  std::vector<Detection> decode(DecodeOptions options = {}, int width = 64, int height = 64) const {
    if (options.thresholds.empty()) options.thresholds = {0.5F, 0.5F};
    return dualsight::decode(logits.data(), distances.data(), 2, fit_letterbox(width, height, 64), options);
  }
};

TEST(Decode, CellsLieWhereTheyShould) {
  // Level 8: cell 11 = row 1, column 3, centre (28, 12). Level 16 starts at 64: cell 64 + 6 = row 1, column 2, centre
  // (40, 24). Level 32 starts at 80: cell 83 = row 1, column 1, centre (48, 48).
  for (const auto& [cell, x, y] : {std::tuple{11, 28.0F, 12.0F}, {70, 40.0F, 24.0F}, {83, 48.0F, 48.0F}}) {
    Raw raw;
    raw.set(cell, 1, 2.0F, {4, 3, 2, 1});
    const auto found = raw.decode();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].class_id, 1);
    EXPECT_NEAR(found[0].confidence, 0.880797, 1e-5);  // 1 / (1 + e^-2)
    EXPECT_FLOAT_EQ(found[0].box.x1, x - 4);
    EXPECT_FLOAT_EQ(found[0].box.y1, y - 3);
    EXPECT_FLOAT_EQ(found[0].box.x2, x + 2);
    EXPECT_FLOAT_EQ(found[0].box.y2, y + 1);
  }
}

TEST(Decode, BoxesComeInSourcePixelsInsideThePicture) {
  // 128x64 source: scale 0.5, bars of 16 above and below. Cell 64 + 5 = row 1, column 1 of level 16: centre (24, 24).
  Raw raw;
  raw.set(69, 0, 3, {8, 4, 100, 4});
  const auto found = raw.decode({}, 128, 64);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FLOAT_EQ(found[0].box.x1, 32);   // (24 - 8) / 0.5
  EXPECT_FLOAT_EQ(found[0].box.y1, 8);    // (24 - 4 - 16) / 0.5
  EXPECT_FLOAT_EQ(found[0].box.x2, 128);  // clipped
  EXPECT_FLOAT_EQ(found[0].box.y2, 24);   // (24 + 4 - 16) / 0.5
}

TEST(Decode, ThresholdsArePerClass) {
  Raw raw;
  raw.set(0, 0, 1, {2, 2, 2, 2});   // 0.731
  raw.set(20, 1, 1, {2, 2, 2, 2});  // 0.731
  DecodeOptions options;
  options.thresholds = {0.8F, 0.7F};
  const auto found = raw.decode(options);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].class_id, 1);
  options.thresholds = {0.0F, 2.0F};  // everything of class 0, nothing of class 1
  for (const auto& d : raw.decode(options)) EXPECT_EQ(d.class_id, 0);
}

TEST(Decode, OneClassACellUnlessMultiLabel) {
  Raw raw;
  raw.set(10, 0, 1, {2, 2, 2, 2});
  raw.set(10, 1, 2, {2, 2, 2, 2});
  auto found = raw.decode();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].class_id, 1);
  DecodeOptions options;
  options.multi_label = true;
  EXPECT_EQ(raw.decode(options).size(), 2U);
}

TEST(Decode, OverlapsOfOneClassAreSuppressed) {
  // Neighbouring cells 27 and 28 of level 8, boxes of 40 px shifted by 8: IoU 32 / 48 = 0.67 > 0.6.
  Raw raw;
  raw.set(27, 0, 2, {20, 20, 20, 20});
  raw.set(28, 0, 1, {20, 20, 20, 20});
  const auto found = raw.decode();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].confidence, 0.8808, 1e-4);
}

TEST(Decode, NonsenseIsDropped) {
  Raw raw;
  raw.set(0, 0, NAN, {2, 2, 2, 2});
  raw.set(1, 0, 5, {NAN, 2, 2, 2});
  raw.set(3, 0, 5, {0, 0, 0, 0});
  EXPECT_TRUE(raw.decode().empty());
  raw.set(5, 0, 5, {INFINITY, 2, 2, 2});  // clipped to the picture's edge: finite and with area
  EXPECT_EQ(raw.decode().size(), 1U);
}

}  // namespace
}  // namespace dualsight
