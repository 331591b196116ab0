#include "app/recording/playback.h"

#include <map>
#include <opencv2/imgproc.hpp>
#include <random>

#include "app/recording/video_encoder.h"
#include "detector/annotations/coco.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

const cv::Size kSize(96, 64);

// Grey that tells the number, and a bright square that wanders, so that no two frames are alike.
cv::Mat frame_of(int64_t number) {
  cv::Mat frame = numbered(number, kSize);
  cv::rectangle(frame, cv::Rect(static_cast<int>(number * 7 % 80), static_cast<int>(number * 5 % 48), 16, 16),
                cv::Scalar(40, 90 + number % 60, 250), cv::FILLED);
  return frame;
}

bool alike(const cv::Mat& a, const cv::Mat& b) { return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0; }

class RecordingTest : public TemporaryFolder {
 protected:
  // By the project's encoder: a key frame a second.
  std::string recorded(const std::string& name, const std::vector<int64_t>& times) const {
    EncoderOptions options;
    options.fps = 25;
    auto encoder = VideoEncoder::create(at(name), kSize.width, kSize.height, options);
    EXPECT_TRUE(encoder);
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_TRUE(encoder->write(frame_of(static_cast<int64_t>(i)), times[i]));
    }
    EXPECT_TRUE(encoder->close());
    return at(name);
  }
  static std::vector<int64_t> even(int count) {
    std::vector<int64_t> times;
    for (int i = 0; i < count; ++i) times.push_back(40 * i);
    return times;
  }
  std::string converted(const std::string& video, const std::string& name, const std::string& options) const {
    output_of("ffmpeg -v error -i '" + video + "' " + options + " '" + at(name) + "'");
    return at(name);
  }

  // Every frame, in a random order and then backwards, is the picture that OpenCV gives when it reads from the start.
  void expect_exact(const std::string& video, std::size_t least, int lost = 0) const {
    std::vector<cv::Mat> in_order;
    cv::VideoCapture capture(video, cv::CAP_FFMPEG);
    for (cv::Mat frame; capture.read(frame);) in_order.push_back(frame.clone());
    ASSERT_GE(in_order.size(), least) << video;
    auto reader = RecordingReader::open(video);
    ASSERT_TRUE(reader) << reader.error().message;
    // Of a killed one the last packet may be a half.
    ASSERT_NEAR(static_cast<double>(reader->times().size()), static_cast<double>(in_order.size()), lost) << video;
    std::vector<std::size_t> order(in_order.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::mt19937 random(1);
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t i = order.size(); i-- > 0;) order.push_back(i);
    for (std::size_t i = 0; i < in_order.size(); ++i) order.push_back(i);
    int wrong = 0;
    for (const std::size_t i : order) {
      const auto picture = reader->read(i);
      ASSERT_TRUE(picture) << picture.error().message;
      if (!alike(*picture, in_order[i])) ++wrong;
    }
    EXPECT_EQ(wrong, 0) << video;
  }

  static void expect_times(const std::string& video) {
    const auto reader = RecordingReader::open(video);
    ASSERT_TRUE(reader);
    const std::vector<int64_t> truth = times_of(video);
    ASSERT_EQ(reader->times().size(), truth.size()) << video;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      EXPECT_NEAR(reader->times()[i], static_cast<double>(truth[i] - truth[0]), 1) << video << " frame " << i;
    }
  }
};

TEST_F(RecordingTest, EveryFrameOfTheProjectsOwnVideosIsFoundExactly) {
  for (const char* name : {"a.mkv", "a.mp4", "a.avi"}) {
    const std::string video = recorded(name, even(90));
    expect_exact(video, 90);
    expect_times(video);
  }
}

TEST_F(RecordingTest, AlsoWithTimesThatVary) {
  std::vector<int64_t> times;
  std::mt19937 random(7);
  int64_t time = 0;
  for (int i = 0; i < 100; ++i) {
    times.push_back(time);
    time += i % 20 == 19 ? 1700 : 3 + static_cast<int64_t>(random() % 130);
  }
  const std::string video = recorded("varying.mkv", times);
  expect_exact(video, 100);
  auto reader = RecordingReader::open(video);
  ASSERT_TRUE(reader);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(reader->times()[i], static_cast<double>(times[i]));
}

