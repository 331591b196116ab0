#include "app/pipeline/inference_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "app/system/detached_threads.h"
#include "tests/app/support/capture_support.h"
#include "tests/app/support/fake_detector.h"

namespace dualsight {
namespace {

Frame grey_frame(int value) {
  Frame frame;
  frame.bgr = cv::Mat(2, 2, CV_8UC3, cv::Scalar::all(value));
  frame.number = value;
  return frame;
}

// Writes down what it sees, and waits for a permit before each answer.
struct SlowDetector : FakeDetector {
  Result<void> detect(ImageView bgr, DetectionResult& result) override {
    {
      const std::lock_guard lock(mutex);
      seen.push_back(bgr.row(0)[0]);
      pixels.push_back(bgr.data);
    }
    while (permits == 0) std::this_thread::sleep_for(milliseconds(1));
    --permits;
    if (throws) throw std::runtime_error("out of paper");
    result.detections = {{0, 0.5F, {0, 0, 1, 1}}, {0, 0.2F, {1, 1, 2, 2}}};
    return {};
  }
  void set_iou(float iou) override { ious.push_back(iou); }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return seen.size();
  }
  void wait_until_seen(std::size_t n) {
    while (count() < n) std::this_thread::sleep_for(milliseconds(1));
  }
  std::mutex mutex;
  std::vector<int> seen;
  std::vector<const uint8_t*> pixels;
  std::vector<float> ious;
  std::atomic<int> permits = 0;
  bool throws = false;
};

InferenceResult take_when_there(InferenceLanes& lanes) {
  while (true) {
    if (auto result = lanes.take()) return *std::move(result);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

TEST(InferenceThread, NewestFrameWinsAndLanesTakeTurns) {
  SlowDetector detector;
  const auto inference = inference_with(detector);
  const auto lanes = inference->lend(2, std::make_shared<WakeUp>());
  lanes->offer_newest(0, grey_frame(1));
  detector.wait_until_seen(1);
  EXPECT_TRUE(lanes->has_room(0));
  EXPECT_TRUE(lanes->busy(0));
  EXPECT_FALSE(lanes->busy(1));
  for (const int value : {2, 3, 4}) lanes->offer_newest(0, grey_frame(value));  // 4 is the newest
  lanes->offer_newest(1, grey_frame(101));
  lanes->offer_newest(1, grey_frame(102));
  EXPECT_FALSE(lanes->has_room(0));
  detector.permits = 1;
  detector.wait_until_seen(2);  // lane 1's turn
  lanes->offer_newest(1, grey_frame(103));
  detector.permits = 3;
  std::vector<int64_t> numbers;
  for (int i = 0; i < 4; ++i) numbers.push_back(take_when_there(*lanes).frame.number);
  EXPECT_EQ(numbers, (std::vector<int64_t>{1, 102, 4, 103}));
  EXPECT_FALSE(lanes->busy());
}

TEST(InferenceThread, TheDetectorSeesTheFramesOwnPixels) {
  SlowDetector detector;
  const auto inference = inference_with(detector);
  const auto lanes = inference->lend(1, std::make_shared<WakeUp>());
  const Frame frame = grey_frame(7);
  detector.permits = 1;
  lanes->offer_newest(0, frame);
  const InferenceResult result = take_when_there(*lanes);
  EXPECT_EQ(detector.pixels, std::vector<const uint8_t*>{frame.bgr.data});
  EXPECT_EQ(result.frame.bgr.data, frame.bgr.data);
}

TEST(InferenceThread, AnExceptionBecomesAnError) {
  SlowDetector detector;
  detector.throws = true;
  detector.permits = 1;
  const auto inference = inference_with(detector);
  const auto lanes = inference->lend(1, std::make_shared<WakeUp>());
  lanes->offer_newest(0, grey_frame(1));
  const InferenceResult result = take_when_there(*lanes);
  ASSERT_FALSE(result.found);
  EXPECT_EQ(result.found.error().message, "detector: out of paper");
}

TEST(InferenceThread, ControlsActOnTheNextFrame) {
  SlowDetector detector;
  detector.permits = 3;
  InferenceOptions options;
  options.open = [&](const std::filesystem::path&, const DetectorOptions&) {
    return Result<std::unique_ptr<Detector>>(std::make_unique<BorrowedDetector>(detector));
  };
  const auto controls = std::make_shared<Controls>();
  options.controls = controls;
  InferenceThread inference(options);
  inference.load(DUALSIGHT_TEST_MODEL, {});
  const auto lanes = inference.lend(1, std::make_shared<WakeUp>());
  const auto reported = [&] {
    lanes->offer_newest(0, grey_frame(1));
    return take_when_there(*lanes).found->detections.size();
  };
  EXPECT_EQ(reported(), 2U);  // no thresholds: as the detector found them
  controls->set({{0.4F}, 0.25F, {}, {}, true});
  EXPECT_EQ(reported(), 1U);
  controls->set({{0.1F}, 0.25F, {}, {}, true});
  EXPECT_EQ(reported(), 2U);
  EXPECT_EQ(detector.ious, (std::vector<float>{0.6F, 0.25F}));
}

// A lease that ends drops its waiting frame, and the result of the frame in process reaches nobody; the next lease
// begins clean.
TEST(InferenceThread, WhatALeaseLeavesBehindIsDiscarded) {
  SlowDetector detector;
  const auto inference = inference_with(detector);
  auto lanes = inference->lend(1, std::make_shared<WakeUp>());
  const Frame in_process = grey_frame(1), waiting = grey_frame(2);
  lanes->offer_newest(0, in_process);
  detector.wait_until_seen(1);
  lanes->offer_newest(0, waiting);
  lanes.reset();                          // returns though the detector is at work
  EXPECT_EQ(waiting.bgr.u->refcount, 1);  // dropped
  EXPECT_EQ(in_process.bgr.u->refcount, 2);
  const auto next = inference->lend(1, std::make_shared<WakeUp>());
  next->offer_newest(0, grey_frame(3));
  detector.permits = 2;
  EXPECT_EQ(take_when_there(*next).frame.number, 3);
  EXPECT_FALSE(next->busy());
  EXPECT_EQ(detector.seen, (std::vector{1, 3}));
  EXPECT_EQ(in_process.bgr.u->refcount, 1);
}

TEST(InferenceThread, TwoLeasesTakeTurns) {
  SlowDetector detector;
  const auto inference = inference_with(detector);
  const auto a = inference->lend(1, std::make_shared<WakeUp>()), b = inference->lend(1, std::make_shared<WakeUp>());
  a->offer_newest(0, grey_frame(1));
  detector.wait_until_seen(1);
  a->offer_newest(0, grey_frame(2));
  b->offer_newest(0, grey_frame(3));
  detector.permits = 3;
  EXPECT_EQ(take_when_there(*a).frame.number, 1);
  EXPECT_EQ(take_when_there(*b).frame.number, 3);
  EXPECT_EQ(take_when_there(*a).frame.number, 2);
}

TEST(InferenceThread, AModelIsReportedAsItComes) {
  std::mutex mutex;
  std::vector<ModelStatus> statuses;
  InferenceOptions options;
  options.open = [](const std::filesystem::path& file, const DetectorOptions&) -> Result<std::unique_ptr<Detector>> {
    if (file.filename() == "test_model.safetensors") return Error{ErrorKind::usage, "no CUDA"};
    throw std::runtime_error("unreachable");
  };
  options.on_model_status = [&](const ModelStatus& status) {
    const std::lock_guard lock(mutex);
    statuses.push_back(status);
  };
  InferenceThread inference(options);
  const auto none = inference.wait_until_ready();  // nothing was asked for
  ASSERT_TRUE(none);
  EXPECT_EQ(none->state, ModelStatus::State::none);
  inference.load(DUALSIGHT_TEST_MODEL, {});
  const auto failed = inference.wait_until_ready();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::usage);
  EXPECT_EQ(failed.error().message, "no CUDA");
  inference.load("none.safetensors", {});
  const auto missing = inference.wait_until_ready();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::model);
  EXPECT_NE(missing.error().message.find("none.safetensors"), std::string::npos);
  EXPECT_EQ(inference.status().problem, missing.error().message);
  EXPECT_TRUE(soon([&] {
    const std::lock_guard lock(mutex);
    return statuses.size() == 3;
  }));
  EXPECT_EQ(statuses[0].state, ModelStatus::State::loading);
  EXPECT_EQ(statuses[0].info.class_names.size(), 3U);
  EXPECT_EQ(statuses[1].state, ModelStatus::State::failed);
  EXPECT_EQ(statuses[1].info.class_names.size(), 3U);
  EXPECT_EQ(statuses[2].state, ModelStatus::State::failed);
}

TEST(InferenceThread, ADetectorThatNeverReturnsIsLeftBehind) {
  const auto detector = std::make_shared<SlowDetector>();
  struct Shared : FakeDetector {
    explicit Shared(std::shared_ptr<SlowDetector> d) : to(std::move(d)) {}
    Result<void> detect(ImageView bgr, DetectionResult& result) override { return to->detect(bgr, result); }
    const std::shared_ptr<SlowDetector> to;
  };
  InferenceOptions options;
  options.open = [detector](const std::filesystem::path&, const DetectorOptions&) {
    return Result<std::unique_ptr<Detector>>(std::make_unique<Shared>(detector));
  };
  auto inference = std::make_unique<InferenceThread>(std::move(options));
  options = {};
  inference->load(DUALSIGHT_TEST_MODEL, {});
  auto lanes = inference->lend(1, std::make_shared<WakeUp>());
  lanes->offer_newest(0, grey_frame(1));
  detector->wait_until_seen(1);
  const auto start = std::chrono::steady_clock::now();
  inference->load("", {});  // waits behind the frame, and so does its info, but not for ever
  EXPECT_EQ(inference->wait_for_info(milliseconds(50)).state, ModelStatus::State::ready);
  lanes.reset();
  inference.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
  EXPECT_TRUE(has_detached_threads());
  detector->permits = 1;
  while (detector.use_count() > 1)
    std::this_thread::sleep_for(milliseconds(1));  // it keeps what it needs, then lets go
}

}  // namespace
}  // namespace dualsight
