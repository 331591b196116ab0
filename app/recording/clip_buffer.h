// Which frames are kept: all, or those around events.
#pragma once

#include <cstddef>
#include <deque>
#include <limits>
#include <opencv2/core.hpp>
#include <optional>
#include <variant>
#include <vector>

#include "app/records/records.h"

namespace dualsight {

using MomentRecord = std::variant<FrameRecord, EventRecord>;

// One frame and all that was told about it.
struct Moment {
  ShownFrame frame;
  double time_ms = 0;  // on the recording's clock
  bool i420 = false;   // frame.bgr holds I420 (to_i420) instead, which takes half the memory
  std::vector<MomentRecord> records;

  bool is(const std::string& source, int64_t number) const { return frame.frame == number && frame.source == source; }
};

// The newest frames, in memory, until it is known whether a clip wants them. A clip holds the frames from `pre_ms`
// before its first trigger until `post_ms` after its last, both included. On one thread.
class ClipBuffer {
 public:
  // Frames beyond `bytes` are first packed as I420, then the oldest are given up; the newest stays.
  ClipBuffer(double pre_ms, double post_ms, std::size_t bytes) : pre_ms_(pre_ms), post_ms_(post_ms), limit_(bytes) {}
  // Everything is wanted at once.
  static ClipBuffer keep_all();

  void add(Moment moment);  // times rise
  // Something was seen. True: a new clip begins with the frames that take() gives from now on; false: it goes with the
  // clip before, whose time it overlaps.
  bool trigger(double time_ms);
  std::optional<Moment> take();  // the next frame that is to be written
  bool over() const;             // no trigger to come can continue the clip
  void clear();                  // forgets frames and clip

  Moment* newest() { return waiting_.empty() ? nullptr : &waiting_.back(); }
  bool gave_up() const { return gave_up_; }  // frames within the pre-roll

 private:
  void drop_oldest();
  void shrink();

  static constexpr double never = -std::numeric_limits<double>::infinity();
  double pre_ms_ = 0, post_ms_ = 0;
  std::size_t limit_ = 0;
  std::deque<Moment> waiting_;
  std::size_t bytes_ = 0, packed_ = 0;  // of waiting_; the first packed_ are I420 or too small for it
  bool all_ = false, gave_up_ = false;
  double until_ = never;   // of the clip
  double newest_ = never;  // frame
};

}  // namespace dualsight
