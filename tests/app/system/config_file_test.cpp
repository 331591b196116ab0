#include "app/system/config_file.h"

#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

using ConfigFileTest = TemporaryFolder;
using Values = std::vector<std::string>;

TEST_F(ConfigFileTest, ValuesAreTextWithTheirLines) {
  const auto toml = read_config(text("a.toml", "name = \"x\"\nlist = [1, 2.5, true]\n\n[[source]]\nspec = \"0\"\n"));
  const auto json =
      read_config(text("a.json", "{\"name\": \"x\",\n\"list\": [1, 2.5, true],\n\n\"source\":\n[{\"spec\": \"0\"}]}"));
  for (const auto* config : {&toml, &json}) {
    ASSERT_TRUE(*config) << config->error().message;
    const auto& entries = (*config)->entries;
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].key, "name");
    EXPECT_EQ(entries[0].line, 1);
    EXPECT_EQ(entries[0].values, Values{"x"});
    EXPECT_EQ(entries[1].line, 2);
    EXPECT_EQ(entries[1].values, (Values{"1", "2.5", "true"}));
    EXPECT_EQ(entries[2].key, "source");
    EXPECT_EQ(entries[2].line, 4);
    EXPECT_TRUE(entries[2].values.empty());
    ASSERT_EQ(entries[2].tables.size(), 1U);
    EXPECT_EQ(entries[2].tables[0].entries.at(0).key, "spec");
    EXPECT_EQ(entries[2].tables[0].entries.at(0).line, 5);
  }
}

TEST_F(ConfigFileTest, OtherFilesAreRefused) {
  EXPECT_EQ(read_config(folder_.string()).error().message, folder_.string() + ": is a folder");
  EXPECT_EQ(read_config(at("none.toml")).error().message,
            at("none.toml") + ": cannot be read: No such file or directory");
  EXPECT_EQ(read_config(text("a.ini", "x = 1\n")).error().message,
            at("a.ini") + ": the name must end in .toml or .json");
}

}  // namespace
}  // namespace dualsight
