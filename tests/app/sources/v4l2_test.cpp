// Cameras behind OpenCV's real V4L2 backend, emulated by a preloaded library (v4l2_shim.c). Each test runs itself once
// more with that library.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <opencv2/imgcodecs.hpp>

#include "app/sources/cameras.h"
#include "tests/app/support/capture_support.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

constexpr const char* folder_variable = "DUALSIGHT_FAKE_CAMERAS";

class V4l2Test : public TemporaryFolder {
 protected:
  static bool emulated() { return std::getenv(folder_variable) != nullptr; }

  // Runs this test in a process with emulated cameras, whose files are in this one's temporary folder.
  void emulate() const {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const std::string filter = std::string("--gtest_filter=") + test->test_suite_name() + "." + test->name();
    const pid_t child = fork();
    if (child == 0) {
      setenv("LD_PRELOAD", DUALSIGHT_V4L2_SHIM, 1);
      setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 0);
      setenv(folder_variable, folder_.c_str(), 1);
      execl("/proc/self/exe", "v4l2_test", filter.c_str(), nullptr);
      _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "see the failures above";
  }

  static std::string camera_file(const std::string& name) {
    return std::string(std::getenv(folder_variable)) + "/" + name;
  }

  // By number, with a link in by-id if `identity` is given.
  static void plug(int number, const std::string& identity, const std::string& how = "") {
    const std::string node = "video" + std::to_string(number);
    fs::create_directories(camera_file("dev/v4l/by-id"));
    fs::create_directories(camera_file("class/" + node));
    std::ofstream(camera_file("class/" + node + "/name")) << "Camera " << identity << "\n";
    be(number, how);
    if (!identity.empty()) fs::create_symlink("../../" + node, camera_file("dev/v4l/by-id/" + identity));
  }
  static void be(int number, const std::string& how) {
    std::ofstream(camera_file("dev/video" + std::to_string(number))) << how;
  }
  static void unplug(int number, const std::string& identity) {
    fs::remove(camera_file("dev/video" + std::to_string(number)));
    fs::remove_all(camera_file("class/video" + std::to_string(number)));
    fs::remove(camera_file("dev/v4l/by-id/" + identity));
  }

  static SourceSettings camera(const std::string& spec) {
    SourceSettings settings;
    settings.spec = spec;
    return settings;
  }
  static std::string problem(const std::string& spec) {
    const auto checked = check_source(camera(spec));
    const auto opened = open_source(camera(spec));
    EXPECT_EQ(checked ? "" : checked.error().message, opened ? "" : opened.error().message);
    return checked ? "" : checked.error().message;
  }
  static std::unique_ptr<Capture> start(const SourceSettings& settings) {
    CaptureTiming timing;
    timing.first_retry = timing.longest_retry = CaptureTiming::Seconds(0.05);
    return std::make_unique<Capture>(settings, std::make_shared<WakeUp>(), open_source, timing);
  }
  static double grey(const Frame& frame) { return cv::mean(frame.bgr)[0]; }
  // What video-range YUV makes of a luma (BT.601).
  static double grey_of(double luma) { return 1.164 * (luma - 16); }
};

TEST_F(V4l2Test, CamerasAreListedWithTheirModes) {
  if (!emulated()) return emulate();
  plug(93, "usb-Door-video-index0");
  plug(94, "", "meta");  // many cameras have such a node
  plug(90, "");
  const auto cameras = list_cameras();
  ASSERT_EQ(cameras.size(), 2U);
  EXPECT_EQ(cameras[0].device, "/dev/video90");
  EXPECT_EQ(cameras[0].by_id, "");
  EXPECT_EQ(cameras[1].device, "/dev/video93");
  EXPECT_EQ(cameras[1].name, "Camera usb-Door-video-index0");
  EXPECT_EQ(cameras[1].by_id, "/dev/v4l/by-id/usb-Door-video-index0");
  std::vector<std::string> modes;
  for (const CameraMode& mode : cameras[1].modes) {
    std::ostringstream text;
    text << mode.format << ' ' << mode.width << 'x' << mode.height;
    for (const double rate : mode.rates) text << ' ' << rate;
    modes.push_back(text.str());
  }
  EXPECT_EQ(modes, (std::vector<std::string>{
                       "YUYV 640x480 30 15", "YUYV 320x240 30", "MJPG 1280x720 30 15", "MJPG 640x480 60 30",
                       // any size from 160x120 to 1920x1080 in steps of 16x8
                       "GREY 160x120 30 5", "GREY 320x240 30 5", "GREY 640x360 30 5", "GREY 640x480 30 5",
                       "GREY 800x600 30 5", "GREY 1280x720 30 5", "GREY 1280x960 30 5", "GREY 1920x1080 30 5"}));

  const std::string command = std::string(DUALSIGHT_BINARY) + " cameras --json > " + at("json");
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto json = nlohmann::json::parse(contents(at("json")));
  EXPECT_EQ(json["cameras"][1]["device"], "/dev/video93");
  EXPECT_EQ(json["cameras"][1]["by_id"], "/dev/v4l/by-id/usb-Door-video-index0");
  EXPECT_EQ(json["cameras"][1]["modes"][2],
            (nlohmann::json{{"format", "MJPG"}, {"width", 1280}, {"height", 720}, {"fps", {30.0, 15.0}}}));
}

