#include "app/video_writer.h"

#include "tests/app/test_support.h"

namespace dualsight {
namespace {

using VideoWriterTest = TemporaryFolder;

FrameRecord record_at(double fps) {
  FrameRecord record;
  record.source_fps = fps;
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
