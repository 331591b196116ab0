// What is exported is run by others: ONNX by OpenCV's DNN module, TorchScript by Python's PyTorch.
#include "detector/conversion/export.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <torch/torch.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <opencv2/dnn.hpp>

#include "detector/conversion/export_protobuf.h"
#include "detector/network/model_file.h"
#include "detector/network/network.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSize = 96;                        // of what is exported
constexpr int64_t kCells = 12 * 12 + 6 * 6 + 3 * 3;  // strides 8, 16, 32
constexpr int64_t kClasses = 3;

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A fresh deep network multiplies every rounding error. Running statistics that fit the activations, and residual
// branches that add a little each, tame it as training does. The head speaks up: scores all over 0..1, boxes of all
// sizes, lower edges so far off that the exponent's limit holds.
void condition(DetectionNet& network) {
  const torch::NoGradGuard no_grad;
  network.train();
  for (const auto& module : network.modules(/*include_self=*/false)) {
    if (auto* batch_norm = module->as<torch::nn::BatchNorm2dImpl>()) {
      batch_norm->weight.uniform_(0.1, 0.4);
      batch_norm->bias.normal_(0, 0.2);
      batch_norm->options.momentum(1.0);
    }
  }
  network.forward(torch::randn({8, 3, kSize, kSize}));
  network.eval();
  auto parameters = network.named_parameters();
  parameters["head.classify.weight"].normal_(0, 0.3);
  parameters["head.classify.bias"].normal_();
  parameters["head.locate.weight"].normal_(0, 0.2);
  parameters["head.locate.bias"].copy_(torch::tensor({0.0F, 1.0F, 2.0F, 9.0F}));
  parameters["head.scale"].copy_(torch::tensor({0.7F, 1.0F, 1.3F}));
}

