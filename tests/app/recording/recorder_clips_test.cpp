// Recording around events: clips with pre-roll and post-roll.
#include <mutex>

#include "tests/app/support/recorder_support.h"

namespace dualsight {
namespace {

// A dog in frame 50, one second before, two after.
TEST_F(RecorderTest, ClipsAreExactToTheFrame) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 1;
  options_.post_roll_s = 2;
  watch(100, {50});
  ASSERT_EQ(files(".mkv"), Names{at("out/front_20261125T101116.345Z.mkv")});
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(40, 70));
  EXPECT_EQ(times_of(files(".mkv")[0]).back(), 3000);
  EXPECT_EQ(records_in(files(".ndjson").at(0)),
            (Names{"frame 40 at 0", "frame 45 at 500", "frame 50 at 1000", "frame 55 at 1500", "frame 60 at 2000",
                   "frame 65 at 2500", "frame 70 at 3000"}));
  EXPECT_EQ(messages(State::recorded),
            (Names{"recorded " + at("out/front_20261125T101116.345Z.mkv") + ": 31 frames, 3.1 s"}));
}

TEST_F(RecorderTest, OverlappingClipsMerge) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 1;
  options_.post_roll_s = 2;
  watch(150, {5, 30, 58, 59, 102});  // the clip of 30 would end with 50, that of 58 begin with 48
  ASSERT_EQ(files(".mkv").size(), 2U);
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(0, 79));  // from 5 on: 0 .. 25, 20 .. 50, 48 .. 78, 49 .. 79
  EXPECT_EQ(numbers_in(files(".mkv")[1]), range(92, 122));
}

// Frames 20 .. 50 and 51 .. 81: no frame is in both.
TEST_F(RecorderTest, AdjacentClipsDoNotMerge) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 1;
  options_.post_roll_s = 2;
  watch(100, {30, 61});
  ASSERT_EQ(files(".mkv").size(), 2U);
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(20, 50));
  EXPECT_EQ(numbers_in(files(".mkv")[1]), range(51, 81));
  EXPECT_EQ(records_in(files(".ndjson").at(1)).front(), "frame 55 at 400");
}

TEST_F(RecorderTest, ZonesStartClips) {
  options_.on_zones = {"gate"};
  options_.pre_roll_s = 0.2;
  options_.post_roll_s = 0;
  open();
  for (int i = 0; i < 20; ++i) {
    const ShownFrame frame = frame_at(i, i * 100.0);
    FrameRecord record = record_of(frame);
    record.detections = {animal(1)};  // is no reason
    if (i >= 10) record.zones = {"street"};
    if (i == 12) record.zones.emplace_back("gate");
    show(frame);
    EXPECT_TRUE(recorder_->on_result(record, frame.bgr));
    EXPECT_TRUE(recorder_->on_event(event_of(frame)));
  }
  close();
  ASSERT_EQ(files(".mkv").size(), 1U);
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(10, 12));
  EXPECT_EQ(records_in(files(".ndjson").at(0)), (Names{"frame 10 at 0", "event 10 at 0", "frame 11 at 100",
                                                       "event 11 at 100", "frame 12 at 200", "event 12 at 200"}));
}

TEST_F(RecorderTest, NoEventNoFile) {
  options_.on_classes = {"dog"};
  watch(30, {});
  EXPECT_EQ(files(""), Names{});
}

// Ten frames as BGR are twenty as I420, the last of them the one with the dog.
TEST_F(RecorderTest, PreRollIsLimitedByMemory) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 5;
  options_.post_roll_s = 0;
  options_.pre_roll_bytes = std::size_t{64} * 48 * 3 * 10;
  for (const RecordWhat what : {RecordWhat::annotated, RecordWhat::raw}) {
    options_.what = what;
    options_.target = at(what == RecordWhat::raw ? "raw" : "annotated");
    watch(120, {80, 100});
    const Names videos = files(".mkv", what == RecordWhat::raw ? "raw" : "annotated");
    ASSERT_EQ(videos.size(), 1U);  // from 50 on, and from 80 on: 5 s before the second is within the first
    std::vector<int> expected = range(61, 100);
    EXPECT_EQ(numbers_in(videos[0]), expected);
    EXPECT_EQ(messages(State::recording).front(),
              "recording " + options_.target +
                  ": clips begin later than 5 s before the event, for these frames do not fit into 0 MiB");
    const Names reported = messages(State::recording);
    EXPECT_EQ(std::count_if(reported.begin(), reported.end(),
                            [](const std::string& text) { return text.find("clips begin") != std::string::npos; }),
              1);
    status_records_.clear();
  }
}

// What was packed is drawn on, too.
TEST_F(RecorderTest, PreRollHasItsBoxes) {
  options_.on_classes = {"dog"};
  options_.pre_roll_bytes = 1;
  options_.what = RecordWhat::both;
  open();
  ShownFrame frame = frame_at(15, 0);
  frame.bgr = cv::Mat(49, 65, CV_8UC3, cv::Scalar::all(130));  // odd
  frame.detections = {animal(1)};
  process(frame);
  close();
  ASSERT_EQ(files(".mkv").size(), 2U);
  EXPECT_GT(edge(files("Z.mkv").at(0)), 30);
  EXPECT_LT(edge(files(".raw.mkv").at(0)), 5);
}

// Of a clip with what came before, and of the segment after it: the event's own time in the file that it is in.
TEST_F(RecorderTest, EventsAreToldWhereTheyAre) {
  std::mutex mutex;
  Names reported;
  options_.on_event = [&](const EventRecord& event, const std::string& video, double seconds) {
    const std::lock_guard lock(mutex);
    reported.push_back(std::to_string(event.frame) + " at " + std::to_string(std::lround(seconds * 1000)) + " of " +
                       fs::path(video).filename().string());
  };
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 0.5;
  options_.post_roll_s = 10;
  options_.segment_seconds = 1;
  open();
  for (int i = 0; i < 30; ++i) {
    ShownFrame frame = frame_at(i, 7000 + i * 100.0);
    if (i == 12) frame.detections = {animal(1)};
    process(frame);
    if (i == 3 || i == 9 || i == 12 || i == 20) {
      EXPECT_TRUE(recorder_->on_event(event_of(frame)));
    }
  }
  close();
  const Names videos = files(".mkv");  // frames 7 to 16, 17 to 26, and the rest
  ASSERT_EQ(videos.size(), 3U);
  const auto name = [&](std::size_t i) { return fs::path(videos[i]).filename().string(); };
  EXPECT_EQ(reported, (Names{"9 at 200 of " + name(0), "12 at 500 of " + name(0), "20 at 300 of " + name(1)}));
}

}  // namespace
}  // namespace dualsight
