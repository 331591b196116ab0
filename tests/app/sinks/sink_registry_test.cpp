#include "app/sinks/sink_registry.h"

#include "app/commands/command_line.h"
#include "app/commands/detect_options.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

struct Calls {
  std::string target, variant;
  int begun = 0, frames = 0, results = 0, events = 0, ended = 0;
  std::vector<std::string> files;  // of the summary
};

// An output that the program does not know: nothing but this file mentions it.
class ToySink : public Sink {
 public:
  ToySink(const SinkRequest& request, Calls& calls) : calls_(calls) {
    calls_ = {};
    calls_.target = request.target;
    calls_.variant = request.variant;
  }
  std::string target() const override { return calls_.target; }
  Result<void> begin(const HeaderRecord&) override {
    ++calls_.begun;
    return {};
  }
  Result<void> on_frame(const ShownFrame&) override {
    ++calls_.frames;
    return {};
  }
  Result<void> on_result(const FrameRecord&, const cv::Mat&) override {
    ++calls_.results;
    return {};
  }
  Result<void> on_event(const EventRecord&) override {
    ++calls_.events;
    return {};
  }
  Result<void> end(const SummaryRecord& summary) override {
    ++calls_.ended;
    calls_.files = summary.files;
    return {};
  }

 private:
  Calls& calls_;
};

class ToyMonitor : public ToySink {
 public:
  using ToySink::ToySink;
  bool is_monitor() const override { return true; }
};

class SinkRegistryTest : public TemporaryFolder {
 protected:
  static void SetUpTestSuite() {
    if (!registered_sinks().empty()) return;  // of a repetition before
    register_sink({.option = "--toy",
                   .value_name = "PLACE",
                   .help = "Play with every result",
                   .make = [](const SinkRequest& request) -> Result<std::unique_ptr<Sink>> {
                     if (request.target == "nowhere") return Error{ErrorKind::usage, "--toy nowhere: is no place"};
                     return std::unique_ptr<Sink>(std::make_unique<ToySink>(request, calls()));
                   },
                   .variant_option = "--toy-kind",
                   .variant_help = "Of --toy",
                   .variants = {"bear", "ball"}});
    register_sink({.option = "--watch-toys",
                   .value_name = "PLACE",
                   .help = "Watch the whole run",
                   .make =
                       [](const SinkRequest& request) {
                         return Result<std::unique_ptr<Sink>>(std::make_unique<ToyMonitor>(request, monitor_calls()));
                       },
                   .whole_run = true});
  }
  static Calls& calls() {
    static Calls made;
    return made;
  }
  static Calls& monitor_calls() {
    static Calls made;
    return made;
  }
  static int run(std::vector<std::string> words) {
    words.insert(words.begin(), {"dualsight", "detect"});
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return run_program(static_cast<int>(argv.size()), argv.data());
  }
};

TEST_F(SinkRegistryTest, ARowIsAnOptionOfDetect) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run({"--help"}), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_NE(help.find("--toy PLACE"), std::string::npos) << help;
  EXPECT_NE(help.find("Play with every result"), std::string::npos);
  EXPECT_NE(help.find("--toy-kind TEXT:{bear,ball}"), std::string::npos);
  EXPECT_LT(help.find("--contact-sheet"), help.find("--toy"));  // after those built in
  EXPECT_LT(help.find("--toy"), help.find("--record"));
}

TEST_F(SinkRegistryTest, ItsSinkIsMadeAndFed) {
  EXPECT_EQ(run({"--model", DUALSIGHT_TEST_MODEL, "--threads", "1", "--size", "64", "--conf", "0.001", "--quiet",
                 "--toy", at("box"), "--toy-kind", "ball", "--watch-toys", at("shelf"), video("clip.avi", 12)}),
            0);
  EXPECT_EQ(calls().target, at("box"));
  EXPECT_EQ(calls().variant, "ball");
  EXPECT_EQ(calls().begun, 1);
  EXPECT_EQ(calls().frames, 12);
  EXPECT_EQ(calls().results, 12);
  EXPECT_GT(calls().events, 0);  // tracks of what the untrained model finds
  EXPECT_EQ(calls().ended, 1);
  EXPECT_EQ(monitor_calls().results, 12);
  EXPECT_EQ(monitor_calls().ended, 1);
  EXPECT_EQ(calls().files, std::vector<std::string>{at("box")});  // a monitor's target is no result
}

TEST_F(SinkRegistryTest, ItIsAKeyOfConfigurationFiles) {
  DetectOptions options;
  CLI::App given;
  add_detect_options(given, options);
  std::vector<std::string> nothing;
  given.parse(nothing);
  const auto read = with_config(text("a.toml", "[[source]]\nspec = \"0\"\ntoy = \"box\"\n"), given);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->per_source.at(0).outputs.at("--toy").target, "box");
  EXPECT_FALSE(with_config(text("b.toml", "[[source]]\nspec = \"0\"\nwatch-toys = \"shelf\"\n"), given));
}

TEST_F(SinkRegistryTest, OnlyRequestedSinksAreMadeAndTheirErrorsPassedOn) {
  const std::vector<SinkRow> rows = sink_rows();
  EXPECT_TRUE(make_sinks(rows, {}, false)->empty());
  EXPECT_TRUE(make_sinks(rows, {{"--toy", {"box", ""}}}, true)->empty());  // is not one for the whole run
  EXPECT_EQ(make_sinks(rows, {{"--toy", {"box", ""}}, {"--json", {"-", ""}}}, false)->size(), 2U);
  EXPECT_EQ(make_sinks(rows, {{"--toy", {"nowhere", ""}}}, false).error().message, "--toy nowhere: is no place");
}

}  // namespace
}  // namespace dualsight
