#include "app/commands/config_file.h"

#include "app/commands/detect_options.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class ConfigTest : public TemporaryFolder {
 protected:
  // The settings that a file and a command line give.
  Result<DetectOptions> settings(const std::string& name, const std::string& content,
                                 std::vector<std::string> words = {}) {
    DetectOptions told;
    CLI::App given;
    add_detect_options(given, told);
    std::reverse(words.begin(), words.end());
    given.parse(words);
    return with_config(text(name, content), given);
  }
  std::string problem(const std::string& name, const std::string& content) {
    const auto read = settings(name, content);
    if (read) return "";
    EXPECT_EQ(read.error().kind, ErrorKind::usage);
    EXPECT_EQ(read.error().message.find(at(name) + ":"), 0U) << read.error().message;
    return read.error().message.substr(at(name).size() + 1);
  }
};

constexpr const char* two_sources_toml = R"(# everything that the command line says
conf = 0.25
classes = ["person", "dog"]
stats = true
mirror = true

[[source]]
spec = "rtsp://host/a"
name = "door"
camera-size = "1280x720"
mirror = false

[[source]]
spec = "clip.mp4"
rotate = 90
)";

constexpr const char* two_sources_json = R"({
  "conf": 0.25,
  "classes": ["person", "dog"],
  "stats": true,
  "mirror": true,
  "source": [
    {"spec": "rtsp://host/a", "name": "door", "camera-size": "1280x720", "mirror": false},
    {"spec": "clip.mp4", "rotate": 90}
  ]
})";

TEST_F(ConfigTest, BothFormatsSayTheSame) {
  for (const auto& [name, content] : {std::pair{"a.toml", two_sources_toml}, std::pair{"a.json", two_sources_json}}) {
    const auto read = settings(name, content);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_FLOAT_EQ(read->detector.confidence, 0.25F);
    EXPECT_EQ(read->detector.classes, (std::vector<std::string>{"person", "dog"}));
    EXPECT_TRUE(read->stats);
    ASSERT_EQ(read->own.size(), 2U);
    EXPECT_EQ(read->own[0].source.spec, "rtsp://host/a");
    EXPECT_EQ(read->own[0].source.name, "door");
    EXPECT_EQ(read->own[0].source.camera_width, 1280);
    EXPECT_EQ(read->own[0].source.camera_height, 720);
    EXPECT_FALSE(read->own[0].source.mirror);
    EXPECT_EQ(read->own[1].source.spec, "clip.mp4");
    EXPECT_EQ(read->own[1].source.rotate, 90);
    EXPECT_TRUE(read->own[1].source.mirror);  // from what holds for all
    EXPECT_EQ(read->own[1].source.camera_width, 0);
  }
}

TEST_F(ConfigTest, TheCommandLineWins) {
  const auto read = settings("a.toml", two_sources_toml, {"--conf", "0.5", "--rotate", "180"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FLOAT_EQ(read->detector.confidence, 0.5F);
  EXPECT_EQ(read->detector.classes.size(), 2U);
  EXPECT_EQ(read->own[0].source.rotate, 180);
  EXPECT_EQ(read->own[1].source.rotate, 180);

  const auto others = settings("a.toml", two_sources_toml, {"other.mp4"});
  ASSERT_TRUE(others) << others.error().message;
  EXPECT_EQ(others->sources, std::vector<std::string>{"other.mp4"});
  EXPECT_TRUE(others->own.empty());
}

TEST_F(ConfigTest, SourcesMayBeNames) {
  const auto read = settings("a.toml", "source = [\"a.mp4\", \"0\"]\n");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->sources, (std::vector<std::string>{"a.mp4", "0"}));
}

TEST_F(ConfigTest, MistakesNameFileAndLine) {
  EXPECT_EQ(problem("a.toml", "conf = 0.3\n\nconfidence = 0.3\n"), "3: unknown key \"confidence\"");
  EXPECT_EQ(problem("a.json", "{\n \"conf\": 0.3,\n \"confidence\": 0.3}"), "3: unknown key \"confidence\"");
  EXPECT_EQ(problem("a.toml", "[[source]]\nspec = \"0\"\nmodel = \"x\"\n"), "3: unknown key \"model\"");
  EXPECT_EQ(problem("a.json", "{\"source\": [\n{\"spec\": \"0\",\n\"stats\": true}]}"), "3: unknown key \"stats\"");
  EXPECT_EQ(problem("a.toml", "config = \"b.toml\"\n"), "1: unknown key \"config\"");
  EXPECT_EQ(problem("a.toml", "[[source]]\nname = \"x\"\n"), "1: the source has no \"spec\"");
  EXPECT_EQ(problem("a.toml", "\nconf = [0.1, 0.2]\n"), "2: \"conf\" needs one value");
  EXPECT_EQ(problem("a.toml", "\n[conf]\nx = 1\n"), "2: \"conf\" cannot be a table");
  EXPECT_EQ(problem("a.toml", "\nconf = 7\n").find("2: --conf"), 0U);
  EXPECT_EQ(problem("a.toml", "\nstats = \"maybe\"\n").find("2: "), 0U);
  EXPECT_EQ(problem("a.toml", "a = 1\nb = = 2\n").find("2: "), 0U);
  EXPECT_EQ(problem("a.json", "{\"conf\": 0.1,\n\"iou\": }").find("2: "), 0U);
  EXPECT_EQ(problem("a.json", "{\"conf\": 0.1,\n\"conf\": 0.2}"), "2: \"conf\" stands there twice");
  EXPECT_EQ(problem("a.json", "{\"conf\":\nnull}").find("2: a value must be"), 0U);
}

TEST_F(ConfigTest, WhatHoldsForAllNeedNotBeComplete) {
  auto read = settings(
      "a.toml", "segment = \"10m\"\nformat = \"csv\"\n[[source]]\nspec = \"0\"\nrecord = \"rec\"\njson = \"a\"\n");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_TRUE(check_detect_options(*read));
  EXPECT_EQ(read->own[0].record.segment_seconds, 600);
  auto bare = settings("a.toml", "segment = \"10m\"\nsource = [\"0\"]\n");
  EXPECT_FALSE(check_detect_options(*bare));
}

TEST_F(ConfigTest, DurationsAndSizes) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("2h"), 7200);
  EXPECT_EQ(parse_bytes("500MB"), 500'000'000);
  EXPECT_EQ(parse_bytes("1.5GiB"), 1'610'612'736);
  for (const char* wrong : {"", "m", "10x", "-1m", "0", "nan"}) EXPECT_FALSE(parse_duration(wrong)) << wrong;
  for (const char* wrong : {"", "500", "-1MB", "1mb"}) EXPECT_FALSE(parse_bytes(wrong)) << wrong;
}

TEST_F(ConfigTest, OtherFilesAreRefused) {
  EXPECT_EQ(read_config(folder_.string()).error().message, folder_.string() + ": is a folder");
  EXPECT_EQ(read_config(at("none.toml")).error().message,
            at("none.toml") + ": cannot be read: No such file or directory");
  EXPECT_EQ(read_config(text("a.ini", "x = 1\n")).error().message,
            at("a.ini") + ": the name must end in .toml or .json");
}

}  // namespace
}  // namespace dualsight
