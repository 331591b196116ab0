// Learning from a folder of pictures, as a user does it: train, be killed, resume, evaluate, pack, convert.
#include <chrono>
#include <csignal>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "tests/app/support/cli_support.h"

namespace dualsight {
namespace {

class TrainCliTest : public CliTest {
 protected:
  // A COCO set of eight pictures with one blue square each, class "box" (category 5).
  std::string coco_set(const std::string& name) const {
    fs::create_directories(at(name + "/images"));
    nlohmann::json images = nlohmann::json::array(), annotations = nlohmann::json::array();
    for (int i = 0; i < 8; ++i) {
      const std::string file = "p" + std::to_string(i) + ".jpg";
      const cv::Rect box(5 + 6 * i, 10, 30, 40);
      cv::Mat image(80, 100, CV_8UC3, cv::Scalar(90, 110, 100));
      cv::rectangle(image, box, {220, 30, 30}, cv::FILLED);
      EXPECT_TRUE(cv::imwrite(at(name + "/images/" + file), image));
      images.push_back({{"id", i + 1}, {"file_name", file}, {"width", 100}, {"height", 80}});
      annotations.push_back({{"id", i + 1},
                             {"image_id", i + 1},
                             {"category_id", 5},
                             {"bbox", {box.x, box.y, box.width, box.height}},
                             {"area", box.area()},
                             {"iscrowd", 0}});
    }
    const nlohmann::json set = {
        {"images", images}, {"annotations", annotations}, {"categories", {{{"id", 5}, {"name", "box"}}}}};
    text(name + "/annotations.json", set.dump());
    return at(name);
  }

