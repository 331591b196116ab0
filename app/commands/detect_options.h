// The options of `detect`, given on the command line or in a configuration file under the same names and checks.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "app/recording/video_recorder.h"
#include "app/sinks/sink_registry.h"
#include "app/sources/source.h"
#include "detector/detector.h"
#include "detector/tracking/zones.h"

namespace dualsight {

// The options that each source may have its own values of.
struct SourceOptionsSet {
  SourceSettings source;
  bool no_tracking = false;
  std::vector<std::string> zones, lines;  // as the user wrote them
  std::vector<Region> regions;            // zones and lines, read by complete_detect_options()
  std::vector<std::string> blur;          // classes
  SinkRequests outputs;
  RecorderOptions record;      // without a target: no recording
  std::string segment, quota;  // as the user wrote them; complete_detect_options() fills in `record`
};

struct DetectOptions {
  std::vector<std::string> sources;  // named on the command line, or by `source = [...]`
  SourceOptionsSet common;           // for all of `sources`; where each `[[source]]` table starts from
  // One per source, in order: the `[[source]]` tables, or else complete_detect_options() makes them from `sources`.
  std::vector<SourceOptionsSet> per_source;
  bool shared_outputs = true;  // all sources feed the same outputs; false: `[[source]]` tables, each with its own
  SinkRequests outputs;        // one for the whole run
  std::string model;
  DetectorOptions detector;
  bool keep_candidates = false;
  int64_t max_frames = 0;  // of each source; 0: all
  bool quiet = false, stats = false;
};

// The outputs that can be asked for: those built in, then those of register_sink().
std::vector<SinkRow> sink_rows();

// Adds the options to the command line; `options` receives their values and must outlive the App.
void add_detect_options(CLI::App& app, DetectOptions& options);

// Reads a configuration file; options given on the command line (`given`, parsed) win. Errors (ErrorKind::usage) name
// file and line.
Result<DetectOptions> with_config(const std::string& path, const CLI::App& given);

// Finds what is wrong without opening any file, completes per_source and fills in what was text so far. Call once.
Result<void> complete_detect_options(DetectOptions& options);

}  // namespace dualsight
