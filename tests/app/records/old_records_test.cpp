// Records that an older program wrote (tests/compatibility/write_fixtures.py) are read as they always were. The numbers
// are copied by hand from the file.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/records/read_records.h"

namespace dualsight {
namespace {

TEST(OldRecords, AreReadAsTheyWereWritten) {
  const auto run = read_records(DUALSIGHT_SOURCE_DIR "/tests/compatibility/clip.ndjson", "");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->class_names, (std::vector<std::string>{"disc", "square", "cross"}));
  EXPECT_EQ(run->thresholds, (std::vector<float>{0.5F, 0.5F, 0.5F}));
  ASSERT_EQ(run->frames.size(), 5U);
  const std::vector<std::size_t> detections = {4, 8, 14, 10, 11}, candidates = {67, 67, 63, 62, 59};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(run->frames[i].frame, static_cast<int64_t>(i));
    EXPECT_EQ(run->frames[i].pts_ms, 100.0 * static_cast<double>(i));
    EXPECT_EQ(run->frames[i].width, 64);
    EXPECT_EQ(run->frames[i].height, 64);
    EXPECT_EQ(run->frames[i].detections.size(), detections[i]);
    EXPECT_EQ(run->frames[i].candidates.size(), candidates[i]);
  }
  const Detection& first = run->frames[0].detections[0];
  EXPECT_EQ(first.class_id, 0);
  EXPECT_EQ(first.track_id, 1);
  EXPECT_FLOAT_EQ(first.confidence, 0.6359F);
  EXPECT_FLOAT_EQ(first.box.x1, 46.48F);
  EXPECT_FLOAT_EQ(first.box.y1, 0.44F);
  EXPECT_FLOAT_EQ(first.box.x2, 64.0F);
  EXPECT_FLOAT_EQ(first.box.y2, 38.04F);

  const auto is_left = [](const EventRecord& event) { return event.event == Event::left && event.zone == "left"; };
  EXPECT_EQ(std::count_if(run->events.begin(), run->events.end(), is_left), 2);
  const auto left = std::find_if(run->events.begin(), run->events.end(), is_left);
  ASSERT_NE(left, run->events.end());
  EXPECT_EQ(left->pts_ms, 400);
  EXPECT_EQ(left->seconds, 0.4);
}

TEST(OldRecords, BelongToTheirRecording) {
  const std::string folder = DUALSIGHT_SOURCE_DIR "/tests/compatibility/";
  const auto run = read_sidecar(folder + "clip.ndjson", "clip.mkv");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->frames.size(), 5U);
  EXPECT_FALSE(is_annotated(*run, folder + "clip.mkv"));
}

}  // namespace
}  // namespace dualsight
