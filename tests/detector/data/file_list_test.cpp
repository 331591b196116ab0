#include "detector/data/file_list.h"

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

TEST(FileList, DataAreCalledByTheirFirstFileOrFolder) {
  EXPECT_EQ(title_of("/data/fruit"), "fruit");
  EXPECT_EQ(title_of("photos/fruit/"), "fruit");
  EXPECT_EQ(title_of("photos/apples, pears"), "apples, pears");
  EXPECT_EQ(title_of("pieces/a.safetensors"), "a.safetensors");
  EXPECT_EQ(title_of("pieces/a.safetensors,pieces/b.safetensors,c.safetensors"), "a.safetensors and 2 more");
}

}  // namespace
}  // namespace dualsight
