// Detectors for tests: they find what the test says, on an inference thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "app/pipeline/inference_thread.h"
#include "detector/detector.h"

namespace dualsight {

struct FakeDetector : Detector {
  const DetectorDescription& description() const override { return described; }
  void set_iou(float) override {}
  DetectorDescription described;
};

// A detector that the test keeps, so that it can be asked afterwards.
class BorrowedDetector : public Detector {
 public:
  explicit BorrowedDetector(Detector& owner) : owner_(owner) {}
  const DetectorDescription& description() const override { return owner_.description(); }
  void set_iou(float iou) override { owner_.set_iou(iou); }
  Result<void> detect(ImageView bgr, DetectionResult& result) override { return owner_.detect(bgr, result); }

 private:
  Detector& owner_;
};

// An inference thread whose model is this detector, which must outlive it.
inline std::unique_ptr<InferenceThread> inference_with(Detector& detector) {
  InferenceOptions options;
  options.open = [&detector](const std::filesystem::path&, const DetectorOptions&) {
    return Result<std::unique_ptr<Detector>>(std::make_unique<BorrowedDetector>(detector));
  };
  auto inference = std::make_unique<InferenceThread>(std::move(options));
  inference->load(DUALSIGHT_TEST_MODEL, {});
  EXPECT_TRUE(inference->wait_until_ready());
  return inference;
}

}  // namespace dualsight
