// Training as a user meets it: it learns, it resumes, it stops with a reason.
#include "detector/training/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "backbone/safetensors.h"
#include "detector/data/jpeg.h"
#include "detector/detector.h"
#include "detector/evaluation/evaluate.h"
#include "detector/network/model_file.h"
#include "tests/detector/support/synthetic.h"
#include "tests/detector/support/training_run.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;
using Training = testing::TrainingRun;

TEST_F(Training, SameSeedSameRun) {
  const auto data = testing::make_shapes(8, 96, 96);
  ASSERT_TRUE(run(data));
  const auto first = logged_losses();
  ASSERT_EQ(first.size(), 6U);  // 3 epochs of 8 / 4
  ASSERT_TRUE(run(data));
  EXPECT_EQ(logged_losses(), first);
  options_.seed = 2;
  ASSERT_TRUE(run(data));
  EXPECT_NE(logged_losses(), first);
}

TEST_F(Training, WeightsAreStoredAsAsked) {
  const auto data = testing::make_shapes(8, 96, 96);
  const auto whole = run(data);
  ASSERT_TRUE(whole);
  const auto bytes = fs::file_size(whole->weights);
  options_.storage = "int8";
  const auto small = run(data);
  ASSERT_TRUE(small);
  EXPECT_LT(fs::file_size(small->weights), bytes * 0.3);  // a byte for four, and some that stay whole
  EXPECT_TRUE(load_model(small->weights));
  options_.storage = "int4";
  const auto none = run(data);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::usage);
  EXPECT_NE(none.error().message.find("int4"), std::string::npos);
}

// Makes a checkpoint one of the program that had no tasks, and checks that there was nothing else in it.
void forget_task(const fs::path& path) {
  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file);
  NamedTensors tensors;
  for (const auto& name : file->names()) tensors.emplace_back(name, *file->tensor(name));
  auto metadata = file->metadata();
  EXPECT_EQ(metadata["task"], "detect");
  metadata.erase("task");
  std::set<std::string> keys;
  for (const auto& [key, value] : metadata) keys.insert(key);
  EXPECT_EQ(keys, (std::set<std::string>{"format", "model", "classes", "pictures", "size", "batch", "seed", "lr",
                                         "warmup-steps", "weight-decay", "mosaic", "repeat-rare", "ema", "freeze",
                                         "step", "best_map", "map", "map50", "smooth_loss"}));
  ASSERT_TRUE(write_safetensors(path, tensors, metadata));
}

// Also from a checkpoint written before there were tasks.
TEST_F(Training, AResumedRunEndsLikeAnUninterruptedOne) {
  const auto data = testing::make_shapes(8, 96, 96);
  const auto val = testing::make_shapes(2, 96, 96, 9);
  options_.eval_every = 1;
  const auto whole = run(data, &val);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(whole->finished);
  const auto expected = logged_losses();

  options_.output = (folder_ / "interrupted").string();
  options_.max_steps = 3;
  const auto part = run(data, &val);
  ASSERT_TRUE(part);
  EXPECT_FALSE(part->finished);
  EXPECT_EQ(part->steps, 3);
  forget_task(fs::path(options_.output) / "checkpoint.safetensors");
  options_.max_steps = 0;
  options_.resume = true;
  const auto rest = run(data, &val);
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_TRUE(rest->finished);
  EXPECT_EQ(logged_losses(), expected);
  EXPECT_EQ(value_of(rest->scores, "mAP50"), value_of(whole->scores, "mAP50"));
  EXPECT_EQ(log_columns(), "step,epoch,loss,box,classes,teacher,positives,gradient,lr,pictures_per_second,mAP,mAP50");
}

TEST_F(Training, ResumingAnotherRunIsRefused) {
  const auto data = testing::make_shapes(8, 96, 96);
  options_.max_steps = 1;
  ASSERT_TRUE(run(data));
  options_.resume = true;
  options_.batch = 2;
  const auto resumed = run(data);
  ASSERT_FALSE(resumed);
  EXPECT_NE(resumed.error().message.find("another batch"), std::string::npos) << resumed.error().message;
  options_.output = (folder_ / "nowhere").string();
  EXPECT_FALSE(run(data));
}

TEST_F(Training, ALossThatIsNotFiniteNamesThePicture) {
  auto data = testing::make_shapes(8, 96, 96);
  data.pictures[5].objects[0].box.x1 = std::nanf("");
  options_.mosaic = 0;
  const auto result = run(data);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::training);
  EXPECT_NE(result.error().message.find("not finite"), std::string::npos) << result.error().message;
  EXPECT_NE(result.error().message.find("shapes_5.jpg"), std::string::npos) << result.error().message;
  EXPECT_EQ(result.error().message.find("shapes_4.jpg"), std::string::npos) << result.error().message;
}

TEST_F(Training, APictureThatCannotBeReadIsNamedAndSkipped) {
  auto data = testing::make_shapes(20, 96, 96);
  data.pictures[3].encoded = data.pictures[3].encoded.subspan(0, 20);
  options_.max_steps = 1;
  ASSERT_TRUE(run(data));
  ASSERT_FALSE(notes_.empty());
  EXPECT_NE(notes_[0].find("shapes_3.jpg"), std::string::npos);
}

