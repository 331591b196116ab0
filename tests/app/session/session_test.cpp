#include "app/session/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "app/session/model_thread.h"
#include "tests/app/support/capture_support.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

using std::chrono::steady_clock;

// A camera of 50 frames a second; each frame's grey is its number.
class FakeCamera : public Source {
 public:
  explicit FakeCamera(const std::string& name) { info_ = {name, true, 0, 50}; }
  const SourceInfo& info() const override { return info_; }
  Result<std::optional<Frame>> read() override {
    std::this_thread::sleep_for(milliseconds(20));
    Frame frame;
    frame.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(number_++ % 256));
    return std::optional<Frame>(std::move(frame));
  }

 private:
  SourceInfo info_;
  int number_ = 0;
};

// Sees a disc of confidence 0.5 and a square of 0.2, always.
struct FakeFinder : ObjectFinder {
  explicit FakeFinder(milliseconds each) : takes(each) {}
  Result<DetectionResult> find(ImageView) override {
    std::this_thread::sleep_for(takes);
    DetectionResult result;
    result.detections = {{0, 0.5F, {10, 10, 30, 30}}, {1, 0.2F, {40, 20, 60, 40}}};
    return result;
  }
  void set_iou(float to) override { iou = to; }
  milliseconds takes;
  static inline std::atomic<float> iou{0};
};

struct SessionSink : SessionListener {
  void on_frame(const ShownFrame& frame) override {
    const std::lock_guard lock(mutex);
    ++shown_count;
    last_shown = frame;
  }
  void on_result(const FrameRecord& record, const cv::Mat& bgr) override {
    const std::lock_guard lock(mutex);
    ++looked_count;
    last_record = record;
    last_bgr = bgr;
  }
  void on_event(const EventRecord& record) override {
    const std::lock_guard lock(mutex);
    events.push_back(record);
  }
  void on_recorded(const EventRecord& record, const std::string& video, double seconds) override {
    const std::lock_guard lock(mutex);
    places.push_back({record, video, seconds});
  }
  void on_status(const StatusRecord& record) override {
    const std::lock_guard lock(mutex);
    statuses.push_back(record);
  }
  void on_stats(const SourceStats&) override {}
  void on_end(const SummaryRecord& summary) override {
    const std::lock_guard lock(mutex);
    ends.push_back(summary);
  }
  void on_model(const ModelStatus& status) override {
    const std::lock_guard lock(mutex);
    models.push_back(status);
  }
  void on_output(const OutputStatus& status) override {
    const std::lock_guard lock(mutex);
    outputs.push_back(status);
  }
  void on_snapshot(const Result<std::string>& file) override {
    const std::lock_guard lock(mutex);
    snapshots.push_back(file ? *file : "failed: " + file.error().message);
  }

  bool until(const std::function<bool()>& done, milliseconds longest = milliseconds(10'000)) {
    return soon(
        [&] {
          const std::lock_guard lock(mutex);
          return done();
        },
        longest);
  }
  bool model_is(ModelStatus::State state) {
    return until([&] { return !models.empty() && models.back().state == state; });
  }
  bool sees(std::size_t detections, std::size_t candidates) {
    return until(
        [&] { return last_record.detections.size() == detections && last_record.candidates.size() == candidates; });
  }

  std::mutex mutex;
  int64_t shown_count = 0, looked_count = 0;
  ShownFrame last_shown;
  FrameRecord last_record;
  cv::Mat last_bgr;
  struct Place {
    EventRecord event;
    std::string video;
    double seconds;
  };
  std::vector<EventRecord> events;
  std::vector<Place> places;
  std::vector<StatusRecord> statuses;
  std::vector<SummaryRecord> ends;
  std::vector<ModelStatus> models;
  std::vector<OutputStatus> outputs;
  std::vector<std::string> snapshots;
};

class SessionTest : public TemporaryFolder {
 protected:
  static SourceSettings camera(const std::string& name = "front") {
    SourceSettings settings;
    settings.spec = "rtsp://camera/" + name;
    settings.name = name;
    return settings;
  }

  SessionOptions fakes() {
    SessionOptions options;
    options.open = [](const SourceSettings& settings, const SourceOptions& more) -> Result<std::unique_ptr<Source>> {
      if (!is_live(settings.spec)) return open_source(settings, more);
      return std::unique_ptr<Source>(std::make_unique<FakeCamera>(settings.name));
    };
    options.open_model = [this](const fs::path&, const DetectorOptions&,
                                ModelStatus& status) -> Result<std::unique_ptr<ObjectFinder>> {
      std::this_thread::sleep_for(loading_takes);
      if (!refusal.empty()) return Error{ErrorKind::model, refusal};
      status.device = "fake";
      return std::unique_ptr<ObjectFinder>(std::make_unique<FakeFinder>(finding_takes));
    };
    return options;
  }

