#include "detector/training/output_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace dualsight {
namespace {

namespace fs = std::filesystem;

class OutputFolder : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  std::string read(const std::string& name) const {
    std::ifstream in(folder_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const fs::path folder_ = fs::temp_directory_path() / ("dualsight_output_test_" + std::to_string(getpid()));
};

TEST_F(OutputFolder, IsMadeWithItsParents) {
  const auto earlier = prepare_output_folder(folder_ / "a/b", false);
  ASSERT_TRUE(earlier);
  EXPECT_EQ(*earlier, "");
  EXPECT_TRUE(fs::is_directory(folder_ / "a/b"));
}

TEST_F(OutputFolder, AnEarlierRunIsPutAsideAndOtherFilesStay) {
  fs::create_directories(folder_);
  for (const std::string run : {"first", "second"}) {
    write("best.safetensors", run);
    write("log.csv", run);
    write("notes.txt", "mine");
    const auto earlier = prepare_output_folder(folder_, false);
    ASSERT_TRUE(earlier);
    EXPECT_EQ(*earlier, (folder_ / (run == "first" ? "previous-1" : "previous-2")).string());
    EXPECT_FALSE(fs::exists(folder_ / "best.safetensors"));
    EXPECT_FALSE(fs::exists(folder_ / "log.csv"));
  }
  EXPECT_EQ(read("previous-1/best.safetensors"), "first");
  EXPECT_EQ(read("previous-2/log.csv"), "second");
  EXPECT_EQ(read("notes.txt"), "mine");
}

TEST_F(OutputFolder, AResumedRunGoesOnWithItsFiles) {
  fs::create_directories(folder_);
  write("checkpoint.safetensors", "here");
  const auto earlier = prepare_output_folder(folder_, true);
  ASSERT_TRUE(earlier);
  EXPECT_EQ(*earlier, "");
  EXPECT_EQ(read("checkpoint.safetensors"), "here");
}

TEST_F(OutputFolder, AFileInItsPlaceIsAnError) {
  std::ofstream(folder_.string()) << "a file";
  const auto earlier = prepare_output_folder(folder_, false);
  ASSERT_FALSE(earlier);
  EXPECT_EQ(earlier.error().kind, ErrorKind::output);
}

}  // namespace
}  // namespace dualsight
