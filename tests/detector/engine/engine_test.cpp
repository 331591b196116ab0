// The fused engine against LibTorch in float32, which shares none of its code.
#include "detector/engine/engine.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstring>

#include "detector/core/inference_backend.h"
#include "detector/core/runtime.h"
#include "detector/detector.h"
#include "detector/engine/calibrate.h"
#include "detector/engine/engine_backend.h"
#include "detector/engine/lowering/make_plan.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/network/torch_backend.h"
#include "tests/detector/support/allocation_count.h"
#include "tests/detector/support/conditioned.h"

namespace dualsight {
namespace {

constexpr int kClasses = 5;

class EngineTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (kernel_library().empty()) GTEST_SKIP() << "built without oneDNN";
    set_inference_threads(2);
  }
};

double relative_error(const torch::Tensor& value, const torch::Tensor& expected) {
  return ((value - expected).norm() / expected.norm()).item<double>();
}

std::unique_ptr<Engine> build(const DetectionNet& network, const std::string& architecture, int size,
                              Arithmetic arithmetic, bool keep_all) {
  EngineOptions options;
  options.size = size;
  options.arithmetic = arithmetic;
  options.keep_all = keep_all;
  auto engine = Engine::build(make_plan(network, architecture, /*group_width=*/48), options);
  EXPECT_TRUE(engine) << engine.error().message;
  return engine ? std::move(*engine) : nullptr;
}

void set_input(Engine& engine, const torch::Tensor& x) {  // [1, 3, S, S]
  const auto nhwc = x.permute({0, 2, 3, 1}).contiguous();
  if (engine.input_type() == ValueType::f32) {
    std::memcpy(engine.input(), nhwc.data_ptr(), nhwc.nbytes());
  } else {
    const auto half = nhwc.to(torch::kBFloat16);
    std::memcpy(engine.input(), half.data_ptr(), half.nbytes());
  }
}

// [H, W, C] of the engine beside [1, C, H, W] of LibTorch.
double tap_error(const Engine& engine, int buffer, const torch::Tensor& expected) {
  auto values = engine.read(buffer);
  const int64_t h = expected.size(2), w = expected.size(3);
  const auto whole = torch::from_blob(values.data(), {h, w, static_cast<int64_t>(values.size()) / (h * w)});
  EXPECT_EQ(whole.slice(2, expected.size(1)).abs().sum().item<float>(), 0) << "what is beyond the network's channels";
  return relative_error(whole.slice(2, 0, expected.size(1)), expected[0].permute({1, 2, 0}));
}

struct Errors {
  std::array<double, 4> stages{};
  double logits = 0, distances = 0;  // relative
};

Errors errors_of(const std::string& architecture, Arithmetic arithmetic, int size) {
  const torch::NoGradGuard no_grad;
  const auto network = testing::conditioned_network(architecture, kClasses, size);
  const auto x = testing::smooth_pictures(1, size);
  const auto taps = network->backbone().features(x);
  const auto expected = network->forward(x);
  const auto engine = build(*network, architecture, size, arithmetic, /*keep_all=*/true);
  set_input(*engine, x);
  engine->run();

  Errors errors;
  const auto plan = make_plan(*network, architecture, /*group_width=*/48);
  for (std::size_t s = 0; s < 4; ++s) errors.stages[s] = tap_error(*engine, plan.taps[s], taps[s]);
  int64_t cell = 0;
  for (std::size_t level = 0; level < 3; ++level) {
    const int64_t cells = (size >> (3 + level)) * (size >> (3 + level));
    const auto rows = torch::from_blob(const_cast<float*>(engine->output(level)), {cells, engine->output_width()});
    const auto logits = expected.logits[0].slice(0, cell, cell + cells);
    const auto distances = (expected.distances[0].slice(0, cell, cell + cells) / static_cast<double>(8 << level)).log();
    errors.logits = std::max(errors.logits, relative_error(rows.slice(1, 0, kClasses), logits));
    errors.distances = std::max(errors.distances, relative_error(rows.slice(1, kClasses, kClasses + 4), distances));
    cell += cells;
  }
  return errors;
}

TEST_P(EngineTest, AgreesWithLibTorchInFloat32) {
  const auto errors = errors_of(GetParam(), Arithmetic::float32, 128);
  for (const double error : errors.stages) EXPECT_LT(error, 1e-5);
  EXPECT_LT(errors.logits, 1e-5);
  EXPECT_LT(errors.distances, 1e-5);
}

