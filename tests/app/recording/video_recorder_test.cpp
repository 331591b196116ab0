#include "app/recording/video_recorder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <numeric>
#include <thread>

#include "app/recording/disk_quota.h"
#include "app/recording/segment_names.h"
#include "app/system/frame_queue.h"
#include "tests/app/support/test_support.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

using std::chrono::milliseconds;
using Times = std::vector<int64_t>;
using Names = std::vector<std::string>;

const UtcTime start{milliseconds(1'795'601'472'345)};  // 2026-11-25T10:11:12.345Z

HeaderRecord header() {
  HeaderRecord record;
  record.class_names = {"cat", "dog"};
  return record;
}

ShownFrame frame_at(int64_t number, std::optional<double> pts_ms, const std::string& source = "front") {
  ShownFrame frame;
  frame.source = source;
  frame.bgr = numbered(number);
  frame.frame = number;
  frame.pts_ms = pts_ms;
  frame.timestamp = start + milliseconds(static_cast<int64_t>(pts_ms.value_or(0)));
  return frame;
}

FrameRecord record_of(const ShownFrame& frame) {
  FrameRecord record;
  record.source = frame.source;
  record.frame = frame.frame;
  record.pts_ms = frame.pts_ms;
  record.timestamp = frame.timestamp;
  record.detections = frame.detections;
  return record;
}

EventRecord event_of(const ShownFrame& frame) {
  EventRecord record;
  record.source = frame.source;
  record.frame = frame.frame;
  record.pts_ms = frame.pts_ms;
  return record;
}

Detection animal(int class_id) { return {class_id, 0.9F, {10, 10, 50, 40}, 1}; }

std::vector<int> range(int first, int last) {  // as numbers_in() reads them
  std::vector<int> numbers;
  for (int i = first; i <= last; ++i) numbers.push_back(i % 30);
  return numbers;
}

// How far the left edge of animal()'s box stands out from a frame of that grey.
double edge(const std::string& video, int grey = 130, std::size_t frame = 0) {
  const auto frames = frames_of(video, {64, 48});
  EXPECT_GT(frames.size(), frame) << video;
  if (frames.size() <= frame) return 0;
  double most = 0;
  for (const cv::Vec3b& pixel : cv::Mat_<cv::Vec3b>(frames[frame](cv::Rect(9, 25, 2, 8)).clone())) {
    for (int c = 0; c < 3; ++c) most = std::max(most, std::abs(static_cast<double>(pixel[c]) - grey));
  }
  return most;
}

class RecorderTest : public TemporaryFolder {
 protected:
  RecorderTest() { options_.target = at("out"); }

  void open() {
    auto made = make_recorder(options_);
    ASSERT_TRUE(made) << made.error().message;
    recorder_ = *std::move(made);
    const auto begun = recorder_->begin(header());
    ASSERT_TRUE(begun) << begun.error().message;
  }
  void show(const ShownFrame& frame) { EXPECT_TRUE(recorder_->on_frame(frame)); }
  void look(const ShownFrame& frame) {
    show(frame);
    EXPECT_TRUE(recorder_->on_result(record_of(frame), frame.bgr));
  }
  Result<void> end() { return recorder_->end({}); }
  void close() {
    const auto ended = end();
    EXPECT_TRUE(ended) << ended.error().message;
  }

  // 10 frames/s. Every fifth is looked at, and also those in which a dog is seen.
  void watch(int frames, const std::vector<int>& dogs) {
    open();
    for (int i = 0; i < frames; ++i) {
      ShownFrame frame = frame_at(i, i * 100.0);
      const bool dog = std::find(dogs.begin(), dogs.end(), i) != dogs.end();
      if (dog) {
        FrameRecord record = record_of(frame);
        record.detections = {animal(1)};
        show(frame);
        EXPECT_TRUE(recorder_->on_result(record, frame.bgr));
      } else if (i % 5 == 0) {
        look(frame);
      } else {
        show(frame);
      }
    }
    close();
  }

