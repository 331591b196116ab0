#include "app/recording/recording_reader.h"

#include <map>
#include <random>

#include "tests/app/support/recording_support.h"

namespace dualsight {
namespace {

class RecordingReaderTest : public RecordingTest {
 protected:
  // Every frame, in a random order and then backwards, is the picture that OpenCV gives when it reads from the start.
  void expect_exact(const std::string& video, std::size_t least, int lost = 0) const {
    std::vector<cv::Mat> in_order;
    cv::VideoCapture capture(video, cv::CAP_FFMPEG);
    for (cv::Mat frame; capture.read(frame);) in_order.push_back(frame.clone());
    ASSERT_GE(in_order.size(), least) << video;
    auto reader = RecordingReader::open(video);
    ASSERT_TRUE(reader) << reader.error().message;
    // Of a killed one the last packet may be a half.
    ASSERT_NEAR(static_cast<double>(reader->times().size()), static_cast<double>(in_order.size()), lost) << video;
    std::vector<std::size_t> order(in_order.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::mt19937 random(1);
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t i = order.size(); i-- > 0;) order.push_back(i);
    for (std::size_t i = 0; i < in_order.size(); ++i) order.push_back(i);
    int wrong = 0;
    for (const std::size_t i : order) {
      const auto picture = reader->read(i);
      ASSERT_TRUE(picture) << picture.error().message;
      if (!alike(*picture, in_order[i])) ++wrong;
    }
    EXPECT_EQ(wrong, 0) << video;
  }

  static void expect_times(const std::string& video) {
    const auto reader = RecordingReader::open(video);
    ASSERT_TRUE(reader);
    const std::vector<int64_t> truth = times_of(video);
    ASSERT_EQ(reader->times().size(), truth.size()) << video;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      EXPECT_NEAR(reader->times()[i], static_cast<double>(truth[i] - truth[0]), 1) << video << " frame " << i;
    }
  }
};

TEST_F(RecordingReaderTest, EveryFrameOfTheProjectsOwnVideosIsFoundExactly) {
  for (const char* name : {"a.mkv", "a.mp4", "a.avi"}) {
    const std::string video = recorded(name, even(90));
    expect_exact(video, 90);
    expect_times(video);
  }
}

TEST_F(RecordingReaderTest, AlsoWithTimesThatVary) {
  std::vector<int64_t> times;
  std::mt19937 random(7);
  int64_t time = 0;
  for (int i = 0; i < 100; ++i) {
    times.push_back(time);
    time += i % 20 == 19 ? 1700 : 3 + static_cast<int64_t>(random() % 130);
  }
  const std::string video = recorded("varying.mkv", times);
  expect_exact(video, 100);
  auto reader = RecordingReader::open(video);
  ASSERT_TRUE(reader);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(reader->times()[i], static_cast<double>(times[i]));
}

TEST_F(RecordingReaderTest, GapsInAviAreNoFrames) {
  auto reader = RecordingReader::open(recorded("gaps.avi", {0, 40, 80, 1000, 1040, 1080, 3000}));
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->times(), (std::vector<double>{0, 40, 80, 1000, 1040, 1080, 3000}));
  for (const std::size_t i : {3U, 2U, 6U, 0U, 5U}) {
    const auto picture = reader->read(i);
    ASSERT_TRUE(picture);
    EXPECT_LT(cv::norm(*picture, frame_of(static_cast<int64_t>(i)), cv::NORM_L1) / kSize.area(), 12) << i;
  }
}

TEST_F(RecordingReaderTest, ADamagedPlaceIsPassedOver) {
  const std::string video = recorded("damaged.mkv", even(100));
  std::string bytes = contents(video);
  for (std::size_t i = bytes.size() * 4 / 10; i < bytes.size() * 5 / 10; ++i) bytes[i] = static_cast<char>(i * 31);
  text("damaged.mkv", bytes);
  auto reader = RecordingReader::open(video);
  ASSERT_TRUE(reader);
  const std::size_t count = reader->times().size();
  EXPECT_GE(count, 60U);
  for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(reader->read(i)) << i;
  for (std::size_t i = count; i-- > 0;) EXPECT_TRUE(reader->read(i)) << i;
  const auto last = reader->read(count - 1);
  ASSERT_TRUE(last);
  EXPECT_LT(cv::norm(*last, frame_of(99), cv::NORM_L1) / kSize.area(), 12);
}

TEST_F(RecordingReaderTest, AlsoWithBFramesAndLongOpenGroups) {
  const std::string source = recorded("source.mkv", even(130));
  const std::string b_frames = "-c:v libx264 -bf 4 -x264-params b-adapt=0:keyint=40:min-keyint=40:scenecut=0:";
  for (const auto& [name, options] : std::map<std::string, std::string>{
           {"closed.mp4", b_frames + "b-pyramid=normal"},
           {"closed.mkv", b_frames + "b-pyramid=normal"},
           {"open.mkv", b_frames + "open-gop=1"},
           {"open.mp4", b_frames + "open-gop=1"},
           {"long.mp4", "-c:v libx264 -bf 3 -g 1000"},
           {"mpeg4.mp4", "-c:v mpeg4 -bf 2 -g 30 -q:v 3"},
           {"short.mp4", "-c:v libx264 -bf 3 -x264-params keyint=5:min-keyint=5:b-adapt=0"}}) {
    const std::string video = converted(source, name, options);
    expect_exact(video, 128);
    expect_times(video);
  }
}

// As ffmpeg turns them (OpenCV 4.6 turns by a quarter the wrong way).
TEST_F(RecordingReaderTest, TurnedVideosStandUpright) {
  const std::string plain = recorded("plain.mp4", even(3));
  for (const int degrees : {90, 180, 270}) {
    const std::string name = std::to_string(degrees);
    const std::string turned = converted(plain, name + ".mp4", "-c copy -metadata:s:v rotate=" + name);
    const cv::Size size = degrees == 180 ? kSize : cv::Size(kSize.height, kSize.width);
    auto reader = RecordingReader::open(turned);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->size(), size);
    const auto picture = reader->read(1);
    ASSERT_TRUE(picture);
    ASSERT_EQ(picture->size(), size);
    EXPECT_LT(cv::norm(*picture, dualsight::frames_of(turned, size)[1], cv::NORM_L1) / size.area(), 12) << degrees;
  }
}

TEST_F(RecordingReaderTest, AKilledRecordingIsReadAsFarAsItGoes) {
  for (const char* name : {"killed.mkv", "killed.mp4"}) {
    const std::string video = recorded(name, even(150));
    fs::resize_file(video, fs::file_size(video) * 7 / 10);
    expect_exact(video, 80, 1);
  }
}

TEST_F(RecordingReaderTest, WhatIsNoVideoIsToldInOneLine) {
  EXPECT_EQ(RecordingReader::open(at("none.mkv")).error().message, at("none.mkv") + ": no such file");
  EXPECT_EQ(RecordingReader::open(text("text.mkv", "this is a text")).error().message,
            at("text.mkv") + ": cannot be opened as a video (truncated, or not a video)");
  EXPECT_EQ(Recording::open(text("empty.mkv", "")).error().kind, ErrorKind::source);
  EXPECT_EQ(Recording::open(at("")).error().kind, ErrorKind::source);  // a folder
}

}  // namespace
}  // namespace dualsight
