// What is to be blurred is blurred wherever pixels leave the pipeline.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "app/recording/video_recorder.h"
#include "app/sinks/picture_sinks.h"
#include "tests/app/support/live_pipeline_support.h"

namespace dualsight {
namespace {

TEST_F(LivePipelineTest, BlurredPixelsReachNoSinkInAnyFrame) {
  const SinkLog& log = add_sink();
  options_.sources[0].blur = {false, true};
  run_live();
  ASSERT_GT(log.shown.size(), 20U);
  for (const ShownFrame& shown : log.shown) EXPECT_EQ(white_pixels(shown.bgr), 0) << shown.frame;
  for (const cv::Mat& picture : log.pictures) EXPECT_EQ(white_pixels(picture), 0);
}

// What the detector calls a person now and then is blurred, whatever its track is called.
TEST_F(LivePipelineTest, BlurringHeedsEveryClassThatWasSeen) {
  struct Wavering : SquareDetector {
    Result<void> detect(ImageView bgr, DetectionResult& result) override {
      auto done = SquareDetector::detect(bgr, result);
      if (++calls % 4 != 0) result.detections[0].class_id = 0;  // mostly "even"
      return done;
    }
    int calls = 0;
  };
  const SinkLog& log = add_sink();
  options_.sources[0].blur = {false, true};
  options_.max_frames = 9;
  Wavering detector;
  run_with(detector);
  ASSERT_EQ(log.pictures.size(), 9U);
  EXPECT_GT(white_pixels(log.pictures[0]), 0);  // nothing to be blurred was seen
  EXPECT_EQ(white_pixels(log.pictures[3]), 0);
  EXPECT_EQ(white_pixels(log.pictures[7]), 0);
  EXPECT_EQ(log.frames[7].detections[0].class_id, 0);  // by its track
}

// What a recording shows of the square, over all of its frames, decoded again: the middle twelve of its twenty rows,
// where the border and the label of its box do not reach. Sharp, they hold ten white columns of twelve pixels.
struct Recorded {
  explicit Recorded(const std::string& file) {
    cv::VideoCapture video(file, cv::CAP_FFMPEG);
    for (cv::Mat picture; video.read(picture); ++frames) {
      const cv::Mat middle = picture.rowRange(34, 46);
      cv::Mat grey;  // what a mosaic leaves of black and white stripes
      cv::inRange(middle, cv::Scalar::all(50), cv::Scalar::all(199), grey);
      const int white = white_pixels(middle);
      least_white = frames == 0 ? white : std::min(least_white, white);
      most_white = std::max(most_white, white);
      least_grey = frames == 0 ? cv::countNonZero(grey) : std::min(least_grey, cv::countNonZero(grey));
    }
  }
  std::size_t frames = 0;
  int least_white = -1, most_white = -1, least_grey = -1;
};

// The same, proven on the recorded files.
class BlurredRecordingTest : public LivePipelineTest {
 protected:
  BlurredRecordingTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "dualsight_blur_XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    recorder_.target = at("door.mkv");
    recorder_.what = RecordWhat::both;
    sinks_.push_back(*make_recorder(recorder_));
    sinks_.push_back(make_picture_folder(at("pictures")));
  }
  ~BlurredRecordingTest() override { std::filesystem::remove_all(folder_); }
  std::string at(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  RecorderOptions recorder_;
};

TEST_F(BlurredRecordingTest, WithoutBlurringEveryFrameIsSharp) {
  const SinkLog& log = add_sink();
  run_live();
  for (const char* name : {"door.raw.mkv", "door.mkv"}) {
    const Recorded recorded(at(name));
    EXPECT_EQ(recorded.frames, log.shown.size()) << name;
    EXPECT_GE(recorded.least_white, 60) << name;  // of 120; an annotated box's border covers some
  }
}

TEST_F(BlurredRecordingTest, BlurredPixelsAreInNoFrame) {
  const SinkLog& log = add_sink();
  options_.sources[0].blur = {false, true};
  run_live();
  ASSERT_GT(log.shown.size(), 20U);
  for (const char* name : {"door.raw.mkv", "door.mkv"}) {
    const Recorded recorded(at(name));
    EXPECT_EQ(recorded.frames, log.shown.size()) << name;
    EXPECT_EQ(recorded.most_white, 0) << name;
    EXPECT_GE(recorded.least_grey, 60) << name;  // and not because the picture were black
  }
  std::size_t pictures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(at("pictures"))) {
    const cv::Mat picture = cv::imread(entry.path().string());
    ASSERT_FALSE(picture.empty());
    EXPECT_EQ(white_pixels(picture.rowRange(34, 46)), 0) << entry.path();
    ++pictures;
  }
  EXPECT_EQ(pictures, 10U);
}

}  // namespace
}  // namespace dualsight
