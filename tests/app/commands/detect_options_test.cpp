#include "app/commands/detect_options.h"

#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class DetectConfigTest : public TemporaryFolder {
 protected:
  // The settings that a file and a command line give.
  Result<DetectOptions> settings(const std::string& name, const std::string& content,
                                 std::vector<std::string> words = {}) {
    DetectOptions options;
    CLI::App given;
    add_detect_options(given, options);
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

TEST_F(DetectConfigTest, BothFormatsSayTheSame) {
  for (const auto& [name, content] : {std::pair{"a.toml", two_sources_toml}, std::pair{"a.json", two_sources_json}}) {
    const auto read = settings(name, content);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_FLOAT_EQ(read->detector.confidence, 0.25F);
    EXPECT_EQ(read->detector.classes, (std::vector<std::string>{"person", "dog"}));
    EXPECT_TRUE(read->stats);
    ASSERT_EQ(read->per_source.size(), 2U);
    EXPECT_EQ(read->per_source[0].source.spec, "rtsp://host/a");
    EXPECT_EQ(read->per_source[0].source.name, "door");
    EXPECT_EQ(read->per_source[0].source.camera_width, 1280);
    EXPECT_EQ(read->per_source[0].source.camera_height, 720);
    EXPECT_FALSE(read->per_source[0].source.mirror);
    EXPECT_EQ(read->per_source[1].source.spec, "clip.mp4");
    EXPECT_EQ(read->per_source[1].source.rotate, 90);
    EXPECT_TRUE(read->per_source[1].source.mirror);  // from what holds for all
    EXPECT_EQ(read->per_source[1].source.camera_width, 0);
  }
}

TEST_F(DetectConfigTest, TheCommandLineWins) {
  const auto read = settings("a.toml", two_sources_toml, {"--conf", "0.5", "--rotate", "180"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FLOAT_EQ(read->detector.confidence, 0.5F);
  EXPECT_EQ(read->detector.classes.size(), 2U);
  EXPECT_EQ(read->per_source[0].source.rotate, 180);
  EXPECT_EQ(read->per_source[1].source.rotate, 180);

  const auto others = settings("a.toml", two_sources_toml, {"other.mp4"});
  ASSERT_TRUE(others) << others.error().message;
  EXPECT_EQ(others->sources, std::vector<std::string>{"other.mp4"});
  EXPECT_TRUE(others->per_source.empty());
}

TEST_F(DetectConfigTest, SourcesMayBeNames) {
  const auto read = settings("a.toml", "source = [\"a.mp4\", \"0\"]\n");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->sources, (std::vector<std::string>{"a.mp4", "0"}));
}

TEST_F(DetectConfigTest, MistakesNameFileAndLine) {
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

TEST_F(DetectConfigTest, WhatHoldsForAllNeedNotBeComplete) {
  auto read = settings(
      "a.toml", "segment = \"10m\"\nformat = \"csv\"\n[[source]]\nspec = \"0\"\nrecord = \"rec\"\njson = \"a\"\n");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_TRUE(complete_detect_options(*read));
  EXPECT_EQ(read->per_source[0].record.segment_seconds, 600);
  auto bare = settings("a.toml", "segment = \"10m\"\nsource = [\"0\"]\n");
  EXPECT_FALSE(complete_detect_options(*bare));
}

// What complete_detect_options() makes of a command line.
struct Completed {
  DetectOptions options;
  std::string problem;  // empty: none
};
Completed completed(std::vector<std::string> words) {
  Completed out;
  CLI::App app;
  add_detect_options(app, out.options);
  std::reverse(words.begin(), words.end());
  app.parse(words);
  if (const auto done = complete_detect_options(out.options); !done) {
    EXPECT_EQ(done.error().kind, ErrorKind::usage);
    out.problem = done.error().message;
  }
  return out;
}

TEST(DetectOptions, SourcesOfTheCommandLineShareSettingsAndOutputs) {
  const auto [options, problem] = completed({"a.mp4", "b.mp4", "--rotate", "90", "--json", "out"});
  EXPECT_EQ(problem, "");
  EXPECT_TRUE(options.shared_outputs);
  ASSERT_EQ(options.per_source.size(), 2U);
  EXPECT_EQ(options.per_source[0].source.spec, "a.mp4");
  EXPECT_EQ(options.per_source[1].source.spec, "b.mp4");
  for (const SourceOptionsSet& source : options.per_source) {
    EXPECT_EQ(source.source.rotate, 90);
    EXPECT_EQ(source.outputs.at("--json").target, "out");
  }
}

TEST_F(DetectConfigTest, TablesHaveOutputsOfTheirOwn) {
  auto read = settings("a.toml",
                       "format = \"csv\"\nprometheus = \"x.prom\"\n[[source]]\nspec = \"0\"\njson = \"a\"\n"
                       "[[source]]\nspec = \"1\"\nvideo = \"b.mkv\"\nformat = \"\"\n");
  EXPECT_FALSE(read);  // no such format
  read = settings("a.toml",
                  "prometheus = \"x.prom\"\n[[source]]\nspec = \"0\"\njson = \"a\"\nformat = \"csv\"\n"
                  "[[source]]\nspec = \"1\"\nvideo = \"b.mkv\"\n");
  ASSERT_TRUE(read) << read.error().message;
  const auto good = complete_detect_options(*read);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_FALSE(read->shared_outputs);
  ASSERT_EQ(read->per_source.size(), 2U);
  EXPECT_EQ(read->per_source[0].outputs.at("--json").target, "a");
  EXPECT_EQ(read->per_source[0].outputs.at("--json").variant, "csv");
  EXPECT_EQ(read->per_source[1].outputs.at("--json").target, "");
  EXPECT_EQ(read->per_source[1].outputs.at("--video").target, "b.mkv");
  EXPECT_EQ(read->outputs.at("--prometheus").target, "x.prom");
}

TEST(DetectOptions, SegmentAndQuotaAreRead) {
  const auto by_time = completed({"0", "--record", "dir", "--segment", "10m", "--quota", "20GB"});
  EXPECT_EQ(by_time.problem, "");
  EXPECT_EQ(by_time.options.per_source[0].record.segment_seconds, 600);
  EXPECT_EQ(by_time.options.per_source[0].record.segment_bytes, 0);
  EXPECT_EQ(by_time.options.per_source[0].record.quota_bytes, 20'000'000'000);
  const auto by_size = completed({"0", "--record", "dir", "--segment", "2MiB"});
  EXPECT_EQ(by_size.options.per_source[0].record.segment_seconds, 0);
  EXPECT_EQ(by_size.options.per_source[0].record.segment_bytes, 2'097'152);
}

TEST(DetectOptions, ZonesAndLinesAreRead) {
  const auto [options, problem] = completed({"0", "--zone", "yard=0,0 1,0 1,1", "--line", "door=0,0.5 1,0.5;dog"});
  EXPECT_EQ(problem, "");
  const auto& regions = options.per_source[0].regions;
  ASSERT_EQ(regions.size(), 2U);
  EXPECT_EQ(regions[0].name, "yard");
  EXPECT_FALSE(regions[0].line);
  EXPECT_EQ(regions[1].name, "door");
  EXPECT_TRUE(regions[1].line);
  EXPECT_EQ(regions[1].classes, std::vector<std::string>{"dog"});
}

TEST(DetectOptions, ContradictionsAreNamed) {
  EXPECT_EQ(completed({}).problem, "source is required (--help tells more)");
  EXPECT_EQ(completed({"0", "--format", "csv"}).problem, "--format needs --json, which names the file");
  const std::string needs_record =
      "--segment, --quota, --record-on and --record-in need --record, which names file or folder";
  for (const char* option : {"--segment", "--quota", "--record-on", "--record-in"}) {
    EXPECT_EQ(completed({"0", option, "10m"}).problem, needs_record) << option;
  }
  EXPECT_EQ(completed({"0", "--record", "dir", "--segment", "soon"}).problem,
            "--segment soon: is neither a time (90s, 10m, 2h) nor a size (500MB, 2GiB)");
  EXPECT_EQ(completed({"0", "--record", "dir", "--quota", "10m"}).problem, "--quota 10m: is not a size (500MB, 20GB)");
  EXPECT_EQ(completed({"0", "--no-track", "--zone", "a=0,0 1,0 1,1"}).problem,
            "--no-track: zones and lines need tracks");
  EXPECT_EQ(completed({"0", "--zone", "a=0,0 1,0 1,1", "--line", "a=0,0 1,1"}).problem,
            "the name \"a\" is given to two zones or lines");
  EXPECT_EQ(completed({"0", "--classes", "dog,cat", "--blur", "cow"}).problem,
            "--blur cow: is not one of --classes, so it would not be looked for");
  EXPECT_EQ(completed({"0", "--record", "dir", "--record-in", "b", "--line", "b=0,0 1,1"}).problem,
            "--record-in b: there is no such zone");
}

}  // namespace
}  // namespace dualsight
