// A session on fakes: a camera, a detector, and a listener that records its calls.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/session/session.h"
#include "tests/app/support/capture_support.h"
#include "tests/app/support/fake_detector.h"
#include "tests/app/support/test_support.h"

namespace dualsight {

// A camera of 50 frames a second; each frame's grey is its number.
class GreyCamera : public Source {
 public:
  explicit GreyCamera(const std::string& name) { info_ = {name, true, 0, 50}; }
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

// Always finds a disc of confidence 0.5 and a square of 0.2.
struct DiscDetector : FakeDetector {
  explicit DiscDetector(milliseconds each) : takes(each) {
    described.device = "fake";
    ++alive;
  }
  ~DiscDetector() override { --alive; }
  Result<void> detect(ImageView, DetectionResult& result) override {
    ++detecting;
    std::this_thread::sleep_for(takes);
    --detecting;
    result = {};
    result.detections = {{0, 0.5F, {10, 10, 30, 30}}, {1, 0.2F, {40, 20, 60, 40}}};
    return {};
  }
  void set_iou(float to) override { iou = to; }
  milliseconds takes;
  static inline std::atomic<float> iou{0};
  static inline std::atomic<int> alive{0}, detecting{0};
};

struct ListenerLog : SessionListener {
  void on_frame(const ShownFrame& frame) override {
    const std::lock_guard lock(mutex);
    ++shown_count;
    last_shown = frame;
  }
  void on_result(const FrameRecord& record, const cv::Mat& bgr) override {
    const std::lock_guard lock(mutex);
    ++result_count;
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
  int64_t shown_count = 0, result_count = 0;
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
      return std::unique_ptr<Source>(std::make_unique<GreyCamera>(settings.name));
    };
    options.open_detector = [this](const fs::path&, const DetectorOptions&) -> Result<std::unique_ptr<Detector>> {
      std::this_thread::sleep_for(loading_takes);
      if (!refusal.empty()) return Error{ErrorKind::model, refusal};
      return std::unique_ptr<Detector>(std::make_unique<DiscDetector>(detection_takes));
    };
    return options;
  }

  static Adjustments thresholds(std::vector<float> of_classes) {
    Adjustments to;
    to.thresholds = std::move(of_classes);
    return to;
  }

  milliseconds loading_takes{0}, detection_takes{1};
  std::string refusal;
  ListenerLog log;
};

inline constexpr const char* test_model = DUALSIGHT_TEST_MODEL;  // disc, square, cross; thresholds 0.4

}  // namespace dualsight
