// What may be changed during a run.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "detector/core/detection_result.h"
#include "detector/tracking/zones.h"

namespace dualsight {

struct Adjustments {
  std::vector<float>
      thresholds;               // per class: confidence needed to be reported, above 1: not wanted; empty: the model's
  float iou = 0.6F;             // as DetectorOptions::iou
  std::vector<Region> regions;  // zones and lines; what becomes of counts: Zones::change()
  std::vector<bool> blur;       // per class; empty: none
  bool tracking = true;         // of videos and live sources

  bool operator==(const Adjustments&) const = default;
};

// The settings in force, shared by whoever changes them (any thread) and by the pipeline and the inference thread,
// which apply them before each frame.
class Controls {
 public:
  void set(Adjustments adjustments) {
    auto fresh = std::make_shared<const Adjustments>(std::move(adjustments));
    const std::lock_guard lock(mutex_);
    now_ = std::move(fresh);
  }
  // Another object whenever something was set, never null.
  std::shared_ptr<const Adjustments> get() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Adjustments> now_ = std::make_shared<const Adjustments>();
};

// Splits what was found anew: a detection that reaches the threshold of its class, and has no better box of another
// class in its place, is reported; the rest become candidates. An empty list of thresholds leaves the result as it is.
void apply_thresholds(DetectionResult& result, const std::vector<float>& thresholds);

}  // namespace dualsight
