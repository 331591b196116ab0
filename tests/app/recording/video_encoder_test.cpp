#include "app/recording/video_encoder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <thread>

#include "tests/app/support/test_support.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

using std::chrono::milliseconds;
using Times = std::vector<int64_t>;

class VideoEncoderTest : public TemporaryFolder {
 protected:
  // Frame i says its number by its grey level. Returns what write() returned.
  Times record(const std::string& name, const Times& times, const EncoderOptions& options = {}) {
    auto encoder = VideoEncoder::create(at(name), 64, 48, options);
    if (!encoder) {
      ADD_FAILURE() << encoder.error().message;
      return {};
    }
    encoder_ = encoder->encoder();
    Times written;
    for (std::size_t i = 0; i < times.size(); ++i) {
      const auto time = encoder->write(numbered(static_cast<int64_t>(i)), times[i]);
      EXPECT_TRUE(time) << time.error().message;
      if (time) written.push_back(*time);
    }
    const auto closed = encoder->close();
    EXPECT_TRUE(closed) << closed.error().message;
    EXPECT_EQ(encoder->bytes(), static_cast<int64_t>(fs::file_size(at(name))));
    return written;
  }

  std::string encoder_;  // of the last record()
};

TEST_F(VideoEncoderTest, VaryingRatesKeepTheirTimes) {
  const Times times{0, 40, 500, 510, 2510, 62'510, 62'511};
  for (const std::string name : {"a.mkv", "a.mp4"}) {
    for (const std::string encoder : {"libx264", "mpeg4", "mjpeg"}) {
      EncoderOptions options;
      options.encoders = {encoder};
      EXPECT_EQ(record(name, times, options), times);
      EXPECT_EQ(times_of(at(name)), times) << name << " " << encoder;
      EXPECT_EQ(numbers_in(at(name)), (std::vector<int>{0, 1, 2, 3, 4, 5, 6})) << name << " " << encoder;
    }
  }
}

TEST_F(VideoEncoderTest, TheFirstEncoderThatWorksIsUsed) {
  const auto codec_with = [&](const std::vector<std::string>& encoders) {
    EncoderOptions options;
    options.encoders = encoders;
    record("a.mkv", {0, 40}, options);
    return encoder_ + ": " + probed(at("a.mkv"), "stream=codec_name,pix_fmt");
  };
  EXPECT_EQ(codec_with({"libx264", "mpeg4", "mjpeg"}), "H.264 (libx264): h264,yuv420p");
  EXPECT_EQ(codec_with({"no_such_encoder", "mpeg4", "mjpeg"}), "MPEG-4 (mpeg4): mpeg4,yuv420p");
  EXPECT_EQ(codec_with({"no_such_encoder", "mjpeg"}), "Motion JPEG (mjpeg): mjpeg,yuvj420p");
  EncoderOptions none;
  none.encoders = {"no_such_encoder"};
  const auto failed = VideoEncoder::create(at("b.mkv"), 64, 48, none);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, at("b.mkv") + ": cannot be written as a video: no encoder works for 64x48");
}

// 60,000 macroblocks a side is more than H.264 and MPEG-4 have, but not JPEG.
TEST_F(VideoEncoderTest, AnEncoderThatCannotTakeTheSizeIsPassedOver) {
  const auto encoder = VideoEncoder::create(at("a.mkv"), 20'000, 16);
  ASSERT_TRUE(encoder) << encoder.error().message;
  EXPECT_EQ(encoder->encoder(), "Motion JPEG (mjpeg)");
}

TEST_F(VideoEncoderTest, TimesRise) {
  EXPECT_EQ(record("a.mkv", {0, 0, 100, 90, 95, 200}), (Times{0, 1, 100, 101, 102, 200}));
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 1, 100, 101, 102, 200}));
}

TEST_F(VideoEncoderTest, AviRoundsToItsRate) {
  EncoderOptions options;
  options.fps = 10;
  const Times expected{0, 100, 300, 400, 1000};
  EXPECT_EQ(record("a.avi", {0, 104, 296, 297, 1000}, options), expected);
  EXPECT_EQ(times_of(at("a.avi")), expected);
  options.fps = 29.97;
  record("b.avi", {0, 33, 67, 86'400'000}, options);  // a day's gap
  EXPECT_EQ(times_of(at("b.avi")).size(), 4U);
}

TEST_F(VideoEncoderTest, KeyFramesComeEverySecond) {
  Times times;
  for (int64_t t = 0; t < 3000; t += 100) times.push_back(t);
  for (const std::string encoder : {"libx264", "mpeg4"}) {
    EncoderOptions options;
    options.encoders = {encoder};
    record("a.mkv", times, options);
    const Times keys = times_of(at("a.mkv"), "-skip_frame nokey");
    ASSERT_GE(keys.size(), 3U) << encoder;
    EXPECT_EQ(keys[0], 0) << encoder;
    for (std::size_t i = 1; i < keys.size(); ++i) EXPECT_LE(keys[i] - keys[i - 1], 1000) << encoder;
  }
}

