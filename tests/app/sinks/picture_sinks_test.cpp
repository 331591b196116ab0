#include "app/sinks/picture_sinks.h"

#include <algorithm>
#include <functional>

#include "app/system/decimating_sampler.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

FrameRecord record_of(const std::string& file, int64_t frame = 0) {
  FrameRecord record;
  record.source = "clip.avi";
  record.file = file;
  record.frame = frame;
  return record;
}

const cv::Mat grey(48, 64, CV_8UC3, cv::Scalar::all(128));

using PictureFolderTest = TemporaryFolder;
using ContactSheetTest = TemporaryFolder;

TEST_F(PictureFolderTest, WritesOneFileForEachFrame) {
  const auto sink = make_picture_folder(at("new/folder"));
  ASSERT_TRUE(sink->begin({}));
  ASSERT_TRUE(sink->on_result(record_of("", 7), grey));
  ASSERT_TRUE(sink->on_result(record_of("elsewhere/dog.png"), grey));
  EXPECT_EQ(cv::imread(at("new/folder/clip_000007.jpg")).size(), cv::Size(64, 48));
  EXPECT_EQ(cv::imread(at("new/folder/dog.jpg")).size(), cv::Size(64, 48));
}

TEST_F(PictureFolderTest, RefusesToOverwriteTheSource) {
  const std::string original = picture("dog.jpg");
  const std::string before = contents(original);
  const auto sink = make_picture_folder(folder_.string());
  ASSERT_TRUE(sink->begin({}));
  EXPECT_FALSE(sink->on_result(record_of(original), grey));
  EXPECT_EQ(contents(original), before);
}

TEST_F(PictureFolderTest, NamesAFolderThatCannotBeMade) {
  const auto sink = make_picture_folder(text("file", "x") + "/folder");
  const auto begun = sink->begin({});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().kind, ErrorKind::output);
  EXPECT_EQ(begun.error().message, at("file") + "/folder: cannot be written: Not a directory");
}

TEST_F(ContactSheetTest, HoldsTwelveTilesInThreeColumns) {
  const auto sink = *make_contact_sheet(at("sheet.png"));
  ASSERT_TRUE(sink->begin({}));
  FrameRecord record = record_of("");
  record.detections = {{0, 0.5F, {0, 0, 1, 1}}};
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(sink->on_result(record, grey));
  ASSERT_TRUE(sink->end({}));
  const cv::Mat sheet = cv::imread(at("sheet.png"));
  // Tiles are 640 wide and, being 64x48, 480 high: 3 columns, 4 rows.
  EXPECT_GE(sheet.cols, 3 * 640);
  EXPECT_GE(sheet.rows, 4 * 480);
  EXPECT_LT(sheet.rows, 5 * 480);
}

TEST_F(ContactSheetTest, FillsUpWithFramesWithoutDetectionsInOrderOfTime) {
  const auto sink = *make_contact_sheet(at("sheet.png"));
  ASSERT_TRUE(sink->begin({}));
  for (int i = 0; i < 40; ++i) {  // frame i is filled with grey 50 + 5 * i, 50..245
    FrameRecord record = record_of("", i);
    if (i == 7 || i == 31) record.detections = {{0, 0.5F, {0, 0, 1, 1}}};
    ASSERT_TRUE(sink->on_result(record, cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(50 + 5 * i))));
  }
  ASSERT_TRUE(sink->end({}));
  const cv::Mat sheet = cv::imread(at("sheet.png"));
  std::vector<int> frames;
  for (int i = 0; i < 12; ++i) {  // the middle of each of the 3 x 4 tiles
    const int shade = sheet.at<cv::Vec3b>(sheet.rows * (2 * (i / 3) + 1) / 8, sheet.cols * (2 * (i % 3) + 1) / 6)[0];
    ASSERT_GE(shade, 50) << i;  // the sheet's own ground is darker: there is a tile
    frames.push_back((shade - 50) / 5);
  }
  EXPECT_EQ(std::adjacent_find(frames.begin(), frames.end(), std::greater_equal<>()), frames.end());  // they rise
  EXPECT_EQ(std::count(frames.begin(), frames.end(), 7), 1);
  EXPECT_EQ(std::count(frames.begin(), frames.end(), 31), 1);
  EXPECT_LT(frames.front(), 10);  // from the first quarter to the last
  EXPECT_GE(frames.back(), 30);
}

TEST_F(ContactSheetTest, HasAsManyTilesAsThereAreFrames) {
  const auto sink = *make_contact_sheet(at("sheet.png"));
  ASSERT_TRUE(sink->begin({}));
  FrameRecord record = record_of("");
  ASSERT_TRUE(sink->on_result(record, grey));
  record.detections = {{0, 0.5F, {0, 0, 1, 1}}};
  ASSERT_TRUE(sink->on_result(record, grey));
  ASSERT_TRUE(sink->end({}));
  const cv::Mat sheet = cv::imread(at("sheet.png"));  // one row of two tiles, 640x480 each
  EXPECT_GE(sheet.cols, 2 * 640);
  EXPECT_LT(sheet.cols, 3 * 640);
  EXPECT_LT(sheet.rows, 2 * 480);
}

TEST_F(ContactSheetTest, LeavesNoEmptyFileBehind) {
  const auto sink = *make_contact_sheet(at("sheet.png"));
  ASSERT_TRUE(sink->begin({}));
  ASSERT_TRUE(sink->end({}));
  EXPECT_FALSE(fs::exists(at("sheet.png")));
}

std::vector<int> sample_of(int stream, std::size_t wanted) {
  DecimatingSampler<int> sample(wanted);
  for (int i = 0; i < stream; ++i) sample.wants_next() ? sample.add(i) : sample.skip();
  return std::move(sample).take();
}

TEST(DecimatingSampler, KeepsAllOfAShortStream) {
  EXPECT_EQ(sample_of(0, 3), (std::vector<int>{}));
  EXPECT_EQ(sample_of(1, 3), (std::vector{0}));
  EXPECT_EQ(sample_of(3, 3), (std::vector{0, 1, 2}));
}

TEST(DecimatingSampler, SpreadsOverALongStream) {
  // Wanted 3: at six kept (0..5) it falls to 0,2,4 and takes every second: 6, 8, 10 -> six -> 0,4,8 and every fourth:
  // 12, 16 (stream ends at 19). Held: 0,4,8,12,16; of these the places 0, 1*4/2=2, 2*4/2=4: 0, 8, 16.
  EXPECT_EQ(sample_of(20, 3), (std::vector{0, 8, 16}));
}

}  // namespace
}  // namespace dualsight