  static Adjustments thresholds(std::vector<float> of_classes) {
    Adjustments to;
    to.thresholds = std::move(of_classes);
    return to;
  }

  milliseconds loading_takes{0}, finding_takes{1};
  std::string refusal;
  SessionSink ear;
};

const char* const test_model = DUALSIGHT_TEST_MODEL;  // disc, square, cross; thresholds 0.4

TEST_F(SessionTest, TheSourceIsShownWhileTheModelLoads) {
  loading_takes = milliseconds(600);
  Session session(ear, fakes());
  session.use_model(test_model, {});
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.shown_count >= 3; }));
  EXPECT_EQ(ear.looked_count, 0);
  ASSERT_TRUE(ear.until([&] { return ear.looked_count >= 3; }));
  ASSERT_EQ(ear.models.size(), 2U);
  EXPECT_EQ(ear.models[0].state, ModelStatus::State::loading);
  EXPECT_EQ(ear.models[0].info.class_names.size(), 3U);
  EXPECT_EQ(ear.models[0].sha256.size(), 64U);
  EXPECT_EQ(ear.models[1].state, ModelStatus::State::ready);
  EXPECT_EQ(ear.models[1].device, "fake");
  EXPECT_GT(ear.shown_count, ear.looked_count);
}

TEST_F(SessionTest, ThresholdsActAtOnce) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  ASSERT_TRUE(ear.model_is(ModelStatus::State::ready));
  session.open(camera());
  ASSERT_TRUE(ear.sees(1, 1));  // the model's own, 0.4
  session.adjust(thresholds({0.1F, 0.1F, 0.1F}));
  ASSERT_TRUE(ear.sees(2, 0));
  session.adjust(thresholds({0.6F, 0.1F, 0.1F}));
  ASSERT_TRUE(
      ear.until([&] { return ear.last_record.detections.size() == 1 && ear.last_record.detections[0].class_id == 1; }));
  session.adjust(thresholds({2, 2, 2}));
  ASSERT_TRUE(ear.sees(0, 2));
  Adjustments with_iou = thresholds({0.4F, 0.4F, 0.4F});
  with_iou.iou = 0.25F;
  session.adjust(with_iou);
  ASSERT_TRUE(ear.until([] { return FakeFinder::iou == 0.25F; }));
}

TEST_F(SessionTest, ASlowDetectorHoldsUpNobody) {
  finding_takes = milliseconds(1000);
  auto session = std::make_unique<Session>(ear, fakes());
  session->use_model(test_model, {});
  session->open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.looked_count >= 1; }));
  const int64_t before = ear.shown_count;
  std::this_thread::sleep_for(milliseconds(500));
  {
    const std::lock_guard lock(ear.mutex);
    EXPECT_GE(ear.shown_count - before, 15);  // of 25
  }
  auto begun = steady_clock::now();
  session->open(camera("back"));
  ASSERT_TRUE(ear.until([&] { return ear.last_shown.source == "back"; }));
  EXPECT_LT(steady_clock::now() - begun, milliseconds(900));
  begun = steady_clock::now();
  session.reset();
  EXPECT_LT(steady_clock::now() - begun, milliseconds(2000));
  ASSERT_EQ(ear.ends.size(), 2U);
  EXPECT_TRUE(ear.ends[0].interrupted);
}

TEST_F(SessionTest, WithoutAModelThePictureIsShownAlone) {
  refusal = "model.safetensors: damaged";
  Session session(ear, fakes());
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.looked_count >= 2; }));
  EXPECT_TRUE(ear.last_record.detections.empty());
  session.use_model(test_model, {});
  ASSERT_TRUE(ear.model_is(ModelStatus::State::failed));
  EXPECT_EQ(ear.models.back().problem, refusal);
  session.use_model(at("nowhere.safetensors"), {});
  ASSERT_TRUE(ear.until([&] { return ear.models.back().problem.find("nowhere.safetensors") != std::string::npos; }));
  const int64_t before = ear.shown_count;
  ASSERT_TRUE(ear.until([&] { return ear.shown_count > before + 2; }));
}

TEST_F(SessionTest, ANewModelIsUsedWithoutOpeningAnew) {
  Session session(ear, fakes());
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.shown_count >= 3; }));
  session.use_model(test_model, {});  // it has classes, which the run did not know of
  ASSERT_TRUE(ear.sees(1, 1));
}

