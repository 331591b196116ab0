// Recording into a folder: file names, segments, the quota.
#include "tests/app/support/recorder_support.h"

namespace dualsight {
namespace {

TEST_F(RecorderTest, NamesInAFolder) {
  options_.what = RecordWhat::both;
  options_.container = ".mp4";
  open();
  process(frame_at(0, 700, "yard cam:1"));
  close();
  const std::string stem = at("out/yard_cam_1_20261125T101113.045Z");
  EXPECT_EQ(files(""), (Names{stem + ".mp4", stem + ".ndjson", stem + ".raw.mp4"}));
  open();
  process(frame_at(0, 700, "yard cam:1"));
  close();
  EXPECT_EQ(files(".mp4").size(), 4U);
  EXPECT_TRUE(fs::exists(stem + "_2.raw.mp4"));
}

TEST_F(RecorderTest, SegmentsByTime) {
  options_.segment_seconds = 1;
  options_.what = RecordWhat::both;
  open();
  for (int i = 0; i < 25; ++i) process(frame_at(i, 300 + i * 100.0));
  close();
  const Names videos = files(".mkv"), sidecars = files(".ndjson");
  ASSERT_EQ(videos.size(), 6U);
  ASSERT_EQ(sidecars.size(), 3U);
  EXPECT_EQ(videos[2], at("out/front_20261125T101113.645Z.mkv"));
  EXPECT_EQ(videos[3], at("out/front_20261125T101113.645Z.raw.mkv"));
  for (std::size_t i = 0; i < 6; ++i) {
    const int first = static_cast<int>(i / 2) * 10;
    EXPECT_EQ(numbers_in(videos[i]), range(first, std::min(first + 9, 24)));
    EXPECT_EQ(times_of(videos[i]).front(), 0);
  }
  EXPECT_EQ(records_in(sidecars[1]).front(), "frame 10 at 0");
  EXPECT_EQ(records_in(sidecars[1]).back(), "frame 19 at 900");
}

// A camera that switches its profile: one file has one size.
TEST_F(RecorderTest, PicturesOfAnotherSizeBeginANewSegment) {
  open();
  for (int i = 0; i < 6; ++i) {
    ShownFrame frame = frame_at(i, i * 100.0);
    if (i >= 3) frame.bgr = numbered(i, {96, 64});
    process(frame);
  }
  close();
  const Names videos = files(".mkv"), sidecars = files(".ndjson");
  ASSERT_EQ(videos.size(), 2U);
  EXPECT_EQ(probed(videos[0], "stream=width,height"), "64,48");
  EXPECT_EQ(probed(videos[1], "stream=width,height"), "96,64");
  EXPECT_EQ(numbers_in(videos[0]), range(0, 2));
  EXPECT_EQ(numbers_in(videos[1]), range(3, 5));
  EXPECT_EQ(records_in(sidecars[1]).front(), "frame 3 at 0");
}

TEST_F(RecorderTest, SegmentsBySize) {
  options_.segment_bytes = 200'000;
  open();
  for (int i = 0; i < 30; ++i) {
    ShownFrame frame = frame_at(i, i * 100.0);
    frame.bgr = noise(i, {320, 240});
    process(frame);
  }
  close();
  const Names videos = files(".mkv");
  EXPECT_GT(videos.size(), 2U);
  std::size_t frames = 0;
  for (const std::string& video : videos) {
    frames += times_of(video).size();
    if (video != videos.back()) {
      EXPECT_GE(fs::file_size(video), 195'000U);  // a few headers were only about to come
    }
    EXPECT_LT(fs::file_size(video), 400'000U);
  }
  EXPECT_EQ(frames, 30U);
}

TEST_F(RecorderTest, AQuotaKeepsTheNewest) {
  const std::string old = "out/old_20200101T000000.000Z";
  fs::create_directory(at("out"));
  for (const std::string& name : {old + ".mkv", old + ".raw.mkv", old + ".ndjson", std::string("out/holiday.mkv")}) {
    text(name, std::string(100'000, 'x'));
  }
  options_.quota_bytes = 1 << 20;
  options_.segment_seconds = 0.5;
  open();
  for (int i = 0; i < 60; ++i) {  // three megabytes
    ShownFrame frame = frame_at(i, i * 100.0);
    frame.bgr = noise(i, {320, 240});
    process(frame);
  }
  close();
  EXPECT_FALSE(fs::exists(at(old + ".mkv")) || fs::exists(at(old + ".raw.mkv")) || fs::exists(at(old + ".ndjson")));
  EXPECT_TRUE(fs::exists(at("out/holiday.mkv")));
  std::uintmax_t total = 0;
  for (const std::string& file : files("")) total += fs::file_size(file);
  EXPECT_LT(total - 100'000, (1U << 20) * 3 / 2);  // and the last segment
  const Names videos = files("Z.mkv");
  ASSERT_GE(videos.size(), 2U);
  EXPECT_EQ(videos.back(), at("out/front_20261125T101117.845Z.mkv"));  // frame 55
  EXPECT_EQ(files(".ndjson").size(), videos.size());
}

// A quota needs segments to delete: without a word about them they are a quarter of it.
TEST_F(RecorderTest, AQuotaMakesSegments) {
  options_.quota_bytes = 1 << 20;
  open();
  for (int i = 0; i < 60; ++i) {
    ShownFrame frame = frame_at(i, i * 100.0);
    frame.bgr = noise(i, {320, 240});
    process(frame);
  }
  close();
  EXPECT_GE(files(".mkv").size(), 3U);
  for (const std::string& video : files(".mkv")) EXPECT_LT(fs::file_size(video), 400'000U);
}

}  // namespace
}  // namespace dualsight
