#include <array>
#include <bit>
#include <utility>

#include "detector/engine/engine.h"
#include "detector/engine/make_plan.h"
#include "detector/forward.h"
#include "detector/model_info.h"

namespace dualsight {
namespace {

// Wide enough for the CPU's matrix units, and 3, 6, 12 and 24 channels divide it (the four stages' groups).
constexpr int kGroupWidth = 48;

uint16_t to_bf16(float value) {  // rounds to nearest even, as LibTorch does
  const auto bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

// What to_network_input() makes of each of the 256 values of a channel.
template <typename Value>
using Tables = std::array<std::array<Value, 256>, 3>;  // red, green, blue

template <typename Value>
void fill_input(const Image& square, const Tables<Value>& tables, Value* to) {
  const uint8_t* bgr = square.pixels.data();
  const uint8_t* end = bgr + square.pixels.size();
  for (; bgr < end; bgr += 3, to += 3) {
    to[0] = tables[0][bgr[2]];
    to[1] = tables[1][bgr[1]];
    to[2] = tables[2][bgr[0]];
  }
}

class EngineForward : public Forward {
 public:
  EngineForward(std::unique_ptr<Engine> engine, const ModelInfo& info) : engine_(std::move(engine)) {
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t v = 0; v < 256; ++v) {
        f32_[c][v] = (static_cast<float>(v) / 255 - info.mean[c]) / info.stddev[c];
        bf16_[c][v] = to_bf16(f32_[c][v]);
      }
    }
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
  Tables<float> f32_;
  Tables<uint16_t> bf16_;
  HeadOutput head_;
};

}  // namespace

Result<std::unique_ptr<Forward>> make_engine_forward(const DetectionNet& network, const ModelInfo& info, int size,
                                                     bool bf16) {
  if (const auto reason = why_no_plan(info.architecture); !reason.empty()) return Error{ErrorKind::usage, reason};
  EngineOptions options;
  options.size = size;
  options.arithmetic = bf16 ? Arithmetic::bfloat16 : Arithmetic::float32;
  auto engine = Engine::build(make_plan(network, info.architecture, kGroupWidth), options);
  if (!engine) return engine.error();
  return std::unique_ptr<Forward>(std::make_unique<EngineForward>(std::move(*engine), info));
}

}  // namespace dualsight
