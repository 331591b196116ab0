// Which arithmetic runs, calibration for int8, and the benchmark, from the command line.
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/app/support/cli_support.h"

namespace dualsight {
namespace {

class EngineCliTest : public CliTest {
 protected:
  std::string pictures() {
    fs::create_directories(at("pictures"));
    for (int i = 0; i < 5; ++i) {
      cv::Mat picture(90, 160, CV_8UC3, cv::Scalar(90, 110, 130));
      cv::circle(picture, {30 + 20 * i, 45}, 18, {40, 40, 220}, cv::FILLED);
      cv::imwrite(at("pictures/" + std::to_string(i) + ".png"), picture);
    }
    return at("pictures");
  }
  bool int8() {
    const Finished version = run({"version", "--verbose"});
    return version.out.find("avx512_vnni") != std::string::npos && version.out.find("oneDNN") != std::string::npos;
  }
};

TEST_F(EngineCliTest, BothBackendsSayWhatTheyAre) {
  const std::string folder = pictures();
  const Finished torch =
      run({"detect", folder, "--model", DUALSIGHT_TEST_MODEL, "--backend", "libtorch", "--json", at("t")});
  EXPECT_EQ(torch.code, 0) << torch.err;
  EXPECT_NE(torch.err.find("LibTorch"), std::string::npos) << torch.err;
  EXPECT_NE(torch.err.find("asked for"), std::string::npos) << torch.err;
  if (run({"version", "--verbose"}).out.find("fused engine: none") != std::string::npos) GTEST_SKIP() << "no oneDNN";
  const Finished engine =
      run({"detect", folder, "--model", DUALSIGHT_TEST_MODEL, "--backend", "engine", "--json", at("e")});
  EXPECT_EQ(engine.code, 0) << engine.err;
  EXPECT_NE(engine.err.find("engine, oneDNN"), std::string::npos) << engine.err;
}

TEST_F(EngineCliTest, QuantizedModelsRunInInt8AndOthersSayWhyNot) {
  if (!int8()) GTEST_SKIP() << "this CPU or build has no 8-bit arithmetic";
  const std::string folder = pictures(), model = at("int8.safetensors");
  expect_failure({"detect", folder, "--model", DUALSIGHT_TEST_MODEL, "--precision", "int8", "--json", at("no")}, 2,
                 "no range for");
  const Finished done = run({"quantize", DUALSIGHT_TEST_MODEL, model, "--pictures", folder, "--max-pictures", "2"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.err.find("calibrated on 2 pictures"), std::string::npos) << done.err;
  const Finished detected = run({"detect", folder, "--model", model, "--precision", "int8", "--json", at("yes")});
  EXPECT_EQ(detected.code, 0) << detected.err;
  EXPECT_NE(detected.err.find("CPU, int8"), std::string::npos) << detected.err;
  // What was measured outlives a conversion.
  const std::string converted = at("converted.safetensors");
  EXPECT_EQ(run({"convert", model, converted, "--storage", "bf16"}).code, 0);
  EXPECT_EQ(run({"detect", folder, "--model", converted, "--precision", "int8", "--json", at("again")}).code, 0);
}

TEST_F(EngineCliTest, AConvertedModelRunsAtTheSizeItWasGiven) {
  const std::string larger = at("larger.safetensors");
  EXPECT_EQ(run({"convert", DUALSIGHT_TEST_MODEL, larger, "--size", "96"}).code, 0);
  EXPECT_EQ(run({"detect", pictures(), "--model", larger, "--json", at("large")}).code, 0);
  EXPECT_NE(contents(at("large")).find("\"input_size\":96"), std::string::npos);
  EXPECT_EQ(run({"convert", DUALSIGHT_TEST_MODEL, larger, "--size", "100"}).code, 2);
}

// libgomp says what it has read when it is loaded, which is before main.
TEST_F(EngineCliTest, WaitingThreadsSleepUnlessTheUserSaysOtherwise) {
  const char* ours = std::getenv("OMP_WAIT_POLICY");
  const std::string kept = ours ? ours : "";
  const auto policy_of = [&](const char* set) {
    set ? setenv("OMP_WAIT_POLICY", set, 1) : unsetenv("OMP_WAIT_POLICY");
    setenv("OMP_DISPLAY_ENV", "true", 1);
    const std::string err = run({"detect", pictures(), "--model", DUALSIGHT_TEST_MODEL, "--json", at("r")}).err;
    unsetenv("OMP_DISPLAY_ENV");
    const auto at_last = err.rfind("OMP_WAIT_POLICY = '");
    return at_last == std::string::npos ? "" : err.substr(at_last + 19, 7);
  };
  EXPECT_EQ(policy_of(nullptr), "PASSIVE");
  EXPECT_EQ(policy_of("active"), "ACTIVE'");
  ours ? setenv("OMP_WAIT_POLICY", kept.c_str(), 1) : unsetenv("OMP_WAIT_POLICY");
}

TEST_F(EngineCliTest, QuantizeErrors) {
  const std::string out = at("q.safetensors");
  expect_failure({"quantize", DUALSIGHT_TEST_MODEL, out}, 2, "--pictures");
  expect_failure({"quantize", DUALSIGHT_TEST_MODEL, out, "--pictures", at("nowhere")}, 3, "nowhere");
  expect_failure({"quantize", DUALSIGHT_TEST_MODEL, out, "--pictures", pictures(), "--size", "100"}, 2, "100");
  expect_failure({"quantize", at("none.safetensors"), out, "--pictures", pictures()}, 4, at("none.safetensors"));
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(EngineCliTest, TheBenchmarkMeasuresAllVariants) {
  const Finished done =
      run({"bench", "--model", DUALSIGHT_TEST_MODEL, "--size", "64", "--rounds", "1", "--json", at("b")});
  EXPECT_EQ(done.code, 0) << done.err;
  const auto json = nlohmann::json::parse(contents(at("b")));
  std::set<std::string> frames;
  for (const auto& m : json["measurements"]) {
    EXPECT_EQ(m["size"], 64);
    EXPECT_GT(m["median_ms"], 0);
    if (m["part"] == "frame") frames.insert(m["variant"].get<std::string>());
  }
  for (const char* name : {"LibTorch eager f32", "LibTorch frozen f32", "OpenCV DNN f32"}) {
    EXPECT_EQ(frames.count(name), 1U) << name;
  }
  expect_failure({"bench", "--model", DUALSIGHT_TEST_MODEL, "--size", "100"}, 2, "100");
}

}  // namespace
}  // namespace dualsight