  Names files(const std::string& extension, const std::string& folder = "out") const {
    Names names;
    for (const auto& entry : fs::directory_iterator(at(folder))) {
      if (entry.path().string().ends_with(extension)) names.push_back(entry.path().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  Names messages(State state) {
    for (const StatusRecord& record : recorder_->take_status_records()) status_records_.push_back(record);
    Names texts;
    for (const StatusRecord& record : status_records_) {
      if (record.state == state) texts.push_back(record.message);
    }
    return texts;
  }

  // "frame 5 at 500" of each record after the header.
  static Names told_in(const std::string& sidecar) {
    Names told;
    const auto records = records_of(contents(sidecar));
    EXPECT_FALSE(records.empty());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto& record = records[i];
      EXPECT_EQ(record["type"] == "header", i == 0);
      if (i == 0) continue;
      told.push_back(record["type"].get<std::string>() + " " + std::to_string(record["frame"].get<int>()) + " at " +
                     std::to_string(record["pts_ms"].get<int64_t>()));
    }
    return told;
  }

  RecorderOptions options_;
  std::unique_ptr<Sink> recorder_;
  std::vector<StatusRecord> status_records_;
};

// The first test, for it forks: no thread has been started yet.
TEST_F(RecorderTest, SurvivesKill) {
  struct Child {
    std::string path;
    pid_t pid;
  };
  std::vector<Child> children{{at("a.mkv"), 0}, {at("a.mp4"), 0}};
  for (Child& child : children) {
    child.pid = fork();
    if (child.pid != 0) continue;
    cv::setNumThreads(1);
    options_.target = child.path;
    open();
    const auto begin = std::chrono::steady_clock::now();
    for (int64_t i = 0;; ++i) {
      std::this_thread::sleep_until(begin + milliseconds(i * 100));
      ShownFrame frame = frame_at(i, static_cast<double>(i * 100));
      frame.live = true;
      look(frame);
    }
  }
  std::this_thread::sleep_for(milliseconds(4200));
  for (const Child& child : children) {
    kill(child.pid, SIGKILL);
    int status = 0;
    waitpid(child.pid, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << child.path;
  }
  for (const Child& child : children) {
    const Times times = times_of(child.path);
    ASSERT_FALSE(times.empty()) << child.path;
    EXPECT_GE(times.back(), 2200) << child.path;
    EXPECT_EQ(numbers_in(child.path), range(0, static_cast<int>(times.size()) - 1));
  }
  EXPECT_GE(told_in(at("a.ndjson")).size(), 22U);
}

TEST_F(RecorderTest, VaryingTimesAreKept) {
  for (const std::string extension : {".mkv", ".mp4"}) {
    options_.target = at("a" + extension);
    open();
    EXPECT_EQ(recorder_->target(), at("a" + extension));
    const std::vector<double> times{5000, 5040.4, 5500, 5509.7, 7510};
    for (std::size_t i = 0; i < times.size(); ++i) {
      const ShownFrame frame = frame_at(static_cast<int64_t>(i), times[i]);
      i % 2 == 0 ? look(frame) : show(frame);
      if (i == 2) {
        EXPECT_TRUE(recorder_->on_event(event_of(frame)));
      }
    }
    close();
    EXPECT_EQ(times_of(options_.target), (Times{0, 40, 500, 510, 2510}));
    EXPECT_EQ(numbers_in(options_.target), range(0, 4));
    EXPECT_EQ(told_in(at("a.ndjson")), (Names{"frame 0 at 0", "frame 2 at 500", "event 2 at 500", "frame 4 at 2510"}));
    EXPECT_EQ(messages(State::recording), (Names{"recording " + options_.target + ": H.264 (libx264), 64x48"}));
    // The last frame lasts a second, as the one before it would, had VideoEncoder not limited that.
    EXPECT_EQ(messages(State::recorded), (Names{"recorded " + options_.target + ": 5 frames, 3.5 s"}));
    status_records_.clear();
  }
}

// Of a clip with what came before, and of the segment after it: the event's own time in the file that it is in.
TEST_F(RecorderTest, EventsAreToldWhereTheyAre) {
  std::mutex mutex;
  Names told;
  options_.on_event = [&](const EventRecord& event, const std::string& video, double seconds) {
    const std::lock_guard lock(mutex);
    told.push_back(std::to_string(event.frame) + " at " + std::to_string(std::lround(seconds * 1000)) + " of " +
                   fs::path(video).filename().string());
  };
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 0.5;
  options_.post_roll_s = 10;
  options_.segment_seconds = 1;
  open();
  for (int i = 0; i < 30; ++i) {
    ShownFrame frame = frame_at(i, 7000 + i * 100.0);
    if (i == 12) frame.detections = {animal(1)};
    look(frame);
    if (i == 3 || i == 9 || i == 12 || i == 20) {
      EXPECT_TRUE(recorder_->on_event(event_of(frame)));
    }
  }
  close();
  const Names videos = files(".mkv");  // frames 7 to 16, 17 to 26, and the rest
  ASSERT_EQ(videos.size(), 3U);
  const auto name = [&](std::size_t i) { return fs::path(videos[i]).filename().string(); };
  EXPECT_EQ(told, (Names{"9 at 200 of " + name(0), "12 at 500 of " + name(0), "20 at 300 of " + name(1)}));
}

TEST_F(RecorderTest, RawAndAnnotated) {
  ShownFrame frame = frame_at(15, 0);  // grey 130
  frame.detections = {animal(1)};
  for (const RecordWhat what : {RecordWhat::annotated, RecordWhat::raw, RecordWhat::both}) {
    options_.what = what;
    options_.target = at("a.mkv");
    options_.sidecar = what == RecordWhat::both;
    open();
    look(frame);
    close();
    if (what == RecordWhat::raw) {
      EXPECT_LT(edge(at("a.mkv")), 5);
    } else {
      EXPECT_GT(edge(at("a.mkv")), 30);
    }
    if (what == RecordWhat::both) {
      EXPECT_LT(edge(at("a.raw.mkv")), 5);
    }
    EXPECT_EQ(fs::exists(at("a.raw.mkv")), what == RecordWhat::both);
    EXPECT_EQ(fs::exists(at("a.ndjson")), what == RecordWhat::both);
    if (what == RecordWhat::both) {
      EXPECT_EQ(records_of(contents(at("a.ndjson")))[0]["video"], "both");
    }
  }
  EXPECT_EQ(cv::norm(frame.bgr, numbered(15), cv::NORM_INF), 0);  // it is others' too
}

TEST_F(RecorderTest, NamesInAFolder) {
  options_.what = RecordWhat::both;
  options_.container = ".mp4";
  open();
  look(frame_at(0, 700, "yard cam:1"));
  close();
  const std::string stem = at("out/yard_cam_1_20261125T101113.045Z");
  EXPECT_EQ(files(""), (Names{stem + ".mp4", stem + ".ndjson", stem + ".raw.mp4"}));
  open();
  look(frame_at(0, 700, "yard cam:1"));
  close();
  EXPECT_EQ(files(".mp4").size(), 4U);
  EXPECT_TRUE(fs::exists(stem + "_2.raw.mp4"));
}

// a: 25/s; b: 10/s; then two pictures.
TEST_F(RecorderTest, SourcesFollowOneAnother) {
  const auto feed = [&] {
    open();
    int64_t number = 0;
    for (const double pts : {0.0, 40.0, 80.0, 1000.0, 1100.0}) {
      ShownFrame frame = frame_at(number++, pts, pts < 100 ? "a" : "b");
      frame.source_fps = pts < 100 ? 25 : 10;
      look(frame);
    }
    look(frame_at(5, std::nullopt, "pictures"));
    look(frame_at(6, std::nullopt, "pictures"));
    close();
  };
  options_.target = at("a.mkv");
  feed();
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 40, 80, 120, 220, 320, 1320}));
  EXPECT_EQ(numbers_in(at("a.mkv")), range(0, 6));
  EXPECT_EQ(told_in(at("a.ndjson")).back(), "frame 6 at 1320");
  options_.target = at("out");
  feed();
  const Names videos = files(".mkv");
  ASSERT_EQ(videos.size(), 3U);
  EXPECT_EQ(times_of(videos[0]), (Times{0, 40, 80}));
  EXPECT_EQ(times_of(videos[1]), (Times{0, 100}));
  EXPECT_EQ(times_of(videos[2]), (Times{0, 1000}));
}

