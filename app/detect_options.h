// What `detect` can be told, on the command line or in a configuration file: the same names, the same checks.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/source.h"
#include "detector/detector.h"

namespace dualsight {

// What each source may have of its own.
struct SourceOptionsSet {
  SourceSettings source;
  bool no_tracking = false;
  std::vector<std::string> blur;  // classes
  std::string results, format;    // empty format: the default
  std::string video, images, contact_sheet;
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

// What can be found wrong without touching anything.
Result<void> check_detect_options(const DetectOptions& options);

}  // namespace dualsight
