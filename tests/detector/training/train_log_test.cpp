#include "detector/training/train_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace dualsight {
namespace {

namespace fs = std::filesystem;

class TrainLogTest : public ::testing::Test {
 protected:
  void TearDown() override { fs::remove(path_); }
  Result<TrainLog> open(int64_t last_step) { return TrainLog::open(path_, {"a", "b"}, {"mAP"}, last_step); }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  fs::path path_ = fs::temp_directory_path() / ("dualsight_train_log_" + std::to_string(::getpid()) + ".csv");
};

TEST_F(TrainLogTest, WhatIsNotThereIsAnEmptyField) {
  auto log = open(0);
  ASSERT_TRUE(log);
  EXPECT_TRUE(log->write({1, 1, 2.5, {{"b", 7}}, 0.5, 0.25, 33, {}}));
  EXPECT_TRUE(log->write({2, 1, 1.5, {{"b", 8}, {"a", 0.125}}, 0.5, 0.25, 33, {{"mAP", 0.75}}}));
  EXPECT_EQ(content(),
            "step,epoch,loss,a,b,gradient,lr,pictures_per_second,mAP\n"
            "1,1,2.5,,7,0.5,0.25,33,\n"
            "2,1,1.5,0.125,8,0.5,0.25,33,0.75\n");
}

TEST_F(TrainLogTest, KeepsTheLinesUpToTheCheckpoint) {
  const std::string columns = "step,epoch,loss,a,b,gradient,lr,pictures_per_second,mAP\n";
  std::ofstream(path_) << columns << "1,1,5,,,1,1,1,\n2,1,4,,,1,1,1,\n3,1,3,,,1,1,1,\n4";  // cut off in the middle
  ASSERT_TRUE(open(2));
  EXPECT_EQ(content(), columns + "1,1,5,,,1,1,1,\n2,1,4,,,1,1,1,\n");
  ASSERT_TRUE(open(0));
  EXPECT_EQ(content(), columns);
}

TEST_F(TrainLogTest, AFolderThatIsNotThereIsNamed) {
  const auto log = TrainLog::open("/nowhere/log.csv", {}, {}, 0);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().kind, ErrorKind::output);
  EXPECT_NE(log.error().message.find("/nowhere/log.csv"), std::string::npos);
}

}  // namespace
}  // namespace dualsight
