// What the tests of the video recorder share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/recording/video_recorder.h"
#include "tests/app/support/test_support.h"
#include "tests/app/support/video_support.h"

namespace dualsight {

using std::chrono::milliseconds;
using Times = std::vector<int64_t>;
using Names = std::vector<std::string>;

inline const UtcTime start{milliseconds(1'795'601'472'345)};  // 2026-11-25T10:11:12.345Z

inline HeaderRecord header() {
  HeaderRecord record;
  record.class_names = {"cat", "dog"};
  return record;
}

inline ShownFrame frame_at(int64_t number, std::optional<double> pts_ms, const std::string& source = "front") {
  ShownFrame frame;
  frame.source = source;
  frame.bgr = numbered(number);
  frame.frame = number;
  frame.pts_ms = pts_ms;
  frame.timestamp = start + milliseconds(static_cast<int64_t>(pts_ms.value_or(0)));
  return frame;
}

inline FrameRecord record_of(const ShownFrame& frame) {
  FrameRecord record;
  record.source = frame.source;
  record.frame = frame.frame;
  record.pts_ms = frame.pts_ms;
  record.timestamp = frame.timestamp;
  record.detections = frame.detections;
  return record;
}

inline EventRecord event_of(const ShownFrame& frame) {
  EventRecord record;
  record.source = frame.source;
  record.frame = frame.frame;
  record.pts_ms = frame.pts_ms;
  return record;
}

inline Detection animal(int class_id) { return {class_id, 0.9F, {10, 10, 50, 40}, 1}; }

inline std::vector<int> range(int first, int last) {  // as numbers_in() reads them
  std::vector<int> numbers;
  for (int i = first; i <= last; ++i) numbers.push_back(i % 30);
  return numbers;
}

// How far the left edge of animal()'s box stands out from a frame of that grey.
inline double edge(const std::string& video, int grey = 130, std::size_t frame = 0) {
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
  void process(const ShownFrame& frame) {
    show(frame);
    EXPECT_TRUE(recorder_->on_result(record_of(frame), frame.bgr));
  }
  Result<void> end() { return recorder_->end({}); }
  void close() {
    const auto ended = end();
    EXPECT_TRUE(ended) << ended.error().message;
  }

  // 10 frames/s. The detector processes every fifth, and also those in which a dog is seen.
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
        process(frame);
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
  static Names records_in(const std::string& sidecar) {
    Names reported;
    const auto records = records_of(contents(sidecar));
    EXPECT_FALSE(records.empty());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto& record = records[i];
      EXPECT_EQ(record["type"] == "header", i == 0);
      if (i == 0) continue;
      reported.push_back(record["type"].get<std::string>() + " " + std::to_string(record["frame"].get<int>()) + " at " +
                         std::to_string(record["pts_ms"].get<int64_t>()));
    }
    return reported;
  }

  RecorderOptions options_;
  std::unique_ptr<Sink> recorder_;
  std::vector<StatusRecord> status_records_;
};

}  // namespace dualsight
