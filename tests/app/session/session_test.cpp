#include "app/session/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "app/system/detached_threads.h"
#include "tests/app/support/session_support.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

using std::chrono::steady_clock;

TEST_F(SessionTest, TheSourceIsShownWhileTheModelLoads) {
  loading_takes = milliseconds(600);
  Session session(log, fakes());
  session.use_model(test_model, {});
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.shown_count >= 3; }));
  EXPECT_EQ(log.result_count, 0);
  ASSERT_TRUE(log.until([&] { return log.result_count >= 3; }));
  ASSERT_EQ(log.models.size(), 2U);
  EXPECT_EQ(log.models[0].state, ModelStatus::State::loading);
  EXPECT_EQ(log.models[0].info.class_names.size(), 3U);
  EXPECT_EQ(log.models[0].sha256.size(), 64U);
  EXPECT_EQ(log.models[1].state, ModelStatus::State::ready);
  EXPECT_EQ(log.models[1].device, "fake");
  EXPECT_GT(log.shown_count, log.result_count);
}

TEST_F(SessionTest, ThresholdsActAtOnce) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  ASSERT_TRUE(log.model_is(ModelStatus::State::ready));
  session.open(camera());
  ASSERT_TRUE(log.sees(1, 1));  // the model's own, 0.4
  session.adjust(thresholds({0.1F, 0.1F, 0.1F}));
  ASSERT_TRUE(log.sees(2, 0));
  session.adjust(thresholds({0.6F, 0.1F, 0.1F}));
  ASSERT_TRUE(
      log.until([&] { return log.last_record.detections.size() == 1 && log.last_record.detections[0].class_id == 1; }));
  session.adjust(thresholds({2, 2, 2}));
  ASSERT_TRUE(log.sees(0, 2));
  Adjustments with_iou = thresholds({0.4F, 0.4F, 0.4F});
  with_iou.iou = 0.25F;
  session.adjust(with_iou);
  ASSERT_TRUE(log.until([] { return DiscDetector::iou == 0.25F; }));
}

TEST_F(SessionTest, ASlowDetectorHoldsUpNobody) {
  detection_takes = milliseconds(1000);
  auto session = std::make_unique<Session>(log, fakes());
  session->use_model(test_model, {});
  session->open(camera());
  ASSERT_TRUE(log.until([&] { return log.result_count >= 1; }));
  const int64_t before = log.shown_count;
  std::this_thread::sleep_for(milliseconds(500));
  {
    const std::lock_guard lock(log.mutex);
    EXPECT_GE(log.shown_count - before, 15);  // of 25
  }
  auto begun = steady_clock::now();
  session->open(camera("back"));
  ASSERT_TRUE(log.until([&] { return log.last_shown.source == "back"; }));
  EXPECT_LT(steady_clock::now() - begun, milliseconds(900));
  begun = steady_clock::now();
  session.reset();
  EXPECT_LT(steady_clock::now() - begun, milliseconds(2000));
  ASSERT_EQ(log.ends.size(), 2U);
  EXPECT_TRUE(log.ends[0].interrupted);
}

TEST_F(SessionTest, ADetectorThatHangsIsLeftBehind) {
  detection_takes = milliseconds(4000);
  auto session = std::make_unique<Session>(log, fakes());
  session->use_model(test_model, {});
  session->open(camera());
  ASSERT_TRUE(soon([] { return DiscDetector::detecting == 1; }));
  auto begun = steady_clock::now();
  session->close();
  ASSERT_TRUE(log.until([&] { return !log.ends.empty() && log.ends.back().interrupted; }));
  EXPECT_LT(steady_clock::now() - begun, milliseconds(1000));
  session->use_model(at("another.safetensors"), {});  // its info is known when the detector is done, not before
  const int64_t before = log.shown_count;
  session->open(camera("back"));
  EXPECT_TRUE(log.until([&] { return log.shown_count > before; }, milliseconds(2000)));
  begun = steady_clock::now();
  session.reset();
  EXPECT_LT(steady_clock::now() - begun, milliseconds(2000));
  EXPECT_TRUE(has_detached_threads());
  EXPECT_EQ(DiscDetector::alive, 1);
  EXPECT_TRUE(soon([] { return DiscDetector::alive == 0; }));  // it lets go of the model when it can
}