TEST_F(RecordingTest, GapsInAviAreNoFrames) {
  auto reader = RecordingReader::open(recorded("gaps.avi", {0, 40, 80, 1000, 1040, 1080, 3000}));
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->times(), (std::vector<double>{0, 40, 80, 1000, 1040, 1080, 3000}));
  for (const std::size_t i : {3U, 2U, 6U, 0U, 5U}) {
    const auto picture = reader->read(i);
    ASSERT_TRUE(picture);
    EXPECT_LT(cv::norm(*picture, frame_of(static_cast<int64_t>(i)), cv::NORM_L1) / kSize.area(), 12) << i;
  }
}

TEST_F(RecordingTest, ADamagedPlaceIsPassedOver) {
  const std::string video = recorded("damaged.mkv", even(100));
  std::string bytes = contents(video);
  for (std::size_t i = bytes.size() * 4 / 10; i < bytes.size() * 5 / 10; ++i) bytes[i] = static_cast<char>(i * 31);
  text("damaged.mkv", bytes);
  auto reader = RecordingReader::open(video);
  ASSERT_TRUE(reader);
  const std::size_t count = reader->times().size();
  EXPECT_GE(count, 60U);
  for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(reader->read(i)) << i;
  for (std::size_t i = count; i-- > 0;) EXPECT_TRUE(reader->read(i)) << i;
  const auto last = reader->read(count - 1);
  ASSERT_TRUE(last);
  EXPECT_LT(cv::norm(*last, frame_of(99), cv::NORM_L1) / kSize.area(), 12);
}

TEST_F(RecordingTest, AlsoWithBFramesAndLongOpenGroups) {
  const std::string source = recorded("source.mkv", even(130));
  const std::string b_frames = "-c:v libx264 -bf 4 -x264-params b-adapt=0:keyint=40:min-keyint=40:scenecut=0:";
  for (const auto& [name, options] : std::map<std::string, std::string>{
           {"closed.mp4", b_frames + "b-pyramid=normal"},
           {"closed.mkv", b_frames + "b-pyramid=normal"},
           {"open.mkv", b_frames + "open-gop=1"},
           {"open.mp4", b_frames + "open-gop=1"},
           {"long.mp4", "-c:v libx264 -bf 3 -g 1000"},
           {"mpeg4.mp4", "-c:v mpeg4 -bf 2 -g 30 -q:v 3"},
           {"short.mp4", "-c:v libx264 -bf 3 -x264-params keyint=5:min-keyint=5:b-adapt=0"}}) {
    const std::string video = converted(source, name, options);
    expect_exact(video, 128);
    expect_times(video);
  }
}

// As ffmpeg turns them (OpenCV 4.6 turns by a quarter the wrong way).
TEST_F(RecordingTest, TurnedVideosStandUpright) {
  const std::string plain = recorded("plain.mp4", even(3));
  for (const int degrees : {90, 180, 270}) {
    const std::string name = std::to_string(degrees);
    const std::string turned = converted(plain, name + ".mp4", "-c copy -metadata:s:v rotate=" + name);
    const cv::Size size = degrees == 180 ? kSize : cv::Size(kSize.height, kSize.width);
    auto reader = RecordingReader::open(turned);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->size(), size);
    const auto picture = reader->read(1);
    ASSERT_TRUE(picture);
    ASSERT_EQ(picture->size(), size);
    EXPECT_LT(cv::norm(*picture, dualsight::frames_of(turned, size)[1], cv::NORM_L1) / size.area(), 12) << degrees;
  }
}

TEST_F(RecordingTest, AKilledRecordingIsReadAsFarAsItGoes) {
  for (const char* name : {"killed.mkv", "killed.mp4"}) {
    const std::string video = recorded(name, even(150));
    fs::resize_file(video, fs::file_size(video) * 7 / 10);
    expect_exact(video, 80, 1);
  }
}

TEST_F(RecordingTest, WhatIsNoVideoIsToldInOneLine) {
  EXPECT_EQ(RecordingReader::open(at("none.mkv")).error().message, at("none.mkv") + ": no such file");
  EXPECT_EQ(RecordingReader::open(text("text.mkv", "this is a text")).error().message,
            at("text.mkv") + ": cannot be opened as a video (truncated, or not a video)");
  EXPECT_EQ(Recording::open(text("empty.mkv", "")).error().kind, ErrorKind::source);
  EXPECT_EQ(Recording::open(at("")).error().kind, ErrorKind::source);  // a folder
}

