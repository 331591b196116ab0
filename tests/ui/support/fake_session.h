// A camera and a detector for tests of the whole window.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <thread>

#include "app/session/session.h"

namespace dualsight {

// 25 frames a second, 320 x 240, a grey that changes.
class FakeCamera : public Source {
 public:
  explicit FakeCamera(const std::string& name) { info_ = {name, true, 0, 25, false}; }
  const SourceInfo& info() const override { return info_; }
  Result<std::optional<Frame>> read() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    Frame frame;
    frame.bgr = cv::Mat(240, 320, CV_8UC3, cv::Scalar::all(60 + number_++ % 120));
    return std::optional<Frame>(std::move(frame));
  }

 private:
  SourceInfo info_;
  int number_ = 0;
};

inline std::atomic<int> finding_takes_ms{5};
inline std::atomic<float> disc_confidence{0.5F};

// A disc of that confidence and a square of 0.3.
struct DiscDetector : Detector {
  const DetectorDescription& description() const override { return described; }
  void set_iou(float) override {}
  Result<void> detect(ImageView, DetectionResult& result) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(finding_takes_ms));
    result = {};
    result.detections = {{0, disc_confidence, {40, 40, 120, 120}}, {1, 0.3F, {200, 60, 280, 200}}};
    return {};
  }
  DetectorDescription described;
};

inline SessionOptions fakes() {
  SessionOptions options;
  options.open = [](const SourceSettings& settings, const SourceOptions& more) -> Result<std::unique_ptr<Source>> {
    if (settings.spec.find("gone") != std::string::npos) {
      return Error{ErrorKind::source, "/dev/video7: the camera is in use by another program"};
    }
    if (!is_live(settings.spec)) return open_source(settings, more);
    return std::unique_ptr<Source>(std::make_unique<FakeCamera>(settings.name));
  };
  options.open_detector = [](const std::filesystem::path&, const DetectorOptions&) {
    auto detector = std::make_unique<DiscDetector>();
    detector->described.device = "CPU, fake";
    return Result<std::unique_ptr<Detector>>(std::move(detector));
  };
  return options;
}

}  // namespace dualsight
