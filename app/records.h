// What a run says about itself, one struct per record type of the schema "dualsight/1"
// (assets/dualsight-1.schema.json). Every output format is made from these.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/detector.h"

namespace dualsight {

using UtcTime = std::chrono::system_clock::time_point;
using SteadyTime = std::chrono::steady_clock::time_point;

// "2026-11-22T10:00:00.123Z"
std::string utc_text(UtcTime time);

// First record: everything needed to understand and repeat the run.
struct HeaderRecord {
  UtcTime timestamp;
  std::string model_file, model_name, architecture, model_sha256;
  std::vector<std::string> class_names;
  std::vector<std::string> sources;  // as the user named them, passwords removed
  DetectorOptions options;           // with defaults filled in
  std::vector<float> thresholds;     // per class: confidence needed to be reported
  std::string device;                // what runs the network, "CPU"
  int64_t max_frames = 0;            // of each source; 0: all
};

// One picture or frame, with or without detections. Coordinates are pixels of the source frame.
struct FrameRecord {
  std::string source;            // unique within the run
  std::string file;              // pictures only: their path
  int64_t frame = 0;             // from 0 within the source; live: gaps are dropped frames
  std::optional<double> pts_ms;  // video: presentation time; pictures: none
  UtcTime timestamp;             // when the frame was captured (live) or read (files)
  int width = 0, height = 0;
  SpeedMs speed;
  double age_ms = 0;          // from capture to the moment the record was made
  int64_t dropped = 0;        // frames skipped since the record before (live only): newest wins
  double source_fps = 0;      // the source's claimed rate; 0: unknown. Not written.
  int64_t source_frames = 0;  // how many frames the source has; 0: unknown. Not written.
  std::vector<Detection> detections;
};

enum class SourceState {
  connected,  // a live source delivers
  lost,       // a live source stopped delivering
  retrying,   // a live source is being opened again
  skipped,    // one picture of many could not be read
  truncated,  // a video ended before its container says it should
  failed,     // the source cannot be used (any longer)
};
const char* to_string(SourceState state);

struct StatusRecord {
  std::string source;
  UtcTime timestamp;
  SourceState state = SourceState::connected;
  std::string message;
  std::string file;  // skipped only: which picture
};

struct SourceSummary {
  std::string source;
  int64_t frames = 0;   // looked at
  int64_t dropped = 0;  // live: came, but a newer one was there
  int64_t skipped = 0;  // pictures that could not be read
  bool truncated = false;
};

// Last record.
struct SummaryRecord {
  UtcTime timestamp;
  int64_t frames = 0, dropped = 0, skipped = 0;
  double seconds = 0;
  std::vector<int64_t> objects;  // detections per class, as class_names
  std::vector<SourceSummary> sources;
  std::vector<std::string> files;  // written
  bool interrupted = false;
  std::optional<Error> error;

  double fps() const { return seconds > 0 ? static_cast<double>(frames) / seconds : 0; }
  int exit_code() const;
};

}  // namespace dualsight
