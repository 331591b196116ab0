// The clock of a recording.
#pragma once

#include <optional>
#include <string>

#include "app/records/records.h"

namespace dualsight {

// How long a frame is shown when nothing else is known of it, ms: pictures 1 s.
inline double interval_ms(const ShownFrame& frame) {
  if (!frame.pts_ms) return 1000;
  return frame.source_fps > 0 ? 1000 / frame.source_fps : 40;
}

// From the times of sources, which come one after another, to one clock. Milliseconds.
class Timeline {
 public:
  double advance(const ShownFrame& frame) {
    if (!last_ || frame.source != source_ || !frame.pts_ms) {
      begin(frame);
    } else if (*frame.pts_ms + offset_ < *last_ - clock_jump) {
      begin(frame);
    }
    last_ = frame.pts_ms.value_or(0) + offset_;
    interval_ = interval_ms(frame);
    return *last_;
  }

  // Of a frame that may not have come.
  std::optional<double> at(const std::string& source, const std::optional<double>& pts_ms) const {
    if (!last_ || source != source_) return std::nullopt;
    return pts_ms ? *pts_ms + offset_ : *last_;
  }

  const std::string& source() const { return source_; }

 private:
  void begin(const ShownFrame& frame) {  // one frame's time after the last
    offset_ = (last_ ? *last_ + interval_ : 0) - frame.pts_ms.value_or(0);
    source_ = frame.source;
  }

  static constexpr double clock_jump = 1000;  // backwards: the source's clock was set

  std::string source_;
  double offset_ = 0, interval_ = 0;
  std::optional<double> last_;
};

}  // namespace dualsight
