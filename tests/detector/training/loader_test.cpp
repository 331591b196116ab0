#include "detector/training/loader.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/detector/support/synthetic.h"

namespace dualsight {
namespace {

BatchLoader::Options small_options() {
  BatchLoader::Options options;
  options.augment.size = 64;
  options.batch = 3;
  options.workers = 2;
  options.plain_from_epoch = 1000;
  return options;
}

std::vector<std::size_t> all_of(const Dataset& data) {
  std::vector<std::size_t> indices(data.pictures.size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  return indices;
}

TEST(BatchLoader, SameSeedSameBatchesWhoeverMakesThem) {
  const auto data = testing::make_shapes(7);
  PictureCache cache(data, 1 << 24);
  auto one_worker = small_options();
  one_worker.workers = 1;
  BatchLoader a(data, cache, all_of(data), small_options(), 0);
  BatchLoader b(data, cache, all_of(data), one_worker, 0);
  for (int k = 0; k < 8; ++k) {
    const auto x = a.next(), y = b.next();
    EXPECT_TRUE(x.pictures.equal(y.pictures)) << k;
    EXPECT_TRUE(x.targets.boxes.equal(y.targets.boxes)) << k;
    EXPECT_EQ(x.names, y.names);
  }
}

TEST(BatchLoader, StartingLaterContinuesTheSameSequence) {
  const auto data = testing::make_shapes(7);
  PictureCache cache(data, 1 << 24);
  BatchLoader whole(data, cache, all_of(data), small_options(), 0);
  BatchLoader late(data, cache, all_of(data), small_options(), 5);
  for (int k = 0; k < 5; ++k) whole.next();
  EXPECT_TRUE(whole.next().pictures.equal(late.next().pictures));
}

TEST(BatchLoader, AnEpochShowsEachPictureOnce) {
  const auto data = testing::make_shapes(6);
  PictureCache cache(data, 0);  // nothing is kept: decoding anew must do as well
  BatchLoader loader(data, cache, all_of(data), small_options(), 0);
  ASSERT_EQ(loader.batches_per_epoch(), 2);  // 6 / 3
  std::set<std::string> names;
  for (int k = 0; k < 2; ++k) {
    for (const auto& name : loader.next().names) names.insert(name);
  }
  EXPECT_EQ(names.size(), 6U);
}

TEST(BatchLoader, ASetSmallerThanABatchIsRepeated) {
  const auto data = testing::make_shapes(2);
  PictureCache cache(data, 1 << 24);
  BatchLoader loader(data, cache, all_of(data), small_options(), 0);
  EXPECT_EQ(loader.batches_per_epoch(), 1);
  EXPECT_EQ(loader.next().names.size(), 3U);
}

// Ten pictures; class 0 in all, class 1 in one of them: with a share of 0.9 that picture counts sqrt(0.9 / 0.1) = 3
// times.
TEST(RepeatRare, APictureOfARareClassIsNamedMoreOften) {
  Dataset data;
  data.class_names = {"common", "rare"};
  data.pictures.resize(10);
  for (auto& picture : data.pictures) picture.objects = {{{0, 0, 9, 9}, 0}};
  data.pictures[4].objects.push_back({{0, 0, 9, 9}, 1});
  data.pictures[7].objects.push_back({{0, 0, 9, 9}, 1, true});  // a crowd does not count
  EXPECT_EQ(repeat_rare(data, all_of(data), 0.9), (std::vector<std::size_t>{0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(repeat_rare(data, all_of(data), 0), all_of(data));
  EXPECT_EQ(repeat_rare(data, all_of(data), 0.1), all_of(data));  // nothing is as rare as that
}

// Four pictures of a class that a share of 0.9 wants sqrt(0.9 / 0.4) = 1.5 times each: every second one twice.
TEST(RepeatRare, FractionsAddUp) {
  Dataset data;
  data.class_names = {"rare"};
  data.pictures.resize(10);
  for (std::size_t i = 0; i < 4; ++i) data.pictures[i].objects = {{{0, 0, 9, 9}, 0}};
  EXPECT_EQ(repeat_rare(data, all_of(data), 0.9), (std::vector<std::size_t>{0, 1, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Collate, PadsObjectsAndMarksUnknownCells) {
  TrainingSample a, b;
  a.picture = Image(64, 64, 10);
  b.picture = Image(64, 64, 20);
  LabelledObject object;
  object.box = {1, 2, 30, 40};
  object.class_id = 1;
  object.score = 0.75F;
  LabelledObject crowd = object;
  crowd.box = {0, 0, 16, 16};
  crowd.class_id = 0;
  crowd.crowd = true;
  b.objects = {object, crowd};
  a.regions = {{{0, 0, 64, 64}, {}}};
  // The left half of b does not label class 2; a later region on top of its upper quarter labels everything.
  b.regions = {{{0, 0, 32, 64}, {2}}, {{0, 0, 32, 16}, {}}};
  const auto batch = collate({a, b}, 3);

  EXPECT_EQ(batch.pictures.sizes(), (std::vector<int64_t>{2, 64, 64, 3}));
  EXPECT_EQ(batch.pictures[1][0][0][0].item<int>(), 20);
  ASSERT_EQ(batch.targets.boxes.sizes(), (std::vector<int64_t>{2, 1, 4}));  // crowds are no targets
  EXPECT_FALSE(batch.targets.valid[0][0].item<bool>());
  EXPECT_TRUE(batch.targets.valid[1][0].item<bool>());
  EXPECT_EQ(batch.targets.boxes[1][0][3].item<float>(), 40);
  EXPECT_EQ(batch.targets.classes[1][0].item<int64_t>(), 1);
  EXPECT_EQ(batch.targets.scores[1][0].item<float>(), 0.75F);

  EXPECT_EQ(batch.targets.unknown[0].sum().item<int64_t>(), 0);
  // Class 2, stride 8: 4 columns x 6 rows = 24 cells (rows 2..7); stride 16: centres x 8, 24, y 24, 40, 56: 6;
  // stride 32: centre (16, 16) lies below the covered quarter, (16, 48) too: 2. In all 32.
  EXPECT_EQ(batch.targets.unknown[1].select(1, 2).sum().item<int64_t>(), 32);
  // The crowd of class 0 covers the 4 stride-8 centres below 16 and the stride-16 centre (8, 8).
  EXPECT_EQ(batch.targets.unknown[1].select(1, 0).sum().item<int64_t>(), 5);
}

TEST(PictureCache, ADamagedPictureIsNull) {
  auto data = testing::make_shapes(2);
  data.pictures[1].encoded = data.pictures[1].encoded.subspan(0, 50);
  PictureCache cache(data, 1 << 24);
  EXPECT_TRUE(cache.get(0));
  EXPECT_FALSE(cache.get(1));
}

}  // namespace
}  // namespace dualsight
