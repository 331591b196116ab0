// Standard input and output, and what a video does in mid-run, through the whole program.
#include "tests/app/support/cli_support.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

class StreamsCliTest : public CliTest {
 protected:
  // `shell`: a command line with PROGRAM for `dualsight detect` and the test's model.
  int in_shell(std::string shell) const {
    const std::string program =
        std::string(DUALSIGHT_BINARY) + " detect --model " + DUALSIGHT_TEST_MODEL + " --threads 1 --size 64 --quiet";
    for (std::size_t at; (at = shell.find("PROGRAM")) != std::string::npos;) shell.replace(at, 7, program);
    return std::system(("cd " + folder_.string() + " && " + shell).c_str());
  }
  std::vector<nlohmann::json> of_type(const std::string& file, const std::string& type) const {
    auto records = records_of(contents(at(file)));
    std::erase_if(records, [&](const nlohmann::json& record) { return record["type"] != type; });
    return records;
  }
};

TEST_F(StreamsCliTest, PicturesAndVideosThroughAPipe) {
  picture("a.png", 64, 48);
  video("v.avi", 20);
  ASSERT_EQ(in_shell("cat a.png | PROGRAM - --json a.ndjson"), 0);
  const auto picture_frames = of_type("a.ndjson", "frame");
  ASSERT_EQ(picture_frames.size(), 1U);
  EXPECT_EQ(picture_frames[0]["source"], "stdin");
  EXPECT_EQ(picture_frames[0]["image"]["width"], 64);
  ASSERT_EQ(in_shell("cat v.avi | PROGRAM - --json v.ndjson"), 0);
  EXPECT_EQ(of_type("v.ndjson", "frame").size(), 20U);
  expect_valid(contents(at("v.ndjson")));
}

TEST_F(StreamsCliTest, NothingOnStandardInputIsAnError) {
  EXPECT_NE(in_shell("PROGRAM - --json a.ndjson < /dev/null 2> err"), 0);
  EXPECT_EQ(contents(at("err")),
            "dualsight: error: standard input: holds neither pictures nor a video that can be read\n");
}

TEST_F(StreamsCliTest, AReaderThatClosesThePipeEndsThatOutputAlone) {
  video("v.avi", 60);
  ASSERT_EQ(in_shell("(PROGRAM v.avi --json - --images out 2> err; echo $? > code) | head -n 1 > first"), 0);
  EXPECT_EQ(lines_of(contents(at("first"))).size(), 1U);
  std::size_t pictures = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(at("out"))) ++pictures;
  EXPECT_EQ(pictures, 60U);
  EXPECT_EQ(contents(at("code")), "5\n");
}

TEST_F(StreamsCliTest, AnOtherSizeInMidRunIsAStatusAndASegment) {
  const auto part = [&](const std::string& name, const std::string& size, int start) {
    output_of("ffmpeg -v error -f lavfi -i testsrc2=size=" + size +
              ":rate=25:duration=0.4 -c:v libx264 -pix_fmt yuv420p -bf 0 -g 25 -output_ts_offset " +
              std::to_string(start) + " '" + at(name) + "'");
    return contents(at(name));
  };
  text("v.ts", part("a.ts", "320x240", 0) + part("b.ts", "640x360", 1));
  ASSERT_EQ(in_shell("PROGRAM v.ts --json r.ndjson --record rec/ --record-what raw"), 0);
  expect_valid(contents(at("r.ndjson")));
  const auto frames = of_type("r.ndjson", "frame");
  ASSERT_EQ(frames.size(), 20U);
  EXPECT_EQ(frames[9]["image"]["width"], 320);
  EXPECT_EQ(frames[10]["image"]["width"], 640);
  std::size_t resized = 0;
  for (const auto& status : of_type("r.ndjson", "status")) {
    if (status["state"] != "resized") continue;
    ++resized;
    EXPECT_EQ(status["message"], "v.ts: the picture is 640x360 now, it was 320x240");
  }
  EXPECT_EQ(resized, 1U);
  std::vector<std::string> sizes;
  for (const auto& entry : fs::directory_iterator(at("rec"))) {
    if (entry.path().extension() != ".ndjson") sizes.push_back(probed(entry.path().string(), "stream=width,height"));
  }
  std::sort(sizes.begin(), sizes.end());
  EXPECT_EQ(sizes, (std::vector<std::string>{"320,240", "640,360"}));
}

TEST_F(StreamsCliTest, AFolderInBracketsIsAFolder) {
  fs::create_directory(at("[examples]"));
  picture("[examples]/a.png");
  EXPECT_EQ(in_shell("PROGRAM '[examples]' --json r.ndjson"), 0);
  EXPECT_EQ(of_type("r.ndjson", "frame").size(), 1U);
}

TEST_F(StreamsCliTest, WroteIsSaidOfWhatWasWritten) {
  video("v.avi", 3);
  const Finished done = run(detect({at("v.avi"), "--video", at("no/such/o.mp4")}));
  EXPECT_EQ(done.code, 5);
  EXPECT_EQ(done.err.find("wrote"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace dualsight
