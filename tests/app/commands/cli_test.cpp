// The real program, as a user runs it: what it prints, what it writes, how it ends.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/app/support/cli_support.h"

namespace dualsight {
namespace {

// Times, and what follows from them.
nlohmann::json without_times(nlohmann::json record) {
  for (const char* key : {"timestamp", "speed_ms", "times_ms", "seconds", "fps"}) record.erase(key);
  if (record["type"] == "summary") {
    for (auto& source : record["sources"]) source.erase("age_ms"), source.erase("capture_fps");
  }
  return record;
}

TEST_F(CliTest, HelpIsCompleteAndGoesToStandardOutput) {
  const Finished all = run({"--help"});
  EXPECT_EQ(all.code, 0);
  EXPECT_EQ(all.err, "");
  for (const std::string word :
       {"detect", "cameras", "models", "train", "eval", "pack", "convert", "version", "Exit codes", "130"}) {
    EXPECT_NE(all.out.find(word), std::string::npos) << word;
  }
  const Finished detect_help = run({"detect", "--help"});
  for (const std::string word :
       {"--model", "--json", "--video", "--images", "--contact-sheet", "--conf", "--iou", "--classes", "--size",
        "--threads", "--device", "--max-frames", "--format", "--quiet", "ultralytics", "Exit codes"}) {
    EXPECT_NE(detect_help.out.find(word), std::string::npos) << word;
  }
  const Finished train_help = run({"train", "--help"});
  for (const std::string word : {"--data", "--resume", "--epochs", "--seed"}) {
    EXPECT_NE(train_help.out.find(word), std::string::npos) << word;
  }
}

TEST_F(CliTest, VersionTellsWhatItRunsOn) {
  EXPECT_TRUE(run({"version"}).out.starts_with("dualsight "));
  const Finished verbose = run({"version", "--verbose"});
  EXPECT_EQ(verbose.code, 0);
  EXPECT_NE(verbose.out.find("LibTorch"), std::string::npos);
  EXPECT_NE(verbose.out.find("OpenCV"), std::string::npos);
}

TEST_F(CliTest, CamerasAsJson) {
  const Finished done = run({"cameras", "--json"});
  EXPECT_EQ(done.code, 0);
  EXPECT_TRUE(nlohmann::json::parse(done.out)["cameras"].is_array());
}

TEST_F(CliTest, ModelsAreListedWithTheirClasses) {
  fs::create_directory(at("models"));
  fs::copy_file(DUALSIGHT_TEST_MODEL, at("models/dpn92-test.safetensors"));
  setenv("DUALSIGHT_MODELS", at("models").c_str(), 1);
  const Finished listed = run({"models", "--json"});
  const Finished found = run({"detect", picture("a.png"), "--size", "64", "--json", "-"});
  unsetenv("DUALSIGHT_MODELS");
  EXPECT_EQ(listed.code, 0) << listed.err;
  const auto models = nlohmann::json::parse(listed.out)["models"];
  ASSERT_GE(models.size(), 1U);
  EXPECT_EQ(models[0]["file"], at("models/dpn92-test.safetensors"));
  EXPECT_GE(models[0]["class_names"].size(), 1U);
  // Without --model the same file is found, and it says so.
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_NE(found.err.find("dpn92-test.safetensors"), std::string::npos);
  EXPECT_EQ(records_of(found.out)[0]["model"]["file"], at("models/dpn92-test.safetensors"));
}

TEST_F(CliTest, UsageErrors) {
  expect_failure({}, 2, "subcommand");
  expect_failure({"detect"}, 2, "source");
  expect_failure({"dream"}, 2, "dream");
  const std::string a = picture("a.png");
  expect_failure({"detect", a, "--conf", "7"}, 2, "--conf");
  expect_failure({"detect", a, "--size", "100"}, 2, "--size");
  expect_failure({"detect", a, "--device", "abacus"}, 2, "abacus");
  expect_failure({"detect", a, "--format", "csv"}, 2, "--json");
  expect_failure({"detect", a, "--json", "-", "--format", "xml"}, 2, "xml");
  expect_failure(detect({a, "--video", at("v.gif")}), 2, at("v.gif"));
  expect_failure(detect({a, "--classes", "unicorn"}), 2, "unicorn");
  expect_failure({"train"}, 2, "--data");
  expect_failure({"detect", "--bogus", "rtsp://u:secret@h/x"}, 2, "--bogus");
  EXPECT_EQ(contents(at("stderr")).find("secret"), std::string::npos);
}

TEST_F(CliTest, SourceErrors) {
  fs::create_directory(at("empty"));
  expect_failure(detect({at("none.mp4")}), 3, at("none.mp4"));
  expect_failure(detect({text("text.mp4", "this is text\n")}), 3, at("text.mp4"));
  expect_failure(detect({cut_in_half(video("half.mp4", 30))}), 3, at("half.mp4"));
  expect_failure(detect({at("empty")}), 3, at("empty"));
  expect_failure(detect({"97"}), 3, "/dev/video97");
  expect_failure(detect({"ftp://u:secret@h/x"}), 3, "ftp://***@h/x");
}

TEST_F(CliTest, ModelErrors) {
  const std::string a = picture("a.png");
  const auto with_model = [&](const std::string& model) { return Arguments{"detect", a, "--model", model}; };
  expect_failure(with_model(at("none.safetensors")), 4, at("none.safetensors"));
  expect_failure(with_model(text("text.safetensors", "this is no model\n")), 4, at("text.safetensors"));
  expect_failure(with_model(text("empty.safetensors", "")), 4, at("empty.safetensors"));
  expect_failure(with_model(text("zip.pt", std::string("PK\3\4") + std::string(200, '\0'))), 4, at("zip.pt"));
  // A sound safetensors file of another program: one tensor of four bytes.
  const std::string header = R"({"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  std::string length(8, '\0');
  length[0] = static_cast<char>(header.size());
  expect_failure(with_model(text("other.safetensors", length + header + std::string(4, '\0'))), 4,
                 at("other.safetensors"));
}

TEST_F(CliTest, OutputErrors) {
  const std::string clip = video("clip.avi", 5);
  expect_failure(detect({clip, "--quiet", "--json", at("none/out.ndjson")}), 5, at("none/out.ndjson"));
  expect_failure(detect({clip, "--quiet", "--json", "/dev/full"}), 5, "/dev/full");
  expect_failure(detect({clip, "--quiet", "--video", at("none/out.mp4")}), 5, at("none/out.mp4"));
  fs::create_symlink("/dev/full", at("full.mkv"));
  expect_failure(detect({clip, "--quiet", "--video", at("full.mkv")}), 5, at("full.mkv"));
  expect_failure(detect({clip, "--quiet", "--images", clip + "/folder"}), 5, clip + "/folder");
  expect_failure(detect({clip, "--quiet", "--contact-sheet", at("none/sheet.jpg")}), 5, at("none/sheet.jpg"));
  expect_failure(detect({clip, "--quiet", "--json", at("none"), "--format", "yolo-txt", "--images", "/dev/null/x"}), 5,
                 "/dev/null/x");
}

TEST_F(CliTest, ASourceIsNeverOverwritten) {
  const std::string clip = video("clip.avi", 5);
  const std::string before = contents(clip);
  expect_failure(detect({clip, "--video", clip}), 2, clip);
  expect_failure(detect({clip, "--json", clip}), 2, clip);
  fs::copy(clip, at("cam.raw.avi"));
  expect_failure(detect({at("cam.raw.avi"), "--record", at("cam.avi"), "--record-what", "both"}), 2, at("cam.raw.avi"));
  EXPECT_EQ(contents(clip), before);
}

TEST_F(CliTest, OutputsDoNotOverwriteEachOther) {
  const std::string clip = video("clip.avi", 5);
  expect_failure(detect({clip, "--json", at("run.ndjson"), "--record", at("run.mkv")}), 2, at("run.ndjson"));
  expect_failure(detect({clip, "--video", at("a.mkv"), "--record", at("a.mkv")}), 2, at("a.mkv"));
  text("two.toml", "json = \"" + at("all.ndjson") + "\"\n[[source]]\nspec = \"" + clip + "\"\n[[source]]\nspec = \"" +
                       clip + "\"\n");
  expect_failure(detect({"--config", at("two.toml")}), 2, at("all.ndjson"));
  expect_failure(detect({clip, "--classes", "disc", "--blur", "cross"}), 2, "cross");
  EXPECT_FALSE(fs::exists(at("run.mkv")));
}

TEST_F(CliTest, AFailedRunLeavesOldResultsAlone) {
  text("out.ndjson", "precious");
  expect_failure({"detect", picture("a.png"), "--model", at("none.safetensors"), "--json", at("out.ndjson")}, 4,
                 "none");
  expect_failure(detect({at("none.png"), "--json", at("out.ndjson")}), 3, "none.png");
  EXPECT_EQ(contents(at("out.ndjson")), "precious");
}

TEST_F(CliTest, VideoToCleanStandardOutput) {
  const Finished done = run(detect({video("clip.avi", 12), "--json", "-"}));
  EXPECT_EQ(done.code, 0) << done.err;
  expect_valid(done.out);
  const auto records = without_events(records_of(done.out));
  ASSERT_EQ(records.size(), 14U);  // header, 12 frames, summary
  EXPECT_EQ(records.front()["type"], "header");
  EXPECT_EQ(records.front()["settings"]["input_size"], 64);
  for (int i = 0; i < 12; ++i) {
    const auto& frame = records[static_cast<std::size_t>(i) + 1];
    EXPECT_EQ(frame["type"], "frame");
    EXPECT_EQ(frame["frame"], i);
    EXPECT_NEAR(frame["pts_ms"].get<double>(), 100.0 * i, 0.5);  // 10 frames/s
    EXPECT_EQ(frame["image"]["width"], 64);
    EXPECT_EQ(frame["image"]["height"], 48);
  }
  EXPECT_EQ(records.back()["type"], "summary");
  EXPECT_EQ(records.back()["frames"], 12);
  EXPECT_EQ(records.back()["exit_code"], 0);
  // The same numbers for people, on standard error, without the control characters of a progress bar.
  EXPECT_NE(done.err.find("12 frames in"), std::string::npos) << done.err;
  EXPECT_EQ(done.err.find('\r'), std::string::npos);
  EXPECT_EQ(done.err.find('\033'), std::string::npos);
}

TEST_F(CliTest, QuietPrintsNothing) {
  const Finished done = run(detect({picture("a.png"), "--quiet"}));
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.out, "");
  EXPECT_EQ(done.err, "");
}

TEST_F(CliTest, SameInputGivesSameOutputButForTimes) {
  const Arguments arguments = detect({video("clip.avi", 6), "--quiet", "--json", "-"});
  const auto first = records_of(run(arguments).out), second = records_of(run(arguments).out);
  ASSERT_EQ(without_events(first).size(), 8U);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(without_times(first[i]).dump(), without_times(second[i]).dump());
  }
  // Formats that hold no times are the same to the byte.
  for (const std::string format : {"coco", "ultralytics"}) {
    Arguments formatted = arguments;
    formatted.insert(formatted.end(), {"--format", format});
    const std::string once = run(formatted).out;
    EXPECT_FALSE(once.empty());
    EXPECT_EQ(once, run(formatted).out) << format;
  }
}