// The last frame lasts as long as the one before it.
TEST_F(VideoEncoderTest, Duration) {
  for (const std::string name : {"a.mkv", "a.mp4"}) {
    record(name, {0, 100, 200, 300});
    EXPECT_NEAR(std::stod(probed(at(name), "format=duration")), 0.4, 0.0011) << name;
  }
}

TEST_F(VideoEncoderTest, OddSizesAreCutByOne) {
  auto encoder = VideoEncoder::create(at("a.mkv"), 63, 47);
  ASSERT_TRUE(encoder);
  ASSERT_TRUE(encoder->write(numbered(3, {63, 47}), 0));
  ASSERT_TRUE(encoder->write(numbered(4, {62, 46}), 40));
  ASSERT_TRUE(encoder->close());
  EXPECT_EQ(probed(at("a.mkv"), "stream=width,height"), "62,46");
  EXPECT_EQ(numbers_in(at("a.mkv")), (std::vector<int>{3, 4}));
  auto tiny = VideoEncoder::create(at("b.mkv"), 1, 1);
  ASSERT_TRUE(tiny) << tiny.error().message;
  EXPECT_TRUE(tiny->write(numbered(3, {1, 1}), 0));
  EXPECT_TRUE(tiny->close());
}

// A frame of twice the width is halved and lies in the middle, between black bars of 12 rows.
TEST_F(VideoEncoderTest, OtherSizesAreFittedIn) {
  const cv::Mat wide(48, 128, CV_8UC3, cv::Scalar::all(200));
  for (const bool i420 : {false, true}) {
    auto encoder = VideoEncoder::create(at("a.mkv"), 64, 48);
    ASSERT_TRUE(encoder);
    ASSERT_TRUE(encoder->write(numbered(0), 0));
    ASSERT_TRUE(i420 ? encoder->write_i420(to_i420(wide), 40) : encoder->write(wide, 40));
    ASSERT_TRUE(encoder->close());
    const auto frames = frames_of(at("a.mkv"), {64, 48});
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_NEAR(frames[1].at<cv::Vec3b>(5, 32)[1], 0, 4);
    EXPECT_NEAR(frames[1].at<cv::Vec3b>(24, 32)[1], 200, 4);
    EXPECT_NEAR(frames[1].at<cv::Vec3b>(42, 32)[1], 0, 4);
  }
}

// What ffmpeg, which obeys the file's tags, and OpenCV, which does not, make of the colours.
TEST_F(VideoEncoderTest, ColoursAreRight) {
  const std::vector<cv::Vec3b> colours{{255, 255, 255}, {0, 0, 0},     {128, 128, 128}, {255, 0, 0},    {0, 255, 0},
                                       {0, 0, 255},     {0, 255, 255}, {255, 0, 255},   {40, 120, 200}, {200, 90, 30}};
  for (const std::string encoder : {"libx264", "mpeg4", "mjpeg"}) {
    EncoderOptions options;
    options.encoders = {encoder};
    for (const std::string name : {"a.mkv", "a.mp4"}) {
      auto video = VideoEncoder::create(at(name), 64, 48, options);
      ASSERT_TRUE(video);
      for (std::size_t i = 0; i < colours.size(); ++i) {
        ASSERT_TRUE(video->write(cv::Mat(48, 64, CV_8UC3, cv::Scalar(colours[i])), static_cast<int64_t>(i) * 100));
      }
      ASSERT_TRUE(video->close());
      const auto frames = frames_of(at(name), {64, 48});
      ASSERT_EQ(frames.size(), colours.size());
      cv::VideoCapture capture(at(name), cv::CAP_FFMPEG);
      for (std::size_t i = 0; i < colours.size(); ++i) {
        cv::Mat other;
        ASSERT_TRUE(capture.read(other));
        for (int c = 0; c < 3; ++c) {
          EXPECT_NEAR(frames[i].at<cv::Vec3b>(24, 32)[c], colours[i][c], 5) << encoder << " " << colours[i];
          EXPECT_NEAR(other.at<cv::Vec3b>(24, 32)[c], colours[i][c], 5) << encoder << " " << colours[i];
        }
      }
    }
  }
}

// OpenCV's inverse, on colours that are the same over two by two pixels.
TEST(I420, IsOpenCvsFormat) {
  cv::Mat small(9, 16, CV_8UC3), bgr, back;
  cv::RNG(1).fill(small, cv::RNG::UNIFORM, 0, 256);
  cv::resize(small, bgr, {32, 18}, 0, 0, cv::INTER_NEAREST);
  cv::cvtColor(to_i420(bgr), back, cv::COLOR_YUV2BGR_I420);
  EXPECT_LE(cv::norm(bgr, back, cv::NORM_INF), 2);
}