TEST_P(EngineTest, AgreesWithLibTorchInBf16AsFarAsBf16Can) {
  if (!cpu_has_bf16()) GTEST_SKIP() << "this CPU has no bf16 arithmetic";
  const auto errors = errors_of(GetParam(), Arithmetic::bfloat16, 128);
  // Relative L2 of the four stages measured apart from this project on DPN92: 0.008, 0.013, 0.044, 0.075.
  constexpr std::array<double, 4> kMost = {0.010, 0.016, 0.050, 0.085};
  for (std::size_t s = 0; s < 4; ++s) EXPECT_LT(errors.stages[s], kMost[s]) << "stage " << s;
  EXPECT_LT(errors.logits, 0.03);
  EXPECT_LT(errors.distances, 0.03);
}

// oneDNN's reference code and its detour over matrix products take seconds a picture.
TEST_P(EngineTest, NoLayerFallsBackToSlowCode) {
  const auto network = testing::conditioned_network(GetParam(), kClasses, 64);
  for (const auto arithmetic : {Arithmetic::float32, Arithmetic::bfloat16}) {
    if (arithmetic == Arithmetic::bfloat16 && !cpu_has_bf16()) continue;
    const auto engine = build(*network, GetParam(), 320, arithmetic, /*keep_all=*/false);
    for (const auto& layer : engine->report()) {
      EXPECT_EQ(layer.implementation.find("ref"), std::string::npos) << layer.name << ": " << layer.implementation;
      EXPECT_EQ(layer.implementation.find("gemm"), std::string::npos) << layer.name << ": " << layer.implementation;
    }
  }
}

TEST_P(EngineTest, SharedMemoryChangesNothing) {
  const torch::NoGradGuard no_grad;
  const auto network = testing::conditioned_network(GetParam(), kClasses, 64);
  const auto apart = build(*network, GetParam(), 128, Arithmetic::float32, /*keep_all=*/true);
  const auto shared = build(*network, GetParam(), 128, Arithmetic::float32, /*keep_all=*/false);
  EXPECT_LT(shared->activation_bytes(), apart->activation_bytes() / 2);
  for (int picture = 0; picture < 3; ++picture) {  // what the last one left must not show
    const auto x = torch::randn({1, 3, 128, 128});
    for (auto* engine : {apart.get(), shared.get()}) {
      set_input(*engine, x);
      engine->run();
    }
    for (std::size_t level = 0; level < 3; ++level) {
      const std::size_t floats = static_cast<std::size_t>((16 >> level) * (16 >> level) * apart->output_width());
      EXPECT_EQ(std::memcmp(apart->output(level), shared->output(level), floats * sizeof(float)), 0);
    }
  }
}

// 8 bits are 1 part in 255 of each channel's range: a few percent after a hundred layers.
TEST_P(EngineTest, AgreesWithLibTorchInInt8AsFarAsEightBitsCan) {
  if (!cpu_has_int8()) GTEST_SKIP() << "this CPU has no 8-bit dot products";
  const torch::NoGradGuard no_grad;
  const int size = 128;
  const auto network = testing::conditioned_network(GetParam(), kClasses, size);
  const auto plan = make_plan(*network, GetParam());
  auto calibration = Calibration::make(plan, size);
  ASSERT_TRUE(calibration) << calibration.error().message;
  for (int i = 0; i < 4; ++i) {
    const auto nhwc = testing::smooth_pictures(1, size).permute({0, 2, 3, 1}).contiguous();
    std::memcpy(calibration->input(), nhwc.data_ptr(), nhwc.nbytes());
    calibration->add();
  }
  EngineOptions options;
  options.size = size;
  options.arithmetic = Arithmetic::int8;
  options.ranges = calibration->ranges();
  auto engine = Engine::build(plan, options);
  ASSERT_TRUE(engine) << engine.error().message;
  for (const auto& layer : (*engine)->report()) {
    EXPECT_EQ(layer.implementation.find("ref"), std::string::npos) << layer.name << ": " << layer.implementation;
    EXPECT_EQ(layer.implementation.find("gemm"), std::string::npos) << layer.name << ": " << layer.implementation;
  }
  const auto x = testing::smooth_pictures(1, size);
  set_input(**engine, x);
  (*engine)->run();
  const auto expected = network->forward(x);
  const int64_t cells = (size / 8) * (size / 8);  // of the finest level, which comes first
  const auto rows = torch::from_blob(const_cast<float*>((*engine)->output(0)), {cells, (*engine)->output_width()});
  const auto logits = expected.logits[0].slice(0, 0, cells);
  const auto distances = (expected.distances[0].slice(0, 0, cells) / 8).log();
  EXPECT_LT(relative_error(rows.slice(1, 0, kClasses), logits), 0.10);
  EXPECT_LT(relative_error(rows.slice(1, kClasses, kClasses + 4), distances), 0.10);
}