TEST_F(SessionTest, WithoutAModelThePictureIsShownAlone) {
  refusal = "model.safetensors: damaged";
  Session session(log, fakes());
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.result_count >= 2; }));
  EXPECT_TRUE(log.last_record.detections.empty());
  session.use_model(test_model, {});
  ASSERT_TRUE(log.model_is(ModelStatus::State::failed));
  EXPECT_EQ(log.models.back().problem, refusal);
  session.use_model(at("nowhere.safetensors"), {});
  ASSERT_TRUE(log.until([&] { return log.models.back().problem.find("nowhere.safetensors") != std::string::npos; }));
  const int64_t before = log.shown_count;
  ASSERT_TRUE(log.until([&] { return log.shown_count > before + 2; }));
}

TEST_F(SessionTest, ANewModelIsUsedWithoutOpeningAnew) {
  Session session(log, fakes());
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.shown_count >= 3; }));
  session.use_model(test_model, {});  // it has classes, which the run did not know of
  ASSERT_TRUE(log.sees(1, 1));
}

TEST_F(SessionTest, RecordingsBeginAndEndWhileItGoesOn) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.result_count >= 3; }));
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  session.start_records(at("run.ndjson"));
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 2; }));
  EXPECT_TRUE(log.outputs[0].on && log.outputs[1].on);
  std::this_thread::sleep_for(milliseconds(700));
  session.stop(Output::recording);
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 3; }));
  EXPECT_FALSE(log.outputs[2].on);
  EXPECT_EQ(log.outputs[2].problem, "");
  const auto frames = times_of(at("clip.mkv")).size();
  EXPECT_GE(frames, 20U);  // of 35
  EXPECT_LE(frames, 40U);
  const int64_t before = log.result_count;
  ASSERT_TRUE(log.until([&] { return log.result_count > before + 3; }));
  session.close();
  ASSERT_TRUE(log.until([&] { return log.ends.size() == 1 && log.outputs.size() == 4; }));
  const auto lines = lines_of(contents(at("run.ndjson")));
  EXPECT_EQ(nlohmann::json::parse(lines.front())["type"], "header");
  EXPECT_EQ(nlohmann::json::parse(lines.front())["model"]["sha256"].get<std::string>().size(), 64U);
  const auto summary = nlohmann::json::parse(lines.back());
  EXPECT_EQ(summary["type"], "summary");
  EXPECT_EQ(summary["frames"].get<std::size_t>(),
            static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
              return nlohmann::json::parse(line)["type"] == "frame";
            })));
}

TEST_F(SessionTest, EventsAreReportedWhereTheyWereRecorded) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.events.size() == 1; }));  // the disc appeared before anything is recorded
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 1; }));
  std::this_thread::sleep_for(milliseconds(500));
  Adjustments to;
  to.tracking = false;
  session.adjust(to);  // its end
  ASSERT_TRUE(log.until([&] { return log.events.size() == 2; }));
  to.tracking = true;
  session.adjust(to);  // it appears again
  ASSERT_TRUE(log.until([&] { return log.places.size() == 2; }));
  session.stop(Output::recording);
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 2; }));
  std::map<int64_t, double> times;  // of the frames, as the records beside the video have them
  for (const auto& record : records_of(contents(at("clip.ndjson")))) {
    if (record["type"] == "frame") times[record["frame"].get<int64_t>()] = record["pts_ms"].get<double>();
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const ListenerLog::Place& place = log.places[i];
    EXPECT_EQ(place.event.event, i == 0 ? Event::ended : Event::appeared);
    EXPECT_EQ(place.event.frame, log.events[i + 1].frame);
    EXPECT_EQ(place.video, at("clip.mkv"));
    EXPECT_GT(place.seconds, 0.3);
    if (times.count(place.event.frame) > 0) {
      EXPECT_NEAR(place.seconds * 1000, times[place.event.frame], 1e-6);
    }
  }
  EXPECT_EQ(times.count(log.places[1].event.frame), 1U);
}

TEST_F(SessionTest, ARecordingThatFailsEndsAlone) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 1; }));
  EXPECT_NE(log.outputs[0].problem.find("nothing is open"), std::string::npos);
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.result_count >= 1; }));
  recording.target = at("none/such/clip.mkv");
  session.start(recording);
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 2; }));
  EXPECT_NE(log.outputs[1].problem.find("none/such/clip.mkv"), std::string::npos);
  const int64_t before = log.result_count;
  ASSERT_TRUE(log.until([&] { return log.result_count > before + 3; }));
  EXPECT_TRUE(log.ends.empty());
}

