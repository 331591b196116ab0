// The times of a video's frames, made usable: clocks of cameras and files jump, stand still, or are missing.
#pragma once

#include <optional>

namespace dualsight {

// One time line a source; times in ms. Not thread-safe.
class StreamClock {
 public:
  // `step_ms`: the expected time between frames. `may_jump`: a format whose clock is known to start anew now and then
  // (MPEG-TS and other broadcast formats): a jump ahead of more than ten seconds is none in reality. Elsewhere gaps are
  // believed up to a day: recordings have them.
  explicit StreamClock(double step_ms = 40, bool may_jump = false) : step_ms_(step_ms), may_jump_(may_jump) {}

  // The time to use for a frame whose container says `stamp_ms`; rises from call to call. After a jump (ahead beyond
  // belief, or back by half a second or more, as when a counter wraps) time goes on from the frame before. A frame with
  // the time of the one before is a millisecond later; where the clock stands still, frames are `step_ms` apart.
  double advance(std::optional<double> stamp_ms) {
    if (!last_) {
      stuck_ = 0;
      return *(last_ = stamp_ms.value_or(0));
    }
    const double expected = *last_ + step_ms_;
    if (!stamp_ms) return *(last_ = expected);
    double now = *stamp_ms + shift_ms_;
    const double delta = now - *last_;
    if (delta <= -kBack || delta > (may_jump_ ? kAheadBroadcast : kAhead)) {
      shift_ms_ += expected - now;
      now = expected;
    }
    if (now <= *last_) {
      now = stuck_++ == 0 ? *last_ + 1 : expected;
    } else {
      stuck_ = 0;
    }
    return *(last_ = now);
  }

 private:
  static constexpr double kBack = 500, kAheadBroadcast = 10'000, kAhead = 24.0 * 3600 * 1000;  // ms

  double step_ms_;
  bool may_jump_;
  double shift_ms_ = 0;  // added to the container's times since the last jump
  int stuck_ = 0;        // frames in a row whose time did not rise
  std::optional<double> last_;
};

}  // namespace dualsight
