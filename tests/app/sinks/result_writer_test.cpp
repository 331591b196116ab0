#include "app/sinks/result_writer.h"

#include <cmath>
#include <cstdlib>

#include "app/records/json_records.h"
#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

// 1795341600 s after 1970 is 2026-11-22T10:00:00Z (Python's datetime says so).
const UtcTime ten_oclock = UtcTime(std::chrono::seconds(1795341600));

HeaderRecord header() {
  HeaderRecord record;
  record.timestamp = ten_oclock;
  record.model_file = "models/m.safetensors";
  record.model_name = "M";
  record.architecture = "resnet18";
  record.model_sha256 = std::string(64, '0');
  record.class_names = {"person", "dog"};
  record.options.input_size = 320;
  record.options.threads = 2;
  record.thresholds = {0.3F, 0.35F};
  record.device = "CPU";
  record.sources = {"clip.mp4"};
  return record;
}

FrameRecord dog_frame() {
  FrameRecord record;
  record.source = "cam0";
  record.frame = 123;
  record.pts_ms = 4100;
  record.timestamp = ten_oclock + std::chrono::milliseconds(123);
  record.width = 1280;
  record.height = 720;
  record.speed = {1.2, 31, 0.8};
  const SteadyTime origin{std::chrono::hours(5)};
  const auto after = [&](int ms) { return origin + std::chrono::milliseconds(ms); };
  record.times = {origin, after(4100), after(4113), after(4145), after(4146)};
  record.detections = {{1, 0.91F, {10, 20, 110, 220}}};
  return record;
}

FrameRecord empty_picture() {
  FrameRecord record = dog_frame();
  record.source = "photos";
  record.file = "photos/a, \"b\".jpg";
  record.frame = 0;
  record.pts_ms.reset();
  record.detections.clear();
  return record;
}

SummaryRecord summary() {
  SummaryRecord record;
  record.timestamp = ten_oclock;
  record.frames = 2;
  record.seconds = 0.5;
  record.objects = {0, 1};
  SourceSummary& source = record.sources.emplace_back();
  source.source = "cam0";
  source.captured = source.frames = 2;
  record.files = {"-"};
  return record;
}

class ResultWriterTest : public TemporaryFolder {
 protected:
  // Writes a frame with a dog, an empty picture, then the end.
  std::string written(const std::string& format) {
    auto writer = make_result_writer(format, at("out"));
    EXPECT_TRUE(writer);
    EXPECT_TRUE((*writer)->begin(header()));
    EXPECT_TRUE((*writer)->on_result(dog_frame(), {}));
    EXPECT_TRUE((*writer)->on_result(empty_picture(), {}));
    EXPECT_TRUE((*writer)->end(summary()));
    return contents(at("out"));
  }
};

TEST(Records, NumbersAreRoundedAndFinite) {
  EXPECT_EQ(number(1.005001, 2).dump(), "1.01");
  EXPECT_EQ(number(0.91F, 4).dump(), "0.91");
  EXPECT_EQ(number(-0.0001, 2).dump(), "0.0");
  EXPECT_EQ(number(std::nan(""), 2).dump(), "null");
  EXPECT_EQ(number(INFINITY, 2).dump(), "null");
}

TEST(Records, ExitCodeFollowsErrorThenInterruption) {
  SummaryRecord record = summary();
  EXPECT_EQ(record.exit_code(), 0);
  record.interrupted = true;
  EXPECT_EQ(record.exit_code(), 130);
  record.error = Error{ErrorKind::output, "x"};
  EXPECT_EQ(record.exit_code(), 5);
}

TEST_F(ResultWriterTest, NdjsonFrameIsAsSpecified) {
  const auto lines = lines_of(written("ndjson"));
  ASSERT_EQ(lines.size(), 4U);  // header, two frames, summary
  // Centre (10+110)/2, (20+220)/2; size 110-10, 220-20; area 100*200.
  EXPECT_EQ(
      lines[1],
      R"({"schema":"dualsight/1","type":"frame","source":"cam0","frame":123,"pts_ms":4100.0,)"
      R"("timestamp":"2026-11-22T10:00:00.123Z","image":{"width":1280,"height":720},)"
      R"("speed_ms":{"preprocess":1.2,"inference":31.0,"postprocess":0.8,"age":46.0},)"
      R"("times_ms":{"capture":4100.0,"start":4113.0,"end":4145.0,"publish":4146.0},"dropped":0,)"
      R"("detections":[{"name":"dog","class":1,"confidence":0.91,"box":{"x1":10.0,"y1":20.0,"x2":110.0,"y2":220.0},)"
      R"("center":{"x":60.0,"y":120.0},"size":{"width":100.0,"height":200.0,"area":20000.0}}]})");
  const auto picture = nlohmann::json::parse(lines[2]);
  EXPECT_EQ(picture["file"], "photos/a, \"b\".jpg");
  EXPECT_TRUE(picture["pts_ms"].is_null());
  EXPECT_TRUE(picture["detections"].empty());
  EXPECT_EQ(
      lines[3],
      R"({"schema":"dualsight/1","type":"summary","timestamp":"2026-11-22T10:00:00.000Z","frames":2,"dropped":0,)"
      R"("skipped":0,"seconds":0.5,"fps":4.0,"objects":{"dog":1},)"
      R"("sources":[{"source":"cam0","captured":2,"frames":2,"dropped":0,"skipped":0,"reconnects":0,)"
      R"("record_dropped":0,"record_queue_max":0,"tracks":0,"capture_fps":0.0,"age_ms":{"median":0.0,"max":0.0},"truncated":false,)"
      R"("regions":[]}],"files":["-"],)"
      R"("interrupted":false,"exit_code":0})");
}