TEST_F(RecorderTest, PicturesLastASecond) {
  for (const std::string name : {"a.mkv", "a.avi"}) {
    options_.target = at(name);
    open();
    for (int i = 0; i < 3; ++i) look(frame_at(i, std::nullopt));
    close();
    EXPECT_EQ(times_of(at(name)), (Times{0, 1000, 2000}));
    EXPECT_EQ(messages(State::recorded).back(), "recorded " + at(name) + ": 3 frames, 3.0 s");
  }
  EXPECT_NEAR(std::stod(probed(at("a.mkv"), "format=duration")), 3, 0.001);
}

// A camera whose clock is set back by an hour goes on one frame later; forward, the gap stays.
TEST_F(RecorderTest, ClocksThatAreSet) {
  options_.target = at("a.mkv");
  open();
  int64_t number = 0;
  for (const double pts : {4e6, 4e6 + 40, 4e5, 4e5 + 40, 5e5}) look(frame_at(number++, pts));
  close();
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 40, 80, 120, 100'080}));
}

TEST(FrameQueueTest, DropsOrWaits) {
  FrameQueue<int> queue(3, 100);
  EXPECT_TRUE(queue.push_or_drop(1, 60));
  EXPECT_FALSE(queue.push_or_drop(2, 60));  // bytes
  EXPECT_TRUE(queue.push_or_drop(3, 20));
  EXPECT_TRUE(queue.push_or_drop(4, 20));
  EXPECT_FALSE(queue.push_or_drop(5, 0));  // frames
  queue.push_along(6);
  EXPECT_EQ(queue.frames(), 3U);
  std::thread waiting([&] {
    queue.push_or_wait(7, 200);  // larger than the queue: once it is empty
    queue.close();
  });
  std::vector<int> popped;
  while (!queue.finished()) {
    if (const auto value = queue.pop_within(milliseconds(100))) popped.push_back(*value);
  }
  waiting.join();
  EXPECT_EQ(popped, (std::vector<int>{1, 3, 4, 6, 7}));
}

