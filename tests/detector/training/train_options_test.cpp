#include "detector/training/train_options.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

Result<void> set(TrainOptions& options, const std::string& name, const std::string& value) {
  for (const auto& option : train_option_table()) {
    if (option.name == name) return option.set(options, value);
  }
  return Error{ErrorKind::usage, "no such option"};
}

TEST(TrainOptions, ValuesArriveAndAreReadBack) {
  TrainOptions options;
  EXPECT_TRUE(set(options, "lr", "0.125"));
  EXPECT_TRUE(set(options, "batch", "48"));
  EXPECT_TRUE(set(options, "no-bf16", ""));
  EXPECT_TRUE(set(options, "data", "a folder"));
  EXPECT_EQ(options.lr, 0.125);
  EXPECT_EQ(options.batch, 48);
  EXPECT_FALSE(options.bf16);
  EXPECT_EQ(options.data, "a folder");
  for (const auto& option : train_option_table()) {
    if (option.name == "batch") {
      EXPECT_EQ(option.get(options), "48");
    }
  }
}

TEST(TrainOptions, NonsenseIsNamed) {
  TrainOptions options;
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"batch", "0"},
                                                                                    {"batch", "ten"},
                                                                                    {"batch", "8.5"},
                                                                                    {"lr", "-1"},
                                                                                    {"lr", "nan"},
                                                                                    {"mosaic", "1.5"},
                                                                                    {"size", ""},
                                                                                    {"epochs", "99999999999"},
                                                                                    {"resume", "maybe"}}) {
    const auto result = set(options, name, value);
    ASSERT_FALSE(result) << name << "=" << value;
    EXPECT_EQ(result.error().kind, ErrorKind::usage);
    EXPECT_NE(result.error().message.find("--" + name), std::string::npos);
  }
}

}  // namespace
}  // namespace dualsight
