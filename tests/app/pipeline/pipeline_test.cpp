#include "app/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <thread>

#include "app/recording/video_recorder.h"
#include "app/sinks/picture_sinks.h"

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
      options_.sources.back().follow.tracking = false;  // the fake objects change their class from frame to frame
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

// A camera of 50 frames/s in whose picture a square of 20 pixels moves right by 2 pixels a frame: white stripes, two
// pixels wide and two apart, of which blocks of three pixels' mean leave greys of 85 and 170.
class FakeCamera : public Source {
 public:
  FakeCamera() {
    info_.name = "cam";
    info_.live = true;
    info_.fps = 50;
  }
  const SourceInfo& info() const override { return info_; }
  static cv::Rect square(int64_t frame) { return {static_cast<int>(20 + 2 * frame), 30, 20, 20}; }
  Result<std::optional<Frame>> read() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    Frame frame;
    frame.bgr = cv::Mat(80, 400, CV_8UC3, cv::Scalar::all(0));
    const cv::Rect at = square(next_++);
    for (int x = 0; x < at.width; x += 4) frame.bgr({at.x + x, at.y, 2, at.height}).setTo(cv::Scalar::all(255));
    return std::optional<Frame>(std::move(frame));
  }

 private:
  SourceInfo info_;
  int64_t next_ = 0;
};

// Finds the square, and takes four frames' time for it.
class SquareFinder : public ObjectFinder {
 public:
  Result<DetectionResult> find(ImageView bgr) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
    int x = 0;
    while (x < bgr.width && bgr.row(40)[3 * x] < 128) ++x;
    DetectionResult result;
    const auto left = static_cast<float>(x);
    if (x < bgr.width) result.detections.push_back({1, 0.9F, {left, 30, left + 20, 50}});
    return result;
  }
};

// Stripes of the square that are still there.
int white_pixels(const cv::Mat& picture) {
  cv::Mat white;
  cv::inRange(picture, cv::Scalar::all(200), cv::Scalar::all(255), white);
  return cv::countNonZero(white);
}

class LivePipelineTest : public PipelineTest {
 protected:
  LivePipelineTest() {
    options_.open = [](const SourceSettings&, const SourceOptions&) -> Result<std::unique_ptr<Source>> {
      return std::unique_ptr<Source>(new FakeCamera());
    };
    options_.sources[0].follow.tracking = true;
    options_.max_frames = 10;
  }
  SummaryRecord run_live() {
    return run_pipeline(options_, header_, std::make_shared<SquareFinder>(), sinks_, stop_, events_);
  }
};

TEST_F(LivePipelineTest, EveryFrameIsShownWithItsBoxThoughFewAreLookedAt) {
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
    EXPECT_NEAR(shown.detections[0].box.x1, static_cast<float>(FakeCamera::square(number).x), 1.5) << number;
    EXPECT_EQ(shown.detections[0].track_id, 1);
    between += shown.predicted ? 1 : 0;
  }
  EXPECT_GT(between, 15);
  EXPECT_EQ(summary.sources[0].tracks, 1);
  EXPECT_EQ(summary.dropped, log.frames[9].frame - 9);  // all but ten of the frames up to the last looked at
  EXPECT_GT(summary.sources[0].age_ms_median, 80);
  EXPECT_LT(summary.sources[0].age_ms_max, 80 + 80 + 60);  // a frame waits for one look at most
  ASSERT_GE(log.events.size(), 2U);
  EXPECT_EQ(log.events.front().event, Event::appeared);
  EXPECT_EQ(log.events.back().event, Event::ended);
}