// A red line one pixel wide, in the column whose colour OpenCV would drop: 4:2:0 gives it half its colour.
TEST(I420, ThinLinesKeepTheirColour) {
  cv::Mat bgr(16, 16, CV_8UC3, cv::Scalar::all(128)), back;
  bgr.col(5).setTo(cv::Scalar(0, 0, 255));
  cv::cvtColor(to_i420(bgr), back, cv::COLOR_YUV2BGR_I420);
  EXPECT_GT(back.at<cv::Vec3b>(8, 5)[2] - back.at<cv::Vec3b>(8, 5)[0], 100);
}

// Frames come at `fps`, a multiple of 1/s, until the program is killed.
void record_until_killed(const std::string& path, int fps) {
  auto encoder = VideoEncoder::create(path, 320, 240);
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; encoder; ++i) {
    std::this_thread::sleep_until(start + milliseconds(i * 1000 / fps));
    if (!encoder->write(numbered(i, {320, 240}), i * 1000 / fps)) break;
    if (fps > 1) continue;
    std::this_thread::sleep_for(milliseconds(500));
    if (!encoder->flush()) break;
  }
  _exit(1);
}

TEST_F(VideoEncoderTest, SurvivesKill) {
  struct Child {
    std::string path;
    int fps;
    pid_t pid;
  };
  std::vector<Child> children{
      {at("ten.mkv"), 10, 0}, {at("ten.mp4"), 10, 0}, {at("one.mkv"), 1, 0}, {at("one.mp4"), 1, 0}};
  for (Child& child : children) {
    child.pid = fork();
    if (child.pid == 0) record_until_killed(child.path, child.fps);
  }
  std::this_thread::sleep_for(milliseconds(4200));
  for (const Child& child : children) {
    kill(child.pid, SIGKILL);
    int status = 0;
    waitpid(child.pid, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << child.path;
  }
  for (const Child& child : children) {
    const Times times = times_of(child.path);
    ASSERT_FALSE(times.empty()) << child.path;
    EXPECT_GE(times.back(), 2200) << child.path;
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(times[i], static_cast<int64_t>(i) * 1000 / child.fps);
    const std::vector<int> numbers = numbers_in(child.path);
    for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<int>(i) % 30);
    EXPECT_EQ(numbers.size(), times.size());
  }
}

// Frames come in between and after; their times stay.
TEST_F(VideoEncoderTest, Flush) {
  for (const std::string name : {"a.mkv", "a.mp4", "a.avi"}) {
    EncoderOptions options;
    options.fps = 10;
    auto encoder = VideoEncoder::create(at(name), 64, 48, options);
    ASSERT_TRUE(encoder);
    const Times times{0, 100, 200, 5000, 5100, 5800};
    for (std::size_t i = 0; i < times.size(); ++i) {
      ASSERT_TRUE(encoder->write(numbered(static_cast<int64_t>(i)), times[i]));
      if (i % 2 == 1) continue;
      ASSERT_TRUE(encoder->flush());
      EXPECT_EQ(numbers_in(at(name)).size(), i + 1) << name;  // while it is being written
    }
    ASSERT_TRUE(encoder->close());
    EXPECT_EQ(times_of(at(name)), times) << name;
  }
}

TEST_F(VideoEncoderTest, AFullDiskEndsInAWholeFile) {
  for (const std::string name : {"a.mkv", "a.mp4", "a.avi"}) {
    const SmallDisk disk(at("disk"));
    if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs cannot be mounted here";
    auto encoder = VideoEncoder::create(disk.at(name), 320, 240);
    ASSERT_TRUE(encoder);
    int written = 0;
    std::string error;
    for (int i = 0; i < 1000 && error.empty(); ++i) {
      const auto time = encoder->write(noise(i, {320, 240}), i * 40);
      if (time) {
        ++written;
      } else {
        error = time.error().message;
      }
    }
    EXPECT_EQ(error, disk.at(name) + ": cannot be written: the disk is full");
    const auto closed = encoder->close();
    EXPECT_TRUE(closed) << closed.error().message;
    EXPECT_GT(written, 20);
    EXPECT_EQ(static_cast<int>(frames_of(disk.at(name), {1, 1}).size()), written) << name;  // all of them
    EXPECT_NEAR(std::stod(probed(disk.at(name), "format=duration")), written * 0.04, 0.001) << name;
    EXPECT_GT(fs::file_size(disk.at(name)), 1'500'000U);
  }
}

TEST_F(VideoEncoderTest, ErrorsNameTheFile) {
  const auto extension = VideoEncoder::create(at("a.mov"), 64, 48);
  ASSERT_FALSE(extension);
  EXPECT_EQ(extension.error().kind, ErrorKind::usage);
  EXPECT_EQ(extension.error().message, at("a.mov") + ": the name must end in .mkv, .mp4 or .avi");
  const auto folder = VideoEncoder::create(at("no/such/a.mkv"), 64, 48);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::output);
  EXPECT_EQ(folder.error().message, at("no/such/a.mkv") + ": cannot be written: No such file or directory");
}

}  // namespace
}  // namespace dualsight
