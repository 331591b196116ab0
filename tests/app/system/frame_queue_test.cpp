#include "app/system/frame_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace dualsight {
namespace {

using std::chrono::milliseconds;

TEST(FrameQueueTest, DropsOrWaits) {
  FrameQueue<int> queue(3, 100);
  EXPECT_TRUE(queue.push_or_drop(1, 60));
  EXPECT_FALSE(queue.push_or_drop(2, 60));  // bytes
  EXPECT_TRUE(queue.push_or_drop(3, 20));
  EXPECT_TRUE(queue.push_or_drop(4, 20));
  EXPECT_FALSE(queue.push_or_drop(5, 0));  // frames
  queue.push_record(6);
  EXPECT_EQ(queue.frames(), 3U);
  std::thread waiting([&] {
    queue.push_or_wait(7, 200);  // larger than the queue: once it is empty
    queue.close();
  });
  std::vector<int> popped;
  while (!queue.finished()) {
    if (const auto value = queue.pop_within(milliseconds(100))) popped.push_back(*value);
  }
  waiting.join();
  EXPECT_EQ(popped, (std::vector<int>{1, 3, 4, 6, 7}));
}

}  // namespace
}  // namespace dualsight
