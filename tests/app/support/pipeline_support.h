// A pipeline on fakes: a source, a detector and sinks that write down what they get.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/pipeline/pipeline.h"
#include "tests/app/support/fake_detector.h"

namespace dualsight {

// Numbered grey frames; fails or reports a status where the test wants it.
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
struct ParityDetector : FakeDetector {
  Result<void> detect(ImageView bgr, DetectionResult& result) override {
    seen.push_back(bgr.row(0)[0]);
    if (static_cast<int>(seen.size()) - 1 == fail_at) return Error{ErrorKind::internal, "the network is broken"};
    if (stop != nullptr && static_cast<int>(seen.size()) == stop_after) *stop = true;
    result = {};
    if (seen.back() > 0) result.detections.push_back({seen.back() % 2, 0.9F, {10, 10, 40, 40}});
    return {};
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
  Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) override {
    log_.frames.push_back(record);
    log_.pictures.push_back(bgr);
    return called("frame");
  }
  Result<void> on_frame(const ShownFrame& frame) override {
    log_.shown.push_back(frame);
    return {};
  }
  Result<void> on_event(const EventRecord& record) override {
    log_.events.push_back(record);
    return {};
  }
  Result<void> on_stats(const StatsRecord& record) override {
    log_.stats.push_back(record);
    return {};
  }
  Result<void> on_status(const StatusRecord& record) override {
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
      options_.sources.back().tracking.enabled = false;  // the fake objects change their class from frame to frame
    }
  }
  SinkLog& add_sink(const std::string& fails = "") {
    logs_.push_back(std::make_unique<SinkLog>());
    sinks_.push_back(std::make_unique<FakeSink>(*logs_.back(), fails));
    return *logs_.back();
  }
  SummaryRecord run_with(Detector& detector) {
    const auto inference = inference_with(detector);
    return run_pipeline(options_, header_, *inference, sinks_, stop_, events_);
  }
  SummaryRecord run() { return run_with(detector_); }

  PipelineOptions options_;
  HeaderRecord header_;
  ParityDetector detector_;
  std::vector<std::unique_ptr<SinkLog>> logs_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  std::atomic<bool> stop_ = false;
  PipelineEvents events_;
  std::function<void(FakeSource&)> prepare_;
};

}  // namespace dualsight