class Export : public testing::Test {
 protected:
  Export() {
    std::string path = (fs::temp_directory_path() / "dualsight_export_XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~Export() override { fs::remove_all(folder_); }

  fs::path at(const std::string& name) const { return folder_ / name; }

  void make_model(const std::string& architecture) {
    torch::manual_seed(5);
    info_.architecture = architecture;
    info_.class_names = {"cat", "sports ball", "狗"};
    info_.input_size = 64;  // others can be asked for
    info_.thresholds = {0.25F, 0.5F, 0.75F};
    network_ = std::make_shared<DetectionNet>(architecture, kClasses);
    condition(*network_);
    ASSERT_TRUE(save_model(at("model.safetensors"), *network_, info_, Storage::float32));
    const torch::NoGradGuard no_grad;
    images_ = torch::randn({1, 3, kSize, kSize});
    expected_ = network_->forward(images_);
    ASSERT_EQ(expected_.logits.sizes(), (std::vector<int64_t>{1, kCells, kClasses}));
    ASSERT_GT(expected_.logits.std().item<float>(), 0.5);
    ASSERT_NEAR(expected_.distances.max().item<float>(), 12909.72, 0.01);  // 32 e^6
  }

  Result<void> write(ExportFormat format, bool decode, const fs::path& path) const {
    return export_model(at("model.safetensors"), path, {format, decode, kSize});
  }

  // Logits to 5e-4 of the largest (DPN92 still magnifies rounding a hundredfold); distances, which are exponentials,
  // each to 1e-3 of itself.
  void expect_raw(const torch::Tensor& logits, const torch::Tensor& distances) const {
    ASSERT_EQ(logits.sizes(), expected_.logits.sizes());
    ASSERT_EQ(distances.sizes(), expected_.distances.sizes());
    const auto largest = expected_.logits.abs().max().item<float>();
    EXPECT_LT((logits - expected_.logits).abs().max().item<float>(), 5e-4 * largest);
    EXPECT_LT((distances / expected_.distances - 1).abs().max().item<float>(), 1e-3);
  }

  // Boxes to 1e-3 of the distances that they are made of, scores to 1e-3.
  void expect_decoded(const torch::Tensor& boxes, const torch::Tensor& scores) const {
    ASSERT_EQ(boxes.sizes(), expected_.distances.sizes());
    ASSERT_EQ(scores.sizes(), expected_.logits.sizes());
    int64_t cell = 0;
    for (const int stride : {8, 16, 32}) {
      for (int row = 0; row < kSize / stride; ++row) {
        for (int column = 0; column < kSize / stride; ++column, ++cell) {
          const float x = (column + 0.5F) * stride, y = (row + 0.5F) * stride;
          const float* d = expected_.distances[0][cell].data_ptr<float>();
          const float* box = boxes[0][cell].data_ptr<float>();
          EXPECT_NEAR(box[0], x - d[0], 1e-3 * d[0]);
          EXPECT_NEAR(box[1], y - d[1], 1e-3 * d[1]);
          EXPECT_NEAR(box[2], x + d[2], 1e-3 * d[2]);
          EXPECT_NEAR(box[3], y + d[3], 1e-3 * d[3]);
          for (int64_t c = 0; c < kClasses; ++c) {
            const float logit = expected_.logits[0][cell][c].item<float>();
            EXPECT_NEAR(scores[0][cell][c].item<float>(), 1 / (1 + std::exp(-logit)), 1e-3);
          }
        }
      }
    }
  }

  fs::path folder_;
  ModelInfo info_;
  std::shared_ptr<DetectionNet> network_;
  torch::Tensor images_;
  NetworkOutput expected_;
};

// ---- the networks -----------------------------------------------------------------------------------------------

class ExportOf : public Export, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override { make_model(GetParam()); }

  std::pair<torch::Tensor, torch::Tensor> run_opencv(const fs::path& path, const std::vector<cv::String>& names) {
    auto network = cv::dnn::readNetFromONNX(path.string());
    const std::vector<int> shape = {1, 3, kSize, kSize};
    network.setInput(cv::Mat(shape, CV_32F, images_.data_ptr<float>()), "images");
    std::vector<cv::Mat> results;
    network.forward(results, names);
    const auto tensor = [](const cv::Mat& mat) {
      return torch::from_blob(mat.data, {mat.size[0], mat.size[1], mat.size[2]}).clone();
    };
    return {tensor(results[0]), tensor(results[1])};
  }

  // Nothing where there is no PyTorch.
  std::optional<std::pair<torch::Tensor, torch::Tensor>> run_python(const fs::path& path) {
    std::ofstream(at("images"), std::ios::binary).write(static_cast<const char*>(images_.data_ptr()), images_.nbytes());
    const std::string command =
        std::string(DUALSIGHT_PYTHON) + " " DUALSIGHT_SOURCE_DIR "/tests/detector/conversion/run_torchscript.py '" +
        path.string() + "' " + std::to_string(kSize) + " '" + at("images").string() + "' '" + at("out").string() + "'";
    const int status = std::system(command.c_str());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == 77 || code == 127) return std::nullopt;
    EXPECT_EQ(code, 0) << command;
    const auto tensor = [&](const char* name, int64_t channels) {
      const std::string bytes = contents(at(name));
      EXPECT_EQ(bytes.size(), 4U * kCells * channels) << name;
      auto result = torch::zeros({1, kCells, channels});
      std::memcpy(result.data_ptr(), bytes.data(), std::min(bytes.size(), result.nbytes()));
      return result;
    };
    const bool boxes_first = path.stem() == "decoded";
    return std::pair{tensor("out.0", boxes_first ? 4 : kClasses), tensor("out.1", boxes_first ? kClasses : 4)};
  }
};

TEST_P(ExportOf, OnnxInOpenCv) {
  ASSERT_TRUE(write(ExportFormat::onnx, false, at("raw.onnx")));
  const auto [logits, distances] = run_opencv(at("raw.onnx"), {"logits", "distances"});
  expect_raw(logits, distances);
  ASSERT_TRUE(write(ExportFormat::onnx, true, at("decoded.onnx")));
  const auto [boxes, scores] = run_opencv(at("decoded.onnx"), {"boxes", "scores"});
  expect_decoded(boxes, scores);
}

TEST_P(ExportOf, TorchScriptInPython) {
  ASSERT_TRUE(write(ExportFormat::torchscript, false, at("raw.pt")));
  const auto raw = run_python(at("raw.pt"));
  if (!raw) GTEST_SKIP() << DUALSIGHT_PYTHON << " has no PyTorch";
  expect_raw(raw->first, raw->second);
  ASSERT_TRUE(write(ExportFormat::torchscript, true, at("decoded.pt")));
  const auto decoded = run_python(at("decoded.pt"));
  ASSERT_TRUE(decoded);
  expect_decoded(decoded->first, decoded->second);

  const auto metadata = nlohmann::json::parse(contents(at("out.json")));
  EXPECT_EQ(metadata["format"], "dualsight-export/1");
  EXPECT_EQ(metadata["architecture"], GetParam());
  EXPECT_EQ(metadata["classes"], "cat\nsports ball\n狗");
  EXPECT_EQ(metadata["thresholds"], "0.25 0.5 0.75");
  EXPECT_EQ(metadata["mean"], "0.485 0.456 0.406");
  EXPECT_EQ(metadata["stddev"], "0.229 0.224 0.225");
  EXPECT_EQ(metadata["strides"], "8 16 32");
  EXPECT_EQ(metadata["input_size"], "96");  // not the model's own
}