TEST_F(CliTest, EveryOutputAtOnce) {
  const Finished done =
      run(detect({video("clip.avi", 15), picture("a.png", 32, 32), "--max-frames", "4", "--json", at("out.ndjson"),
                  "--video", at("out.mp4"), "--images", at("frames"), "--contact-sheet", at("sheet.jpg")}));
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "");
  expect_valid(contents(at("out.ndjson")));
  const auto summary = records_of(contents(at("out.ndjson"))).back();
  EXPECT_EQ(summary["frames"], 5);  // four of the video, one picture
  EXPECT_EQ(summary["sources"][0]["source"], "clip.avi");
  EXPECT_EQ(summary["sources"][1]["source"], "a.png");
  EXPECT_EQ(summary["files"].size(), 4U);
  cv::VideoCapture annotated(at("out.mp4"), cv::CAP_FFMPEG);
  EXPECT_EQ(annotated.get(cv::CAP_PROP_FRAME_COUNT), 5);
  EXPECT_DOUBLE_EQ(annotated.get(cv::CAP_PROP_FPS), 10);
  EXPECT_TRUE(fs::exists(at("frames/clip_000003.jpg")));
  EXPECT_TRUE(fs::exists(at("frames/a.jpg")));
  EXPECT_FALSE(cv::imread(at("sheet.jpg")).empty());
  for (const std::string file : {"out.ndjson", "out.mp4", "frames", "sheet.jpg"}) {
    EXPECT_NE(done.err.find("wrote " + at(file)), std::string::npos) << done.err;
  }
}

