#include "app/pipeline/inference_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace dualsight {
namespace {

using std::chrono::milliseconds;

Frame grey_frame(int value) {
  Frame frame;
  frame.bgr = cv::Mat(2, 2, CV_8UC3, cv::Scalar::all(value));
  frame.number = value;
  return frame;
}

// Writes down what it sees, and waits for a permit before each answer.
struct SlowFinder : ObjectFinder {
  Result<DetectionResult> find(ImageView bgr) override {
    {
      const std::lock_guard lock(mutex);
      seen.push_back(bgr.row(0)[0]);
      threads.push_back(std::this_thread::get_id());
    }
    while (permits == 0) std::this_thread::sleep_for(milliseconds(1));
    --permits;
    if (throws) throw std::runtime_error("out of paper");
    return DetectionResult();
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return seen.size();
  }
  void wait_until_seen(std::size_t n) {
    while (count() < n) std::this_thread::sleep_for(milliseconds(1));
  }
  std::mutex mutex;
  std::vector<int> seen;
  std::vector<std::thread::id> threads;
  std::atomic<int> permits = 0;
  bool throws = false;
};

InferenceResult take_when_there(InferenceThread& inference) {
  while (true) {
    if (auto looked = inference.take()) return *std::move(looked);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

TEST(InferenceThread, NewestFrameWinsAndLanesTakeTurnsOnOneThread) {
  const auto finder = std::make_shared<SlowFinder>();
  InferenceThread inference(finder, 2, std::make_shared<WakeUp>());
  inference.offer_newest(0, grey_frame(1));
  finder->wait_until_seen(1);
  EXPECT_TRUE(inference.has_room(0));
  EXPECT_TRUE(inference.busy(0));
  EXPECT_FALSE(inference.busy(1));
  for (const int value : {2, 3, 4}) inference.offer_newest(0, grey_frame(value));  // 4 is the newest
  inference.offer_newest(1, grey_frame(101));
  inference.offer_newest(1, grey_frame(102));
  EXPECT_FALSE(inference.has_room(0));
  finder->permits = 1;
  finder->wait_until_seen(2);  // lane 1's turn
  inference.offer_newest(1, grey_frame(103));
  finder->permits = 3;
  std::vector<int64_t> numbers;
  for (int i = 0; i < 4; ++i) numbers.push_back(take_when_there(inference).frame.number);
  EXPECT_EQ(numbers, (std::vector<int64_t>{1, 102, 4, 103}));
  EXPECT_EQ(std::set(finder->threads.begin(), finder->threads.end()).size(), 1U);
  EXPECT_NE(finder->threads[0], std::this_thread::get_id());
  EXPECT_FALSE(inference.busy(0));
}

TEST(InferenceThread, AnExceptionBecomesAnError) {
  const auto finder = std::make_shared<SlowFinder>();
  finder->throws = true;
  finder->permits = 1;
  InferenceThread inference(finder, 1, std::make_shared<WakeUp>());
  inference.offer_newest(0, grey_frame(1));
  const InferenceResult looked = take_when_there(inference);
  ASSERT_FALSE(looked.found);
  EXPECT_EQ(looked.found.error().message, "detector: out of paper");
}

TEST(InferenceThread, ADetectorThatNeverReturnsIsLeftBehind) {
  const auto finder = std::make_shared<SlowFinder>();
  const auto start = std::chrono::steady_clock::now();
  {
    InferenceThread inference(finder, 1, std::make_shared<WakeUp>());
    inference.offer_newest(0, grey_frame(1));
    finder->wait_until_seen(1);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
  finder->permits = 1;
  while (finder.use_count() > 1) std::this_thread::sleep_for(milliseconds(1));  // it keeps what it needs, then lets go
}

}  // namespace
}  // namespace dualsight