TEST_F(Training, TooManyUnreadablePicturesStopItBeforeItStarts) {
  auto data = testing::make_shapes(8, 96, 96);
  for (const std::size_t i : {1U, 2U}) data.pictures[i].encoded = data.pictures[i].encoded.subspan(0, 20);
  const auto result = run(data);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("2 of 8"), std::string::npos);
  EXPECT_TRUE(logged_losses().empty());
}

TEST_F(Training, BadOptionsAreNamed) {
  const auto data = testing::make_shapes(4, 96, 96);
  options_.model = "vgg";
  EXPECT_EQ(run(data).error().kind, ErrorKind::usage);
  options_.model = "resnet18";
  options_.size = 70;
  EXPECT_EQ(run(data).error().kind, ErrorKind::usage);
  options_.size = 64;
  options_.output = "/proc/nowhere/run";
  EXPECT_EQ(run(data).error().kind, ErrorKind::output);
  options_.output = (folder_ / "run").string();
  auto val = testing::make_shapes(2, 96, 96);
  val.class_names = {"a", "b", "c"};
  EXPECT_EQ(run(data, &val).error().kind, ErrorKind::source);
}

TEST_F(Training, OfSeveralFilesTheLastThatFitsCounts) {
  const auto data = testing::make_shapes(8, 96, 96);
  options_.max_steps = 1;
  const auto start = [&](const char* name, const std::string& init) {
    options_.output = (folder_ / name).string();
    options_.init = init;
    options_.seed = init.empty() ? options_.seed + 1 : 7;
    return run(data)->weights;
  };
  const auto a = start("a", ""), b = start("b", "");
  const auto losses_from = [&](const std::string& init) {
    start("c", init);
    return logged_losses();
  };
  const auto from_b = losses_from(b);
  EXPECT_EQ(losses_from(a + "," + b), from_b);
  EXPECT_NE(losses_from(b + "," + a), from_b);

  // Of another network: what fits it not stays as the first file has it.
  options_.model = "dpn92";
  const auto dpn = start("dpn", "");
  notes_.clear();
  start("mixed", dpn + "," + b);
  ASSERT_EQ(notes_.size(), 2U);
  EXPECT_NE(notes_[0].find("572 of 572"), std::string::npos) << notes_[0];
  EXPECT_NE(notes_[1].find("99 of 572"), std::string::npos) << notes_[1];
  options_.init = dpn + "," + (folder_ / "none.safetensors").string();
  const auto missing = run(data);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("none.safetensors"), std::string::npos);
}

TEST_F(Training, ATeachersFeaturesAreLearnt) {
  const auto data = testing::make_shapes(8, 96, 96);
  const auto teacher = run(data);
  ASSERT_TRUE(teacher);
  options_.output = (folder_ / "student").string();
  options_.teacher = teacher->weights;
  options_.seed = 2;
  options_.epochs = 15;
  options_.mosaic = 0;
  ASSERT_TRUE(run(data));
  const auto distances = logged("teacher");
  ASSERT_EQ(distances.size(), 30U);
  EXPECT_LT(std::stod(distances.back()), 0.6 * std::stod(distances.front()));

  options_.teacher = (folder_ / "none.safetensors").string();
  const auto missing = run(data);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::model);
  EXPECT_NE(missing.error().message.find("none.safetensors"), std::string::npos);
}

// The proof that the whole chain learns: a few pictures, learnt by heart, found again by the program's own Detector.
void overfit(TrainOptions options, int steps) {
  const auto data = testing::make_shapes(8);
  options.size = 128;
  options.batch = 8;
  options.epochs = steps;  // 8 pictures, one batch an epoch
  options.mosaic = 0;
  options.plain_epochs = steps;
  options.warmup_steps = 10;
  options.ema = 0.95;
  options.bf16 = true;  // where the CPU has it: what users run
  options.threads = 0;
  const auto summary = train(
      options, data, nullptr, [](const TrainProgress&) {}, [] { return false; });
  ASSERT_TRUE(summary) << summary.error().message;

  DetectorOptions detector_options;
  detector_options.confidence = 0.05F;
  auto detector = Detector::open(summary->weights, detector_options);
  ASSERT_TRUE(detector) << detector.error().message;
  std::vector<std::vector<Detection>> detections;
  for (const auto& picture : data.pictures) {
    const auto pixels = decode_jpeg(picture.encoded);
    ASSERT_TRUE(pixels);
    auto found = (*detector)->detect(pixels->view());
    ASSERT_TRUE(found);
    detections.push_back(found->detections);
  }
  EXPECT_GT(evaluate(data, detections).mean.ap50, 0.9);
}

TEST_F(Training, ResNet18LearnsAFewPicturesByHeart) { overfit(options_, 120); }

TEST_F(Training, Dpn92LearnsAFewPicturesByHeart) {
  options_.model = "dpn92";
  overfit(options_, 100);
}

}  // namespace
}  // namespace dualsight