// The square's lower edge is at y = 50 of 80; its middle goes from x = 30 to the right, 2 pixels a frame.
TEST_F(LivePipelineTest, WhatItEntersAndCrossesIsTold) {
  const SinkLog& log = add_sink();
  // The line stands at x = 60 of 400 and is looked at from above, so that to the right is backward; the zone begins at
  // x = 50 and never ends.
  options_.sources[0].follow.regions = {*parse_region("gate=0.15,0 0.15,1", true),
                                        *parse_region("right=0.125,0 1,0 1,1 0.125,1;odd", false),
                                        *parse_region("others=0.125,0 1,0 1,1 0.125,1;even", false)};
  options_.max_frames = 12;
  const SummaryRecord summary = run_live();
  std::vector<std::string> told;
  for (const EventRecord& event : log.events) {
    told.push_back(std::string(to_string(event.event)) + " " + event.zone + event.direction);
    EXPECT_EQ(event.detection.track_id, 1);
    EXPECT_EQ(event.source, "a");
  }
  EXPECT_EQ(told, (std::vector<std::string>{"new ", "enter right", "cross gatebackward", "leave right", "end "}));
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
  EXPECT_LT(ages[ages.size() / 2], 20);  // though a look takes 80 ms
  int close = 0, boxes = 0;
  for (const ShownFrame& frame : shown.seen) {
    if (frame.frame < 15 || frame.detections.empty()) continue;
    ++boxes;
    close += std::abs(frame.detections[0].box.x1 - static_cast<float>(FakeCamera::square(frame.frame).x)) < 4 ? 1 : 0;
  }
  EXPECT_GT(boxes, 15);
  EXPECT_GT(close, boxes * 3 / 4);  // the last look was 80 to 160 ms ago: the square has moved by 8 to 16 pixels since
}

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
  struct Wavering : SquareFinder {
    Result<DetectionResult> find(ImageView bgr) override {
      auto found = SquareFinder::find(bgr);
      if (++looks % 4 != 0) found->detections[0].class_id = 0;  // mostly "even"
      return found;
    }
    int looks = 0;
  };
  const SinkLog& log = add_sink();
  options_.sources[0].blur = {false, true};
  options_.max_frames = 9;
  run_pipeline(options_, header_, std::make_shared<Wavering>(), sinks_, stop_, events_);
  ASSERT_EQ(log.pictures.size(), 9U);
  EXPECT_GT(white_pixels(log.pictures[0]), 0);  // nothing to be blurred was seen
  EXPECT_EQ(white_pixels(log.pictures[3]), 0);
  EXPECT_EQ(white_pixels(log.pictures[7]), 0);
  EXPECT_EQ(log.frames[7].detections[0].class_id, 0);  // by its track
}

// A camera that breaks off while the detector still has its frames: their records come before the news, and their
// track ends once.
TEST_F(LivePipelineTest, ALossComesAfterTheFramesBeforeIt) {
  struct Breaking : FakeCamera {
    explicit Breaking(bool b) : breaks(b) {}
    Result<std::optional<Frame>> read() override {
      if (breaks && reads++ == 12) return Error{ErrorKind::source, "a: the cable is out"};
      return FakeCamera::read();
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
  const OrderSink& told = *sink;
  sinks_.push_back(std::move(sink));
  const SummaryRecord summary = run_live();
  const auto at = [&](const std::string& what) {
    return std::find(told.story.begin(), told.story.end(), what) - told.story.begin();
  };
  ASSERT_LT(at("lost"), static_cast<std::ptrdiff_t>(told.story.size()));
  EXPECT_LT(at("frame 11"), at("lost"));  // the last one that came
  EXPECT_LT(at("end"), at("lost"));
  EXPECT_LT(at("lost"), at("retrying"));
  EXPECT_EQ(told.story[static_cast<std::size_t>(at("retrying")) + 1], "connected");
  EXPECT_EQ(summary.sources[0].reconnects, 1);
  EXPECT_EQ(summary.sources[0].tracks, 2);  // one before, one after
  EXPECT_EQ(std::count(told.story.begin(), told.story.end(), "end"), 2);
}

// The same, proven on the recorded files: annotated and raw, decoded again.
TEST_F(LivePipelineTest, BlurredPixelsAreInNoRecording) {
  std::string folder = (std::filesystem::temp_directory_path() / "dualsight_blur_XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  RecorderOptions recorder;
  recorder.target = folder + "/door.mkv";
  recorder.what = RecordWhat::both;
  sinks_.push_back(*make_recorder(recorder));
  sinks_.push_back(make_picture_folder(folder + "/pictures"));
  const auto most_white = [&](const std::string& file) {
    int most = -1;
    cv::VideoCapture video(file, cv::CAP_FFMPEG);
    for (cv::Mat picture; video.read(picture);) most = std::max(most, white_pixels(picture));
    return most;
  };
  run_live();
  // As it is, the square has 200 white pixels in every frame.
  EXPECT_GT(most_white(folder + "/door.raw.mkv"), 150);

  sinks_.pop_back(), sinks_.pop_back();
  options_.sources[0].blur = {false, true};
  sinks_.push_back(*make_recorder(recorder));
  sinks_.push_back(make_picture_folder(folder + "/pictures"));
  std::filesystem::remove_all(folder + "/pictures");
  run_live();
  EXPECT_EQ(most_white(folder + "/door.raw.mkv"), 0);  // -1 if it could not be played
  EXPECT_GE(most_white(folder + "/door.mkv"), 0);      // labels have white letters
  int pictures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/pictures")) {
    EXPECT_FALSE(cv::imread(entry.path().string()).empty());
    ++pictures;
  }
  EXPECT_EQ(pictures, 10);
  std::filesystem::remove_all(folder);
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