TEST_F(CliTest, BadPicturesOfAFolderAreSkippedAndRecorded) {
  fs::create_directory(at("photos"));
  picture("photos/a.png"), picture("photos/c.jpg");
  text("photos/b.png", "this is text");
  const Finished done = run(detect({at("photos"), "--json", "-"}));
  EXPECT_EQ(done.code, 0);
  expect_valid(done.out);
  const auto records = records_of(done.out);
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(records[2]["type"], "status");
  EXPECT_EQ(records[2]["state"], "skipped");
  EXPECT_EQ(records[2]["file"], at("photos/b.png"));
  EXPECT_EQ(records[4]["skipped"], 1);
  EXPECT_NE(done.err.find(at("photos/b.png")), std::string::npos);

  fs::remove(at("photos/a.png")), fs::remove(at("photos/c.jpg"));
  EXPECT_EQ(run(detect({at("photos"), "--quiet"})).code, 3);
}

TEST_F(CliTest, TruncatedVideoIsReadAndSaidToBeTruncated) {
  const Finished done = run(detect({cut_in_half(video("half.avi", 40)), "--json", "-"}));
  EXPECT_EQ(done.code, 0);
  expect_valid(done.out);
  const auto summary = records_of(done.out).back();
  EXPECT_EQ(summary["sources"][0]["truncated"], true);
  EXPECT_GT(summary["frames"], 5);
  EXPECT_NE(done.err.find("half.avi: truncated"), std::string::npos) << done.err;
}