TEST_F(ResultWriterTest, NdjsonLineIsInTheFileWhenFrameReturns) {
  auto writer = make_result_writer("ndjson", at("out"));
  ASSERT_TRUE((*writer)->begin(header()));
  EXPECT_EQ(lines_of(contents(at("out"))).size(), 1U);
  ASSERT_TRUE((*writer)->on_result(dog_frame(), {}));
  EXPECT_EQ(lines_of(contents(at("out"))).size(), 2U);
}

TEST_F(ResultWriterTest, EveryRecordTypeFitsTheSchemaAndTheSchemaIsStrict) {
  auto writer = make_result_writer("ndjson", at("out"));
  ASSERT_TRUE((*writer)->begin(header()));
  ASSERT_TRUE((*writer)->on_result(dog_frame(), {}));
  ASSERT_TRUE((*writer)->on_result(empty_picture(), {}));
  FrameRecord full = dog_frame();
  full.detections[0].track_id = 7;
  full.candidates = {{0, 0.2F, {1, 2, 3, 4}}};
  full.zones = {"door"};
  ASSERT_TRUE((*writer)->on_result(full, {}));
  ASSERT_TRUE((*writer)->on_status({"photos", ten_oclock, State::skipped, "b.jpg: is not a picture", "b.jpg", {}, {}}));
  for (const State state : {State::connected, State::lost, State::resized, State::truncated, State::failed,
                            State::recording, State::recorded, State::recording_failed}) {
    ASSERT_TRUE((*writer)->on_status({"cam0", ten_oclock, state, "message", "", {}, {}}));
  }
  ASSERT_TRUE((*writer)->on_status({"cam0", ten_oclock, State::retrying, "again in 4 s", "", 3, 4.0}));
  for (const Event event : {Event::appeared, Event::changed, Event::ended, Event::entered, Event::left}) {
    ASSERT_TRUE((*writer)->on_event({"cam0", 1, 40.0, ten_oclock, event, full.detections[0], "door", "", 2.5}));
  }
  ASSERT_TRUE(
      (*writer)->on_event({"cam0", 1, 40.0, ten_oclock, Event::crossed, full.detections[0], "gate", "forward", {}}));
  StatsRecord stats;
  stats.timestamp = ten_oclock;
  stats.sources.emplace_back().source = "cam0";
  ASSERT_TRUE((*writer)->on_stats(stats));
  SummaryRecord end = summary();
  ZoneSummary door{"door", false, {{"dog", 2}}, {{"dog", 1}}, {}, {}}, gate{"gate", true, {}, {}, {{"dog", 1}}, {}};
  end.sources[0].zones = {door, gate};
  end.error = Error{ErrorKind::source, "cam0: lost"};
  ASSERT_TRUE((*writer)->end(end));
  // An event as others may write it.
  std::ofstream(at("out"), std::ios::app)
      << R"({"schema":"dualsight/1","type":"event","source":"cam0","frame":1,"pts_ms":null,)"
         R"("timestamp":"2026-11-22T10:00:00.123Z","event":"new","detection":{"name":"dog","class":1,"confidence":0.9,)"
         R"("box":{"x1":1,"y1":2,"x2":3,"y2":4},"center":{"x":2,"y":3},"size":{"width":2,"height":2,"area":4},)"
         R"("track_id":7}})"
      << '\n';
  const std::string command = std::string(DUALSIGHT_PYTHON) + " " + DUALSIGHT_SOURCE_DIR +
                              "/tests/app/support/validate_records.py " + DUALSIGHT_SOURCE_DIR +
                              "/assets/dualsight-1.schema.json " + at("out") + " > " + at("report") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << contents(at("report"));
  EXPECT_EQ(contents(at("report")), "23\n");  // 1 header, 3 frames, 10 status, 6 + 1 events, 1 stats, 1 summary
}

