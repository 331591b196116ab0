// Network streams as they are in the real world, from servers with bad manners, through FFmpeg and a live Capture.
#include <gtest/gtest.h>

#include <optional>

#include "tests/app/support/capture_support.h"
#include "tests/app/support/server_support.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class StreamTest : public TemporaryFolder {
 protected:
  // Before anything that uses it is made, and so gone after it.
  void serve(const std::string& script, std::vector<std::string> arguments = {}) {
    server_.reset();
    server_.emplace(script, std::move(arguments));
    ASSERT_TRUE(server_->listens()) << server_->port();
  }

  // Tries again soon.
  std::unique_ptr<Capture> watch(const SourceSettings& settings) const {
    CaptureTiming timing;
    timing.first_retry = timing.longest_retry = CaptureTiming::Seconds(0.2);
    return std::make_unique<Capture>(settings, std::make_shared<WakeUp>(), open_source, timing);
  }
  static SourceSettings stream(const std::string& address) {
    SourceSettings settings;
    settings.spec = address;
    settings.read_timeout_s = 2;
    return settings;
  }

  static void expect_order(const Watcher& seen) {
    for (std::size_t i = 1; i < seen.frames.size(); ++i) {
      EXPECT_GT(seen.frames[i].number, seen.frames[i - 1].number);
      EXPECT_GE(*seen.frames[i].pts_ms, *seen.frames[i - 1].pts_ms);
    }
  }
  static void expect_untold(const Watcher& seen, const std::string& secret) {
    std::string said = seen.failure + "\n" + seen.capture.info().name;
    for (const Capture::SourceEvent& events : seen.events) said += "\n" + events.message;
    EXPECT_EQ(said.find(secret), std::string::npos) << said;
  }

  std::optional<StreamServer> server_;
};

class RtspTest : public StreamTest {
 protected:
  void SetUp() override {
    static const std::string lack = StreamServer::lacks("rtsp_server.py");
    if (!lack.empty()) GTEST_SKIP() << lack;
  }
};

// One picture at 20 frames a second.
class HttpTest : public StreamTest {
 protected:
  void SetUp() override {
    EXPECT_TRUE(cv::imwrite(at("frame.jpg"), cv::Mat(96, 128, CV_8UC3, cv::Scalar(10, 200, 20))));
    serve("mjpeg_server.py", {folder_.string()});
    tell("frame frame.jpg");
  }
  void tell(const std::string& command) { EXPECT_TRUE(server_->tell(command)) << command; }
  std::string address(const std::string& path, const std::string& user = "") const {
    return server_->address("http", path, user);
  }
};

