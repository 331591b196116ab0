// Live sources: every frame goes to the sinks, though the detector has time for few.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/app/support/live_pipeline_support.h"

namespace dualsight {
namespace {

TEST_F(LivePipelineTest, EveryFrameIsShownWithItsBoxThoughFewAreProcessed) {
  const SinkLog& log = add_sink();
  const SummaryRecord summary = run_live();
  ASSERT_EQ(log.frames.size(), 10U);
  EXPECT_GT(log.shown.size(), 25U);  // some 40
  int64_t number = -1;
  int between = 0;
  for (const ShownFrame& shown : log.shown) {
    EXPECT_EQ(shown.frame, ++number);  // none is left out
    EXPECT_TRUE(shown.live);
    if (number < log.frames[1].frame || number > log.frames[9].frame) continue;
    ASSERT_EQ(shown.detections.size(), 1U) << number;
    // The square moves evenly, so in between its box is exact.
    EXPECT_NEAR(shown.detections[0].box.x1, static_cast<float>(StripedCamera::square(number).x), 1.5) << number;
    EXPECT_EQ(shown.detections[0].track_id, 1);
    between += shown.predicted ? 1 : 0;
  }
  EXPECT_GT(between, 15);
  EXPECT_EQ(summary.sources[0].tracks, 1);
  EXPECT_EQ(summary.dropped, log.frames[9].frame - 9);  // all but ten of the frames up to the last result
  EXPECT_GT(summary.sources[0].age_ms_median, 80);
  EXPECT_LT(summary.sources[0].age_ms_max, 80 + 80 + 60);  // a frame waits for one detection at most
  ASSERT_GE(log.events.size(), 2U);
  EXPECT_EQ(log.events.front().event, Event::appeared);
  EXPECT_EQ(log.events.back().event, Event::ended);
}

// The square's lower edge is at y = 50 of 80; its middle goes from x = 30 to the right, 2 pixels a frame.
TEST_F(LivePipelineTest, WhatItEntersAndCrossesIsReported) {
  const SinkLog& log = add_sink();
  // The line stands at x = 60 of 400 and is seen from above, so that to the right is backward; the zone begins at
  // x = 50 and never ends.
  options_.sources[0].tracking.regions = {*parse_region("gate=0.15,0 0.15,1", true),
                                          *parse_region("right=0.125,0 1,0 1,1 0.125,1;odd", false),
                                          *parse_region("others=0.125,0 1,0 1,1 0.125,1;even", false)};
  options_.max_frames = 12;
  const SummaryRecord summary = run_live();
  std::vector<std::string> reported;
  for (const EventRecord& event : log.events) {
    reported.push_back(std::string(to_string(event.event)) + " " + event.zone + event.direction);
    EXPECT_EQ(event.detection.track_id, 1);
    EXPECT_EQ(event.source, "a");
  }
  EXPECT_EQ(reported, (std::vector<std::string>{"new ", "enter right", "cross gatebackward", "leave right", "end "}));
  const auto& zones = summary.sources[0].zones;
  ASSERT_EQ(zones.size(), 3U);
  EXPECT_EQ(zones[0].backward, (std::map<std::string, int64_t>{{"odd", 1}}));
  EXPECT_EQ(zones[1].entered, (std::map<std::string, int64_t>{{"odd", 1}}));
  EXPECT_TRUE(zones[2].entered.empty());
  EXPECT_TRUE(log.frames.front().zones.empty());
  EXPECT_EQ(log.frames.back().zones, std::vector<std::string>{"right"});
}

TEST_F(LivePipelineTest, PreviewComesAtOnceWithPredictedBoxes) {
  struct Window : FakeSink {
    using FakeSink::FakeSink;
    bool wants_preview() const override { return true; }
    void on_preview(const ShownFrame& frame) override {
      seen.push_back(frame);
      ages.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - frame.captured).count());
    }
    std::vector<ShownFrame> seen;
    std::vector<double> ages;
  };
  SinkLog log;
  auto window = std::make_unique<Window>(log);
  const Window& shown = *window;
  sinks_.push_back(std::move(window));
  run_live();
  ASSERT_GT(shown.seen.size(), 25U);
  std::vector<double> ages = shown.ages;
  std::nth_element(ages.begin(), ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2), ages.end());
  EXPECT_LT(ages[ages.size() / 2], 20);  // though a detection takes 80 ms
  int close = 0, boxes = 0;
  for (const ShownFrame& frame : shown.seen) {
    if (frame.frame < 15 || frame.detections.empty()) continue;
    ++boxes;
    close +=
        std::abs(frame.detections[0].box.x1 - static_cast<float>(StripedCamera::square(frame.frame).x)) < 4 ? 1 : 0;
  }
  EXPECT_GT(boxes, 15);
  EXPECT_GT(
      close,
      boxes * 3 / 4);  // the last result is of a frame 80 to 160 ms ago: the square has moved by 8 to 16 pixels since
}

// A camera that breaks off while the detector still has its frames: their records come before the loss, and their
// track ends once.
TEST_F(LivePipelineTest, ALossComesAfterTheFramesBeforeIt) {
  struct Breaking : StripedCamera {
    explicit Breaking(bool b) : breaks(b) {}
    Result<std::optional<Frame>> read() override {
      if (breaks && reads++ == 12) return Error{ErrorKind::source, "a: the cable is out"};
      return StripedCamera::read();
    }
    bool breaks;
    int reads = 0;
  };
  const auto openings = std::make_shared<std::atomic<int>>(0);
  options_.open = [openings](const SourceSettings&, const SourceOptions&) -> Result<std::unique_ptr<Source>> {
    return std::unique_ptr<Source>(new Breaking((*openings)++ == 0));
  };
  options_.max_frames = 10;  // some before the loss, some after it
  struct OrderSink : FakeSink {
    using FakeSink::FakeSink;
    Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) override {
      story.push_back("frame " + std::to_string(record.frame));
      return FakeSink::on_result(record, bgr);
    }
    Result<void> on_status(const StatusRecord& record) override {
      story.emplace_back(to_string(record.state));
      return FakeSink::on_status(record);
    }
    Result<void> on_event(const EventRecord& record) override {
      story.emplace_back(to_string(record.event));
      return FakeSink::on_event(record);
    }
    std::vector<std::string> story;
  };
  SinkLog log;
  auto sink = std::make_unique<OrderSink>(log);
  const OrderSink& reported = *sink;
  sinks_.push_back(std::move(sink));
  const SummaryRecord summary = run_live();
  const auto at = [&](const std::string& what) {
    return std::find(reported.story.begin(), reported.story.end(), what) - reported.story.begin();
  };
  ASSERT_LT(at("lost"), static_cast<std::ptrdiff_t>(reported.story.size()));
  EXPECT_LT(at("frame 11"), at("lost"));  // the last one that came
  EXPECT_LT(at("end"), at("lost"));
  EXPECT_LT(at("lost"), at("retrying"));
  EXPECT_EQ(reported.story[static_cast<std::size_t>(at("retrying")) + 1], "connected");
  EXPECT_EQ(summary.sources[0].reconnects, 1);
  EXPECT_EQ(summary.sources[0].tracks, 2);  // one before, one after
  EXPECT_EQ(std::count(reported.story.begin(), reported.story.end(), "end"), 2);
}

}  // namespace
}  // namespace dualsight