// A recording of 3 s at 25 frames a second, looked at every 200 ms (frames 0, 5, ... 70), source frame numbers from
// 1000. A dog, track 4, until 1 s, moving right by 10 pixels a look; a cat at 2 s alone; a weak dog, candidate, at 2.4
// s.
class Sidecar75 : public RecordingTest {
 protected:
  static std::string detection(int c, double confidence, int x1, int y1, int x2, int y2, int track) {
    const auto box = R"({"x1":)" + std::to_string(x1) + R"(,"y1":)" + std::to_string(y1) + R"(,"x2":)" +
                     std::to_string(x2) + R"(,"y2":)" + std::to_string(y2) + "}";
    return R"({"name":"x","class":)" + std::to_string(c) + R"(,"confidence":)" + std::to_string(confidence) +
           R"(,"box":)" + box + (track > 0 ? R"(,"track_id":)" + std::to_string(track) : "") + "}";
  }
  static std::string records(int width = 96, int height = 64, int later = 0) {
    std::string out = R"({"schema":"dualsight/1","type":"header","class_names":["dog","cat","kite"],)"
                      R"("settings":{"thresholds":[0.4,0.4,1.5]}})"
                      "\n";
    for (int look = 0; look < 15; ++look) {
      const int ms = 200 * look;
      std::string detections, candidates;
      if (ms <= 1000) detections = detection(0, 0.9, 10 * look, 10, 10 * look + 20, 30, 4);
      if (ms == 2000) detections = detection(1, 0.6, 50, 40, 90, 64, 0);
      if (ms == 2400) candidates = detection(0, 0.2, 5, 5, 15, 25, 0);
      out += R"({"schema":"dualsight/1","type":"frame","source":"front","frame":)" + std::to_string(1000 + 5 * look) +
             R"(,"pts_ms":)" + std::to_string(ms + later) + R"(,"timestamp":"2026-11-25T10:00:0)" +
             std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + R"(00Z","image":{"width":)" +
             std::to_string(width) + R"(,"height":)" + std::to_string(height) + R"(},"detections":[)" + detections +
             R"(],"candidates":[)" + candidates + "]}\n";
    }
    return out;
  }

  void SetUp() override {
    recorded("front.mkv", even(75));
    text("front.ndjson", records());
  }
  static RecordingExport all(const Recording& recording) {
    RecordingExport options;
    options.filter = recording.as_recorded();
    return options;
  }
  std::vector<std::string> names_in(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(at(folder))) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(Sidecar75, IsFoundBesideTheVideo) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(recording->sidecar(), at("front.ndjson"));
  EXPECT_EQ(recording->problem(), "");
  EXPECT_EQ(recording->run().frames.size(), 15U);
  EXPECT_EQ(recording->times().size(), 75U);
  EXPECT_EQ(recording->duration_ms(), 3000);
  EXPECT_EQ(recording->size(), kSize);
  EXPECT_EQ(recording->index_at(0), 0U);
  EXPECT_EQ(recording->index_at(79), 1U);
  EXPECT_EQ(recording->index_at(80), 2U);
  EXPECT_EQ(recording->index_at(1e9), 74U);
  EXPECT_EQ(recording->index_at(-5), 0U);
  EXPECT_EQ(recording->classes_seen(), (std::vector<bool>{true, true, false}));
}

TEST_F(Sidecar75, RecordsTellWhetherBoxesAreDrawnAlready) {
  const auto with = [&](const std::string& what) {
    std::string lines = records();
    lines.insert(1, R"("video":")" + what + R"(",)");
    text("front.ndjson", lines);
    const auto recording = Recording::open(at("front.mkv"));
    EXPECT_TRUE(recording);
    EXPECT_EQ(recording->problem(), "");
    return recording->annotated();
  };
  EXPECT_FALSE(Recording::open(at("front.mkv"))->annotated());  // an older one does not tell
  EXPECT_TRUE(with("annotated"));
  EXPECT_FALSE(with("raw"));
  EXPECT_TRUE(with("both"));  // of which the raw one is gone
  recorded("front.raw.mkv", even(75));
  EXPECT_FALSE(with("both"));
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

TEST_F(Sidecar75, TheRawVideoIsTakenWhereThereAreBoth) {
  recorded("front.raw.mkv", even(75));
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->video(), at("front.raw.mkv"));
  EXPECT_EQ(recording->sidecar(), at("front.ndjson"));
  text("front.raw.mkv", "damaged");
  EXPECT_EQ(Recording::open(at("front.mkv"))->video(), at("front.mkv"));
}

