// Models for other programs, from the command line.
#include "tests/app/support/cli_support.h"

namespace dualsight {
namespace {

class ExportCliTest : public CliTest {
 protected:
  static Arguments export_to(const std::string& output, const Arguments& more = {"--format", "onnx"}) {
    Arguments all = {"export", "--model", DUALSIGHT_TEST_MODEL, output};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST_F(ExportCliTest, WritesWhatWasAskedFor) {
  const Finished onnx = run(export_to(at("m.onnx"), {"--format", "onnx", "--decode", "--size", "96"}));
  EXPECT_EQ(onnx.code, 0) << onnx.err;
  EXPECT_NE(onnx.err.find(at("m.onnx")), std::string::npos) << onnx.err;
  const std::string bytes = contents(at("m.onnx"));
  EXPECT_TRUE(bytes.starts_with("\x08\x05"));  // ModelProto: ir_version (field 1) 5
  EXPECT_NE(bytes.find("disc\nsquare\ncross"), std::string::npos);
  EXPECT_NE(bytes.find("input_size\x12\x02"
                       "96"),
            std::string::npos);
  EXPECT_NE(bytes.find("scores"), std::string::npos);

  const Finished torchscript = run(export_to(at("m.pt"), {"--format", "torchscript"}));
  EXPECT_EQ(torchscript.code, 0) << torchscript.err;
  EXPECT_TRUE(contents(at("m.pt")).starts_with("PK\x03\x04"));  // TorchScript files are zip archives
}

TEST_F(ExportCliTest, Errors) {
  const std::string out = at("m.onnx");
  expect_failure({"export"}, 2, "output");
  expect_failure(export_to(out, {}), 2, "--format");
  expect_failure({"export", "--format", "onnx", out}, 2, "--model");
  expect_failure(export_to(out, {"--format", "caffe"}), 2, "caffe");
  expect_failure(export_to(out, {"--format", "onnx", "--size", "100"}), 2, "100");
  expect_failure(export_to(out, {"--format", "onnx", "--size", "0"}), 2, "--size");
  expect_failure({"export", "--format", "onnx", "--model", at("none.safetensors"), out}, 4, at("none.safetensors"));
  expect_failure({"export", "--format", "onnx", "--model", text("text", "no model\n"), out}, 4, at("text"));
  expect_failure(export_to(at("none/m.onnx")), 5, at("none/m.onnx"));
  expect_failure(export_to("/dev/full"), 5, "/dev/full");
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace dualsight
