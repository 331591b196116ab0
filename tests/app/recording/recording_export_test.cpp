#include "app/recording/recording_export.h"

#include "detector/annotations/coco.h"
#include "tests/app/support/recording_support.h"

namespace dualsight {
namespace {

TEST_F(Sidecar75, AClipHasTheRangeWithAndWithoutBoxes) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  RecordingExport options = all(*recording);
  options.range = {400, 1000};
  double share = 0;
  options.progress = [&](double done) {
    EXPECT_GE(done, share);
    share = done;
  };
  options.boxes = false;
  ASSERT_TRUE(export_clip(*recording, at("clip.mp4"), options));
  EXPECT_EQ(share, 1);
  const std::vector<int64_t> times = times_of(at("clip.mp4"));
  ASSERT_EQ(times.size(), 16U);  // frames 10 to 25
  EXPECT_EQ(times.front(), 0);
  EXPECT_EQ(times.back(), 600);
  const auto plain = frames_of(at("clip.mp4"), kSize);
  for (std::size_t i = 0; i < plain.size(); ++i) {  // 10 + 8 * number, of the corner, which the square does not reach
    EXPECT_NEAR(plain[i].at<cv::Vec3b>(62, 94)[1], 10 + 8 * ((10 + static_cast<int>(i)) % 30), 4);
  }

  share = 0;
  options.boxes = true;
  options.style.labels = false;
  ASSERT_TRUE(export_clip(*recording, at("clip.mp4"), options));  // replaces
  const auto drawn = frames_of(at("clip.mp4"), kSize);
  ASSERT_EQ(drawn.size(), 16U);
  // Frame 0 of the clip is that at 400 ms: the dog at 20..40 x 10..30, drawn.
  EXPECT_GT(cv::norm(drawn[0].at<cv::Vec3b>(20, 20), plain[0].at<cv::Vec3b>(20, 20)), 60);
  EXPECT_LT(cv::norm(drawn[0].at<cv::Vec3b>(55, 80), plain[0].at<cv::Vec3b>(55, 80)), 12);
  EXPECT_EQ(names_in(""), (std::vector<std::string>{"clip.mp4", "front.mkv", "front.ndjson"}));
}

TEST_F(Sidecar75, TheRecordingItselfIsNeverOverwritten) {
  recorded("front.raw.mkv", even(75));
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  fs::create_hard_link(at("front.raw.mkv"), at("linked.mkv"));
  const std::string before = contents(at("front.raw.mkv"));
  for (const char* name : {"front.mkv", "front.raw.mkv", "front.ndjson", "linked.mkv"}) {
    for (const auto& result :
         {export_clip(*recording, at(name), all(*recording)), export_csv(*recording, at(name), all(*recording))}) {
      ASSERT_FALSE(result) << name;
      EXPECT_EQ(result.error().message, at(name) + ": belongs to the recording itself: choose another name");
    }
  }
  EXPECT_EQ(contents(at("front.raw.mkv")), before);
  ASSERT_FALSE(export_pictures(*recording, at(""), ".png", all(*recording)));
  EXPECT_EQ(names_in("").size(), 4U);
}

TEST_F(Sidecar75, StoppedOrFailedExportsLeaveNothing) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  const std::vector<std::string> before = names_in("");
  using Export = std::function<Result<void>(const RecordingExport&)>;
  for (const Export& run : {Export([&](auto& o) { return export_clip(*recording, at("c.mkv"), o); }),
                            Export([&](auto& o) { return export_pictures(*recording, at("p"), ".png", o); }),
                            Export([&](auto& o) { return export_csv(*recording, at("c.csv"), o); }),
                            Export([&](auto& o) { return export_coco(*recording, at("d"), o); })}) {
    std::stop_source stop;
    RecordingExport options = all(*recording);
    options.stop = stop.get_token();
    options.progress = [&](double done) {
      if (done > 0.3) stop.request_stop();
    };
    const auto result = run(options);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::interrupted);
    EXPECT_EQ(names_in(""), before);
    options = all(*recording);
    options.range = {50000, 60000};
    (void)run(options);
    EXPECT_LE(names_in("").size(), before.size() + 1);  // a CSV without lines may be
    fs::remove(at("c.csv"));
  }
  EXPECT_EQ(export_clip(*recording, at("none/c.mkv"), all(*recording)).error().kind, ErrorKind::output);
  EXPECT_EQ(export_clip(*recording, at("c.txt"), all(*recording)).error().kind, ErrorKind::usage);
  EXPECT_EQ(export_coco(*recording, at("front.ndjson/d"), all(*recording)).error().kind, ErrorKind::output);
}