TEST_F(SessionTest, RecordingsBeginAndEndWhileItGoesOn) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.looked_count >= 3; }));
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  session.start_records(at("run.ndjson"));
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 2; }));
  EXPECT_TRUE(ear.outputs[0].on && ear.outputs[1].on);
  std::this_thread::sleep_for(milliseconds(700));
  session.stop(Output::recording);
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 3; }));
  EXPECT_FALSE(ear.outputs[2].on);
  EXPECT_EQ(ear.outputs[2].problem, "");
  const auto frames = times_of(at("clip.mkv")).size();
  EXPECT_GE(frames, 20U);  // of 35
  EXPECT_LE(frames, 40U);
  const int64_t before = ear.looked_count;
  ASSERT_TRUE(ear.until([&] { return ear.looked_count > before + 3; }));
  session.close();
  ASSERT_TRUE(ear.until([&] { return ear.ends.size() == 1 && ear.outputs.size() == 4; }));
  const auto lines = lines_of(contents(at("run.ndjson")));
  EXPECT_EQ(nlohmann::json::parse(lines.front())["type"], "header");
  EXPECT_EQ(nlohmann::json::parse(lines.front())["model"]["sha256"].get<std::string>().size(), 64U);
  const auto summary = nlohmann::json::parse(lines.back());
  EXPECT_EQ(summary["type"], "summary");
  EXPECT_EQ(summary["frames"].get<std::size_t>(),
            static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
              return nlohmann::json::parse(line)["type"] == "frame";
            })));
}

TEST_F(SessionTest, EventsAreToldWhereTheyWereRecorded) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.events.size() == 1; }));  // the disc appeared before anything is recorded
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 1; }));
  std::this_thread::sleep_for(milliseconds(500));
  Adjustments to;
  to.tracking = false;
  session.adjust(to);  // its end
  ASSERT_TRUE(ear.until([&] { return ear.events.size() == 2; }));
  to.tracking = true;
  session.adjust(to);  // it appears again
  ASSERT_TRUE(ear.until([&] { return ear.places.size() == 2; }));
  session.stop(Output::recording);
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 2; }));
  std::map<int64_t, double> times;  // of the frames, as the records beside the video have them
  for (const auto& record : records_of(contents(at("clip.ndjson")))) {
    if (record["type"] == "frame") times[record["frame"].get<int64_t>()] = record["pts_ms"].get<double>();
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const SessionSink::Place& place = ear.places[i];
    EXPECT_EQ(place.event.event, i == 0 ? Event::ended : Event::appeared);
    EXPECT_EQ(place.event.frame, ear.events[i + 1].frame);
    EXPECT_EQ(place.video, at("clip.mkv"));
    EXPECT_GT(place.seconds, 0.3);
    if (times.count(place.event.frame) > 0) {
      EXPECT_NEAR(place.seconds * 1000, times[place.event.frame], 1e-6);
    }
  }
  EXPECT_EQ(times.count(ear.places[1].event.frame), 1U);
}

TEST_F(SessionTest, ARecordingThatFailsEndsAlone) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 1; }));
  EXPECT_NE(ear.outputs[0].problem.find("nothing is open"), std::string::npos);
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.looked_count >= 1; }));
  recording.target = at("none/such/clip.mkv");
  session.start(recording);
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 2; }));
  EXPECT_NE(ear.outputs[1].problem.find("none/such/clip.mkv"), std::string::npos);
  const int64_t before = ear.looked_count;
  ASSERT_TRUE(ear.until([&] { return ear.looked_count > before + 3; }));
  EXPECT_TRUE(ear.ends.empty());
}

TEST_F(SessionTest, WhatIsToBeBlurredIsNotWrittenWithoutAModel) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  ASSERT_TRUE(ear.model_is(ModelStatus::State::ready));
  Adjustments blurring;
  blurring.blur = {true, false, false};
  session.adjust(blurring);
  session.use_model(at("nowhere.safetensors"), {});
  ASSERT_TRUE(ear.model_is(ModelStatus::State::failed));
  session.open(camera());
  ASSERT_TRUE(ear.until([&] { return ear.looked_count >= 1; }));
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  session.save_snapshot({at("one.png"), RecordWhat::raw, {}});
  ASSERT_TRUE(ear.until([&] { return ear.outputs.size() == 1 && ear.snapshots.size() == 1; }));
  EXPECT_NE(ear.outputs[0].problem.find("blurring"), std::string::npos);
  EXPECT_NE(ear.snapshots[0].find("blurring"), std::string::npos);
  EXPECT_FALSE(fs::exists(at("clip.mkv")) || fs::exists(at("one.png")));
}