// Far more than can be encoded at once: what is not in the video is counted, and has no record.
TEST_F(RecorderTest, LiveFramesAreDroppedAndCounted) {
  options_.target = at("a.mkv");
  options_.queue_frames = 4;
  open();
  const cv::Mat large = numbered(3, {1280, 720});
  for (int i = 0; i < 300; ++i) {
    ShownFrame frame = frame_at(i, i * 40.0);
    frame.bgr = large;
    frame.live = true;
    look(frame);
    EXPECT_LE(recorder_->load().queued, 4U);
  }
  close();
  Times recorded;
  Names told;
  for (const auto& record : records_of(contents(at("a.ndjson")))) {
    if (record["type"] == "frame") {
      recorded.push_back(record["frame"].get<int64_t>() * 40);
      told.push_back(record["pts_ms"].dump());
    }
  }
  EXPECT_GT(recorder_->load().dropped, 0);
  EXPECT_EQ(recorder_->load().queued, 0U);
  EXPECT_EQ(static_cast<int64_t>(recorded.size()) + recorder_->load().dropped, 300);
  EXPECT_EQ(times_of(at("a.mkv")), recorded);  // the first is never dropped
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(std::stod(told[i]), static_cast<double>(recorded[i]));
}

// No encoder writes 40 frames of noise of that size in a second.
TEST_F(RecorderTest, TheEndOfALiveSourceIsNotWaitedFor) {
  options_.target = at("a.mkv");
  options_.queue_bytes = std::size_t{8} << 30;  // the pixels are shared
  open();
  const cv::Mat huge = noise(1, {3840, 2160});
  for (int i = 0; i < 40; ++i) {
    ShownFrame frame = frame_at(i, i * 40.0);
    frame.bgr = huge;
    frame.live = true;
    look(frame);
  }
  EXPECT_EQ(recorder_->load().dropped, 0);
  close();
  EXPECT_GT(recorder_->load().dropped, 0);
  const auto written = static_cast<int64_t>(times_of(at("a.mkv")).size());
  EXPECT_GT(written, 0);
  EXPECT_EQ(written + recorder_->load().dropped, 40);
  EXPECT_EQ(static_cast<int64_t>(told_in(at("a.ndjson")).size()), written);
}

TEST_F(RecorderTest, FilesLoseNothing) {
  options_.target = at("a.mkv");
  options_.queue_frames = 2;
  open();
  for (int i = 0; i < 200; ++i) look(frame_at(i, i * 40.0));
  close();
  EXPECT_EQ(recorder_->load().dropped, 0);
  EXPECT_EQ(numbers_in(at("a.mkv")), range(0, 199));
  EXPECT_EQ(told_in(at("a.ndjson")).size(), 200U);
}

