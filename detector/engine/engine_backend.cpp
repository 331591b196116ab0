#include "detector/engine/engine_backend.h"

#include <algorithm>
#include <utility>

#include "detector/core/model_info.h"
#include "detector/engine/bf16.h"
#include "detector/engine/engine.h"
#include "detector/engine/engine_input.h"
#include "detector/engine/lowering/make_plan.h"

namespace dualsight {
namespace {

class EngineBackend : public InferenceBackend {
 public:
  EngineBackend(std::unique_ptr<Engine> engine, const ModelInfo& info) : engine_(std::move(engine)) {
    f32_ = input_values(info);
    for (std::size_t c = 0; c < 3; ++c) std::transform(f32_[c].begin(), f32_[c].end(), bf16_[c].begin(), to_bf16);
    head_.classes = static_cast<int64_t>(info.class_names.size());
    head_.logarithmic = true;
    for (std::size_t level = 0; level < head_.levels.size(); ++level) {
      const float* rows = engine_->output(level);
      head_.levels[level] = {rows, rows + head_.classes, engine_->output_width(), engine_->output_width()};
    }
  }

  HeadOutput run(const Image& square) override {
    if (engine_->input_type() == ValueType::f32) {
      fill_input(square, f32_, static_cast<float*>(engine_->input()));
    } else {
      fill_input(square, bf16_, static_cast<uint16_t*>(engine_->input()));
    }
    engine_->run();
    return head_;
  }

  std::string name() const override { return "engine, " + kernel_library(); }

 private:
  const std::unique_ptr<Engine> engine_;
  InputValues<float> f32_;
  InputValues<uint16_t> bf16_;
  HeadOutput head_;
};

}  // namespace

Result<std::unique_ptr<InferenceBackend>> make_engine_backend(const DetectionNet& network, const ModelInfo& info,
                                                              int size, Arithmetic arithmetic, const Ranges& ranges) {
  if (const auto reason = why_no_plan(info.architecture); !reason.empty()) return Error{ErrorKind::usage, reason};
  EngineOptions options;
  options.size = size;
  options.arithmetic = arithmetic;
  options.ranges = ranges;
  auto engine = Engine::build(make_plan(network, info.architecture, kGroupWidth), options);
  if (!engine) return engine.error();
  return std::unique_ptr<InferenceBackend>(std::make_unique<EngineBackend>(std::move(*engine), info));
}

}  // namespace dualsight
