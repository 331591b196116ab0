#include "app/recording/clip_buffer.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

constexpr std::size_t kPlenty = 1 << 20;  // bytes
constexpr std::size_t kBgr = 4 * 4 * 3;   // bytes of a frame below; as I420 half of it

// Frame i, at i * 100 ms.
Moment moment(int i, cv::Size size = {4, 4}) {
  Moment out;
  out.frame.bgr = cv::Mat(size, CV_8UC3, cv::Scalar::all(i));
  out.frame.frame = i;
  out.time_ms = i * 100.0;
  return out;
}

// Numbers of the frames that can be taken now.
std::vector<int64_t> taken(ClipBuffer& buffer) {
  std::vector<int64_t> numbers;
  while (const auto next = buffer.take()) numbers.push_back(next->frame.frame);
  return numbers;
}

using Numbers = std::vector<int64_t>;

TEST(ClipBuffer, AClipReachesFromBeforeItsTriggerToAfterIt) {
  ClipBuffer buffer(200, 300, kPlenty);
  for (int i = 0; i <= 5; ++i) {
    buffer.add(moment(i));
    EXPECT_EQ(taken(buffer), Numbers{});
  }
  EXPECT_TRUE(buffer.trigger(500));  // 300 to 800 ms
  EXPECT_EQ(taken(buffer), (Numbers{3, 4, 5}));
  for (int i = 6; i <= 9; ++i) buffer.add(moment(i));
  EXPECT_EQ(taken(buffer), (Numbers{6, 7, 8}));
  buffer.add(moment(10));
  EXPECT_FALSE(buffer.over());  // a trigger at 1000 ms would begin at 800 ms
  buffer.add(moment(11));
  EXPECT_TRUE(buffer.over());
}

TEST(ClipBuffer, TriggersWhoseClipsOverlapMakeOneClip) {
  ClipBuffer buffer(200, 300, kPlenty);
  for (int i = 0; i <= 5; ++i) buffer.add(moment(i));
  EXPECT_TRUE(buffer.trigger(500));
  for (int i = 6; i <= 10; ++i) buffer.add(moment(i));
  EXPECT_EQ(taken(buffer), (Numbers{3, 4, 5, 6, 7, 8}));
  EXPECT_FALSE(buffer.trigger(1000));  // 800 to 1300 ms: frame 8 is in both
  for (int i = 11; i <= 14; ++i) buffer.add(moment(i));
  EXPECT_EQ(taken(buffer), (Numbers{9, 10, 11, 12, 13}));
  buffer.add(moment(15));
  buffer.add(moment(16));
  EXPECT_TRUE(buffer.trigger(1600));  // 1400 to 1900 ms: none is in both
  EXPECT_EQ(taken(buffer), (Numbers{14, 15, 16}));
}

TEST(ClipBuffer, WithoutTriggersEverythingIsKept) {
  ClipBuffer buffer = ClipBuffer::keep_all();
  buffer.add(moment(0));
  buffer.add(moment(1000));
  EXPECT_FALSE(buffer.trigger(100'000));
  EXPECT_EQ(taken(buffer), (Numbers{0, 1000}));
  EXPECT_FALSE(buffer.over());
}

// Four frames fit as BGR, eight as I420.
TEST(ClipBuffer, MemoryIsSavedByPackingBeforeFramesAreDropped) {
  ClipBuffer buffer(10'000, 0, 4 * kBgr);
  for (int i = 0; i < 8; ++i) buffer.add(moment(i));
  EXPECT_FALSE(buffer.gave_up());
  EXPECT_TRUE(buffer.newest()->i420);
  buffer.add(moment(8));
  EXPECT_TRUE(buffer.gave_up());
  EXPECT_TRUE(buffer.trigger(800));
  std::vector<int64_t> numbers;
  while (const auto next = buffer.take()) {
    numbers.push_back(next->frame.frame);
    EXPECT_TRUE(next->i420);
    EXPECT_EQ(next->frame.bgr.total() * next->frame.bgr.elemSize(), kBgr / 2);
  }
  EXPECT_EQ(numbers, (Numbers{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(ClipBuffer, HalfOfAFewFramesIsPacked) {
  ClipBuffer buffer(10'000, 0, 4 * kBgr);
  for (int i = 0; i < 5; ++i) buffer.add(moment(i));  // two as I420, three as BGR: four times the bytes
  EXPECT_TRUE(buffer.trigger(400));
  std::vector<bool> packed;
  while (const auto next = buffer.take()) packed.push_back(next->i420);
  EXPECT_EQ(packed, (std::vector<bool>{true, true, false, false, false}));
}

TEST(ClipBuffer, TheNewestFrameAlwaysStays) {
  ClipBuffer buffer(10'000, 0, 1);
  for (int i = 0; i < 3; ++i) buffer.add(moment(i, {5, 5}));  // packed, odd sizes lose a row and a column
  ASSERT_NE(buffer.newest(), nullptr);
  EXPECT_TRUE(buffer.newest()->is("", 2));
  EXPECT_EQ(buffer.newest()->frame.bgr.size(), cv::Size(4, 6));
  EXPECT_TRUE(buffer.trigger(200));
  EXPECT_EQ(taken(buffer), Numbers{2});
}

TEST(ClipBuffer, ClearForgetsFramesAndClip) {
  ClipBuffer buffer(200, 300, kPlenty);
  for (int i = 0; i <= 5; ++i) buffer.add(moment(i));
  EXPECT_TRUE(buffer.trigger(500));
  buffer.clear();
  EXPECT_EQ(buffer.newest(), nullptr);
  EXPECT_EQ(taken(buffer), Numbers{});
  buffer.add(moment(6));
  EXPECT_EQ(taken(buffer), Numbers{});  // the clip is gone, too
  EXPECT_TRUE(buffer.trigger(600));
  EXPECT_EQ(taken(buffer), Numbers{6});
}

}  // namespace
}  // namespace dualsight