// A camera that has stopped: what came is in the file.
TEST_F(RecorderTest, APauseIsFlushed) {
  options_.target = at("a.mkv");
  open();
  for (int i = 0; i < 3; ++i) look(frame_at(i, i * 40.0));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  Times times;
  while (times.size() < 3 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(200));
    if (fs::file_size(at("a.mkv")) > 1000) times = times_of(at("a.mkv"));
  }
  EXPECT_EQ(times, (Times{0, 40, 80}));
  look(frame_at(3, 9000));
  close();
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 40, 80, 9000}));
}

TEST_F(RecorderTest, SegmentsByTime) {
  options_.segment_seconds = 1;
  options_.what = RecordWhat::both;
  open();
  for (int i = 0; i < 25; ++i) look(frame_at(i, 300 + i * 100.0));
  close();
  const Names videos = files(".mkv"), sidecars = files(".ndjson");
  ASSERT_EQ(videos.size(), 6U);
  ASSERT_EQ(sidecars.size(), 3U);
  EXPECT_EQ(videos[2], at("out/front_20261125T101113.645Z.mkv"));
  EXPECT_EQ(videos[3], at("out/front_20261125T101113.645Z.raw.mkv"));
  for (std::size_t i = 0; i < 6; ++i) {
    const int first = static_cast<int>(i / 2) * 10;
    EXPECT_EQ(numbers_in(videos[i]), range(first, std::min(first + 9, 24)));
    EXPECT_EQ(times_of(videos[i]).front(), 0);
  }
  EXPECT_EQ(told_in(sidecars[1]).front(), "frame 10 at 0");
  EXPECT_EQ(told_in(sidecars[1]).back(), "frame 19 at 900");
}