INSTANTIATE_TEST_SUITE_P(All, ExportOf, testing::Values("resnet18", "dpn92", "dpn92-original"), [](const auto& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// ---- files ------------------------------------------------------------------------------------------------------

TEST_F(Export, OnnxSaysWhatItIs) {
  make_model("resnet18");
  ASSERT_TRUE(export_model(at("model.safetensors"), at("model.onnx"), {}));
  const std::string onnx = contents(at("model.onnx"));
  // ModelProto: ir_version (field 1) 5.
  EXPECT_EQ(onnx.substr(0, 2), "\x08\x05");
  // StringStringEntryProto: key (field 1), value (field 2), each with its length.
  const auto has = [&](const std::string& entry) { return onnx.find(entry) != std::string::npos; };
  EXPECT_TRUE(
      has("\x0a\x07"
          "classes\x12\x13"
          "cat\nsports ball\n狗"));
  EXPECT_TRUE(
      has("\x0a\x07"
          "strides\x12\x07"
          "8 16 32"));
  EXPECT_TRUE(
      has("\x0a\x0ainput_size\x12\x02"
          "64"));  // the model's own
  EXPECT_TRUE(
      has("\x0a\x06"
          "format\x12\x12"
          "dualsight-export/1"));
  // BatchNorm is in the convolutions.
  EXPECT_FALSE(has("BatchNormalization"));
}

TEST_F(Export, ErrorsNameTheCulpritAndLeaveNothingBehind) {
  make_model("resnet18");
  const fs::path model = at("model.safetensors");
  const auto fails = [&](const fs::path& from, const fs::path& to, const ExportOptions& options, ErrorKind kind,
                         const std::string& culprit) {
    const auto done = export_model(from, to, options);
    ASSERT_FALSE(done) << culprit;
    EXPECT_EQ(done.error().kind, kind) << done.error().message;
    EXPECT_NE(done.error().message.find(culprit), std::string::npos) << done.error().message;
  };
  fails(at("none"), at("x.onnx"), {}, ErrorKind::model, at("none"));
  fails(model, at("x.onnx"), {ExportFormat::onnx, false, 100}, ErrorKind::usage, "100");
  fails(model, at("x.onnx"), {ExportFormat::onnx, false, -32}, ErrorKind::usage, "-32");
  fails(model, model, {}, ErrorKind::usage, model);
  fails(model, at("none/x.onnx"), {}, ErrorKind::output, at("none/x.onnx"));
  fails(model, "/dev/full", {}, ErrorKind::output, "/dev/full");
  fs::create_directory(at("folder"));
  fails(model, at("folder"), {}, ErrorKind::output, at("folder"));
  EXPECT_TRUE(load_model(model));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);  // model and folder
}

TEST(ExportFormatName, IsKnownOrAnError) {
  EXPECT_EQ(*parse_export_format("onnx"), ExportFormat::onnx);
  EXPECT_EQ(*parse_export_format("torchscript"), ExportFormat::torchscript);
  EXPECT_NE(parse_export_format("caffe").error().message.find("caffe"), std::string::npos);
}

// The examples of the format's description, and IEEE 754 by hand.
TEST(Protobuf, BytesByHand) {
  ProtobufMessage message;
  message.add_integer(1, 150);
  EXPECT_EQ(message.bytes(), "\x08\x96\x01");
  ProtobufMessage outer;
  outer.add_message(3, message);
  EXPECT_EQ(outer.bytes(), "\x1a\x03\x08\x96\x01");
  ProtobufMessage text;
  text.add_bytes(2, "testing");
  EXPECT_EQ(text.bytes(), "\x12\x07testing");
  ProtobufMessage one;
  one.add_float(2, 1.0F);  // 0x3f800000
  EXPECT_EQ(one.bytes(), std::string("\x15\0\0\x80\x3f", 5));
  ProtobufMessage minus_two;
  minus_two.add_integer(1, -2);  // ten bytes: 64 bits of two's complement
  EXPECT_EQ(minus_two.bytes(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  ProtobufMessage far;
  far.add_integer(20, 7);  // 20 << 3 = 160 takes two bytes
  EXPECT_EQ(far.bytes(), "\xa0\x01\x07");
}

}  // namespace
}  // namespace dualsight
