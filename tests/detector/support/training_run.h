// A fixture for tests that train.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "detector/training/trainer.h"

namespace dualsight::testing {

// A small training run in a folder of its own: one thread, float32, 64 pixels; tests change `options_`.
class TrainingRun : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("dualsight_training_" + std::to_string(::getpid()) + "_" + test->name());
    std::filesystem::create_directories(folder_);
    options_.output = (folder_ / "run").string();
    options_.data = "shapes";
    options_.model = "resnet18";
    options_.size = 64;
    options_.batch = 4;
    options_.epochs = 3;
    options_.threads = 1;
    options_.workers = 1;
    options_.bf16 = false;
    options_.warmup_steps = 2;
    options_.plain_epochs = 0;
    options_.save_every = 1000;
    options_.device = "cpu";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<TrainSummary> run(const Dataset& data, const Dataset* val = nullptr) {
    return train(
        options_, data, val,
        [this](const TrainProgress& p) {
          losses_.push_back(p.loss);
          if (!p.note.empty()) notes_.push_back(p.note);
        },
        [] { return false; });
  }
  // A column of log.csv, as written.
  std::vector<std::string> logged(const std::string& column) const {
    std::vector<std::string> values;
    std::ifstream log(std::filesystem::path(options_.output) / "log.csv");
    std::string line, field;
    std::getline(log, line);
    int index = 0;
    for (std::istringstream heading(line); std::getline(heading, field, ',') && field != column;) ++index;
    while (std::getline(log, line)) {
      std::istringstream fields(line);
      field.clear();
      for (int i = 0; i <= index; ++i) {
        if (!std::getline(fields, field, ',')) field.clear();  // an empty last field
      }
      values.push_back(field);
    }
    return values;
  }
  // The first line of log.csv.
  std::string log_columns() const {
    std::string line;
    std::ifstream log(std::filesystem::path(options_.output) / "log.csv");
    std::getline(log, line);
    return line;
  }
  std::vector<std::string> logged_losses() const { return logged("loss"); }

  TrainOptions options_;
  std::filesystem::path folder_;
  std::vector<double> losses_;
  std::vector<std::string> notes_;
};

}  // namespace dualsight::testing