TEST_F(RecorderTest, SegmentsBySize) {
  options_.segment_bytes = 200'000;
  open();
  for (int i = 0; i < 30; ++i) {
    ShownFrame frame = frame_at(i, i * 100.0);
    frame.bgr = noise(i, {320, 240});
    look(frame);
  }
  close();
  const Names videos = files(".mkv");
  EXPECT_GT(videos.size(), 2U);
  std::size_t frames = 0;
  for (const std::string& video : videos) {
    frames += times_of(video).size();
    if (video != videos.back()) {
      EXPECT_GE(fs::file_size(video), 195'000U);  // a few headers were only about to come
    }
    EXPECT_LT(fs::file_size(video), 400'000U);
  }
  EXPECT_EQ(frames, 30U);
}

TEST(SegmentNamesTest, OnlyOurs) {
  const auto name = parse_segment_name("my_cam_20261125T101112.345Z_12.raw.mp4");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->stem, "my_cam_20261125T101112.345Z_12");
  EXPECT_EQ(name->time, "20261125T101112.345Z");
  EXPECT_EQ(name->number, 12);
  EXPECT_TRUE(parse_segment_name("a_20261125T101112.345Z.ndjson"));
  for (const std::string other :
       {"a.mkv", "a_20261125T101112.345Z.jpg", "_20261125T101112.345Z.mkv", "a_20261125T101112.345Z.mkv.part",
        "a_20261125T101112.345Z.raw.ndjson", "a_20261125T101112Z.mkv", "a_20261125T101112.345Z_.mkv"}) {
    EXPECT_FALSE(parse_segment_name(other)) << other;
  }
}

class DiskQuotaTest : public TemporaryFolder {
 protected:
  void file(const std::string& name, std::size_t bytes) { text(name, std::string(bytes, 'x')); }
  Names left() const {
    Names names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(DiskQuotaTest, DeletesTheOldestOfOurs) {
  const Names all{"a_20260101T000000.000Z.mkv",     "a_20260101T000000.000Z.ndjson",
                  "a_20260101T000000.000Z.raw.mkv", "a_20260103T000000.000Z.mkv",
                  "a_20260105T000000.000Z.mkv",     "b_20260102T000000.000Z.mp4",
                  "b_20260104T000000.000Z_2.mkv",   "holiday.mkv",
                  "old_20250101T000000.000Z.txt"};
  for (const std::string& name : all) file(name, 1000);
  DiskQuota(folder_.string(), 7000).enforce();  // seven are ours
  EXPECT_EQ(left(), all);
  DiskQuota(folder_.string(), 6999).enforce();  // the oldest has three files
  EXPECT_EQ(left(), Names(all.begin() + 3, all.end()));
  // The next two, b of the 2nd and a of the 3rd; but that of the 3rd is being written by another program.
  const int locked = ::open(at(all[3]).c_str(), O_RDONLY);
  ASSERT_EQ(flock(locked, LOCK_SH), 0);
  DiskQuota(folder_.string(), 2000).enforce();
  EXPECT_EQ(left(), (Names{all[3], all[4], all[7], all[8]}));
  ::close(locked);
  DiskQuota(folder_.string(), 0).enforce(at(all[3]));  // by us
  EXPECT_EQ(left(), (Names{all[3], all[7], all[8]}));
  DiskQuota(at("no such"), 0).enforce();
}

TEST_F(RecorderTest, AQuotaKeepsTheNewest) {
  const std::string old = "out/old_20200101T000000.000Z";
  fs::create_directory(at("out"));
  for (const std::string& name : {old + ".mkv", old + ".raw.mkv", old + ".ndjson", std::string("out/holiday.mkv")}) {
    text(name, std::string(100'000, 'x'));
  }
  options_.quota_bytes = 1 << 20;
  options_.segment_seconds = 0.5;
  open();
  for (int i = 0; i < 60; ++i) {  // three megabytes
    ShownFrame frame = frame_at(i, i * 100.0);
    frame.bgr = noise(i, {320, 240});
    look(frame);
  }
  close();
  EXPECT_FALSE(fs::exists(at(old + ".mkv")) || fs::exists(at(old + ".raw.mkv")) || fs::exists(at(old + ".ndjson")));
  EXPECT_TRUE(fs::exists(at("out/holiday.mkv")));
  std::uintmax_t total = 0;
  for (const std::string& file : files("")) total += fs::file_size(file);
  EXPECT_LT(total - 100'000, (1U << 20) * 3 / 2);  // and the last segment
  const Names videos = files("Z.mkv");
  ASSERT_GE(videos.size(), 2U);
  EXPECT_EQ(videos.back(), at("out/front_20261125T101117.845Z.mkv"));  // frame 55
  EXPECT_EQ(files(".ndjson").size(), videos.size());
}

// A quota needs segments to delete: without a word about them they are a quarter of it.
TEST_F(RecorderTest, AQuotaMakesSegments) {
  options_.quota_bytes = 1 << 20;
  open();
  for (int i = 0; i < 60; ++i) {
    ShownFrame frame = frame_at(i, i * 100.0);
    frame.bgr = noise(i, {320, 240});
    look(frame);
  }
  close();
  EXPECT_GE(files(".mkv").size(), 3U);
  for (const std::string& video : files(".mkv")) EXPECT_LT(fs::file_size(video), 400'000U);
}

TEST_F(RecorderTest, AFullDiskEndsTheRecordingOnly) {
  for (const RecordWhat what : {RecordWhat::annotated, RecordWhat::both}) {
    const SmallDisk disk(at("disk"));
    if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs cannot be mounted here";
    options_.target = disk.at("a.mkv");
    options_.what = what;
    open();
    for (int i = 0; i < 150; ++i) {  // seven megabytes
      ShownFrame frame = frame_at(i, i * 40.0);
      frame.bgr = noise(i, {320, 240});
      look(frame);
    }
    const auto ended = end();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::output);
    const Names failures = messages(State::recording_failed);
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0], ended.error().message);
    EXPECT_TRUE(failures[0].ends_with("mkv: cannot be written: the disk is full")) << failures[0];
    EXPECT_TRUE(failures[0].starts_with(disk.at("a."))) << failures[0];
    EXPECT_EQ(messages(State::recorded), Names{});
    const std::size_t frames = frames_of(disk.at("a.mkv"), {1, 1}).size();
    EXPECT_GT(frames, 10U);
    EXPECT_LT(frames, 150U);
    if (what == RecordWhat::both) {
      EXPECT_NEAR(frames_of(disk.at("a.raw.mkv"), {1, 1}).size(), frames, 1);
    }
    EXPECT_NEAR(told_in(disk.at("a.ndjson")).size(), frames, 1);
    status_records_.clear();
  }
}

// The records fill the disk, not the video: whole lines stay.
TEST_F(RecorderTest, AFullDiskLeavesWholeLines) {
  const SmallDisk disk(at("disk"));
  if (!disk.mounted()) GTEST_SKIP() << "a small tmpfs cannot be mounted here";
  options_.target = disk.at("a.mkv");
  open();
  for (int i = 0; i < 60; ++i) {
    ShownFrame frame = frame_at(i, i * 40.0);
    show(frame);
    FrameRecord record = record_of(frame);
    record.detections.resize(300, animal(0));  // 60 kB of text
    EXPECT_TRUE(recorder_->on_result(record, frame.bgr));
  }
  const auto ended = end();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, disk.at("a.ndjson") + ": cannot be written: No space left on device");
  EXPECT_GT(told_in(disk.at("a.ndjson")).size(), 5U);
  EXPECT_GT(numbers_in(disk.at("a.mkv")).size(), 5U);
}

// A dog in frame 50, one second before, two after.
TEST_F(RecorderTest, ClipsAreExactToTheFrame) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 1;
  options_.post_roll_s = 2;
  watch(100, {50});
  ASSERT_EQ(files(".mkv"), Names{at("out/front_20261125T101116.345Z.mkv")});
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(40, 70));
  EXPECT_EQ(times_of(files(".mkv")[0]).back(), 3000);
  EXPECT_EQ(told_in(files(".ndjson").at(0)),
            (Names{"frame 40 at 0", "frame 45 at 500", "frame 50 at 1000", "frame 55 at 1500", "frame 60 at 2000",
                   "frame 65 at 2500", "frame 70 at 3000"}));
  EXPECT_EQ(messages(State::recorded),
            (Names{"recorded " + at("out/front_20261125T101116.345Z.mkv") + ": 31 frames, 3.1 s"}));
}

TEST_F(RecorderTest, OverlappingClipsMerge) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 1;
  options_.post_roll_s = 2;
  watch(150, {5, 30, 58, 59, 102});  // the clip of 30 would end with 50, that of 58 begin with 48
  ASSERT_EQ(files(".mkv").size(), 2U);
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(0, 79));  // from 5 on: 0 .. 25, 20 .. 50, 48 .. 78, 49 .. 79
  EXPECT_EQ(numbers_in(files(".mkv")[1]), range(92, 122));
}

