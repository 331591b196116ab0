#include "app/video_writer.h"

#include <cmath>

#include "tests/app/test_support.h"

namespace dualsight {
namespace {

using VideoWriterTest = TemporaryFolder;

FrameRecord record_at(double fps) {
  FrameRecord record;
  record.source_fps = fps;
  return record;
}

FrameRecord record_at(double fps, double pts_ms, const std::string& source = "cam0") {
  FrameRecord record = record_at(fps);
  record.source = source;
  record.pts_ms = pts_ms;
  return record;
}

cv::Mat grey(int width, int height) { return {height, width, CV_8UC3, cv::Scalar::all(128)}; }

TEST_F(VideoWriterTest, WritesEveryFrameAtTheSourcesRate) {
  for (const std::string name : {"v.mp4", "v.avi", "v.mkv"}) {
    auto writer = make_video_writer(at(name));
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->begin({}));
    for (int i = 0; i < 25; ++i) ASSERT_TRUE((*writer)->frame(record_at(12.5), grey(64, 48)));
    const auto ended = (*writer)->end({});
    ASSERT_TRUE(ended) << ended.error().message;
    cv::VideoCapture video(at(name), cv::CAP_FFMPEG);
    cv::Mat frame;
    int frames = 0;
    while (video.read(frame)) ++frames;
    EXPECT_EQ(frames, 25) << name;
    EXPECT_DOUBLE_EQ(video.get(cv::CAP_PROP_FPS), 12.5) << name;
    EXPECT_EQ(frame.size(), cv::Size()) << name;  // read() empties it at the end
  }
}

TEST_F(VideoWriterTest, OtherSizesAreFittedIntoTheFirst) {
  auto writer = make_video_writer(at("v.avi"));
  ASSERT_TRUE((*writer)->begin({}));
  ASSERT_TRUE((*writer)->frame(record_at(10), grey(65, 49)));  // odd: becomes 64x48
  // 24x48 keeps its shape: as high as the frame, 24 wide, in the middle (columns 20..43), black beside.
  ASSERT_TRUE((*writer)->frame(record_at(10), cv::Mat(48, 24, CV_8UC3, cv::Scalar::all(255))));
  ASSERT_TRUE((*writer)->end({}));
  cv::VideoCapture video(at("v.avi"), cv::CAP_FFMPEG);
  cv::Mat frame;
  ASSERT_TRUE(video.read(frame));
  EXPECT_EQ(frame.size(), cv::Size(64, 48));
  ASSERT_TRUE(video.read(frame));
  EXPECT_EQ(frame.size(), cv::Size(64, 48));
  EXPECT_GT(frame.at<cv::Vec3b>(24, 32)[0], 230);
  EXPECT_LT(frame.at<cv::Vec3b>(24, 4)[0], 25);
  EXPECT_LT(frame.at<cv::Vec3b>(24, 60)[0], 25);
}

class VideoTimeTest : public TemporaryFolder {
 protected:
  // Writes one frame for each record, number i filled with grey 40 * i (modulo 256), and returns which of them each
  // frame of the finished video shows.
  std::vector<int> written(const std::vector<FrameRecord>& records) {
    auto writer = make_video_writer(at("v.avi"));
    EXPECT_TRUE((*writer)->begin({}));
    for (std::size_t i = 0; i < records.size(); ++i) {
      EXPECT_TRUE(
          (*writer)->frame(records[i], cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(static_cast<int>(i) * 40 % 256))));
    }
    const auto ended = (*writer)->end({});
    EXPECT_TRUE(ended);
    std::vector<int> shown;
    cv::VideoCapture video(at("v.avi"), cv::CAP_FFMPEG);
    for (cv::Mat frame; video.read(frame);) shown.push_back((frame.at<cv::Vec3b>(24, 32)[0] + 20) / 40);
    return shown;
  }
};

