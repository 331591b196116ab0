// A task that only this file knows, run by the real trainer: it learns one number, the mean class of the pictures.
#include "detector/training/training_task.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "backbone/safetensors.h"
#include "detector/training/trainer.h"
#include "tests/detector/support/synthetic.h"
#include "tests/detector/support/training_run.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

struct Guess : torch::nn::Module {
  Guess() { value = register_parameter("value", torch::zeros({1})); }
  torch::Tensor value;
};

class MeanClassTask : public TrainingTask {
 public:
  std::vector<std::string> loss_names() const override { return {"distance", "unused", "pictures"}; }
  std::vector<std::string> score_names() const override { return {"closeness", "Guess"}; }
  std::string best_score() const override { return "closeness"; }

  std::shared_ptr<torch::nn::Module> make_network() override { return guess_ = std::make_shared<Guess>(); }

  Tensors collate(const std::vector<TrainingSample>& samples) const override {
    std::vector<float> classes;
    for (const auto& sample : samples) classes.push_back(static_cast<float>(sample.objects.at(0).class_id));
    return {torch::tensor(classes)};
  }
  Tensors forward(const torch::Tensor& pictures) override { return {guess_->value.expand({pictures.size(0)})}; }
  TaskLoss loss(const Tensors& outputs, const Tensors& targets, double) const override {
    const auto error = outputs[0] - targets[0];
    return {error.square().mean(),
            {{"distance", error.abs().mean().item<double>()}, {"pictures", static_cast<double>(error.size(0))}}};
  }
  NamedValues evaluate(const Dataset& val) override {
    double sum = 0;
    for (const auto& picture : val.pictures) sum += picture.objects[0].class_id;
    const double guess = guess_->value.item<double>();
    return {{"closeness", 1 - std::abs(guess - sum / static_cast<double>(val.pictures.size()))}, {"Guess", guess}};
  }
  Result<void> save(const fs::path& path, const std::string& provenance, const NamedValues&) const override {
    return write_safetensors(path, {{"value", guess_->value.detach()}}, {{"provenance", provenance}});
  }

 private:
  std::shared_ptr<Guess> guess_;
};

// Four pictures, of classes 0, 2, 0 and 2: the mean is 1. The one box is the whole picture, so that no crop loses it.
Dataset two_classes() {
  auto data = testing::make_shapes(4, 48, 48);
  for (std::size_t i = 0; i < 4; ++i) data.pictures[i].objects = {{{0, 0, 48, 48}, i % 2 == 0 ? 0 : 2}};
  return data;
}

class ToyTask : public testing::TrainingRun {
 protected:
  static void SetUpTestSuite() {
    register_training_task({"mean-class", [](const TaskContext&) -> Result<std::unique_ptr<TrainingTask>> {
                              return std::unique_ptr<TrainingTask>(std::make_unique<MeanClassTask>());
                            }});
  }
  void SetUp() override {
    testing::TrainingRun::SetUp();
    options_.task = "mean-class";
    options_.lr = 0.2;  // 0.1 for 4 pictures: sqrt(4 / 16) = 1 / 2
    options_.warmup_steps = 1;
    options_.epochs = 4;  // of one step: a batch holds all pictures
    options_.eval_every = 1;
    options_.mosaic = 0;
    options_.ema = 0;  // the average is the last value
  }
  // A column as numbers; an empty field is NaN.
  std::vector<double> numbers(const std::string& column) const {
    std::vector<double> values;
    for (const auto& text : logged(column)) values.push_back(text.empty() ? std::nan("") : std::stod(text));
    return values;
  }
};

void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-5) << i;
}