TEST_F(SessionTest, WhatIsToBeBlurredIsNotWrittenWithoutAModel) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  ASSERT_TRUE(log.model_is(ModelStatus::State::ready));
  Adjustments blurring;
  blurring.blur = {true, false, false};
  session.adjust(blurring);
  session.use_model(at("nowhere.safetensors"), {});
  ASSERT_TRUE(log.model_is(ModelStatus::State::failed));
  session.open(camera());
  ASSERT_TRUE(log.until([&] { return log.result_count >= 1; }));
  RecorderOptions recording;
  recording.target = at("clip.mkv");
  session.start(recording);
  session.save_snapshot({at("one.png"), RecordWhat::raw, {}});
  ASSERT_TRUE(log.until([&] { return log.outputs.size() == 1 && log.snapshots.size() == 1; }));
  EXPECT_NE(log.outputs[0].problem.find("blurring"), std::string::npos);
  EXPECT_NE(log.snapshots[0].find("blurring"), std::string::npos);
  EXPECT_FALSE(fs::exists(at("clip.mkv")) || fs::exists(at("one.png")));
}

TEST_F(SessionTest, SnapshotsHaveTheirOwnBoxesAndOverwriteNothing) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  session.save_snapshot({at("early.png"), RecordWhat::raw, {}});
  ASSERT_TRUE(log.until([&] { return log.snapshots.size() == 1; }));
  EXPECT_NE(log.snapshots[0].find("no frame"), std::string::npos);
  session.open(camera());
  ASSERT_TRUE(log.sees(1, 1));
  for (int i = 0; i < 2; ++i) {
    session.save_snapshot({at("one.png"), RecordWhat::both, {false, false, 1, {{10, 200, 30}}}});
    ASSERT_TRUE(log.until([&] { return static_cast<int>(log.snapshots.size()) == 2 + i; }));
  }
  EXPECT_EQ(log.snapshots[1], at("one.png"));
  EXPECT_EQ(log.snapshots[2], at("one-2.png"));
  const cv::Mat drawn = cv::imread(at("one.png")), raw = cv::imread(at("one.raw.png"));
  ASSERT_EQ(raw.size(), cv::Size(64, 48));
  const cv::Vec3b grey = raw.at<cv::Vec3b>(5, 5);
  EXPECT_EQ(raw.at<cv::Vec3b>(10, 20), grey);                      // the upper edge of the disc's box ...
  EXPECT_EQ(drawn.at<cv::Vec3b>(10, 20), cv::Vec3b(30, 200, 10));  // ... is drawn, in its colour
  EXPECT_EQ(drawn.at<cv::Vec3b>(20, 50), grey);                    // the candidate's is not
}

TEST_F(SessionTest, VideosPlayAtTheirOwnSpeed) {
  Session session(log, fakes());
  session.use_model(test_model, {});
  ASSERT_TRUE(log.model_is(ModelStatus::State::ready));
  SourceSettings settings;
  settings.spec = video("clip.avi", 11);  // at 0, 0.1 ... 1 s
  const auto begun = steady_clock::now();
  session.open(settings);
  ASSERT_TRUE(log.until([&] { return log.ends.size() == 1; }));
  const std::chrono::duration<double> taken = steady_clock::now() - begun;
  EXPECT_GE(taken.count(), 1.0);
  EXPECT_LT(taken.count(), 2.5);
  EXPECT_EQ(log.shown_count, 11);
  EXPECT_FALSE(log.ends[0].error || log.ends[0].interrupted);
  for (const StatusRecord& status : log.statuses) EXPECT_EQ(status.state, State::connected) << status.message;

  settings.repeat = true;
  session.open(settings);
  ASSERT_TRUE(log.until([&] { return log.shown_count >= 11 + 14; }));
  EXPECT_EQ(log.ends.size(), 1U);
}

TEST_F(SessionTest, AMissingSourceIsAnEndWithAnError) {
  Session session(log, fakes());
  SourceSettings settings;
  settings.spec = at("nowhere.mp4");
  session.open(settings);
  ASSERT_TRUE(log.until([&] { return log.ends.size() == 1; }));
  ASSERT_TRUE(log.ends[0].error);
  EXPECT_NE(log.ends[0].error->message.find("nowhere.mp4"), std::string::npos);
}

}  // namespace
}  // namespace dualsight