TEST_F(Sidecar75, WithoutOrWithAStrangeOneTheVideoIsOpenedAllTheSame) {
  const auto other = Recording::open(at("front.mkv"), text("other.ndjson", records(1280, 720)));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->problem(),
            at("other.ndjson") + ": does not belong to front.mkv: it speaks of 1280x720 pixels, the video has 96x64");
  EXPECT_TRUE(other->run().frames.empty());
  const auto later = Recording::open(at("front.mkv"), text("other.ndjson", records(96, 64, 60000)));
  EXPECT_EQ(later->problem(),
            at("other.ndjson") + ": does not belong to front.mkv: most of it is later than the video's end");
  const auto damaged = Recording::open(at("front.mkv"), text("other.ndjson", "no json\n"));
  EXPECT_NE(damaged->problem().find(at("other.ndjson") + ":1: "), std::string::npos);
  fs::remove(at("front.ndjson"));
  const auto without = Recording::open(at("front.mkv"));
  ASSERT_TRUE(without);
  EXPECT_EQ(without->sidecar(), "");
  EXPECT_EQ(without->problem(), "");
  EXPECT_TRUE(without->detections_at(400, without->as_recorded()).empty());
}

TEST_F(Sidecar75, ThresholdsAreChangedAfterwards) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  const auto count = [&](double ms, float confidence) {
    return recording->detections_at(ms, DetectionFilter(3, confidence)).size();
  };
  EXPECT_EQ(count(400, -1), 1U);
  EXPECT_EQ(count(2400, -1), 0U);
  EXPECT_EQ(count(2400, 0.15F), 1U);
  EXPECT_EQ(count(2400, 0.25F), 0U);
  EXPECT_EQ(count(400, 0.95F), 0U);
  // Between the looks at 400 and 600 ms: from 20 to 30.
  const auto moving = recording->detections_at(480, recording->as_recorded());
  ASSERT_EQ(moving.size(), 1U);
  EXPECT_FLOAT_EQ(moving[0].box.x1, 24);
}

TEST_F(Sidecar75, PresenceIsWhereBoxesAreShown) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  using Spans = std::vector<TimeSpan>;
  // The last look at the dog at 1000 and the next at 1200: half way.
  auto spans = recording->presence(recording->as_recorded());
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0], (Spans{{0, 1100}}));
  EXPECT_EQ(spans[1], (Spans{{1900, 2100}}));
  EXPECT_EQ(spans[2], Spans{});
  EXPECT_EQ(recording->presence(DetectionFilter(3, 0.1F))[0], (Spans{{0, 1100}, {2300, 2500}}));
  EXPECT_EQ(recording->presence(DetectionFilter(3, 0.7F))[1], Spans{});
}

TEST_F(Sidecar75, ShortGapsAreBridged) {
  // Seen at 0, not at 200 and 400, seen at 600: gone from 100 to 500, 0.4 s; then not before 1400: gone 700..1300.
  std::string lines = records();
  std::string kept;
  int look = -1;
  for (const std::string& line : lines_of(lines)) {
    const int ms = 200 * look++;
    std::string out = line;
    if (look > 0) {
      const auto from = out.find(R"("detections":[)") + 14, to = out.find(R"(],"candidates")");
      const bool there = ms == 0 || ms == 600 || ms == 1400;
      out.replace(from, to - from, there ? detection(0, 0.9, 1, 1, 9, 9, 0) : "");
    }
    kept += out + "\n";
  }
  const auto recording = Recording::open(at("front.mkv"), text("other.ndjson", kept));
  ASSERT_TRUE(recording);
  ASSERT_EQ(recording->problem(), "");
  EXPECT_EQ(recording->presence(recording->as_recorded())[0], (std::vector<TimeSpan>{{0, 700}, {1300, 1500}}));
}

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

}  // namespace
}  // namespace dualsight
