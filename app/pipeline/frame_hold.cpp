#include "app/pipeline/frame_hold.h"

#include <utility>

namespace dualsight {

std::vector<FrameHold::Released> FrameHold::release(const Frame& frame, ResultBoxes result) {
  Known now{seconds_of(frame), std::move(result)};
  std::vector<Released> released;
  while (!frames_.empty() && frames_.front().number <= frame.number) {
    Frame oldest = *take_oldest();
    if (oldest.number < frame.number) {
      released.push_back(between(std::move(oldest), now));
    } else {
      released.push_back({std::move(oldest), now.result.detections, false, std::vector<Box>()});
    }
  }
  before_ = std::move(now);
  return released;
}

FrameHold::Released FrameHold::between(Frame frame, const Known& now) const {
  const double seconds = seconds_of(frame);
  const double before = before_ ? before_->seconds : 0, span = now.seconds - before;
  const auto t = static_cast<float>(span > 0 ? (seconds - before) / span : 1);
  Released out{std::move(frame), {}, true, std::vector<Box>()};
  out.detections =
      interpolate(before_ ? before_->result.detections : std::vector<Detection>(), now.result.detections, t);
  if (!now.result.blur) return out;
  if (before_ && before_->result.blur) {
    out.blur = boxes_to_blur(&*before_->result.blur, &*now.result.blur, seconds);
  } else {
    out.blur.reset();  // what was there before is not known
  }
  return out;
}

std::optional<Frame> FrameHold::take_overflow() {
  if (frames_.empty()) return std::nullopt;
  const cv::Mat& newest = frames_.back().bgr;
  const std::size_t bytes = newest.total() * newest.elemSize();
  if (frames_.size() <= limits_.frames && frames_.size() * bytes <= limits_.bytes) return std::nullopt;
  return take_oldest();
}

std::optional<Frame> FrameHold::take_oldest() {
  if (frames_.empty()) return std::nullopt;
  Frame oldest = std::move(frames_.front());
  frames_.pop_front();
  return oldest;
}

std::vector<Box> FrameHold::boxes_to_blur_after_result(double seconds) const {
  if (!before_ || !before_->result.blur) return {};
  return boxes_to_blur(&*before_->result.blur, nullptr, seconds);
}

}  // namespace dualsight