TEST_F(SessionTest, SnapshotsHaveTheirOwnBoxesAndOverwriteNothing) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  session.save_snapshot({at("early.png"), RecordWhat::raw, {}});
  ASSERT_TRUE(ear.until([&] { return ear.snapshots.size() == 1; }));
  EXPECT_NE(ear.snapshots[0].find("no frame"), std::string::npos);
  session.open(camera());
  ASSERT_TRUE(ear.sees(1, 1));
  for (int i = 0; i < 2; ++i) {
    session.save_snapshot({at("one.png"), RecordWhat::both, {false, false, 1, {{10, 200, 30}}}});
    ASSERT_TRUE(ear.until([&] { return static_cast<int>(ear.snapshots.size()) == 2 + i; }));
  }
  EXPECT_EQ(ear.snapshots[1], at("one.png"));
  EXPECT_EQ(ear.snapshots[2], at("one-2.png"));
  const cv::Mat drawn = cv::imread(at("one.png")), raw = cv::imread(at("one.raw.png"));
  ASSERT_EQ(raw.size(), cv::Size(64, 48));
  const cv::Vec3b grey = raw.at<cv::Vec3b>(5, 5);
  EXPECT_EQ(raw.at<cv::Vec3b>(10, 20), grey);                      // the upper edge of the disc's box ...
  EXPECT_EQ(drawn.at<cv::Vec3b>(10, 20), cv::Vec3b(30, 200, 10));  // ... is drawn, in its colour
  EXPECT_EQ(drawn.at<cv::Vec3b>(20, 50), grey);                    // the candidate's is not
}

TEST_F(SessionTest, VideosPlayAtTheirOwnSpeed) {
  Session session(ear, fakes());
  session.use_model(test_model, {});
  ASSERT_TRUE(ear.model_is(ModelStatus::State::ready));
  SourceSettings settings;
  settings.spec = video("clip.avi", 11);  // at 0, 0.1 ... 1 s
  const auto begun = steady_clock::now();
  session.open(settings);
  ASSERT_TRUE(ear.until([&] { return ear.ends.size() == 1; }));
  const std::chrono::duration<double> taken = steady_clock::now() - begun;
  EXPECT_GE(taken.count(), 1.0);
  EXPECT_LT(taken.count(), 2.5);
  EXPECT_EQ(ear.shown_count, 11);
  EXPECT_FALSE(ear.ends[0].error || ear.ends[0].interrupted);
  for (const StatusRecord& status : ear.statuses) EXPECT_EQ(status.state, State::connected) << status.message;

  settings.repeat = true;
  session.open(settings);
  ASSERT_TRUE(ear.until([&] { return ear.shown_count >= 11 + 14; }));
  EXPECT_EQ(ear.ends.size(), 1U);
}

TEST_F(SessionTest, AMissingSourceIsAnEndWithAnError) {
  Session session(ear, fakes());
  SourceSettings settings;
  settings.spec = at("nowhere.mp4");
  session.open(settings);
  ASSERT_TRUE(ear.until([&] { return ear.ends.size() == 1; }));
  ASSERT_TRUE(ear.ends[0].error);
  EXPECT_NE(ear.ends[0].error->message.find("nowhere.mp4"), std::string::npos);
}

TEST(ModelThread, PartsByThresholds) {
  DetectionResult result;
  result.detections = {{0, 0.9F, {}}, {1, 0.5F, {}}};
  result.candidates = {{0, 0.3F, {}}};
  part_by_thresholds(result, {});
  EXPECT_EQ(result.detections.size(), 2U);
  part_by_thresholds(result, {0.3F, 0.6F});
  ASSERT_EQ(result.detections.size(), 2U);
  EXPECT_FLOAT_EQ(result.detections[1].confidence, 0.3F);
  ASSERT_EQ(result.candidates.size(), 1U);
  EXPECT_EQ(result.candidates[0].class_id, 1);
  part_by_thresholds(result, {0.3F});  // of a class that it says nothing about: not wanted
  EXPECT_EQ(result.detections.size(), 2U);
}

TEST(ModelThread, OfTwoNamesOfOneThingTheBetterIsReported) {
  const Box cat{10, 10, 110, 110}, dog{12, 10, 112, 110};  // IoU 98 / 102
  DetectionResult result;
  result.detections = {{0, 0.9F, cat}, {1, 0.5F, dog}};
  part_by_thresholds(result, {0.3F, 0.3F});
  ASSERT_EQ(result.detections.size(), 1U);
  EXPECT_EQ(result.detections[0].class_id, 0);
  ASSERT_EQ(result.candidates.size(), 1U);
  part_by_thresholds(result, {0.95F, 0.3F});  // the cat is not wanted so cheaply: then it is a dog
  ASSERT_EQ(result.detections.size(), 1U);
  EXPECT_EQ(result.detections[0].class_id, 1);
  EXPECT_EQ(result.candidates[0].class_id, 0);
}

}  // namespace
}  // namespace dualsight
