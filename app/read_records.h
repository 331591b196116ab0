// Records of a run (NDJSON, "dualsight/1") read back.
#pragma once

#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/types.h"

namespace dualsight {

struct RecordedFrame {
  double pts_ms = 0;
  std::vector<Detection> detections;
  std::vector<Detection> candidates;
};

struct RecordedRun {
  std::vector<std::string> class_names;
  std::vector<RecordedFrame> frames;  // of one source, by time
};

// `source` names one of several; empty: the only one. A last line that was cut off (a killed program) is left out.
// Errors (ErrorKind::source) name file and line: no records of ours, several sources, none with times.
Result<RecordedRun> read_records(const std::string& path, const std::string& source);

}  // namespace dualsight