TEST_F(VideoTimeTest, AFrameStandsUntilTheNext) {
  // The second frame is due a second after the first, at place 10: the first fills the places 0 to 9.
  EXPECT_EQ(written({record_at(10, 0), record_at(10, 1000)}), (std::vector{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST_F(VideoTimeTest, JitterDoesNotAddUp) {
  // Due at the places 0, 0.4 -> 0, 2.6 -> 3, 3.5 -> 4. The second comes after the first all the same (place 1) and
  // stands for place 2 as well.
  EXPECT_EQ(written({record_at(10, 500), record_at(10, 540), record_at(10, 760), record_at(10, 850)}),
            (std::vector{0, 1, 1, 2, 3}));
}

TEST_F(VideoTimeTest, UnknownRateIsWrittenAt25) {
  // 200 ms at 25 frames/s: place 5.
  EXPECT_EQ(written({record_at(0, 0), record_at(0, 200)}), (std::vector{0, 0, 0, 0, 0, 1}));
  EXPECT_DOUBLE_EQ(cv::VideoCapture(at("v.avi"), cv::CAP_FFMPEG).get(cv::CAP_PROP_FPS), 25);
}

TEST_F(VideoTimeTest, AFileOfConstantRateIsCopiedFrameForFrame) {
  std::vector<FrameRecord> records;
  for (int i = 0; i < 60; ++i) records.push_back(record_at(30, std::round(i * 1000 / 30.0)));  // whole ms: 0, 33, 67
  EXPECT_EQ(written(records).size(), 60U);
}

TEST_F(VideoTimeTest, NoFrameOfAFasterSourceIsLeftOut) {
  EXPECT_EQ(written({record_at(10, 0), record_at(10, 50), record_at(10, 100), record_at(10, 150)}),
            (std::vector{0, 1, 2, 3}));
}

TEST_F(VideoTimeTest, EachSourceHasItsOwnTime) {
  // "b" begins where "a" ends, whatever its clock says; its second frame is due 200 ms, two places, later.
  EXPECT_EQ(written({record_at(10, 0, "a"), record_at(10, 100, "a"), record_at(10, 5000, "b"), record_at(10, 5200, "b"),
                     record_at(10, 0, "c")}),
            (std::vector{0, 1, 2, 2, 3, 4}));
}

TEST_F(VideoTimeTest, AClockThatJumpsDoesNotFillTheDisk) {
  const double later = 3'700'000;  // more than an hour
  EXPECT_EQ(written({record_at(10, 0), record_at(10, later), record_at(10, later + 200)}), (std::vector{0, 1, 1, 2}));
}

TEST_F(VideoWriterTest, UnwritablePathIsNamed) {
  auto writer = make_video_writer(at("none/v.mp4"));
  const auto begun = (*writer)->begin({});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().kind, ErrorKind::output);
  EXPECT_EQ(begun.error().message, at("none/v.mp4") + ": cannot be written: No such file or directory");
}

TEST_F(VideoWriterTest, FullDiskIsNoticed) {
  for (const std::string name : {"full.mp4", "full.avi", "full.mkv"}) {
    fs::create_symlink("/dev/full", at(name));
    auto writer = make_video_writer(at(name));
    bool good = static_cast<bool>((*writer)->begin({}));
    for (int i = 0; good && i < 20; ++i) good = static_cast<bool>((*writer)->frame(record_at(10), grey(64, 48)));
    good = good && (*writer)->end({});
    EXPECT_FALSE(good) << name;
  }
}

TEST_F(VideoWriterTest, NoFramesLeaveNoFile) {
  auto writer = make_video_writer(at("v.mp4"));
  ASSERT_TRUE((*writer)->begin({}));
  ASSERT_TRUE((*writer)->end({}));
  EXPECT_FALSE(fs::exists(at("v.mp4")));
}

TEST(VideoWriter, OtherExtensionsAreRefused) {
  const auto writer = make_video_writer("v.gif");
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace dualsight
