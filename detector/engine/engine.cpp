#include "detector/engine/engine.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "detector/engine/amx_kernels.h"
#include "detector/engine/bf16.h"
#include "detector/engine/zeroed_memory.h"

namespace dualsight {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kSlack = 256 << 10;  // vector and tile code may read past the last cell

// Zeroed, so that channels which no layer has written yet are finite: zero weights times infinity would not be zero.
ZeroedMemory make_arena(std::size_t bytes) {
  return zeroed_memory(bytes + kSlack, kHugePage,
                       [](char* data, std::size_t whole) { madvise(data, whole, MADV_HUGEPAGE); });
}

// A channel's integers 0..255 stand for 0 to its largest value.
std::vector<float> scales_for(const std::vector<float>& range) {
  std::vector<float> scales;
  for (const float most : range) scales.push_back(most > 0 ? most / 255 : 1.0F);
  return scales;
}

}  // namespace

struct Engine::Impl {
  EngineOptions options;
  std::vector<Activations> buffers;
  int input = 0;
  std::vector<int> outputs;
  std::size_t bytes = 0;
  ZeroedMemory arena, scratch_arena;
  Scratch scratch;
  struct Step {
    std::string name;
    std::unique_ptr<Kernel> kernel;
  };
  std::vector<Step> steps;
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

namespace {

// What each buffer's values are. Errors: a range is missing.
Result<std::vector<Activations>> choose_types(const Plan& plan, const EngineOptions& options) {
  std::vector<Activations> buffers;
  for (const auto& buffer : plan.buffers) {
    const int cells = options.size / buffer.stride;
    Activations a{nullptr, cells, cells, buffer.channels, ValueType::bf16, {}};
    if (buffer.keep_f32 || options.arithmetic == Arithmetic::float32) a.type = ValueType::f32;
    if (!buffer.keep_f32 && buffer.int8_allowed && options.arithmetic == Arithmetic::int8) {
      a.type = ValueType::u8;
      const auto range = options.ranges.find(buffer.name);
      if (range == options.ranges.end() || range->second.size() != static_cast<std::size_t>(buffer.channels)) {
        return Error{ErrorKind::model, "int8: the model has no range for " + buffer.name};
      }
      a.scales = scales_for(range->second);
    }
    buffers.push_back(std::move(a));
  }
  // Pooling and upsampling copy integers, so source and target need the same scales: the larger of the two.
  for (const auto& layer : plan.layers) {
    if (layer.kind == LayerKind::convolution) continue;
    auto& source = buffers[static_cast<std::size_t>(layer.source)].scales;
    auto& target = buffers[static_cast<std::size_t>(layer.target)].scales;
    for (std::size_t c = 0; c < std::min(source.size(), target.size()); ++c) {
      source[c] = target[c] = std::max(source[c], target[c]);
    }
  }
  return buffers;
}

std::size_t bytes_of(const Activations& a) {
  return static_cast<std::size_t>(a.height) * static_cast<std::size_t>(a.width) * static_cast<std::size_t>(a.channels) *
         bytes_of(a.type);
}

// Where a layer reads a bf16 buffer and writes an 8-bit one, the source gets an 8-bit twin, which a quantize layer
// right before fills.
void add_twins(Plan& plan, std::vector<Activations>& buffers, const Ranges& ranges) {
  std::map<int, int> twins;
  std::vector<PlanLayer> layers;
  for (auto& layer : plan.layers) {
    const auto source = static_cast<std::size_t>(layer.source), target = static_cast<std::size_t>(layer.target);
    if (buffers[target].type == ValueType::u8 && buffers[source].type != ValueType::u8) {
      auto [twin, is_new] = twins.try_emplace(layer.source, static_cast<int>(buffers.size()));
      if (is_new) {
        Activations a = buffers[source];
        a.type = ValueType::u8;
        a.scales = scales_for(ranges.at(plan.buffers[source].name));
        buffers.push_back(a);
        plan.buffers.push_back(plan.buffers[source]);
        plan.buffers.back().name += ".u8";
        PlanLayer convert;
        convert.kind = LayerKind::quantize;
        convert.name = plan.buffers.back().name;
        convert.source = layer.source;
        convert.target = twin->second;
        layers.push_back(std::move(convert));
      }
      layer.source = twin->second;
    }
    twins.erase(layer.target);  // its source changes: a later reader needs a new twin
    layers.push_back(std::move(layer));
  }
  plan.layers = std::move(layers);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::build(Plan plan, const EngineOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->input = plan.input;
  impl->outputs = plan.outputs;

  auto typed = choose_types(plan, options);
  if (!typed) return typed.error();
  auto& buffers = impl->buffers = std::move(*typed);
  add_twins(plan, buffers, options.ranges);

  std::vector<std::size_t> sizes;
  for (const auto& buffer : buffers) sizes.push_back(bytes_of(buffer));
  const auto memory = plan_memory(plan, sizes, options.keep_all);
  impl->bytes = memory.bytes;
  impl->arena = make_arena(memory.bytes);
  if (!impl->arena) return Error{ErrorKind::internal, "engine: not enough memory"};
  for (std::size_t i = 0; i < sizes.size(); ++i) buffers[i].data = impl->arena.get() + memory.offsets[i];

  // A shortcut writes without a ReLU, so it may leave negative values in an 8-bit buffer: it writes s8 instead of u8,
  // with scales twice as large, so that the range stays the same. The layer that adds to it reads it as s8, too.
  std::vector<bool> holds_signed(buffers.size(), false), rectified(buffers.size(), false);
  constexpr float kSignedStep = 2;
  for (const auto& layer : plan.layers) {
    LayerPlace place{buffers[static_cast<std::size_t>(layer.source)], buffers[static_cast<std::size_t>(layer.target)],
                     ValueType::f32, 1};
    place.held = place.target.type;
    const auto target = static_cast<std::size_t>(layer.target);
    place.held_rectified = rectified[target];
    rectified[target] =
        layer.kind == LayerKind::convolution ? layer.relu : rectified[static_cast<std::size_t>(layer.source)];
    if (place.target.type == ValueType::u8 && layer.kind == LayerKind::convolution) {
      if (layer.sum && holds_signed[target]) {
        place.held = ValueType::s8;
        place.held_scale = kSignedStep;
      }
      holds_signed[target] = !layer.relu;
      if (!layer.relu) {
        place.target.type = ValueType::s8;
        for (float& scale : place.target.scales) scale *= kSignedStep;
      }
    }
    auto by_hand = options.tiles ? make_amx_convolution(layer, place) : nullptr;
    auto kernel =
        by_hand ? Result<std::unique_ptr<Kernel>>(std::move(by_hand)) : make_kernel(layer, place, impl->scratch);
    if (!kernel) return kernel.error();
    impl->steps.push_back({layer.name, std::move(*kernel)});
  }
  impl->scratch_arena = make_arena(impl->scratch.bytes);
  if (!impl->scratch_arena) return Error{ErrorKind::internal, "engine: not enough memory"};
  impl->scratch.data = impl->scratch_arena.get();
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

void* Engine::input() { return impl_->buffers[static_cast<std::size_t>(impl_->input)].data; }
ValueType Engine::input_type() const { return impl_->buffers[static_cast<std::size_t>(impl_->input)].type; }

void Engine::run() {
  for (auto& step : impl_->steps) step.kernel->run();
}

void Engine::run(const std::function<void(std::size_t)>& seen) {
  for (std::size_t i = 0; i < impl_->steps.size(); ++i) {
    impl_->steps[i].kernel->run();
    seen(i);
  }
}

const float* Engine::output(std::size_t level) const {
  return static_cast<const float*>(impl_->buffers[static_cast<std::size_t>(impl_->outputs[level])].data);
}

int Engine::output_width() const { return impl_->buffers[static_cast<std::size_t>(impl_->outputs.front())].channels; }

std::vector<Engine::LayerReport> Engine::report() const {
  std::vector<LayerReport> reports;
  for (const auto& step : impl_->steps) {
    reports.push_back({step.name, step.kernel->implementation()});
  }
  return reports;
}

std::size_t Engine::activation_bytes() const { return impl_->bytes; }

std::vector<float> Engine::read(int index) const {
  const auto& buffer = impl_->buffers[static_cast<std::size_t>(index)];
  const auto channels = static_cast<std::size_t>(buffer.channels);
  std::vector<float> values(static_cast<std::size_t>(buffer.height) * static_cast<std::size_t>(buffer.width) *
                            channels);
  if (buffer.type == ValueType::f32) {
    std::memcpy(values.data(), buffer.data, values.size() * sizeof(float));
  } else if (buffer.type == ValueType::bf16) {
    const auto* bits = static_cast<const uint16_t*>(buffer.data);
    std::transform(bits, bits + values.size(), values.begin(), from_bf16);
  } else {
    const auto* integers = static_cast<const uint8_t*>(buffer.data);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(integers[i]) * buffer.scales[i % channels];
    }
  }
  return values;
}

}  // namespace dualsight