TEST_F(ResultWriterTest, CocoIsValidAfterEveryFrame) {
  auto writer = make_result_writer("coco", at("out"));
  const auto now = [&] { return nlohmann::json::parse(contents(at("out"))); };
  ASSERT_TRUE((*writer)->begin(header()));
  EXPECT_EQ(now(), nlohmann::json::array());
  ASSERT_TRUE((*writer)->on_result(dog_frame(), {}));
  ASSERT_TRUE((*writer)->on_result(empty_picture(), {}));
  EXPECT_EQ(now().size(), 1U);
  FrameRecord two = dog_frame();
  two.detections.push_back({0, 0.5F, {0, 0, 1.5F, 2.25F}});
  ASSERT_TRUE((*writer)->on_result(two, {}));
  EXPECT_EQ(now().size(), 3U);
  ASSERT_TRUE((*writer)->end(summary()));
  // bbox is x, y, width, height; image_id counts frames written: 0, (1 is empty), 2.
  EXPECT_EQ(now(), nlohmann::json::parse(R"([
      {"image_id": 0, "category_id": 1, "bbox": [10.0, 20.0, 100.0, 200.0], "score": 0.91, "name": "dog"},
      {"image_id": 2, "category_id": 1, "bbox": [10.0, 20.0, 100.0, 200.0], "score": 0.91, "name": "dog"},
      {"image_id": 2, "category_id": 0, "bbox": [0.0, 0.0, 1.5, 2.25], "score": 0.5, "name": "person"}])"));
}

TEST_F(ResultWriterTest, UltralyticsIsOneArrayAFrame) {
  EXPECT_EQ(written("ultralytics"),
            R"([{"name":"dog","class":1,"confidence":0.91,"box":{"x1":10.0,"y1":20.0,"x2":110.0,"y2":220.0}}])"
            "\n[]\n");
}

TEST_F(ResultWriterTest, CsvQuotesAndKeepsEmptyFrames) {
  EXPECT_EQ(written("csv"),
            "source,file,frame,pts_ms,timestamp,image_width,image_height,name,class,confidence,"
            "x1,y1,x2,y2,center_x,center_y,width,height\n"
            "cam0,,123,4100.00,2026-11-22T10:00:00.123Z,1280,720,dog,1,0.9100,"
            "10.00,20.00,110.00,220.00,60.00,120.00,100.00,200.00\n"
            "photos,\"photos/a, \"\"b\"\".jpg\",0,,2026-11-22T10:00:00.123Z,1280,720,,,,,,,,,,,\n");
}

TEST_F(ResultWriterTest, YoloTextIsOneFileAFrame) {
  auto writer = make_result_writer("yolo-txt", at("labels/new"));
  ASSERT_TRUE((*writer)->begin(header()));
  FrameRecord record = dog_frame();
  record.file = "photos/dog.jpg";
  ASSERT_TRUE((*writer)->on_result(record, {}));
  record.file = "other/dog.png";  // the same name again
  ASSERT_TRUE((*writer)->on_result(record, {}));
  record = dog_frame();
  record.detections.clear();
  ASSERT_TRUE((*writer)->on_result(record, {}));
  // 60/1280, 120/720, 100/1280, 200/720
  const std::string line = "1 0.046875 0.166667 0.078125 0.277778 0.9100\n";
  EXPECT_EQ(contents(at("labels/new/dog.txt")), line);
  EXPECT_EQ(contents(at("labels/new/dog_2.txt")), line);
  EXPECT_TRUE(fs::exists(at("labels/new/cam0_000123.txt")));
  EXPECT_EQ(contents(at("labels/new/cam0_000123.txt")), "");
}

TEST_F(ResultWriterTest, UnwritablePathsAreNamed) {
  for (const std::string& format : result_formats()) {
    // A file stands where a folder is needed.
    const std::string path = text("file", "x") + "/out";
    auto writer = make_result_writer(format, path);
    ASSERT_TRUE(writer);
    const auto begun = (*writer)->begin(header());
    ASSERT_FALSE(begun) << format;
    EXPECT_EQ(begun.error().kind, ErrorKind::output);
    EXPECT_EQ(begun.error().message, path + ": cannot be written: Not a directory") << format;
  }
}

TEST_F(ResultWriterTest, FullDiskIsNoticedAtOnce) {
  for (const std::string format : {"ndjson", "coco", "csv"}) {
    auto writer = make_result_writer(format, "/dev/full");
    const auto begun = (*writer)->begin(header());
    ASSERT_FALSE(begun) << format;
    EXPECT_EQ(begun.error().message, "/dev/full: cannot be written: No space left on device");
  }
  auto writer = make_result_writer("ultralytics", "/dev/full");
  ASSERT_TRUE((*writer)->begin(header()));  // has no header to write
  EXPECT_FALSE((*writer)->on_result(dog_frame(), {}));
}

TEST(ResultWriter, RefusesWhatMakesNoSense) {
  EXPECT_FALSE(make_result_writer("xml", "out"));
  const auto folder = make_result_writer("yolo-txt", "-");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace dualsight