TEST_F(V4l2Test, FormatIsSetBeforeSizeBeforeRate) {
  if (!emulated()) return emulate();
  plug(90, "");
  cv::imwrite(camera_file("frame.jpg"), cv::Mat(720, 1280, CV_8UC3, cv::Scalar(10, 20, 200)));
  SourceSettings settings = camera("90");
  settings.camera_format = "MJPG";
  settings.camera_width = 1280;
  settings.camera_height = 720;
  settings.camera_fps = 15;
  const auto capture = start(settings);
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(1));
  EXPECT_EQ(seen.frames[0].bgr.size(), cv::Size(1280, 720));
  EXPECT_NEAR(seen.frames[0].bgr.at<cv::Vec3b>(300, 300)[2], 200, 4);
  EXPECT_EQ(capture->info().fps, 15);
  EXPECT_EQ(seen.events[0].message, "cam90: connected, MJPG 1280x720 at 15 frames/s");

  // OpenCV sets what was there before again and again; what counts is the order of the first times.
  const auto log = lines_of(contents(camera_file("log")));
  const auto first = [&](const std::string& line) { return std::find(log.begin(), log.end(), "video90 " + line); };
  EXPECT_LT(first("S_FMT MJPG 640x480"), first("S_FMT MJPG 1280x720"));
  EXPECT_LT(first("S_FMT MJPG 1280x720"), first("S_PARM 15"));
  EXPECT_LT(first("S_PARM 15"), first("STREAMON"));
  EXPECT_NE(first("STREAMON"), log.end());
}

TEST_F(V4l2Test, WhatTheDriverGrantsInsteadIsTold) {
  if (!emulated()) return emulate();
  plug(90, "");
  SourceSettings settings = camera("90");
  settings.camera_format = "H264";
  settings.camera_width = 1920;
  settings.camera_height = 1080;
  settings.camera_fps = 60;
  const auto capture = start(settings);
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(1));
  EXPECT_EQ(seen.events[0].message,
            "cam90: connected, YUYV 640x480 at 30 frames/s, not H264 1920x1080 at 60 frames/s as asked");
}

TEST_F(V4l2Test, TheMeasuredRateIsNotTheClaimedOne) {
  if (!emulated()) return emulate();
  plug(90, "", "rate=10");  // as in the dark
  const auto capture = start(camera("90"));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(20));
  EXPECT_EQ(capture->info().fps, 30);
  const double measured = capture->measured_fps(std::chrono::steady_clock::now());
  EXPECT_GT(measured, 6);
  EXPECT_LT(measured, 12);
}

TEST_F(V4l2Test, EachReasonHasItsMessage) {
  if (!emulated()) return emulate();
  EXPECT_EQ(problem("90"), "/dev/video90: there is no such camera (`dualsight cameras` lists them)");
  plug(90, "", "denied");
  EXPECT_EQ(problem("90"), "/dev/video90: permission denied (is your user in the group `video`?)");
  be(90, "busy");
  EXPECT_EQ(problem("90"), "/dev/video90: the camera is in use by another program");
  be(90, "meta");
  EXPECT_EQ(problem("90"), "/dev/video90: is not a camera");
  be(90, "");
  EXPECT_EQ(problem("90"), "");
}

TEST_F(V4l2Test, ACameraThatStreamsIsBusyUntilItIsLetGo) {
  if (!emulated()) return emulate();
  plug(90, "");
  auto capture = start(camera("90"));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(1));
  EXPECT_EQ(problem("90"), "/dev/video90: the camera is in use by another program");
  capture.reset();
  EXPECT_EQ(problem("90"), "");
}

TEST_F(V4l2Test, AnUnpluggedCameraIsFoundAgainUnderAnotherNumber) {
  if (!emulated()) return emulate();
  plug(90, "usb-Door", "level=60");
  const auto capture = start(camera("90"));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(2));
  EXPECT_NEAR(grey(seen.frames[1]), grey_of(60), 2);

  unplug(90, "usb-Door");
  ASSERT_TRUE(seen.until_reported(State::lost));
  EXPECT_EQ(seen.events[1].message, "cam90: unplugged");
  plug(90, "usb-Window", "level=200");  // another camera gets its number
  ASSERT_TRUE(seen.until_reported(State::retrying, 4));
  EXPECT_EQ(seen.count(State::connected), 1U);
  EXPECT_EQ(seen.events.back().message.find("/dev/v4l/by-id/usb-Door: there is no such camera"), 0U)
      << seen.events.back().message;

  const std::size_t before = seen.frames.size();
  plug(92, "usb-Door", "level=100");
  ASSERT_TRUE(seen.until_frames(before + 2));
  for (std::size_t i = before; i < seen.frames.size(); ++i) EXPECT_NEAR(grey(seen.frames[i]), grey_of(100), 2);
  EXPECT_EQ(capture->reconnects(), 1);
  EXPECT_EQ(capture->info().name, "cam90");
}

TEST_F(V4l2Test, ACameraThatStopsDeliveringIsLostAndComesBack) {
  if (!emulated()) return emulate();
  plug(90, "");
  SourceSettings settings = camera("90");
  settings.read_timeout_s = 0.5;
  const auto capture = start(settings);
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(2));
  be(90, "stall");
  ASSERT_TRUE(seen.until_reported(State::lost));
  EXPECT_EQ(seen.events[1].message, "cam90: the camera delivers no frames");
  be(90, "");
  ASSERT_TRUE(seen.until_reported(State::connected, 2, milliseconds(25'000)));  // OpenCV waits for 10 s, come what may
}

}  // namespace
}  // namespace dualsight