TEST(Engine, Int8WithoutRangesIsAnErrorThatNamesWhatIsMissing) {
  if (kernel_library().empty()) GTEST_SKIP() << "built without oneDNN";
  const auto network = testing::conditioned_network("resnet18", kClasses, 64);
  EngineOptions options;
  options.size = 64;
  options.arithmetic = Arithmetic::int8;
  const auto engine = Engine::build(make_plan(*network, "resnet18"), options);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::model);
  EXPECT_NE(engine.error().message.find("no range for"), std::string::npos) << engine.error().message;
}

// The largest value of each channel, over all pictures and all layers that write the buffer.
TEST(Calibration, KeepsTheLargestValueOfEachChannel) {
  if (kernel_library().empty()) GTEST_SKIP() << "built without oneDNN";
  // A 1x1 convolution that copies channels 0 and 1, and doubles their sum into channel 2; 15 channels nobody feeds.
  Plan plan;
  plan.buffers = {{"in", 3, 1}, {"out", 16, 1}};
  plan.layers = {PlanLayer()};
  plan.layers[0].name = "mix";
  plan.layers[0].target = 1;
  plan.layers[0].relu = true;
  plan.layers[0].weights.assign(16 * 3, 0.0F);
  plan.layers[0].weights[0 * 3 + 0] = 1;
  plan.layers[0].weights[1 * 3 + 1] = 1;
  plan.layers[0].weights[2 * 3 + 0] = plan.layers[0].weights[2 * 3 + 1] = 2;
  plan.layers[0].bias.assign(16, 0.0F);
  plan.outputs = {1};
  auto calibration = Calibration::make(plan, 32);
  ASSERT_TRUE(calibration) << calibration.error().message;
  std::fill_n(calibration->input(), 32 * 32 * 3, 0.0F);
  calibration->input()[0] = 3;      // first cell, channel 0
  calibration->input()[3 + 1] = 5;  // second cell, channel 1
  calibration->add();
  calibration->input()[0] = 1;
  calibration->add();
  const auto range = calibration->ranges().at("out");
  EXPECT_EQ(range[0], 3);
  EXPECT_EQ(range[1], 5);
  EXPECT_EQ(range[2], 10);  // 2 * (0 + 5)
  EXPECT_EQ(range[3], 0);
  EXPECT_EQ(calibration->pictures(), 2);
}

INSTANTIATE_TEST_SUITE_P(Architectures, EngineTest, ::testing::Values("dpn92", "resnet18"),
                         [](const auto& one) { return one.param; });

TEST(Engine, TheOriginalDpnHasNoPlanAndSaysWhy) {
  EXPECT_NE(why_no_plan("dpn92-original").find("normalises"), std::string::npos);
  EXPECT_EQ(why_no_plan("dpn92"), "");
}

// What the engine cannot take runs on LibTorch, traced and frozen: the same numbers as the network itself.
TEST(TorchBackend, FrozenNetworksComputeWhatTheNetworkComputes) {
  const torch::NoGradGuard no_grad;
  for (const std::string architecture : {"dpn92-original", "resnet18"}) {
    const int size = 96;
    auto network = testing::conditioned_network(architecture, kClasses, size);
    ModelInfo info;
    info.architecture = architecture;
    info.class_names.assign(kClasses, "thing");
    Image square(size, size);
    for (std::size_t i = 0; i < square.pixels.size(); ++i)
      square.pixels[i] = static_cast<uint8_t>(i * 2654435761U >> 24);
    const auto pixels = torch::from_blob(square.pixels.data(), {1, size, size, 3}, torch::kByte);
    const auto expected = network->forward(to_network_input(pixels, info));
    const auto forward = make_torch_backend(network, info, size, /*cuda=*/false, /*bf16=*/false);
    for (int picture = 0; picture < 3; ++picture) {  // the executor watches, then optimises
      const auto head = forward->run(square);
      auto* logits = const_cast<float*>(head.levels[0].logits);
      auto* distances = const_cast<float*>(head.levels[0].distances);
      EXPECT_LT(relative_error(torch::from_blob(logits, expected.logits.sizes()), expected.logits), 1e-4);
      EXPECT_LT(relative_error(torch::from_blob(distances, expected.distances.sizes()), expected.distances), 1e-4);
    }
  }
}

