// Maps the times of sources to the time of a recording.
#pragma once

#include <optional>
#include <string>

#include "app/records/records.h"

namespace dualsight {

// Default display time of a frame, ms: 1 s for pictures.
inline double interval_ms(const ShownFrame& frame) {
  if (!frame.pts_ms) return 1000;
  return frame.source_fps > 0 ? 1000 / frame.source_fps : 40;
}

// Sources follow one another on one increasing clock. All times are milliseconds.
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

  // Time of any frame of the current source, even if advance() did not get it; nullopt: of another source.
  std::optional<double> at(const std::string& source, const std::optional<double>& pts_ms) const {
    if (!last_ || source != source_) return std::nullopt;
    return pts_ms ? *pts_ms + offset_ : *last_;
  }

  const std::string& source() const { return source_; }

 private:
  void begin(const ShownFrame& frame) {  // continues one frame interval after the last frame
    offset_ = (last_ ? *last_ + interval_ : 0) - frame.pts_ms.value_or(0);
    source_ = frame.source;
  }

  static constexpr double clock_jump = 1000;  // back by more than this: the source's clock was set

  std::string source_;
  double offset_ = 0, interval_ = 0;
  std::optional<double> last_;
};

}  // namespace dualsight
