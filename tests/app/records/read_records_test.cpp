#include "app/records/read_records.h"

#include <chrono>

#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class ReadRecordsTest : public TemporaryFolder {
 protected:
  static std::string header() {
    return R"({"schema":"dualsight/1","type":"header","class_names":["dog","cat"]})"
           "\n";
  }
  static std::string frame(double pts, const std::string& source = "cam0") {
    return R"({"schema":"dualsight/1","type":"frame","source":")" + source + R"(","pts_ms":)" + std::to_string(pts) +
           R"(,"detections":[{"class":1,"confidence":0.9,"box":{"x1":1,"y1":2,"x2":3,"y2":4},"track_id":7}],)"
           R"("candidates":[{"class":0,"confidence":0.1,"box":{"x1":5,"y1":6,"x2":7,"y2":8}}]})"
           "\n";
  }
  std::string problem(const std::string& content, const std::string& source = "") {
    const auto run = read_records(text("r.ndjson", content), source);
    return run ? "" : run.error().message.substr(at("r.ndjson").size());
  }
};

TEST_F(ReadRecordsTest, FramesByTimeWithDetectionsAndCandidates) {
  const auto run = read_records(text("r.ndjson", header() + frame(80) +
                                                     R"({"schema":"dualsight/1","type":"event"})"
                                                     "\n" +
                                                     frame(40)),
                                "");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->class_names, (std::vector<std::string>{"dog", "cat"}));
  ASSERT_EQ(run->frames.size(), 2U);
  EXPECT_EQ(run->frames[0].pts_ms, 40);
  ASSERT_EQ(run->frames[0].detections.size(), 1U);
  EXPECT_EQ(run->frames[0].detections[0].class_id, 1);
  EXPECT_EQ(run->frames[0].detections[0].track_id, 7);
  EXPECT_EQ(run->frames[0].detections[0].box.y2, 4);
  EXPECT_EQ(run->frames[0].candidates[0].class_id, 0);
}

TEST_F(ReadRecordsTest, OneSourceIsChosen) {
  const std::string two = header() + frame(0, "a") + frame(0, "b") + frame(40, "b");
  EXPECT_EQ(problem(two), ": holds several sources (a, b): choose with --source");
  const auto run = read_records(text("r.ndjson", two), "b");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->frames.size(), 2U);
  EXPECT_EQ(problem(two, "c"), ": holds no frames with times of the source \"c\"");
}

TEST_F(ReadRecordsTest, WhatAKilledProgramLeftIsRead) {
  const std::string last = frame(80);
  const auto run = read_records(text("r.ndjson", header() + frame(40) + last.substr(0, last.size() / 2)), "");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->frames.size(), 1U);
}

TEST_F(ReadRecordsTest, OtherFilesAreNamedWithTheirLine) {
  EXPECT_EQ(problem("this is text\nand more\n").find(":1: "), 0U);
  EXPECT_EQ(problem(header() + R"({"schema":"other/1","type":"frame"})"
                               "\n"),
            ":2: not a record of the schema dualsight/1");
  EXPECT_EQ(problem(frame(0)), ":1: a class that the header does not name");
  EXPECT_EQ(problem(header()), ": holds no frames with times");
  EXPECT_EQ(read_records(at("none"), "").error().message, at("none") + ": cannot be read: No such file or directory");
}

TEST_F(ReadRecordsTest, NumbersTimesThresholdsAndEventsAreKept) {
  const std::string lines =
      R"({"schema":"dualsight/1","type":"header","class_names":["dog","cat"],"settings":{"thresholds":[0.3,1.5]}})"
      "\n"
      R"({"schema":"dualsight/1","type":"frame","source":"front","frame":12,"pts_ms":480,)"
      R"("timestamp":"2026-11-25T10:11:12.345Z","image":{"width":64,"height":48},"detections":[]})"
      "\n"
      R"({"schema":"dualsight/1","type":"event","source":"front","frame":12,"pts_ms":480,)"
      R"("timestamp":"2026-11-25T10:11:12.345Z","event":"cross","zone":"door","direction":"forward",)"
      R"("detection":{"class":1,"confidence":0.9,"box":{"x1":1,"y1":2,"x2":3,"y2":4},"track_id":7}})"
      "\n"
      R"({"schema":"dualsight/1","type":"event","source":"front","frame":3,"pts_ms":120,)"
      R"("timestamp":"2026-11-25T10:11:12.000Z","event":"leave","zone":"yard","duration_s":2.5,)"
      R"("detection":{"class":0,"confidence":0.8,"box":{"x1":1,"y1":2,"x2":3,"y2":4}}})"
      "\n"
      R"({"schema":"dualsight/1","type":"event","source":"front","frame":3,"pts_ms":120,"event":"unheard-of"})"
      "\n";
  const auto run = read_records(text("r.ndjson", lines), "");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->thresholds, (std::vector<float>{0.3F, 1.5F}));
  ASSERT_EQ(run->frames.size(), 1U);
  EXPECT_EQ(run->frames[0].source, "front");
  EXPECT_EQ(run->frames[0].frame, 12);
  EXPECT_EQ(run->frames[0].width, 64);
  EXPECT_EQ(run->frames[0].height, 48);
  // 2026-11-25T10:11:12Z by date(1): 1795601472.
  EXPECT_EQ(run->frames[0].timestamp.time_since_epoch(), std::chrono::milliseconds(1795601472345));
  ASSERT_EQ(run->events.size(), 2U);  // by time
  EXPECT_EQ(run->events[0].event, Event::left);
  EXPECT_EQ(run->events[0].zone, "yard");
  EXPECT_EQ(run->events[0].seconds, 2.5);
  EXPECT_EQ(run->events[1].event, Event::crossed);
  EXPECT_EQ(run->events[1].zone, "door");
  EXPECT_EQ(run->events[1].direction, "forward");
  EXPECT_EQ(run->events[1].frame, 12);
  EXPECT_EQ(run->events[1].pts_ms, 480);
  EXPECT_EQ(run->events[1].detection.class_id, 1);
  EXPECT_EQ(run->events[1].detection.track_id, 7);
}