// Frames 20 .. 50 and 51 .. 81: no frame is in both.
TEST_F(RecorderTest, AdjacentClipsDoNotMerge) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 1;
  options_.post_roll_s = 2;
  watch(100, {30, 61});
  ASSERT_EQ(files(".mkv").size(), 2U);
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(20, 50));
  EXPECT_EQ(numbers_in(files(".mkv")[1]), range(51, 81));
  EXPECT_EQ(told_in(files(".ndjson").at(1)).front(), "frame 55 at 400");
}

TEST_F(RecorderTest, ZonesStartClips) {
  options_.on_zones = {"gate"};
  options_.pre_roll_s = 0.2;
  options_.post_roll_s = 0;
  open();
  for (int i = 0; i < 20; ++i) {
    const ShownFrame frame = frame_at(i, i * 100.0);
    FrameRecord record = record_of(frame);
    record.detections = {animal(1)};  // is no reason
    if (i >= 10) record.zones = {"street"};
    if (i == 12) record.zones.emplace_back("gate");
    show(frame);
    EXPECT_TRUE(recorder_->on_result(record, frame.bgr));
    EXPECT_TRUE(recorder_->on_event(event_of(frame)));
  }
  close();
  ASSERT_EQ(files(".mkv").size(), 1U);
  EXPECT_EQ(numbers_in(files(".mkv")[0]), range(10, 12));
  EXPECT_EQ(told_in(files(".ndjson").at(0)), (Names{"frame 10 at 0", "event 10 at 0", "frame 11 at 100",
                                                    "event 11 at 100", "frame 12 at 200", "event 12 at 200"}));
}

TEST_F(RecorderTest, NoEventNoFile) {
  options_.on_classes = {"dog"};
  watch(30, {});
  EXPECT_EQ(files(""), Names{});
}

