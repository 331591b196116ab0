#include "detector/network/model_file.h"

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "backbone/safetensors.h"
#include "detector/network/network.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

class ModelFile : public ::testing::Test {
 protected:
  void SetUp() override {
    info_.architecture = "resnet18";
    info_.class_names = {"cat", "sports ball", "狗"};
    info_.input_size = 224;
    info_.thresholds = {0.25F, 0.5F, 0.75F};
    info_.name = "test";
    info_.provenance = "made by a test";
    info_.scores = {{"val mAP50", "12.3"}};
  }
  void TearDown() override { fs::remove(path_); }
  Error save_metadata_and_fail(const Metadata& metadata) {
    EXPECT_TRUE(write_safetensors(path_, {{"x", torch::zeros({1})}}, metadata));
    const auto info = read_model_header(path_);
    EXPECT_FALSE(info);
    return info ? Error{} : info.error();
  }
  ModelInfo info_;
  fs::path path_ = fs::temp_directory_path() / ("dualsight_model_" + std::to_string(::getpid()) + ".safetensors");
};

TEST_F(ModelFile, MetadataSurvives) {
  torch::manual_seed(0);
  const DetectionNet network("resnet18", 3);
  ASSERT_TRUE(save_model(path_, network, info_, Storage::float32));
  const auto loaded = load_model(path_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->info.class_names, info_.class_names);
  EXPECT_EQ(loaded->info.thresholds, info_.thresholds);
  EXPECT_EQ(loaded->info.input_size, 224);
  EXPECT_EQ(loaded->info.mean, info_.mean);
  EXPECT_EQ(loaded->info.scores, info_.scores);
  EXPECT_EQ(loaded->info.provenance, info_.provenance);
}

TEST_F(ModelFile, WeightsSurviveInEveryStorage) {
  torch::manual_seed(0);
  DetectionNet network("resnet18", 3);
  network.eval();
  const torch::NoGradGuard no_grad;
  const auto x = torch::randn({1, 3, 64, 64});
  const auto expected = network.forward(x);
  for (const auto& [storage, tolerance, bytes] :
       {std::tuple{Storage::float32, 0.0, 4.0}, {Storage::bfloat16, 0.05, 2.0}, {Storage::int8, 0.05, 1.0}}) {
    ASSERT_TRUE(save_model(path_, network, info_, storage));
    const auto loaded = load_model(path_);
    ASSERT_TRUE(loaded) << loaded.error().message;
    const auto actual = loaded->network->forward(x);
    const auto error = (actual.distances - expected.distances).norm() / expected.distances.norm();
    EXPECT_LE(error.item<double>(), tolerance);
    // Nearly all of the 12.7 million weights are convolutions'.
    EXPECT_NEAR(static_cast<double>(fs::file_size(path_)), 12.7e6 * bytes, 0.5e6);
  }
}

TEST_F(ModelFile, Int8IsWithinHalfAStepOfEachWeight) {
  torch::manual_seed(0);
  const DetectionNet network("resnet18", 3);
  ASSERT_TRUE(save_model(path_, network, info_, Storage::int8));
  const auto loaded = load_model(path_);
  ASSERT_TRUE(loaded);
  const auto before = network.named_parameters()["backbone.layer1.0.conv1.weight"].flatten(1);
  const auto after = loaded->network->named_parameters()["backbone.layer1.0.conv1.weight"].flatten(1);
  const auto half_step = std::get<0>(before.abs().max(1, true)) / 127 / 2;
  EXPECT_TRUE(((after - before).abs() <= half_step * 1.001).all().item<bool>());
}

TEST_F(ModelFile, ForeignAndDamagedFilesAreNamed) {
  EXPECT_NE(save_metadata_and_fail({}).message.find("not a Dualsight model"), std::string::npos);
  auto metadata = to_metadata(info_);
  metadata["architecture"] = "vgg";
  EXPECT_NE(save_metadata_and_fail(metadata).message.find("vgg"), std::string::npos);
  metadata = to_metadata(info_);
  metadata["thresholds"] = "0.5";
  EXPECT_NE(save_metadata_and_fail(metadata).message.find("thresholds"), std::string::npos);
  metadata = to_metadata(info_);
  for (const char* size : {"", "abc", "100", "0", "99999", "-32", "nan"}) {
    metadata["input_size"] = size;
    EXPECT_NE(save_metadata_and_fail(metadata).message.find("input_size"), std::string::npos) << size;
  }
  metadata = to_metadata(info_);
  metadata["stddev"] = "0 0.2 0.2";
  const auto error = save_metadata_and_fail(metadata);
  EXPECT_NE(error.message.find(path_.string()), std::string::npos);
  EXPECT_EQ(error.kind, ErrorKind::model);
}

TEST_F(ModelFile, WeightsOfAnotherNetworkAreRefused) {
  const DetectionNet network("resnet18", 3);
  auto wrong = info_;
  wrong.class_names.push_back("one too many");
  wrong.thresholds.push_back(0.5F);
  ASSERT_TRUE(save_model(path_, network, wrong, Storage::float32));
  const auto loaded = load_model(path_);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("head.classify"), std::string::npos) << loaded.error().message;
}

TEST_F(ModelFile, Int8WithoutItsScaleIsRefused) {
  ASSERT_TRUE(write_safetensors(path_, {{"x", torch::zeros({2, 2, 1, 1}, torch::kChar)}}, to_metadata(info_)));
  const auto loaded = load_model(path_);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("scale"), std::string::npos);
}

TEST(Storage, Names) {
  EXPECT_TRUE(parse_storage("int8"));
  EXPECT_FALSE(parse_storage("int4"));
}

}  // namespace
}  // namespace dualsight
