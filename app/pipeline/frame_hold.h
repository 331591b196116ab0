// Frames wait here, in the order of capture, until the detector's results before and after them are known: then boxes
// can be interpolated, and what is to be blurred is covered on its whole way. Pure: no threads, no clock, no pixels
// touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "app/records/interpolation.h"
#include "app/sources/source.h"
#include "detector/core/types.h"

namespace dualsight {

// Of the source's clock; 0 for pictures, which have none.
inline double seconds_of(const Frame& frame) { return frame.pts_ms.value_or(0) / 1000; }

class FrameHold {
 public:
  struct Limits {
    std::size_t frames = 90;
    std::size_t bytes = std::size_t{512} << 20;  // of pixels
  };
  // What the detector (and the tracker behind it) says about one frame.
  struct ResultBoxes {
    std::vector<Detection> detections;
    std::optional<BlurLook> blur;  // none: nothing is to be blurred
  };
  // A frame that need not wait any longer.
  struct Released {
    Frame frame;
    std::vector<Detection> detections;
    bool interpolated = false;  // the boxes are those between two results; false: its own
    // The boxes to be blurred; none: not known, the frame must not be shown. Of the result's own frame: left to the
    // caller, empty.
    std::optional<std::vector<Box>> blur;
  };

  FrameHold() : FrameHold(Limits()) {}
  explicit FrameHold(Limits limits) : limits_(limits) {}

  void add(Frame frame) { frames_.push_back(std::move(frame)); }
  // The result of `frame` is there: that frame, if it still waits, and those before it are released, oldest first.
  std::vector<Released> release(const Frame& frame, ResultBoxes result);
  // The oldest frame, where more wait than the limits allow: it cannot wait for a result.
  std::optional<Frame> take_overflow();
  std::optional<Frame> take_oldest();
  void clear() { frames_.clear(); }
  // What comes next does not continue what was there: nothing is interpolated across.
  void forget_result() { before_.reset(); }

  bool empty() const { return frames_.empty(); }
  int64_t newest_number() const { return frames_.back().number; }  // not empty
  // The boxes to be blurred in a frame that nothing but the last result is known about; empty before the first.
  std::vector<Box> boxes_to_blur_after_result(double seconds) const;

 private:
  struct Known {
    double seconds = 0;
    ResultBoxes result;
  };
  Released between(Frame frame, const Known& now) const;

  const Limits limits_;
  std::deque<Frame> frames_;
  std::optional<Known> before_;  // the last result
};

}  // namespace dualsight
