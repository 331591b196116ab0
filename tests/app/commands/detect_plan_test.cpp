#include "app/commands/detect_plan.h"

#include <algorithm>

#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

using Names = std::vector<std::string>;

class DetectPlanTest : public TemporaryFolder {
 protected:
  static DetectOptions options(std::vector<std::string> words) {
    DetectOptions out;
    CLI::App app;
    add_detect_options(app, out);
    std::reverse(words.begin(), words.end());
    app.parse(words);
    const auto done = complete_detect_options(out);
    EXPECT_TRUE(done) << done.error().message;
    return out;
  }
  static DetectPlan plan(const std::vector<std::string>& words) {
    auto made = make_plan(options(words));
    EXPECT_TRUE(made) << made.error().message;
    return made ? *std::move(made) : DetectPlan();
  }
  static std::string problem(const std::vector<std::string>& words) {
    const auto made = make_plan(options(words));
    if (made) return "";
    EXPECT_EQ(made.error().kind, ErrorKind::usage);
    return made.error().message;
  }
  static Names targets(const std::vector<std::unique_ptr<Sink>>& sinks) {
    Names names;
    for (const auto& sink : sinks) names.push_back(sink->target());
    return names;
  }
};

TEST_F(DetectPlanTest, LiveSourcesHaveLanesOfTheirOwn) {
  const DetectPlan made = plan({"a.mp4", "rtsp://host/x", "b.mp4", "0"});
  std::vector<std::size_t> lanes;
  for (const SourcePlan& source : made.sources) lanes.push_back(source.lane);
  EXPECT_EQ(lanes, (std::vector<std::size_t>{0, 1, 0, 2}));
}

TEST_F(DetectPlanTest, OutputsOfTheCommandLineAreSharedTheResultsFirst) {
  const DetectPlan made = plan({"a.mp4", "b.mp4", "--prometheus", "x.prom", "--record", "r.mkv", "--images", "frames",
                                "--contact-sheet", "sheet.jpg", "--video", "v.mp4", "--json", "out"});
  EXPECT_EQ(targets(made.shared), (Names{"out", "v.mp4", "frames", "sheet.jpg", "r.mkv", "x.prom"}));
  ASSERT_EQ(made.sources.size(), 2U);
  for (const SourcePlan& source : made.sources) EXPECT_TRUE(source.sinks.empty());
}

TEST_F(DetectPlanTest, RecordingsIntoAFolderAreMadePerSource) {
  const DetectPlan made = plan({"a.mp4", "0", "--record", at("recordings"), "--json", "-"});
  EXPECT_EQ(targets(made.shared), Names{"-"});
  for (const SourcePlan& source : made.sources) EXPECT_EQ(targets(source.sinks), Names{at("recordings")});
}

TEST_F(DetectPlanTest, TablesRunSideBySideWithOutputsOfTheirOwn) {
  DetectOptions both;
  both.shared_outputs = false;
  both.per_source.resize(2);
  both.per_source[0].source.spec = "a.mp4";
  both.per_source[0].outputs["--video"].target = "a.mkv";
  both.per_source[1].source.spec = "b.mp4";
  both.per_source[1].outputs["--json"].target = "b";
  both.per_source[1].record.target = "rb.mkv";
  both.outputs["--prometheus"].target = "x.prom";
  const auto made = make_plan(both);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(targets(made->shared), Names{"x.prom"});
  EXPECT_EQ(made->sources[0].lane, 0U);
  EXPECT_EQ(made->sources[1].lane, 1U);
  EXPECT_EQ(targets(made->sources[0].sinks), Names{"a.mkv"});
  EXPECT_EQ(targets(made->sources[1].sinks), (Names{"b", "rb.mkv"}));
}

TEST_F(DetectPlanTest, SourcesSideBySideDoNotFitIntoOneVideo) {
  for (const char* option : {"--video", "--record"}) {
    EXPECT_EQ(problem({"a.mp4", "0", option, "v.mkv"}),
              "v.mkv: sources side by side do not fit into one video (--record DIR, or a file for each with --config)");
    EXPECT_EQ(problem({"a.mp4", "b.mp4", option, "v.mkv"}), "");  // one after another
    EXPECT_EQ(problem({"0", option, "v.mkv"}), "");
  }
}

TEST_F(DetectPlanTest, RequestsWithoutSenseAreNamed) {
  EXPECT_EQ(problem({"a.mp4", "--contact-sheet", "sheet.txt"}),
            "--contact-sheet sheet.txt: the name must end like a picture's");
  EXPECT_EQ(problem({"a.mp4", "--json", "-", "--format", "yolo-txt"}),
            "--format yolo-txt writes many files: --json must name a folder");
  EXPECT_EQ(problem({"a.mp4", "--video", "v.mov"}), "v.mov: the name must end in .mp4, .mkv or .avi");
}

TEST_F(DetectPlanTest, NoFileIsWrittenTwiceOrOverASource) {
  const auto clash = [&](const std::vector<std::string>& words) {
    const auto checked = check_outputs(plan(words));
    return checked ? "" : checked.error().message;
  };
  const std::string clip = text("a.mp4", "x");
  EXPECT_EQ(clash({clip, "--json", clip}), clip + ": is a source and would be overwritten");
  EXPECT_EQ(clash({clip, "--json", at("x"), "--prometheus", at("x")}),
            at("x") + ": two outputs cannot be written into one file");
  EXPECT_EQ(clash({clip, "--json", at("r.ndjson"), "--record", at("r.mkv")}),
            at("r.ndjson") + ": two outputs cannot be written into one file");
  // Folders may hold the files of several outputs, and standard output is no file.
  EXPECT_EQ(clash({clip, "--json", at("d"), "--format", "yolo-txt", "--images", at("d")}), "");
  EXPECT_EQ(clash({clip, "--json", "-"}), "");
}

TEST_F(DetectPlanTest, ClassesMustBeTheModels) {
  const Names model{"dog", "cat"};
  SourceOptionsSet settings;
  settings.blur = {"cat"};
  EXPECT_TRUE(check_classes(settings, model));
  EXPECT_EQ(classes_to_blur(settings.blur, model), (std::vector<bool>{false, true}));
  EXPECT_EQ(classes_to_blur({}, model), std::vector<bool>());
  settings.blur = {"cow"};
  EXPECT_EQ(check_classes(settings, model).error().message, "--blur: class \"cow\" is not one of this model's");
  settings.blur.clear();
  settings.record.on_classes = {"cow"};
  EXPECT_EQ(check_classes(settings, model).error().message, "--record-on: class \"cow\" is not one of this model's");
}

}  // namespace
}  // namespace dualsight