TEST_F(ReadRecordsTest, ASidecarMayHoldSourcesOneAfterAnotherButNotAtOnce) {
  const auto after =
      read_sidecar(text("r.ndjson", header() + frame(0, "a") + frame(40, "a") + frame(80, "b")), "r.mkv");
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->frames.size(), 3U);
  const std::string at_once = header() + frame(0, "a") + frame(0, "b") + frame(40, "a") + frame(40, "b");
  const auto none = read_sidecar(text("r.ndjson", at_once), "c");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, at("r.ndjson") + ": holds several sources (a, b): none of them is called c");
  const auto one = read_sidecar(at("r.ndjson"), "b");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->frames.size(), 2U);
  EXPECT_TRUE(read_sidecar(text("r.ndjson", header()), "c"));  // no frame was processed
  EXPECT_FALSE(read_sidecar(text("r.ndjson", ""), "c"));
}

// A dog of 0.9 that was also taken for a cat, of 0.3, in the very same place: the cat shows where the dog does not.
TEST(FilterDetections, OneClassPerPlace) {
  RecordedFrame look;
  look.detections = {{0, 0.9F, {0, 0, 100, 100}, 0}};
  look.candidates = {{1, 0.3F, {0, 0, 100, 90}, 0}, {1, 0.25F, {0, 0, 100, 50}, 0}};  // IoU 0.9 and 0.5
  const auto scores = [&](const DetectionFilter& filter) {
    std::vector<float> found;
    for (const auto& d : filter_detections(look, filter)) found.push_back(d.confidence);
    return found;
  };
  DetectionFilter filter(2, 0.2F);
  EXPECT_EQ(scores(filter), (std::vector<float>{0.9F, 0.25F}));
  filter.confidence[0] = 0.95F;
  EXPECT_EQ(scores(filter), (std::vector<float>{0.3F, 0.25F}));
  filter.confidence[0] = -1;
  EXPECT_EQ(scores(filter), (std::vector<float>{0.9F, 0.25F}));
  filter.shown[0] = false;
  EXPECT_EQ(scores(filter), (std::vector<float>{0.3F, 0.25F}));
}

TEST(DetectionsAt, ThresholdsAndClassesChooseAlsoInBetween) {
  RecordedFrame early, late;
  early.pts_ms = 1000;
  early.detections = {{0, 0.9F, {0, 0, 10, 10}, 1}, {1, 0.5F, {50, 0, 60, 10}, 0}};
  early.candidates = {{0, 0.2F, {30, 0, 40, 10}, 0}};
  late.pts_ms = 1400;
  late.detections = {{0, 0.7F, {20, 0, 30, 10}, 1}};
  const std::vector<RecordedFrame> looks{early, late};
  const auto seen = [&](double ms, const DetectionFilter& filter) {
    return detections_at(frames_around(looks, ms), ms, filter);
  };
  DetectionFilter filter(2, -1);
  EXPECT_EQ(seen(1000.9, filter).size(), 2U);  // within a millisecond: of that frame
  EXPECT_EQ(seen(999.1, filter).size(), 2U);
  EXPECT_TRUE(seen(998, filter).empty());
  EXPECT_TRUE(seen(1402, filter).empty());
  ASSERT_EQ(seen(1100, filter).size(), 2U);  // in the nearer half of the one without a track
  EXPECT_EQ(seen(1100, filter)[0].box.x1, 5);
  EXPECT_EQ(seen(1300, filter).size(), 1U);
  EXPECT_EQ(seen(1000, DetectionFilter(2, 0.1F)).size(), 3U);
  EXPECT_EQ(seen(1000, DetectionFilter(2, 0.6F)).size(), 1U);
  filter.confidence = {0.95F, -1};
  EXPECT_EQ(seen(1000, filter).size(), 1U);
  filter.shown = {true, false};
  EXPECT_TRUE(seen(1000, filter).empty());
}

}  // namespace
}  // namespace dualsight