  // Deterministic: one thread, float32.
  static Arguments train(const std::string& data, const std::string& output, const Arguments& more = {},
                         const std::string& epochs = "5") {
    Arguments all = {"train",
                     "--data",
                     data,
                     "--output",
                     output,
                     "--model",
                     "resnet18",
                     "--size",
                     "64",
                     "--batch",
                     "4",
                     "--epochs",
                     epochs,
                     "--threads",
                     "1",
                     "--workers",
                     "1",
                     "--no-bf16",
                     "--warmup-steps",
                     "2",
                     "--plain-epochs",
                     "1",
                     "--save-every",
                     "3",
                     "--device",
                     "cpu"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  // step -> loss, as written.
  std::vector<std::string> losses(const std::string& output) const {
    std::vector<std::string> found;
    const auto lines = lines_of(contents(output + "/log.csv"));
    for (std::size_t i = 1; i < lines.size(); ++i) {
      std::istringstream fields(lines[i]);
      std::string step, epoch, loss;
      std::getline(fields, step, ',');
      std::getline(fields, epoch, ',');
      std::getline(fields, loss, ',');
      found.push_back(step + " " + loss);
    }
    return found;
  }
};

TEST_F(TrainCliTest, AfterKillResumeGoesOnAsIfNothingHadHappened) {
  const std::string data = coco_set("set");
  const Finished whole = run(train(data, at("whole")));
  ASSERT_EQ(whole.code, 0) << whole.err;
  const auto expected = losses(at("whole"));
  ASSERT_EQ(expected.size(), 10U);  // 5 epochs of 8 / 4

  const pid_t child = start(train(data, at("killed")));
  for (int i = 0; i < 1200 && losses(at("killed")).size() < 5; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  kill(child, SIGKILL);
  EXPECT_EQ(wait_for(child).code, -SIGKILL);
  ASSERT_LT(losses(at("killed")).size(), 10U) << "it was over before the kill";

  const Finished resumed = run(train(data, at("killed"), {"--resume"}));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(losses(at("killed")), expected);
}

TEST_F(TrainCliTest, CtrlCKeepsACheckpointAndTellsHowToGoOn) {
  const std::string data = coco_set("set");
  const pid_t child = start(train(data, at("run"), {}, "500"));
  for (int i = 0; i < 1200 && losses(at("run")).empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  kill(child, SIGINT);
  const Finished done = wait_for(child);
  EXPECT_EQ(done.code, 130) << done.err;
  EXPECT_NE(done.err.find("--resume"), std::string::npos) << done.err;
  EXPECT_TRUE(fs::exists(at("run/checkpoint.safetensors")));
  EXPECT_TRUE(fs::exists(at("run/model.safetensors")));
}

TEST_F(TrainCliTest, PackedDataTrainsTheSameAndModelsAreEvaluatedAndConverted) {
  const std::string data = coco_set("set");
  const Finished packed = run({"pack", "--data", data, "--output", at("set.safetensors")});
  ASSERT_EQ(packed.code, 0) << packed.err;
  ASSERT_EQ(run(train(data, at("a"), {"--max-steps", "4", "--val", data})).code, 0);
  ASSERT_EQ(run(train(at("set.safetensors"), at("b"), {"--max-steps", "4"})).code, 0);
  EXPECT_EQ(losses(at("a")), losses(at("b")));

  const Finished scored = run({"eval", "--model", at("a/model.safetensors"), "--data", data, "--results",
                               at("results.json"), "--json", at("scores.json"), "--precision", "f32"});
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_NE(scored.out.find("box"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(contents(at("scores.json")))["labels"], 8);
  for (const auto& result : nlohmann::json::parse(contents(at("results.json")))) {
    EXPECT_EQ(result["category_id"], 5);  // the data set's own id
    EXPECT_GE(result["image_id"], 1);
    EXPECT_LE(result["image_id"], 8);
  }
  // The trainer's own evaluation, at the last step, and `eval` agree.
  const auto lines = lines_of(contents(at("a/log.csv")));
  const double logged = std::stod(lines.back().substr(lines.back().rfind(',') + 1));
  EXPECT_NEAR(nlohmann::json::parse(contents(at("scores.json")))["mean"]["ap50"].get<double>(), logged, 1e-3);

  const Finished converted = run({"convert", at("a/model.safetensors"), at("small.safetensors"), "--storage", "int8",
                                  "--scores", at("scores.json"), "--name", "Boxes"});
  ASSERT_EQ(converted.code, 0) << converted.err;
  EXPECT_LT(fs::file_size(at("small.safetensors")) * 3, fs::file_size(at("a/model.safetensors")));
  const Finished used = run({"detect", at("set/images/p0.jpg"), "--model", at("small.safetensors"), "--json", "-"});
  ASSERT_EQ(used.code, 0) << used.err;
  EXPECT_EQ(records_of(used.out)[0]["model"]["name"], "Boxes");
}

// The set labels no box in its second half; a teacher does, where the first half's were.
TEST_F(TrainCliTest, ATeachersLabelsAreMergedWhenPackingOrTraining) {
  const std::string data = coco_set("set");
  auto set = nlohmann::json::parse(contents(data + "/annotations.json"));
  nlohmann::json results = nlohmann::json::array();
  for (std::size_t i = 4; i < 8; ++i) {
    set["images"][i]["not_exhaustive_category_ids"] = {5};
    results.push_back({{"image_id", i + 1},
                       {"name", "box"},
                       {"bbox", set["annotations"][i]["bbox"]},
                       {"score", i == 7 ? 0.3 : 0.75}});  // the last one half-sure
  }
  results.push_back({{"image_id", 1}, {"name", "zebra"}, {"bbox", {1, 1, 5, 5}}, {"score", 0.9}});
  set["annotations"].erase(set["annotations"].begin() + 4, set["annotations"].end());
  text("set/annotations.json", set.dump());
  text("teacher.json", results.dump());

  const Finished packed =
      run({"pack", "--data", data, "--teacher-labels", at("teacher.json"), "--output", at("set.safetensors")});
  ASSERT_EQ(packed.code, 0) << packed.err;
  EXPECT_NE(packed.err.find("3 labels added and 1 regions to ignore, in 4 of 8 pictures; 0 boxes of what people "
                            "labelled, 1 of other pictures or classes left out"),
            std::string::npos)
      << packed.err;
  ASSERT_EQ(run(train(data, at("a"), {"--max-steps", "4", "--teacher-labels", at("teacher.json")})).code, 0);
  ASSERT_EQ(run(train(at("set.safetensors"), at("b"), {"--max-steps", "4"})).code, 0);
  ASSERT_EQ(run(train(data, at("c"), {"--max-steps", "4"})).code, 0);
  EXPECT_EQ(losses(at("a")), losses(at("b")));
  EXPECT_NE(losses(at("a")), losses(at("c")));
  expect_failure({"pack", "--data", data, "--teacher-labels", at("none.json"), "--output", at("x.safetensors")}, 3,
                 "none.json: no such file");
}

TEST_F(TrainCliTest, ABadDataSetIsNamedBeforeAnythingStarts) {
  const std::string data = coco_set("set");
  for (int i = 0; i < 3; ++i) text("set/images/p" + std::to_string(i) + ".jpg", "not a picture");
  const Finished done = run(train(data, at("run")));
  EXPECT_EQ(done.code, 3);
  EXPECT_NE(done.err.find("p0.jpg"), std::string::npos) << done.err;
  EXPECT_FALSE(fs::exists(at("run/log.csv")));
  expect_failure({"convert", at("none.safetensors"), at("x.safetensors")}, 4, "none.safetensors");
}

}  // namespace
}  // namespace dualsight
