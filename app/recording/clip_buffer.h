// Selects the frames to record: all, or those around events.
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

// One frame and all records about it.
struct Moment {
  ShownFrame frame;
  double time_ms = 0;  // on the recording's clock
  bool i420 = false;   // frame.bgr holds I420 (see to_i420()) instead of BGR, at half the memory
  std::vector<MomentRecord> records;

  bool is(const std::string& source, int64_t number) const { return frame.frame == number && frame.source == source; }
};

// Keeps the newest frames in memory until it is known whether they belong to a clip. A clip has the frames from
// `pre_ms` before its first trigger to `post_ms` after its last one, both inclusive. For one thread.
class ClipBuffer {
 public:
  // `bytes` limits the memory: beyond it frames are first converted to I420, then the oldest are dropped; the newest
  // always stays.
  ClipBuffer(double pre_ms, double post_ms, std::size_t bytes) : pre_ms_(pre_ms), post_ms_(post_ms), limit_(bytes) {}
  // Records all frames; no triggers are needed.
  static ClipBuffer keep_all();

  void add(Moment moment);  // times must increase
  // A reason to record at that time. True: the frames that take() returns from now on belong to a new clip; false: they
  // extend the previous clip, which overlaps.
  bool trigger(double time_ms);
  std::optional<Moment> take();  // the next frame to write, if any
  bool over() const;             // no later trigger can extend the clip
  void clear();                  // drops all frames and ends the clip

  Moment* newest() { return waiting_.empty() ? nullptr : &waiting_.back(); }
  bool gave_up() const { return gave_up_; }  // has dropped frames of the pre-roll for lack of memory

 private:
  void drop_oldest();
  void shrink();

  static constexpr double never = -std::numeric_limits<double>::infinity();
  double pre_ms_ = 0, post_ms_ = 0;
  std::size_t limit_ = 0;
  std::deque<Moment> waiting_;
  std::size_t bytes_ = 0, packed_ = 0;  // of waiting_; its first packed_ frames are I420 or too small for it
  bool all_ = false, gave_up_ = false;
  double until_ = never;   // end of the clip, ms
  double newest_ = never;  // time of the newest frame, ms
};

}  // namespace dualsight