TEST_F(CliTest, ClosedPipeEndsTheRunAsAnOutputError) {
  const std::string command = std::string("(") + DUALSIGHT_BINARY + " detect " + video("clip.avi", 50) + " --model " +
                              DUALSIGHT_TEST_MODEL + " --size 64 --quiet --json - ; echo $? > " + at("code") +
                              ") 2> /dev/null | head -n 1 > /dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(contents(at("code")), "5\n");
}

TEST_F(CliTest, CtrlCFinishesTheFrameAndSummarises) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const pid_t child = start(detect({video("long.avi", 3000), "--json", "-", "--video", at("out.mp4")}));
    for (int i = 0; i < 600 && lines_of(contents(at("stdout"))).size() < 3; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const auto before = std::chrono::steady_clock::now();
    kill(child, signal);
    const Finished done = wait_for(child);
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
    EXPECT_EQ(done.code, 130) << done.err;
    expect_valid(done.out);
    const auto records = without_events(records_of(done.out));
    const auto& summary = records.back();
    EXPECT_EQ(summary["type"], "summary");
    EXPECT_EQ(summary["interrupted"], true);
    EXPECT_EQ(summary["exit_code"], 130);
    EXPECT_EQ(summary["frames"], std::count_if(records.begin(), records.end(),
                                               [](const auto& record) { return record["type"] == "frame"; }));
    EXPECT_LT(summary["frames"], 3000);
    cv::VideoCapture annotated(at("out.mp4"), cv::CAP_FFMPEG);  // closed properly, so it plays
    int played = 0;
    for (cv::Mat picture; annotated.read(picture);) ++played;
    EXPECT_EQ(played, summary["frames"]);
  }
}

// Frames of grey 8 i; the records say where a dog is in frames 0 and 4, so that in frame 2 it is half-way.
TEST_F(CliTest, RenderDrawsRecordsWithOtherThresholds) {
  const std::string clip = video("clip.avi", 5);
  const auto frame = [](int pts, int x, const std::string& more = "") {
    return R"({"schema":"dualsight/1","type":"frame","source":"c","pts_ms":)" + std::to_string(pts) +
           R"(,"detections":[{"class":0,"confidence":0.9,"track_id":1,"box":{"x1":)" + std::to_string(x) +
           R"(,"y1":10,"x2":)" + std::to_string(x + 20) + R"(,"y2":30}}])" + more + "}\n";
  };
  text("clip.ndjson",
       R"({"schema":"dualsight/1","type":"header","class_names":["dog"]})"
       "\n" +
           frame(0, 4) +
           frame(400, 36, R"(,"candidates":[{"class":0,"confidence":0.1,"box":{"x1":4,"y1":34,"x2":30,"y2":46}}])"));
  const auto drawn = [&](const Arguments& more) {
    Arguments all = {"render", clip, at("clip.ndjson"), "--output", at("out.mkv"), "--no-labels"};
    all.insert(all.end(), more.begin(), more.end());
    const Finished done = run(all);
    EXPECT_EQ(done.code, 0) << done.err;
    std::vector<cv::Mat> frames;
    cv::VideoCapture video(at("out.mkv"), cv::CAP_FFMPEG);
    for (cv::Mat picture; video.read(picture); picture = cv::Mat()) frames.push_back(picture);
    EXPECT_EQ(frames.size(), 5U);
    return frames;
  };
  // How far a region is from the grey that the clip has there.
  const auto touched = [](const cv::Mat& picture, int grey, cv::Rect region) {
    return cv::norm(picture(region), cv::Mat(region.size(), CV_8UC3, cv::Scalar::all(grey)), cv::NORM_INF) > 40;
  };
  const cv::Rect left_edge_at_20(18, 15, 5, 10), candidate(2, 36, 6, 8);
  auto frames = drawn({});
  EXPECT_TRUE(touched(frames[2], 16, left_edge_at_20));  // half-way from 4 to 36
  EXPECT_FALSE(touched(frames[4], 32, candidate));
  frames = drawn({"--conf", "0.05"});
  EXPECT_TRUE(touched(frames[4], 32, candidate));
  frames = drawn({"--conf", "0.95"});
  EXPECT_FALSE(touched(frames[2], 16, left_edge_at_20));

  expect_failure({"render", clip, at("none"), "-o", at("x.mkv")}, 3, at("none"));
  expect_failure({"render", at("none.mkv"), at("clip.ndjson"), "-o", at("x.mkv")}, 3, at("none.mkv"));
  expect_failure({"render", clip, at("clip.ndjson"), "-o", clip}, 2, clip);
  expect_failure({"render", clip, at("clip.ndjson"), "-o", at("none/x.mkv")}, 5, at("none/x.mkv"));
  expect_failure({"render", clip, at("clip.ndjson"), "-o", at("x.mkv"), "--classes", "cat"}, 2, "cat");
}

