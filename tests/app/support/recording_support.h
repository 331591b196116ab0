// Recordings with known frames, and one with known records, for the tests of playback and export.
#pragma once

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "app/recording/recording_export.h"
#include "app/recording/video_encoder.h"
#include "tests/app/support/video_support.h"

namespace dualsight {

inline const cv::Size kSize(96, 64);

// Grey that tells the number, and a bright square that wanders, so that no two frames are alike.
inline cv::Mat frame_of(int64_t number) {
  cv::Mat frame = numbered(number, kSize);
  cv::rectangle(frame, cv::Rect(static_cast<int>(number * 7 % 80), static_cast<int>(number * 5 % 48), 16, 16),
                cv::Scalar(40, 90 + number % 60, 250), cv::FILLED);
  return frame;
}

inline bool alike(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

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
};

// A recording of 3 s at 25 frames a second, processed every 200 ms (frames 0, 5, ... 70), source frame numbers from
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

}  // namespace dualsight
