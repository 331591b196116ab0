#include "detector/engine/engine.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdlib>
#include <cstring>

namespace dualsight {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kSlack = 64 << 10;  // vector code may read past the last row

struct Free {
  void operator()(void* p) const { std::free(p); }
};
using Arena = std::unique_ptr<char, Free>;

// Zeroed, so that what nobody writes is finite: zero weights times infinity would not be zero.
Arena make_arena(std::size_t bytes) {
  const std::size_t whole = (bytes + kSlack + kHugePage - 1) / kHugePage * kHugePage;
  auto* data = static_cast<char*>(std::aligned_alloc(kHugePage, whole));
  if (data) {
    madvise(data, whole, MADV_HUGEPAGE);
    std::memset(data, 0, whole);
  }
  return Arena(data);
}

float from_bf16(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

}  // namespace

struct Engine::Impl {
  EngineOptions options;
  std::vector<std::string> names;  // of buffers
  std::vector<Activations> buffers;
  int input = 0;
  std::vector<int> outputs;
  std::size_t bytes = 0;
  Arena arena, scratch_arena;
  Scratch scratch;
  struct Step {
    std::string name;
    std::unique_ptr<Kernel> kernel;
    double milliseconds = 0;
  };
  std::vector<Step> steps;
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::build(const Plan& plan, const EngineOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->input = plan.input;
  impl->outputs = plan.outputs;

  std::vector<std::size_t> sizes;
  for (const auto& buffer : plan.buffers) {
    const int cells = options.size / buffer.stride;
    const auto type = buffer.exact || options.arithmetic == Arithmetic::float32 ? ValueType::f32 : ValueType::bf16;
    impl->names.push_back(buffer.name);
    impl->buffers.push_back({nullptr, cells, cells, buffer.channels, type, {}});
    sizes.push_back(static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells) *
                    static_cast<std::size_t>(buffer.channels) * bytes_of(type));
  }
  const auto memory = plan_memory(plan, sizes, options.keep_all);
  impl->bytes = memory.bytes;
  impl->arena = make_arena(memory.bytes);
  if (!impl->arena) return Error{ErrorKind::internal, "engine: not enough memory"};
  for (std::size_t i = 0; i < sizes.size(); ++i) impl->buffers[i].data = impl->arena.get() + memory.offsets[i];

  for (const auto& layer : plan.layers) {
    auto kernel = make_kernel(layer, impl->buffers[static_cast<std::size_t>(layer.source)],
                              impl->buffers[static_cast<std::size_t>(layer.target)], impl->scratch);
    if (!kernel) return kernel.error();
    impl->steps.push_back({layer.name, std::move(*kernel), 0});
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

void Engine::timed_run() {
  for (auto& step : impl_->steps) {
    const auto start = std::chrono::steady_clock::now();
    step.kernel->run();
    step.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  }
}

const float* Engine::output(std::size_t level) const {
  return static_cast<const float*>(impl_->buffers[static_cast<std::size_t>(impl_->outputs[level])].data);
}

int Engine::output_width() const { return impl_->buffers[static_cast<std::size_t>(impl_->outputs.front())].channels; }

std::vector<Engine::LayerReport> Engine::report() const {
  std::vector<LayerReport> reports;
  for (const auto& step : impl_->steps) {
    reports.push_back({step.name, step.kernel->implementation(), step.milliseconds});
  }
  return reports;
}

std::size_t Engine::activation_bytes() const { return impl_->bytes; }

std::vector<float> Engine::read(const std::string& name) const {
  const auto found = std::find(impl_->names.begin(), impl_->names.end(), name);
  if (found == impl_->names.end() || !impl_->options.keep_all) return {};
  const auto& buffer = impl_->buffers[static_cast<std::size_t>(found - impl_->names.begin())];
  std::vector<float> values(static_cast<std::size_t>(buffer.height) * static_cast<std::size_t>(buffer.width) *
                            static_cast<std::size_t>(buffer.channels));
  if (buffer.type == ValueType::f32) {
    std::memcpy(values.data(), buffer.data, values.size() * sizeof(float));
  } else {
    const auto* bits = static_cast<const uint16_t*>(buffer.data);
    std::transform(bits, bits + values.size(), values.begin(), from_bf16);
  }
  return values;
}

}  // namespace dualsight
