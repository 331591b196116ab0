// One second's statistics of a source, for tests.
#pragma once

#include "app/records/records.h"

namespace dualsight {

inline SourceStats stats() {
  SourceStats stats;
  stats.source = "cam0";
  stats.capture_fps = 29.84;
  stats.detect_fps = 12.5;
  stats.age_ms = 84;
  stats.dropped = 412;
  stats.queued = 3;
  return stats;
}

}  // namespace dualsight