// In steady state the whole way from picture to detections takes nothing from the heap but what oneDNN takes to call
// its own primitives.
TEST(Engine, APictureAllocatesNothing) {
  if (!testing::counts_allocations()) GTEST_SKIP() << "sanitizers bring their own heap";
  if (kernel_library().empty()) GTEST_SKIP() << "built without oneDNN";
  DetectorOptions options;
  options.backend = Backend::engine;
  options.confidence = 0.001F;  // an untrained model then sees something everywhere
  auto detector = Detector::open(DUALSIGHT_TEST_MODEL, options);
  ASSERT_TRUE(detector) << detector.error().message;
  const Image picture(160, 90, 128);
  DetectionResult result;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE((*detector)->detect(picture.view(), result));
  ASSERT_FALSE(result.detections.empty());

  auto model = load_model(DUALSIGHT_TEST_MODEL);
  ASSERT_TRUE(model);
  const auto arithmetic = cpu_has_bf16() ? Arithmetic::bfloat16 : Arithmetic::float32;
  const auto engine = build(*model->network, model->info.architecture, 64, arithmetic, /*keep_all=*/false);
  for (int i = 0; i < 3; ++i) engine->run();
  long before = testing::allocation_count();
  engine->run();
  const long of_the_library = testing::allocation_count() - before;

  before = testing::allocation_count();
  ASSERT_TRUE((*detector)->detect(picture.view(), result));
  EXPECT_EQ(testing::allocation_count() - before, of_the_library);
}

// ---- the plan, as data ------------------------------------------------------------------------------------------

PlanLayer layer(const char* name, int source, int target) {
  PlanLayer l;
  l.name = name;
  l.source = source;
  l.target = target;
  return l;
}

// in -> a -> b -> out: a and out never live together, nor do in and b.
Plan chain() {
  Plan plan;
  plan.buffers = {{"in", 3, 1}, {"a", 8, 2}, {"b", 8, 2}, {"out", 16, 4}};
  plan.layers = {layer("first", 0, 1), layer("second", 1, 2), layer("third", 2, 3)};
  plan.layers[0].kernel = 3;
  plan.layers[0].stride = 2;
  plan.layers[0].relu = true;
  plan.layers[1].kind = LayerKind::max_pool;
  plan.layers[2].groups = 2;
  plan.layers[2].sum = true;
  plan.outputs = {3};
  return plan;
}

TEST(Plan, IsPrintedOneLineALayer) {
  EXPECT_EQ(to_string(chain()),
            "first: in[3 /1] -> a[8 /2] conv 3x3 stride 2 + relu\n"
            "second: a[8 /2] -> b[8 /2] max-pool 3x3 stride 2\n"
            "third: b[8 /2] -> out[16 /4] conv 1x1 groups 2 + sum\n");
}

TEST(Plan, BuffersThatNeverLiveTogetherShareMemory) {
  // Lives in layers: in 0-0, a 0-1, b 1-2, out 2-end. Largest first: in at 0, a behind it; b where in was; out where a
  // was, since b still lives.
  const auto memory = plan_memory(chain(), {8192, 8192, 4096, 4096});
  EXPECT_EQ(memory.offsets, (std::vector<std::size_t>{0, 8192, 0, 4096}));
  EXPECT_EQ(memory.bytes, 16384U);
}

TEST(Plan, EveryBufferHasAPlaceOfItsOwnWhenAllAreKept) {
  const auto memory = plan_memory(chain(), {100, 100, 100, 100}, /*keep_all=*/true);
  EXPECT_EQ(memory.offsets, (std::vector<std::size_t>{0, 4096, 8192, 12288}));
  EXPECT_EQ(memory.bytes, 12388U);
}

}  // namespace
}  // namespace dualsight
