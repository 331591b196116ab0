#include "detector/file_list.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

using Files = std::vector<std::filesystem::path>;

TEST(FileList, SplitsByCommasAndKeepsTheOrder) {
  EXPECT_EQ(files_of("b.safetensors"), Files({"b.safetensors"}));
  EXPECT_EQ(files_of("b c.safetensors,a.safetensors"), Files({"b c.safetensors", "a.safetensors"}));
}

TEST(FileList, NothingBetweenCommasIsNoFile) {
  EXPECT_EQ(files_of(""), Files());
  EXPECT_EQ(files_of("a,,b,"), Files({"a", "b"}));
}

}  // namespace
}  // namespace dualsight
