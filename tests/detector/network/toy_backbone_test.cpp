// A backbone that a test adds: it trains, is accepted by model files, and runs on LibTorch, with nothing else touched.
#include "tests/detector/support/toy_backbone.h"

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>

#include "detector/detector.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"
#include "detector/training/train_options.h"
#include "detector/training/trainer.h"
#include "tests/detector/support/synthetic.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

class ToyBackboneTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::register_toy_backbone("toy");
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / ("dualsight_toy_" + std::to_string(::getpid()) + "_" + test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // An untrained detector in a file.
  std::string save() const {
    ModelInfo info;
    info.architecture = "toy";
    info.class_names = {"disc", "square", "cross"};
    info.input_size = 64;
    info.thresholds.assign(3, 0.001F);  // an untrained model then sees something everywhere
    torch::manual_seed(5);
    const DetectionNet network("toy", 3);
    const auto path = (folder_ / "toy.safetensors").string();
    const auto saved = save_model(path, network, info, Storage::float32);
    EXPECT_TRUE(saved) << saved.error().message;
    return path;
  }

  fs::path folder_;
};

TEST_F(ToyBackboneTest, GivesTheDetectorItsShapes) {
  DetectionNet network("toy", 3);
  const auto out = network.forward(torch::randn({2, 3, 64, 96}));
  const int64_t cells = 8 * 12 + 4 * 6 + 2 * 3;  // strides 8, 16, 32
  EXPECT_EQ(out.logits.sizes(), (std::vector<int64_t>{2, cells, 3}));
  EXPECT_EQ(out.distances.sizes(), (std::vector<int64_t>{2, cells, 4}));
}

TEST_F(ToyBackboneTest, Trains) {
  TrainOptions options;
  options.output = (folder_ / "run").string();
  options.data = "shapes";
  options.model = "toy";
  options.size = 64;
  options.batch = 2;
  options.epochs = 1;
  options.plain_epochs = 0;
  options.threads = options.workers = 1;
  options.bf16 = false;
  options.device = "cpu";
  const auto trained = train(
      options, testing::make_shapes(4), nullptr, [](const TrainProgress&) {}, [] { return false; });
  ASSERT_TRUE(trained) << trained.error().message;
  const auto model = load_model(folder_ / "run/model.safetensors");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->info.architecture, "toy");
}

TEST_F(ToyBackboneTest, SurvivesAModelFile) {
  const auto loaded = load_model(save());
  ASSERT_TRUE(loaded) << loaded.error().message;
  torch::manual_seed(5);
  const DetectionNet same("toy", 3);
  const auto parameters = loaded->network->named_parameters();
  for (const auto& p : same.named_parameters()) EXPECT_TRUE(p.value().equal(parameters[p.key()])) << p.key();
}

TEST_F(ToyBackboneTest, RunsOnLibTorchAndSaysWhy) {
  auto detector = Detector::open(save(), {});
  ASSERT_TRUE(detector) << detector.error().message;
  const auto& backend = (*detector)->description().backend;
  EXPECT_EQ(backend.rfind("LibTorch ", 0), 0U) << backend;
  EXPECT_NE(backend.find("(architecture \"toy\" has no plan)"), std::string::npos) << backend;
  const Image picture(160, 90, 128);
  const auto result = (*detector)->detect(picture.view());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->detections.empty());

  DetectorOptions engine;
  engine.backend = Backend::engine;
  const auto refused = Detector::open(save(), engine);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
}

// A classifier's strides would be silently wrong boxes.
TEST_F(ToyBackboneTest, OtherStridesAreNoDetector) {
  struct Fine : testing::ToyBackbone {
    std::array<int64_t, 4> strides() const override { return {1, 2, 4, 8}; }
  };
  register_backbone({"toy-fine", [] { return std::make_shared<Fine>(); }});
  EXPECT_THROW(DetectionNet("toy-fine", 3), c10::Error);
}

}  // namespace
}  // namespace dualsight
