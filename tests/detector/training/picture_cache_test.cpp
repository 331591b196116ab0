#include "detector/training/picture_cache.h"

#include <gtest/gtest.h>

#include "tests/detector/support/synthetic.h"

namespace dualsight {
namespace {

Dataset with_damaged(int pictures, const std::vector<std::size_t>& damaged) {
  auto data = testing::make_shapes(pictures, 48, 48);
  for (const auto i : damaged) data.pictures[i].encoded = data.pictures[i].encoded.subspan(0, 50);
  return data;
}

TEST(PictureCache, ADamagedPictureIsNull) {
  const auto data = with_damaged(2, {1});
  PictureCache cache(data, 1 << 24);
  EXPECT_TRUE(cache.get(0));
  EXPECT_FALSE(cache.get(1));
}

// A picture of 48 x 48 takes 3 * 48 * 48 = 6912 bytes: two fit into 14000, a third is decoded again each time.
TEST(PictureCache, KeepsWhatFits) {
  const auto data = with_damaged(3, {});
  PictureCache cache(data, 14000);
  std::vector<std::shared_ptr<const Image>> first;
  for (std::size_t i = 0; i < 3; ++i) first.push_back(cache.get(i));
  EXPECT_EQ(cache.get(0), first[0]);
  EXPECT_EQ(cache.get(1), first[1]);
  EXPECT_NE(cache.get(2), first[2]);
  EXPECT_EQ(cache.get(2)->pixels, first[2]->pixels);
}

TEST(DecodablePictures, OneInTenMayBeDamagedAndIsNamed) {
  const auto data = with_damaged(10, {7});
  PictureCache cache(data, 1 << 24);
  std::vector<std::string> notes;
  const auto good = decodable_pictures(
      data, cache, 2, [&](const std::string& line) { notes.push_back(line); }, [] { return false; });
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(*good, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 8, 9}));
  EXPECT_EQ(notes, (std::vector<std::string>{"shapes_7.jpg: cannot be decoded; skipped", "1 of 10 pictures skipped"}));
}

TEST(DecodablePictures, TwoInTenAreTooMany) {
  const auto data = with_damaged(10, {0, 7});
  PictureCache cache(data, 1 << 24);
  const auto good = decodable_pictures(
      data, cache, 2, [](const std::string&) {}, [] { return false; });
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().kind, ErrorKind::training);
  EXPECT_EQ(good.error().message, "2 of 10 training pictures cannot be decoded");
}

TEST(DecodablePictures, CanBeStopped) {
  const auto data = with_damaged(10, {});
  PictureCache cache(data, 1 << 24);
  const auto good = decodable_pictures(  // no thread that might be done first
      data, cache, 0, [](const std::string&) {}, [] { return true; });
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace dualsight