TEST_F(Sidecar75, PicturesOfLooks) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  RecordingExport options = all(*recording);
  options.boxes = false;
  ASSERT_TRUE(export_pictures(*recording, at("every"), ".png", options));
  EXPECT_EQ(names_in("every").size(), 15U);
  const auto picture = cv::imread(at("every/front_0h00m01.400s.png"));
  auto reader = RecordingReader::open(at("front.mkv"));
  EXPECT_TRUE(alike(picture, *reader->read(35)));
  options.every_s = 1;
  options.boxes = true;
  ASSERT_TRUE(export_pictures(*recording, at("seconds/"), ".jpg", options));
  EXPECT_EQ(names_in("seconds"),
            (std::vector<std::string>{"front_0h00m00.000s.jpg", "front_0h00m01.000s.jpg", "front_0h00m02.000s.jpg"}));
  EXPECT_EQ(export_pictures(*recording, at("seconds"), ".jpg", options).error().message,
            at("seconds") + ": is there already: choose a new folder");
}

TEST_F(Sidecar75, TableAsPythonReadsIt) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  RecordingExport options = all(*recording);
  options.filter = DetectionFilter(3, 0.1F);
  options.range = {800, 2500};
  ASSERT_TRUE(export_csv(*recording, at("t.csv"), options));
  const std::string said = output_of(
      DUALSIGHT_PYTHON " -c \"import csv; rows=list(csv.DictReader(open('" + at("t.csv") +
      "')));"
      "print(len(rows)); print(*[(r['source'],r['frame'],r['pts_ms'],r['timestamp'],r['name'],r['confidence'],r['x1'],"
      "r['image_width']) for r in rows if r['name']], sep='\\n')\"");
  // Looks at 800, 1000, ... 2400: nine, each with one line.
  EXPECT_EQ(lines_of(said),
            (std::vector<std::string>{
                "9", "('front', '1020', '800.00', '2026-11-25T10:00:00.800Z', 'dog', '0.9000', '40.00', '96')",
                "('front', '1025', '1000.00', '2026-11-25T10:00:01.000Z', 'dog', '0.9000', '50.00', '96')",
                "('front', '1050', '2000.00', '2026-11-25T10:00:02.000Z', 'cat', '0.6000', '50.00', '96')",
                "('front', '1060', '2400.00', '2026-11-25T10:00:02.400Z', 'dog', '0.2000', '5.00', '96')"}));
}

TEST_F(Sidecar75, DataSetThatTrainingReads) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  RecordingExport options = all(*recording);
  options.every_s = 1;
  ASSERT_TRUE(export_coco(*recording, at("set"), options));
  EXPECT_EQ(names_in("set"), (std::vector<std::string>{"annotations.json", "images"}));
  const auto json = nlohmann::json::parse(contents(at("set/annotations.json")));
  EXPECT_EQ(json["images"].size(), 3U);
  EXPECT_EQ(json["annotations"].size(), 3U);  // dog at 0 and 1 s, cat at 2 s
  EXPECT_EQ(json["annotations"][2]["bbox"], (std::vector<double>{50, 40, 40, 24}));
  DatasetProblems problems;
  const auto set = load_coco(at("set"), problems);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_TRUE(problems.lines.empty());
  EXPECT_EQ(set->class_names, (std::vector<std::string>{"dog", "cat", "kite"}));
  ASSERT_EQ(set->pictures.size(), 3U);
  ASSERT_EQ(set->pictures[1].objects.size(), 1U);
  EXPECT_EQ(set->pictures[1].objects[0].class_id, 0);
  EXPECT_EQ(set->pictures[1].objects[0].box.x1, 50);
  EXPECT_EQ(set->pictures[2].objects[0].class_id, 1);
  EXPECT_EQ(set->pictures[0].not_exhaustive, std::vector<int>{2});  // the model did not look for kites
  fs::remove(at("front.ndjson"));
  EXPECT_EQ(export_coco(*Recording::open(at("front.mkv")), at("none"), {}).error().message,
            at("front.mkv") + ": has no records beside it, so there is nothing to label");
}

// Who learns from drawn boxes learns to see drawn boxes.
TEST_F(Sidecar75, NothingIsLearnedFromDrawnBoxes) {
  std::string lines = records();
  lines.insert(1, R"("video":"annotated",)");
  text("front.ndjson", lines);
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  const auto refused = export_coco(*recording, at("set"), all(*recording));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_NE(refused.error().message.find("front.mkv: has boxes drawn into its pictures"), std::string::npos);
  EXPECT_FALSE(fs::exists(at("set")));
}

}  // namespace
}  // namespace dualsight
