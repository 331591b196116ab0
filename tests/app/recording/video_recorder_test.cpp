#include "app/recording/video_recorder.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tests/app/support/recorder_support.h"

namespace dualsight {
namespace {

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
      process(frame);
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
  EXPECT_GE(records_in(at("a.ndjson")).size(), 22U);
}

TEST_F(RecorderTest, VaryingTimesAreKept) {
  for (const std::string extension : {".mkv", ".mp4"}) {
    options_.target = at("a" + extension);
    open();
    EXPECT_EQ(recorder_->target(), at("a" + extension));
    const std::vector<double> times{5000, 5040.4, 5500, 5509.7, 7510};
    for (std::size_t i = 0; i < times.size(); ++i) {
      const ShownFrame frame = frame_at(static_cast<int64_t>(i), times[i]);
      i % 2 == 0 ? process(frame) : show(frame);
      if (i == 2) {
        EXPECT_TRUE(recorder_->on_event(event_of(frame)));
      }
    }
    close();
    EXPECT_EQ(times_of(options_.target), (Times{0, 40, 500, 510, 2510}));
    EXPECT_EQ(numbers_in(options_.target), range(0, 4));
    EXPECT_EQ(records_in(at("a.ndjson")),
              (Names{"frame 0 at 0", "frame 2 at 500", "event 2 at 500", "frame 4 at 2510"}));
    EXPECT_EQ(messages(State::recording), (Names{"recording " + options_.target + ": H.264 (libx264), 64x48"}));
    // The last frame lasts a second, as the one before it would, had VideoEncoder not limited that.
    EXPECT_EQ(messages(State::recorded), (Names{"recorded " + options_.target + ": 5 frames, 3.5 s"}));
    status_records_.clear();
  }
}

TEST_F(RecorderTest, RawAndAnnotated) {
  ShownFrame frame = frame_at(15, 0);  // grey 130
  frame.detections = {animal(1)};
  for (const RecordWhat what : {RecordWhat::annotated, RecordWhat::raw, RecordWhat::both}) {
    options_.what = what;
    options_.target = at("a.mkv");
    options_.sidecar = what == RecordWhat::both;
    open();
    process(frame);
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

// a: 25/s; b: 10/s; then two pictures.
TEST_F(RecorderTest, SourcesFollowOneAnother) {
  const auto feed = [&] {
    open();
    int64_t number = 0;
    for (const double pts : {0.0, 40.0, 80.0, 1000.0, 1100.0}) {
      ShownFrame frame = frame_at(number++, pts, pts < 100 ? "a" : "b");
      frame.source_fps = pts < 100 ? 25 : 10;
      process(frame);
    }
    process(frame_at(5, std::nullopt, "pictures"));
    process(frame_at(6, std::nullopt, "pictures"));
    close();
  };
  options_.target = at("a.mkv");
  feed();
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 40, 80, 120, 220, 320, 1320}));
  EXPECT_EQ(numbers_in(at("a.mkv")), range(0, 6));
  EXPECT_EQ(records_in(at("a.ndjson")).back(), "frame 6 at 1320");
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
    for (int i = 0; i < 3; ++i) process(frame_at(i, std::nullopt));
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
  for (const double pts : {4e6, 4e6 + 40, 4e5, 4e5 + 40, 5e5}) process(frame_at(number++, pts));
  close();
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 40, 80, 120, 100'080}));
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
    process(frame);
    EXPECT_LE(recorder_->load().queued, 4U);
  }
  close();
  Times recorded;
  Names reported;
  for (const auto& record : records_of(contents(at("a.ndjson")))) {
    if (record["type"] == "frame") {
      recorded.push_back(record["frame"].get<int64_t>() * 40);
      reported.push_back(record["pts_ms"].dump());
    }
  }
  EXPECT_GT(recorder_->load().dropped, 0);
  EXPECT_EQ(recorder_->load().queued, 0U);
  EXPECT_EQ(static_cast<int64_t>(recorded.size()) + recorder_->load().dropped, 300);
  EXPECT_EQ(times_of(at("a.mkv")), recorded);  // the first is never dropped
  for (std::size_t i = 0; i < reported.size(); ++i) EXPECT_EQ(std::stod(reported[i]), static_cast<double>(recorded[i]));
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
    process(frame);
  }
  EXPECT_EQ(recorder_->load().dropped, 0);
  close();
  EXPECT_GT(recorder_->load().dropped, 0);
  const auto written = static_cast<int64_t>(times_of(at("a.mkv")).size());
  EXPECT_GT(written, 0);
  EXPECT_EQ(written + recorder_->load().dropped, 40);
  EXPECT_EQ(static_cast<int64_t>(records_in(at("a.ndjson")).size()), written);
}

TEST_F(RecorderTest, FilesLoseNothing) {
  options_.target = at("a.mkv");
  options_.queue_frames = 2;
  open();
  for (int i = 0; i < 200; ++i) process(frame_at(i, i * 40.0));
  close();
  EXPECT_EQ(recorder_->load().dropped, 0);
  EXPECT_EQ(numbers_in(at("a.mkv")), range(0, 199));
  EXPECT_EQ(records_in(at("a.ndjson")).size(), 200U);
}

// A camera that has stopped: what came is in the file.
TEST_F(RecorderTest, APauseIsFlushed) {
  options_.target = at("a.mkv");
  open();
  for (int i = 0; i < 3; ++i) process(frame_at(i, i * 40.0));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  Times times;
  while (times.size() < 3 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(200));
    if (fs::file_size(at("a.mkv")) > 1000) times = times_of(at("a.mkv"));
  }
  EXPECT_EQ(times, (Times{0, 40, 80}));
  process(frame_at(3, 9000));
  close();
  EXPECT_EQ(times_of(at("a.mkv")), (Times{0, 40, 80, 9000}));
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
      process(frame);
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
    EXPECT_NEAR(records_in(disk.at("a.ndjson")).size(), frames, 1);
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
  EXPECT_GT(records_in(disk.at("a.ndjson")).size(), 5U);
  EXPECT_GT(numbers_in(disk.at("a.mkv")).size(), 5U);
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
