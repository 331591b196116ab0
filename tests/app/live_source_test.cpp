#include "app/live_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace dualsight {
namespace {

using std::chrono::milliseconds;

// A camera whose frames come when the test says so. Shared with the capture thread, which may outlive the test.
struct Camera {
  std::mutex mutex;
  std::condition_variable changed;
  int allowed = 0;  // frames that may be delivered in all
  int delivered = 0;
  bool unplugged = false;

  bool grab(cv::Mat& bgr) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return delivered < allowed || unplugged; });
    if (delivered >= allowed) return false;
    bgr = cv::Mat(2, 2, CV_8UC3, cv::Scalar::all(delivered++));
    return true;
  }

  void allow(int frames) {
    const std::lock_guard lock(mutex);
    allowed = frames;
    changed.notify_all();
  }
  void unplug() {
    const std::lock_guard lock(mutex);
    unplugged = true;
    changed.notify_all();
  }
};

OpenFeed feed(const std::shared_ptr<Camera>& camera, int64_t frame_count = 0,
              const std::shared_ptr<std::atomic<int>>& asked = nullptr) {
  return [=]() -> Result<LiveFeed> {
    return LiveFeed{30, frame_count, [=](cv::Mat& bgr) {
                      if (asked) ++*asked;
                      return camera->grab(bgr);
                    }};
  };
}

TEST(LiveSource, NewestFrameWinsAndDropsAreCounted) {
  const auto camera = std::make_shared<Camera>();
  const auto asked = std::make_shared<std::atomic<int>>(0);
  std::vector<SourceState> told;
  SourceOptions options;
  options.on_status = [&](SourceState state, const std::string&, const std::string&) { told.push_back(state); };
  auto source = open_live("cam0", feed(camera, 0, asked), options);
  ASSERT_TRUE(source);
  EXPECT_TRUE((*source)->info().live);
  EXPECT_EQ((*source)->info().fps, 30);

  camera->allow(10);
  while (*asked < 11) std::this_thread::sleep_for(milliseconds(1));  // asking for the 11th: ten have been put down
  auto frame = **(*source)->read();
  EXPECT_EQ(frame.number, 9);
  EXPECT_EQ(frame.dropped, 9);  // 0..8
  EXPECT_EQ(frame.bgr.at<cv::Vec3b>(0, 0)[0], 9);
  EXPECT_EQ(frame.pts_ms, 0);  // live time starts with the first frame read

  camera->allow(11);
  frame = **(*source)->read();
  EXPECT_EQ(frame.number, 10);
  EXPECT_EQ(frame.dropped, 0);
  EXPECT_GT(frame.pts_ms.value(), 0);

  camera->unplug();
  const auto end = (*source)->read();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, ErrorKind::source);
  EXPECT_EQ(end.error().message, "cam0: no more frames after 11 (disconnected, or the stream has ended)");
  EXPECT_EQ(told, (std::vector{SourceState::connected, SourceState::lost}));
}

TEST(LiveSource, StreamOfKnownLengthEndsWithoutError) {
  const auto camera = std::make_shared<Camera>();
  auto source = open_live("stream", feed(camera, 1), {});
  ASSERT_TRUE(source);
  camera->allow(1);
  EXPECT_TRUE((*source)->read()->has_value());
  camera->unplug();
  const auto end = (*source)->read();
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
}

TEST(LiveSource, AFileBehindAnAddressLosesNoFrame) {
  const auto camera = std::make_shared<Camera>();
  auto source = open_live("http://host/clip.mp4", feed(camera, 50), {});
  ASSERT_TRUE(source);
  EXPECT_FALSE((*source)->info().live);
  EXPECT_EQ((*source)->info().frame_count, 50);
  camera->allow(50);
  camera->unplug();  // after these it ends
  for (int i = 0; i < 50; ++i) {
    std::this_thread::sleep_for(milliseconds(2));  // slower than the camera delivers
    const auto frame = (*source)->read();
    ASSERT_TRUE(frame && frame->has_value()) << i;
    EXPECT_EQ((*frame)->number, i);
    EXPECT_EQ((*frame)->bgr.at<cv::Vec3b>(0, 0)[0], i);
    EXPECT_EQ((*frame)->dropped, 0);
    EXPECT_DOUBLE_EQ((*frame)->pts_ms.value(), i * 1000 / 30.0);  // the file's time at 30 frames/s, not the reader's
  }
  const auto end = (*source)->read();
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
}

TEST(LiveSource, AFileNobodyReadsOnLetsGo) {
  const auto camera = std::make_shared<Camera>();
  const auto asked = std::make_shared<std::atomic<int>>(0);
  auto source = open_live("http://host/clip.mp4", feed(camera, 50, asked), {});
  ASSERT_TRUE(source);
  camera->allow(50);
  while (*asked < 2) std::this_thread::sleep_for(milliseconds(1));  // the first lies unread, so the second must wait
  const auto start = std::chrono::steady_clock::now();
  source = Error{};                                                        // destroys it
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(900));  // well before it is given up, after 1 s
  EXPECT_EQ(*asked, 2);
  EXPECT_EQ(camera.use_count(), 1);  // the capture thread is gone
}

TEST(LiveSource, StopEndsWaitingForAFrame) {
  const auto camera = std::make_shared<Camera>();
  std::atomic<bool> stop = false;
  SourceOptions options;
  options.stop = &stop;
  auto source = open_live("cam0", feed(camera), options);
  ASSERT_TRUE(source);
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(50));
    stop = true;
  });
  const auto frame = (*source)->read();
  later.join();
  ASSERT_TRUE(frame);
  EXPECT_FALSE(frame->has_value());
  camera->unplug();
}

TEST(LiveSource, ACameraThatNeverAnswersDoesNotHangTheProgram) {
  const auto camera = std::make_shared<Camera>();  // delivers nothing, and never returns from grab()
  auto source = open_live("cam0", feed(camera), {});
  ASSERT_TRUE(source);
  const auto start = std::chrono::steady_clock::now();
  source = Error{};  // destroys it
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(5000));
  camera->unplug();  // lets the abandoned thread end
}

TEST(LiveSource, FailureToOpenIsPassedOn) {
  const auto source = open_live("cam0", []() -> Result<LiveFeed> { return Error{ErrorKind::source, "no light"}; }, {});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().message, "no light");
}

}  // namespace
}  // namespace dualsight