// With v the guess: loss = ((v - 0)^2 + (v - 2)^2) / 2 = v^2 - 2 v + 2, gradient 2 v - 2. Adam's first step is the
// learning rate itself: v = 0, then 0.1. So the losses begin with 2 and 0.01 - 0.2 + 2 = 1.81, the gradients with 2 and
// 1.8. The second step is, by Adam's formula, 0.1 * (0.36 / 0.19) / sqrt(0.007236 / 0.001999) = 0.099588.
TEST_F(ToyTask, LearnsLogsAndScoresAsCountedByHand) {
  const auto data = two_classes();
  options_.epochs = 2;
  const auto summary = run(data, &data);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_TRUE(summary->finished);
  EXPECT_EQ(log_columns(), "step,epoch,loss,distance,unused,pictures,gradient,lr,pictures_per_second,closeness,Guess");
  expect_near(numbers("step"), {1, 2});
  expect_near(numbers("epoch"), {1, 2});
  expect_near(numbers("loss"), {2, 1.81});
  expect_near(numbers("distance"), {1, 1});  // (0.1 + 1.9) / 2
  EXPECT_EQ(logged("unused"), (std::vector<std::string>{"", ""}));
  expect_near(numbers("pictures"), {4, 4});
  expect_near(numbers("gradient"), {2, 1.8});
  expect_near(numbers("lr"), {0.1, 0.1});
  expect_near(numbers("closeness"), {0.1, 0.199588});  // 1 - |v - 1|
  expect_near(numbers("Guess"), {0.1, 0.199588});
  ASSERT_EQ(summary->scores.size(), 2U);
  EXPECT_EQ(summary->scores[0].name, "closeness");
  EXPECT_NEAR(value_of(summary->scores, "closeness"), 0.199588, 1e-5);
  EXPECT_NEAR(summary->final_loss, 0.98 * 2 + 0.02 * 1.81, 1e-6);
  EXPECT_EQ(notes_,
            (std::vector<std::string>{"epoch 1: closeness 10.0, Guess 10.0", "epoch 2: closeness 20.0, Guess 20.0"}));
  const auto best = Safetensors::open(fs::path(options_.output) / "best.safetensors");
  ASSERT_TRUE(best);
  EXPECT_NEAR(best->tensor("value")->item<float>(), 0.199588, 1e-5);
  EXPECT_EQ(best->metadata().at("provenance"), "2 steps of 4 pictures at 64 px, seed 1");
}

TEST_F(ToyTask, GoesOnFromItsCheckpointAndFromNoOther) {
  const auto data = two_classes();
  ASSERT_TRUE(run(data, &data));
  const auto losses = logged("loss"), scores = logged("closeness"), rates = logged("lr");
  ASSERT_EQ(losses.size(), 4U);

  options_.output = (folder_ / "interrupted").string();
  options_.max_steps = 2;
  const auto part = run(data, &data);
  ASSERT_TRUE(part);
  EXPECT_FALSE(part->finished);
  const auto file = Safetensors::open(fs::path(options_.output) / "checkpoint.safetensors");
  ASSERT_TRUE(file);
  const auto metadata = file->metadata();
  EXPECT_EQ(metadata.at("task"), "mean-class");
  EXPECT_EQ(metadata.at("step"), "2");
  EXPECT_NEAR(std::stod(metadata.at("best_closeness")), 0.199588, 1e-5);
  EXPECT_NEAR(std::stod(metadata.at("guess")), 0.199588, 1e-5);
  EXPECT_EQ(file->names(), (std::vector<std::string>{"adam.m.value", "adam.v.value", "ema.value", "model.value"}));

  options_.max_steps = 0;
  options_.resume = true;
  const auto rest = run(data, &data);
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_TRUE(rest->finished);
  EXPECT_EQ(logged("loss"), losses);
  EXPECT_EQ(logged("closeness"), scores);
  EXPECT_EQ(logged("lr"), rates);

  options_.task = "detect";
  const auto other = run(data, &data);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::model);
  EXPECT_NE(other.error().message.find("another task"), std::string::npos) << other.error().message;
}

TEST_F(ToyTask, WithoutEvaluationNoScoreIsKnown) {
  const auto data = two_classes();
  const auto summary = run(data);
  ASSERT_TRUE(summary);
  EXPECT_TRUE(std::isnan(value_of(summary->scores, "closeness")));
  EXPECT_EQ(logged("closeness"), (std::vector<std::string>(4, "")));
  EXPECT_TRUE(notes_.empty());
  EXPECT_FALSE(fs::exists(fs::path(options_.output) / "best.safetensors"));
  const auto file = Safetensors::open(fs::path(options_.output) / "checkpoint.safetensors");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->metadata().at("best_closeness"), "-1");
}

TEST_F(ToyTask, AnUnknownTaskIsNamedBesideTheKnownOnes) {
  options_.task = "juggle";
  const auto result = run(two_classes());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  EXPECT_EQ(result.error().message, "--task: \"juggle\" is not one of detect, mean-class");
}

TEST_F(ToyTask, ASecondRegistrationReplacesTheFirst) {
  const auto count = training_tasks().size();
  SetUpTestSuite();
  EXPECT_EQ(training_tasks().size(), count);
  EXPECT_EQ(training_tasks().front().name, "detect");
}

}  // namespace
}  // namespace dualsight
