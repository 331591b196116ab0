#include "app/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include "tests/app/support/pipeline_support.h"

namespace dualsight {
namespace {

TEST_F(PipelineTest, EveryFrameGoesThroughInOrder) {
  const SinkLog& log = add_sink();
  const SummaryRecord summary = run();
  EXPECT_EQ(detector_.seen, (std::vector{0, 1, 2, 3, 4}));
  EXPECT_EQ(log.calls, (std::vector<std::string>{"begin", "frame", "frame", "frame", "frame", "frame", "end"}));
  EXPECT_EQ(log.frames[3].frame, 3);
  EXPECT_EQ(log.frames[3].source, "a");
  EXPECT_EQ(log.frames[3].width, 64);
  EXPECT_EQ(log.frames[3].height, 48);
  EXPECT_EQ(log.frames[3].source_fps, 10);
  EXPECT_EQ(log.frames[0].detections.size(), 0U);  // written all the same
  EXPECT_EQ(log.frames[3].detections[0].class_id, 1);
  EXPECT_EQ(summary.frames, 5);
  EXPECT_EQ(summary.objects, (std::vector<int64_t>{2, 2}));  // frames 2 and 4; frames 1 and 3
  EXPECT_EQ(summary.exit_code(), 0);
  EXPECT_EQ(summary.files, (std::vector<std::string>{"fake"}));
}

TEST_F(PipelineTest, MaxFramesIsPerSourceAndNamesStayDistinct) {
  const SinkLog& log = add_sink();
  take({"a", "b", "a"});
  options_.max_frames = 2;
  const SummaryRecord summary = run();
  EXPECT_EQ(summary.frames, 6);
  ASSERT_EQ(summary.sources.size(), 3U);
  EXPECT_EQ(summary.sources[2].source, "a#2");
  EXPECT_EQ(log.frames[5].source, "a#2");
  EXPECT_EQ(log.frames[5].frame, 1);
}

TEST_F(PipelineTest, AFailingSourceDoesNotStopTheOthers) {
  const SinkLog& log = add_sink();
  take({"missing", "a", "b"});
  prepare_ = [](FakeSource& source) {
    if (source.info().name == "a") source.fail_at = 3;
  };
  const SummaryRecord summary = run();
  EXPECT_EQ(summary.frames, 3 + 5);
  EXPECT_EQ(summary.exit_code(), 3);
  EXPECT_EQ(summary.error->message, "missing: no such file");  // the first one
  ASSERT_EQ(log.statuses.size(), 2U);
  EXPECT_EQ(log.statuses[0].state, State::failed);
  EXPECT_EQ(log.statuses[0].source, "missing");
  EXPECT_EQ(log.statuses[1].message, "a: broken");
}

TEST_F(PipelineTest, StopFinishesTheFrameAndSummarises) {
  const SinkLog& log = add_sink();
  take({"a", "b"});
  detector_.stop = &stop_;
  detector_.stop_after = 3;
  const SummaryRecord summary = run();
  // The fourth may have been in process already when the pipeline saw `stop`.
  EXPECT_GE(log.frames.size(), 3U);
  EXPECT_LE(log.frames.size(), 4U);
  EXPECT_EQ(log.calls.back(), "end");
  EXPECT_TRUE(log.summary.interrupted);
  EXPECT_EQ(summary.frames, static_cast<int64_t>(log.frames.size()));
  EXPECT_EQ(summary.sources.size(), 1U);
  EXPECT_EQ(summary.exit_code(), 130);
}

TEST_F(PipelineTest, ABrokenDetectorEndsTheRun) {
  const SinkLog& log = add_sink();
  detector_.fail_at = 2;
  const SummaryRecord summary = run();
  EXPECT_EQ(log.frames.size(), 2U);
  EXPECT_EQ(log.summary.error->message, "the network is broken");
  EXPECT_EQ(summary.exit_code(), 1);
}

TEST_F(PipelineTest, AFullDiskEndsTheRunAndTheOtherSinksKnow) {
  const SinkLog& results = add_sink();
  const SinkLog& video = add_sink("frame");
  const SummaryRecord summary = run();
  EXPECT_EQ(results.frames.size(), 1U);
  EXPECT_EQ(video.calls.back(), "end");  // keeps what can be kept
  EXPECT_EQ(results.summary.exit_code(), 5);
  EXPECT_EQ(summary.error->message, "fake: disk full");
}

TEST_F(PipelineTest, AFailureAtTheVeryEndReachesTheResults) {
  const SinkLog& results = add_sink();
  add_sink("end");
  EXPECT_EQ(run().exit_code(), 5);
  EXPECT_EQ(results.summary.exit_code(), 5);
}

TEST_F(PipelineTest, ASinkThatCannotBeginStopsBeforeTheFirstFrame) {
  const SinkLog& results = add_sink();
  add_sink("begin");
  const SinkLog& third = add_sink();
  EXPECT_EQ(run().exit_code(), 5);
  EXPECT_TRUE(detector_.seen.empty());
  EXPECT_EQ(results.calls, (std::vector<std::string>{"begin", "end"}));
  EXPECT_TRUE(third.calls.empty());
}

TEST_F(PipelineTest, SkipsAreCounted) {
  const SinkLog& log = add_sink();
  prepare_ = [](FakeSource& source) { source.skip_at = 2; };
  const SummaryRecord summary = run();
  EXPECT_EQ(summary.skipped, 1);
  EXPECT_EQ(summary.dropped, 0);
  EXPECT_EQ(summary.sources[0].skipped, 1);
  EXPECT_EQ(summary.exit_code(), 0);
  EXPECT_EQ(log.statuses[0].file, "bad.jpg");
}

TEST_F(PipelineTest, SinksGetThePictureAsItCame) {
  const SinkLog& log = add_sink();
  run();
  ASSERT_EQ(log.shown.size(), 5U);
  EXPECT_EQ(cv::norm(log.pictures[3], cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(3)), cv::NORM_INF), 0);
  EXPECT_EQ(log.shown[3].frame, 3);
  EXPECT_FALSE(log.shown[3].predicted);
  EXPECT_EQ(log.shown[3].detections.size(), 1U);
}

TEST_F(PipelineTest, LanesRunSideBySideWithSinksOfTheirOwn) {
  SinkLog a, b;
  take({"a", "b"});
  options_.sources[1].lane = 1;
  options_.sources[0].sinks.push_back(std::make_unique<FakeSink>(a));
  options_.sources[1].sinks.push_back(std::make_unique<FakeSink>(b));
  const SinkLog& both = add_sink();
  const SummaryRecord summary = run();
  EXPECT_EQ(summary.frames, 10);
  EXPECT_EQ(both.frames.size(), 10U);
  ASSERT_EQ(a.frames.size(), 5U);
  ASSERT_EQ(b.frames.size(), 5U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(a.frames[static_cast<std::size_t>(i)].source, "a");
    EXPECT_EQ(b.frames[static_cast<std::size_t>(i)].frame, i);
  }
  EXPECT_EQ(a.calls.back(), "end");
  ASSERT_EQ(summary.sources.size(), 2U);
  EXPECT_EQ(summary.sources[0].source, "a");
}

TEST_F(PipelineTest, EventsReportEachFrame) {
  int reported = 0;
  events_.on_frame = [&](const FrameRecord& record, const SummaryRecord& so_far) {
    EXPECT_EQ(so_far.frames, record.frame + 1);
    ++reported;
  };
  run();
  EXPECT_EQ(reported, 5);
}

}  // namespace
}  // namespace dualsight
