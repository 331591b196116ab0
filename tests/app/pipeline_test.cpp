#include "app/pipeline.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

// Numbered grey frames; fails or tells something where the test wants it.
class FakeSource : public Source {
 public:
  FakeSource(const std::string& name, int frames, SourceOptions options)
      : frames_(frames), options_(std::move(options)) {
    info_.name = name;
    info_.fps = 10;
  }
  const SourceInfo& info() const override { return info_; }
  Result<std::optional<Frame>> read() override {
    if (next_ == fail_at) return Error{ErrorKind::source, info_.name + ": broken"};
    if (next_ == skip_at) options_.on_status(State::skipped, "bad.jpg: is not a picture", "bad.jpg");
    if (next_ == frames_) return std::optional<Frame>();
    Frame frame;
    frame.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(next_));
    frame.number = next_++;
    frame.pts_ms = 100.0 * static_cast<double>(frame.number);
    frame.captured = std::chrono::steady_clock::now();
    return std::optional<Frame>(std::move(frame));
  }

  int fail_at = -1, skip_at = -1;

 private:
  SourceInfo info_;
  int frames_, next_ = 0;
  SourceOptions options_;
};

// One object of class (grey value % 2) in each frame whose grey value is not 0.
class FakeFinder : public ObjectFinder {
 public:
  Result<DetectionResult> find(ImageView bgr) override {
    seen.push_back(bgr.row(0)[0]);
    if (static_cast<int>(seen.size()) - 1 == fail_at) return Error{ErrorKind::internal, "the network is broken"};
    if (stop != nullptr && static_cast<int>(seen.size()) == stop_after) *stop = true;
    DetectionResult result;
    if (seen.back() > 0) result.detections.push_back({seen.back() % 2, 0.9F, {10, 10, 40, 40}});
    return result;
  }
  std::vector<int> seen;
  int fail_at = -1;
  std::atomic<bool>* stop = nullptr;
  int stop_after = 0;
};

struct SinkLog {
  std::vector<std::string> calls;
  std::vector<FrameRecord> frames;
  std::vector<StatusRecord> statuses;
  std::vector<cv::Mat> pictures;
  std::vector<ShownFrame> shown;
  std::vector<EventRecord> events;
  std::vector<StatsRecord> stats;
  SummaryRecord summary;
};

class FakeSink : public Sink {
 public:
  explicit FakeSink(SinkLog& log, std::string fails = "") : log_(log), fails_(std::move(fails)) {}
  std::string target() const override { return "fake"; }
  Result<void> begin(const HeaderRecord&) override { return called("begin"); }
  Result<void> frame(const FrameRecord& record, const cv::Mat& bgr) override {
    log_.frames.push_back(record);
    log_.pictures.push_back(bgr);
    return called("frame");
  }
  Result<void> shown(const ShownFrame& frame) override {
    log_.shown.push_back(frame);
    return {};
  }
  Result<void> event(const EventRecord& record) override {
    log_.events.push_back(record);
    return {};
  }
  Result<void> stats(const StatsRecord& record) override {
    log_.stats.push_back(record);
    return {};
  }
  Result<void> status(const StatusRecord& record) override {
    log_.statuses.push_back(record);
    return called("status");
  }
  Result<void> end(const SummaryRecord& summary) override {
    log_.summary = summary;
    return called("end");
  }

 private:
  Result<void> called(const std::string& name) {
    log_.calls.push_back(name);
    return name == fails_ ? Result<void>(Error{ErrorKind::output, "fake: disk full"}) : Result<void>();
  }
  SinkLog& log_;
  std::string fails_;
};

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    header_.class_names = {"even", "odd"};
    header_.thresholds = {0.4F, 0.4F};
    take({"a"});
    options_.open = [this](const SourceSettings& settings,
                           const SourceOptions& options) -> Result<std::unique_ptr<Source>> {
      const std::string& spec = settings.spec;
      if (spec == "missing") return Error{ErrorKind::source, "missing: no such file"};
      auto source = std::make_unique<FakeSource>(spec, 5, options);
      if (prepare_) prepare_(*source);
      return std::unique_ptr<Source>(std::move(source));
    };
  }

  // One after another.
  void take(const std::vector<std::string>& specs) {
    options_.sources.clear();
    for (const std::string& spec : specs) {
      options_.sources.emplace_back();
      options_.sources.back().source.spec = spec;
      options_.sources.back().tracking = false;  // the fake objects change their class from frame to frame
    }
  }
  SinkLog& add_sink(const std::string& fails = "") {
    logs_.push_back(std::make_unique<SinkLog>());
    sinks_.push_back(std::make_unique<FakeSink>(*logs_.back(), fails));
    return *logs_.back();
  }
  SummaryRecord run() {
    // The finder outlives the run: it is this fixture's.
    return run_pipeline(options_, header_, {std::shared_ptr<void>(), &finder_}, sinks_, stop_, events_);
  }

  PipelineOptions options_;
  HeaderRecord header_;
  FakeFinder finder_;
  std::vector<std::unique_ptr<SinkLog>> logs_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  std::atomic<bool> stop_ = false;
  PipelineEvents events_;
  std::function<void(FakeSource&)> prepare_;
};

TEST_F(PipelineTest, EveryFrameGoesThroughInOrder) {
  const SinkLog& log = add_sink();
  const SummaryRecord summary = run();
  EXPECT_EQ(finder_.seen, (std::vector{0, 1, 2, 3, 4}));
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
  finder_.stop = &stop_;
  finder_.stop_after = 3;
  const SummaryRecord summary = run();
  // The fourth may have been at hand already when the pipeline saw the wish to stop.
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
  finder_.fail_at = 2;
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
  EXPECT_TRUE(finder_.seen.empty());
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

TEST_F(PipelineTest, EventsTellEachFrame) {
  int told = 0;
  events_.on_frame = [&](const FrameRecord& record, const SummaryRecord& so_far) {
    EXPECT_EQ(so_far.frames, record.frame + 1);
    ++told;
  };
  run();
  EXPECT_EQ(told, 5);
}

}  // namespace
}  // namespace dualsight
