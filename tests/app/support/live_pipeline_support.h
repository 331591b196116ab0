// A live pipeline on fakes: a camera in whose picture a striped square moves, and a detector that is slower than it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "tests/app/support/pipeline_support.h"

namespace dualsight {

// A camera of 50 frames/s in whose picture a square of 20 pixels moves right by 2 pixels a frame: white stripes, two
// pixels wide and two apart, of which blocks of three pixels' mean leave greys of 85 and 170.
class StripedCamera : public Source {
 public:
  StripedCamera() {
    info_.name = "cam";
    info_.live = true;
    info_.fps = 50;
  }
  const SourceInfo& info() const override { return info_; }
  static cv::Rect square(int64_t frame) { return {static_cast<int>(20 + 2 * frame), 30, 20, 20}; }
  Result<std::optional<Frame>> read() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    Frame frame;
    frame.bgr = cv::Mat(80, 400, CV_8UC3, cv::Scalar::all(0));
    const cv::Rect at = square(next_++);
    for (int x = 0; x < at.width; x += 4) frame.bgr({at.x + x, at.y, 2, at.height}).setTo(cv::Scalar::all(255));
    return std::optional<Frame>(std::move(frame));
  }

 private:
  SourceInfo info_;
  int64_t next_ = 0;
};

// Finds the square, and takes four frames' time for it.
struct SquareDetector : FakeDetector {
  Result<void> detect(ImageView bgr, DetectionResult& result) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
    int x = 0;
    while (x < bgr.width && bgr.row(40)[3 * x] < 128) ++x;
    result = {};
    const auto left = static_cast<float>(x);
    if (x < bgr.width) result.detections.push_back({1, 0.9F, {left, 30, left + 20, 50}});
    return {};
  }
};

// Stripes of the square that are still there.
inline int white_pixels(const cv::Mat& picture) {
  cv::Mat white;
  cv::inRange(picture, cv::Scalar::all(200), cv::Scalar::all(255), white);
  return cv::countNonZero(white);
}

class LivePipelineTest : public PipelineTest {
 protected:
  LivePipelineTest() {
    options_.open = [](const SourceSettings&, const SourceOptions&) -> Result<std::unique_ptr<Source>> {
      return std::unique_ptr<Source>(new StripedCamera());
    };
    options_.sources[0].tracking.enabled = true;
    options_.max_frames = 10;
  }
  SummaryRecord run_live() {
    SquareDetector detector;
    return run_with(detector);
  }
};

}  // namespace dualsight