// Ten frames as BGR are twenty as I420, the last of them the one with the dog.
TEST_F(RecorderTest, PreRollIsLimitedByMemory) {
  options_.on_classes = {"dog"};
  options_.pre_roll_s = 5;
  options_.post_roll_s = 0;
  options_.pre_roll_bytes = std::size_t{64} * 48 * 3 * 10;
  for (const RecordWhat what : {RecordWhat::annotated, RecordWhat::raw}) {
    options_.what = what;
    options_.target = at(what == RecordWhat::raw ? "raw" : "annotated");
    watch(120, {80, 100});
    const Names videos = files(".mkv", what == RecordWhat::raw ? "raw" : "annotated");
    ASSERT_EQ(videos.size(), 1U);  // from 50 on, and from 80 on: 5 s before the second is within the first
    std::vector<int> expected = range(61, 100);
    EXPECT_EQ(numbers_in(videos[0]), expected);
    EXPECT_EQ(messages(State::recording).front(),
              "recording " + options_.target +
                  ": clips begin later than 5 s before the event, for these frames do not fit into 0 MiB");
    const Names told = messages(State::recording);
    EXPECT_EQ(std::count_if(told.begin(), told.end(),
                            [](const std::string& text) { return text.find("clips begin") != std::string::npos; }),
              1);
    status_records_.clear();
  }
}

// What was packed is drawn on, too.
TEST_F(RecorderTest, PreRollHasItsBoxes) {
  options_.on_classes = {"dog"};
  options_.pre_roll_bytes = 1;
  options_.what = RecordWhat::both;
  open();
  ShownFrame frame = frame_at(15, 0);
  frame.bgr = cv::Mat(49, 65, CV_8UC3, cv::Scalar::all(130));  // odd
  frame.detections = {animal(1)};
  look(frame);
  close();
  ASSERT_EQ(files(".mkv").size(), 2U);
  EXPECT_GT(edge(files("Z.mkv").at(0)), 30);
  EXPECT_LT(edge(files(".raw.mkv").at(0)), 5);
}

TEST_F(RecorderTest, WhatCannotBeWrittenIsFoundOutAtOnce) {
  const auto begin_error = [&] {
    auto made = make_recorder(options_);
    EXPECT_TRUE(made);
    const auto begun = (*made)->begin(header());
    EXPECT_FALSE(begun);
    EXPECT_TRUE((*made)->on_frame(frame_at(0, 0)));
    EXPECT_TRUE((*made)->end({}));
    return begun.error();
  };
  options_.target = at("no/such/a.mkv");
  Error error = begin_error();
  EXPECT_EQ(error.kind, ErrorKind::output);
  EXPECT_EQ(error.message, at("no/such/a.mkv") + ": cannot be written: No such file or directory");
  options_.target = text("file", "");
  error = begin_error();
  EXPECT_EQ(error.kind, ErrorKind::output);
  EXPECT_TRUE(error.message.starts_with(at("file") + ": cannot be written: ")) << error.message;
  options_.target = at("out");
  options_.on_classes = {"cow"};
  error = begin_error();
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.message, at("out") + ": the model has no class \"cow\"");
}

TEST_F(RecorderTest, NoFrameNoFile) {
  options_.target = at("a.mkv");
  options_.what = RecordWhat::both;
  open();
  close();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RecorderTest, NonsenseIsUsage) {
  const auto complaint = [&](const RecorderOptions& options) {
    const auto made = make_recorder(options);
    EXPECT_FALSE(made);
    if (made) return std::string();
    EXPECT_EQ(made.error().kind, ErrorKind::usage);
    return made.error().message;
  };
  RecorderOptions options;
  options.target = "a.mov";
  EXPECT_EQ(complaint(options), "a.mov: the name must end in .mp4, .mkv or .avi");
  options.target = "a.mkv";
  options.quota_bytes = 1 << 20;
  EXPECT_EQ(complaint(options), "a.mkv: a quota needs a folder, not a file");
  options.quota_bytes = 0;
  options.segment_seconds = 60;
  EXPECT_EQ(complaint(options), "a.mkv: segments need a folder, not a file");
  options.segment_seconds = 0;
  options.on_zones = {"gate"};
  EXPECT_EQ(complaint(options), "a.mkv: recording around events needs a folder, not a file");
  options.target = "folder";
  options.quota_bytes = 5;
  EXPECT_EQ(complaint(options), "folder: the quota must be at least a mebibyte");
  options.quota_bytes = 0;
  options.pre_roll_s = -1;
  EXPECT_EQ(complaint(options), "folder: the time before and after an event must not be negative");
  options.pre_roll_s = 1;
  options.container = ".mov";
  EXPECT_EQ(complaint(options), "folder: recordings end in .mp4, .mkv or .avi");
}

}  // namespace
}  // namespace dualsight
