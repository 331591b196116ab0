#include "detector/engine/calibrate.h"

#include <algorithm>
#include <utility>

namespace dualsight {

Result<Calibration> Calibration::make(const Plan& plan, int size) {
  Calibration calibration;
  for (const auto& buffer : plan.buffers) {
    calibration.names_.push_back(buffer.name);
    if (!buffer.keep_f32) calibration.ranges_[buffer.name].assign(static_cast<std::size_t>(buffer.channels), 0.0F);
  }
  for (const auto& layer : plan.layers) calibration.targets_.push_back(layer.target);
  EngineOptions options;
  options.size = size;
  auto engine = Engine::build(plan, options);
  if (!engine) return engine.error();
  calibration.engine_ = std::move(*engine);
  return calibration;
}

void Calibration::add() {
  engine_->run([this](std::size_t layer) {
    const int target = targets_[layer];
    const auto range = ranges_.find(names_[static_cast<std::size_t>(target)]);
    if (range == ranges_.end()) return;
    auto& most = range->second;
    const auto values = engine_->read(target);
    for (std::size_t i = 0; i < values.size(); i += most.size()) {
      for (std::size_t c = 0; c < most.size(); ++c) most[c] = std::max(most[c], values[i + c]);
    }
  });
  ++pictures_;
}

}  // namespace dualsight