TEST_F(CliTest, SourcesOfAConfigurationRunSideBySideWithRecordsOfTheirOwn) {
  text("dualsight.toml", "model = \"" + std::string(DUALSIGHT_TEST_MODEL) +
                             "\"\nsize = 64\nthreads = 1\nquiet = true\n" + "prometheus = \"" + at("x.prom") +
                             "\"\n[[source]]\nspec = \"" + video("a.avi", 8) + "\"\njson = \"" + at("a.ndjson") +
                             "\"\n[[source]]\nspec = \"" + video("b.avi", 5) + "\"\nname = \"door\"\njson = \"" +
                             at("b.ndjson") + "\"\nrotate = 90\n");
  const Finished done = run({"detect", "--config", at("dualsight.toml")});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.err, "");
  const auto a = without_events(records_of(contents(at("a.ndjson"))));
  const auto b = without_events(records_of(contents(at("b.ndjson"))));
  expect_valid(contents(at("a.ndjson")));
  ASSERT_EQ(a.size(), 10U);  // header, 8 frames, summary
  ASSERT_EQ(b.size(), 7U);
  EXPECT_EQ(a[1]["source"], "a.avi");
  EXPECT_EQ(b[1]["source"], "door");
  EXPECT_EQ(b[1]["image"]["width"], 48);  // 64x48, turned
  EXPECT_EQ(b[6]["sources"].size(), 2U);
  expect_failure({"detect", "--config", text("bad.toml", "conf = 0.5\nsise = 3\n")}, 2,
                 at("bad.toml") + ":2: unknown key");
}

TEST_F(CliTest, DataSetCommandsNameWhatIsMissing) {
  expect_failure({"train", "--data", at("none")}, 3, at("none"));
  expect_failure({"eval", "--data", at("none"), "--model", DUALSIGHT_TEST_MODEL}, 3, at("none"));
  expect_failure({"pack", "--data", at("none"), "--output", at("out.safetensors")}, 3, at("none"));
}

// Two pictures, one label each; perfect results score 1.
TEST_F(CliTest, EvalScoresResultsWithoutAModel) {
  fs::create_directories(at("set/images"));
  picture("set/images/a.jpg", 100, 100), picture("set/images/b.jpg", 100, 100);
  text("set/annotations.json",
       R"({"images": [{"id": 11, "width": 100, "height": 100, "file_name": "a.jpg"},
                      {"id": 12, "width": 100, "height": 100, "file_name": "b.jpg"}],
           "annotations": [{"id": 1, "image_id": 11, "category_id": 5, "bbox": [10, 10, 50, 50], "area": 2500, "iscrowd": 0},
                           {"id": 2, "image_id": 12, "category_id": 5, "bbox": [20, 20, 40, 40], "area": 1600, "iscrowd": 0}],
           "categories": [{"id": 5, "name": "dog"}]})");
  text("results.json",
       R"([{"image_id": 11, "category_id": 5, "bbox": [10, 10, 50, 50], "score": 0.9},
           {"image_id": 12, "category_id": 5, "bbox": [20, 20, 40, 40], "score": 0.8}])");
  const Finished done = run({"eval", "--data", at("set"), "--results-in", at("results.json"), "--json", "-"});
  ASSERT_EQ(done.code, 0) << done.err;
  const auto scores = nlohmann::json::parse(done.out);
  EXPECT_EQ(scores["pictures"], 2);
  EXPECT_EQ(scores["labels"], 2);
  EXPECT_DOUBLE_EQ(scores["mean"]["ap"].get<double>(), 1.0);
  EXPECT_TRUE(scores["mean"]["small"].is_null());  // no object under 32^2: no score, and no NaN in JSON
  EXPECT_EQ(scores["classes"][0]["name"], "dog");
}

}  // namespace
}  // namespace dualsight