TEST_F(RtspTest, AServerThatDiesIsFoundAgain) {
  serve("rtsp_server.py");
  const auto capture = watch(stream(server_->address("rtsp", "/live")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(5)) << seen.failure;
  EXPECT_EQ(seen.frames[0].bgr.size(), cv::Size(320, 240));
  EXPECT_EQ(capture->info().fps, 15);
  EXPECT_TRUE(capture->info().live);

  const std::string port = server_->port();
  server_->kill();
  ASSERT_TRUE(seen.until_reported(State::retrying));
  EXPECT_EQ(seen.count(State::lost), 1U);
  EXPECT_EQ(capture->state(), State::retrying);

  const std::size_t before = seen.frames.size();
  serve("rtsp_server.py", {"--port", port});
  ASSERT_TRUE(seen.until_frames(before + 5));
  EXPECT_EQ(seen.count(State::connected), 2U);
  EXPECT_EQ(seen.count(State::lost), 1U);
  EXPECT_EQ(capture->state(), State::connected);
  EXPECT_EQ(capture->reconnects(), 1);
  EXPECT_EQ(seen.frames[before].bgr.size(), cv::Size(320, 240));
  expect_order(seen);
}

TEST_F(RtspTest, UserAndPasswordOpenItAndAreNotTold) {
  serve("rtsp_server.py", {"--user", "eye", "--password", "p4ss"});
  const auto capture = watch(stream(server_->address("rtsp", "/live", "eye:p4ss")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(1)) << seen.failure;
  EXPECT_EQ(capture->info().name, "rtsp://***@127.0.0.1:" + server_->port() + "/live");
  server_->kill();
  ASSERT_TRUE(seen.until_reported(State::retrying, 2));
  expect_untold(seen, "p4ss");
  expect_untold(seen, "eye");
}

TEST_F(RtspTest, AWrongPasswordIsAnErrorThatDoesNotTellIt) {
  serve("rtsp_server.py", {"--user", "eye", "--password", "p4ss"});
  const std::string wrong = server_->address("rtsp", "/live", "eye:wr0ng");
  const auto capture = watch(stream(wrong));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_over());
  EXPECT_EQ(seen.story, std::vector<std::string>{"error"});
  EXPECT_NE(seen.failure.find("127.0.0.1"), std::string::npos);
  expect_untold(seen, "wr0ng");

  // Nor do the libraries tell it behind our back.
  const std::string command = std::string(DUALSIGHT_BINARY) + " detect --model " + DUALSIGHT_TEST_MODEL +
                              " --threads 1 --size 64 " + wrong + " > " + at("said") + " 2>&1";
  EXPECT_NE(std::system(command.c_str()), 0);
  const std::string said = contents(at("said"));
  EXPECT_NE(said.find("dualsight: error: "), std::string::npos) << said;
  EXPECT_EQ(said.find("wr0ng"), std::string::npos) << said;
}

TEST_F(HttpTest, UserAndPasswordOpenItAndAreNotTold) {
  const auto capture = watch(stream(address("/secret", "eye:p4ss")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(1)) << seen.failure;
  expect_untold(seen, "p4ss");
  const auto other = watch(stream(address("/secret", "eye:wr0ng")));
  Watcher locked_out(*other);
  ASSERT_TRUE(locked_out.until_over());
  EXPECT_EQ(locked_out.story, std::vector<std::string>{"error"});
  expect_untold(locked_out, "wr0ng");
}

TEST_F(HttpTest, AStalledStreamIsLostAfterTheTimeoutAndComesBack) {
  const auto capture = watch(stream(address("/live")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(5)) << seen.failure;
  EXPECT_EQ(seen.frames[0].bgr.size(), cv::Size(128, 96));
  EXPECT_NEAR(seen.frames[0].bgr.at<cv::Vec3b>(50, 50)[1], 200, 4);

  tell("stall");
  ASSERT_TRUE(seen.until_reported(State::lost));
  const auto waited = std::chrono::steady_clock::now() - seen.frames.back().captured;
  EXPECT_GT(waited, milliseconds(1500));
  EXPECT_LT(waited, milliseconds(3000));
  tell("go");
  ASSERT_TRUE(seen.until_reported(State::connected, 2));
  EXPECT_EQ(capture->reconnects(), 1);
  ASSERT_TRUE(seen.until_frames(seen.frames.size() + 5));
  expect_order(seen);
}

TEST_F(HttpTest, ABriefPauseIsNoLoss) {
  const auto capture = watch(stream(address("/live")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_frames(5)) << seen.failure;
  tell("stall");
  std::this_thread::sleep_for(milliseconds(700));
  tell("go");
  ASSERT_TRUE(seen.until_frames(seen.frames.size() + 10));
  EXPECT_EQ(seen.count(State::lost), 0U);
}

TEST_F(HttpTest, ADroppedConnectionIsMadeAgain) {
  const auto capture = watch(stream(address("/live")));
  Watcher seen(*capture);
  for (std::size_t times = 1; times <= 2; ++times) {
    ASSERT_TRUE(seen.until_reported(State::connected, times)) << seen.failure;
    ASSERT_TRUE(seen.until_frames(seen.frames.size() + 3));
    tell("disconnect");
  }
  ASSERT_TRUE(seen.until_reported(State::connected, 3));
  EXPECT_EQ(seen.count(State::lost), 2U);
  EXPECT_EQ(capture->reconnects(), 2);
  ASSERT_TRUE(seen.until_frames(seen.frames.size() + 3));
  expect_order(seen);
}

TEST_F(HttpTest, CorruptPicturesDoNotEndIt) {
  const auto capture = watch(stream(address("/live")));
  Watcher seen(*capture);
  for (const char* corrupt : {"corrupt 1", "corrupt 5", "corrupt 25"}) {
    ASSERT_TRUE(seen.until_frames(seen.frames.size() + 5)) << corrupt << seen.failure;
    tell(corrupt);
  }
  ASSERT_TRUE(seen.until_frames(seen.frames.size() + 30));
  EXPECT_EQ(seen.count(State::lost), 0U);
  for (const Frame& frame : seen.frames) EXPECT_NEAR(frame.bgr.at<cv::Vec3b>(50, 50)[1], 200, 4);
}

TEST_F(HttpTest, ARefusedConnectionIsTriedUntilItIsAccepted) {
  tell("refuse");
  SourceSettings settings = stream(address("/live"));
  settings.wait = true;
  const auto capture = watch(settings);
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_reported(State::retrying, 3));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(seen.events[static_cast<std::size_t>(i)].attempt, i + 1);
  EXPECT_EQ(seen.count(State::connected), 0U);
  tell("accept");
  ASSERT_TRUE(seen.until_frames(1));
  EXPECT_EQ(capture->reconnects(), 0);

  tell("refuse");
  tell("disconnect");
  ASSERT_TRUE(seen.until_reported(State::lost));
  const std::size_t before = seen.events.size();
  ASSERT_TRUE(seen.until([&] { return seen.events.size() >= before + 3; }));
  for (std::size_t i = before + 1; i < seen.events.size(); ++i) {
    EXPECT_EQ(seen.events[i].state, State::retrying);
    EXPECT_EQ(seen.events[i].attempt, seen.events[i - 1].attempt + 1);
  }
  tell("accept");
  ASSERT_TRUE(seen.until_reported(State::connected, 2));
  EXPECT_EQ(capture->reconnects(), 1);
}

TEST_F(HttpTest, WithoutWaitARefusedConnectionIsAnError) {
  tell("refuse");
  const auto capture = watch(stream(address("/live")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_over());
  EXPECT_EQ(seen.story, std::vector<std::string>{"error"});
  EXPECT_EQ(seen.failure, address("/live") + ": the server reports an error of its own (5xx)");
}

TEST_F(HttpTest, TheMeasuredRateFollowsTheCamera) {
  const auto capture = watch(stream(address("/live")));
  Watcher seen(*capture);
  const auto measured = [&] { return capture->measured_fps(std::chrono::steady_clock::now()); };
  ASSERT_TRUE(seen.until_frames(1)) << seen.failure;
  // Those that came while it was opened are there at once; then it is 20.
  ASSERT_TRUE(seen.until([&] { return seen.frames.size() > 30 && measured() > 15 && measured() < 22; }));
  tell("rate 5");
  EXPECT_TRUE(seen.until([&] { return measured() > 3 && measured() < 6; })) << measured();
  tell("rate 30");
  EXPECT_TRUE(seen.until([&] { return measured() > 20 && measured() < 33; })) << measured();
  EXPECT_EQ(seen.count(State::lost), 0U);
}

TEST_F(HttpTest, SilenceAtTheOpeningEndsWithTheTimeout) {
  SourceSettings settings = stream(address("/silent"));
  settings.open_timeout_s = 1;
  const auto begun = std::chrono::steady_clock::now();
  const auto capture = watch(settings);
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_over());
  const auto waited = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(seen.story, std::vector<std::string>{"error"});
  EXPECT_GT(waited, milliseconds(500));
  EXPECT_LT(waited, milliseconds(1500));
}

TEST_F(HttpTest, NobodyWaitsForAnOpeningThatIsNotWantedAnyMore) {
  SourceSettings settings = stream(address("/silent"));
  settings.open_timeout_s = 3;
  auto capture = watch(settings);
  std::this_thread::sleep_for(milliseconds(200));
  const auto begun = std::chrono::steady_clock::now();
  capture.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(1300));
  server_->kill();  // so that the thread that was left behind returns before this program does
  std::this_thread::sleep_for(milliseconds(200));
}

TEST_F(HttpTest, AFileBehindAnAddressGivesEveryFrameAndEnds) {
  video("clip.avi", 40);
  const auto capture = watch(stream(address("/clip.avi")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_over());
  EXPECT_EQ(seen.failure, "");
  EXPECT_EQ(seen.story.back(), "ended");
  EXPECT_TRUE(seen.events.empty()) << seen.events[0].message;
  EXPECT_FALSE(capture->info().live);
  ASSERT_EQ(seen.frames.size(), 40U);
  EXPECT_EQ(capture->dropped(), 0);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(seen.frames[i].number, static_cast<int64_t>(i));
    EXPECT_NEAR(*seen.frames[i].pts_ms, 100.0 * static_cast<double>(i), 1);
    EXPECT_NEAR(cv::mean(seen.frames[i].bgr)[0], static_cast<double>(8 * i % 256), 3) << i;
  }
}

TEST_F(HttpTest, HalfAFileBehindAnAddressIsTruncated) {
  video("clip.avi", 200);
  const auto capture = watch(stream(address("/half/clip.avi")));
  Watcher seen(*capture);
  ASSERT_TRUE(seen.until_over());
  EXPECT_EQ(seen.failure, "");
  EXPECT_EQ(seen.story.back(), "ended");
  EXPECT_EQ(seen.count(State::truncated), 1U);
  EXPECT_GT(seen.frames.size(), 60U);
  EXPECT_LT(seen.frames.size(), 140U);
}

}  // namespace
}  // namespace dualsight
