// What `detect` can be told, on the command line or in a configuration file: the same names, the same checks.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/video_recorder.h"
#include "app/sources/source.h"
#include "detector/detector.h"
#include "detector/tracking/zones.h"

namespace dualsight {

// What each source may have of its own.
struct SourceOptionsSet {
  SourceSettings source;
  bool no_tracking = false;
  std::vector<std::string> zones, lines;  // as the user wrote them
  std::vector<Region> regions;            // as check_detect_options() read them
  std::vector<std::string> blur;          // classes
  std::string results, format;            // empty format: the default
  std::string video, images, contact_sheet;
  RecorderOptions record;      // without a target: no recording
  std::string segment, quota;  // as the user wrote them; check_detect_options() fills in `record`
};

struct DetectOptions {
  std::vector<std::string> sources;   // from the command line, or `source = [...]`
  SourceOptionsSet common;            // for all of them
  std::vector<SourceOptionsSet> own;  // `[[source]]` tables: run side by side
  std::string model;
  DetectorOptions detector;
  bool keep_candidates = false;
  int64_t max_frames = 0;
  bool quiet = false, stats = false;
  std::string prometheus;
};

// Options of the command line, bound to `options`, which must outlive the App.
void add_detect_options(CLI::App& app, DetectOptions& options);

// The configuration file's settings, under those that `given` (the parsed command line) names. Errors
// (ErrorKind::usage) name file and line.
Result<DetectOptions> with_config(const std::string& path, const CLI::App& given);

// What can be found wrong without touching anything; fills in what was text so far.
Result<void> check_detect_options(DetectOptions& options);

// "90", "90s", "10m", "2h" in seconds; "500MB", "1.5GiB" in bytes. nullopt: neither.
std::optional<double> parse_duration(const std::string& text);
std::optional<int64_t> parse_bytes(const std::string& text);

}  // namespace dualsight
