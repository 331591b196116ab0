#include "app/commands/detect_options.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "app/commands/detector_flags.h"
#include "app/sinks/picture_sinks.h"
#include "app/sinks/prometheus.h"
#include "app/sinks/result_writer.h"
#include "app/system/config_file.h"
#include "app/system/units.h"

namespace dualsight {
namespace {

constexpr const char* config_option = "--config";

// In the order of --help.
std::vector<SinkRow> built_in_sinks() {
  return {result_writer_row(), video_row(), picture_folder_row(), contact_sheet_row(), prometheus_row()};
}

CLI::Validator size_text(int& width, int& height) {
  return CLI::Validator(
      [&width, &height](const std::string& text) {
        char rest = 0;
        int w = 0, h = 0;
        if (std::sscanf(text.c_str(), "%dx%d%c", &w, &h, &rest) != 2 || w < 1 || h < 1 || w > 16384 || h > 16384) {
          return "must be WIDTHxHEIGHT, like 1280x720, not " + text;
        }
        width = w, height = h;
        return std::string();
      },
      "WxH");
}

CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& help) {
  return app.add_option(name, values, help)->delimiter(',')->allow_extra_args(false);  // else it swallows the sources
}

void add_sink_options(CLI::App& app, SinkRequests& requests, bool whole_run) {
  for (const SinkRow& row : sink_rows()) {
    if (row.whole_run != whole_run) continue;
    SinkRequest& request = requests[row.option];
    app.add_option(row.option, request.target, row.help)->type_name(row.value_name);
    if (row.variant_option.empty()) continue;
    app.add_option(row.variant_option, request.variant, row.variant_help)->check(CLI::IsMember(row.variants));
  }
}

void add_record_options(CLI::App& app, SourceOptionsSet& s) {
  const std::map<std::string, RecordWhat> kinds = {
      {"annotated", RecordWhat::annotated}, {"raw", RecordWhat::raw}, {"both", RecordWhat::both}};
  app.add_option("--record", s.record.target,
                 "Record to FILE (.mkv, .mp4) or into the folder DIR, with the results beside it (.ndjson)")
      ->type_name("PATH");
  app.add_option("--record-what", s.record.what, "annotated, raw or both (default: annotated)")
      ->transform(CLI::CheckedTransformer(kinds, CLI::ignore_case).description(""))
      ->type_name("WHAT");
  app.add_option("--record-format", s.record.container, "Of recordings in a folder: .mkv or .mp4")
      ->check(CLI::IsMember({".mkv", ".mp4"}))
      ->capture_default_str();
  app.add_option("--segment", s.segment, "Begin a new recording after so long (10m) or so much (500MB)");
  app.add_option("--quota", s.quota, "Delete the folder's oldest recordings beyond so much (20GB)");
  add_list(app, "--record-on", s.record.on_classes, "Record only while one of these classes is there");
  add_list(app, "--record-in", s.record.on_zones, "Record only while something is in one of these zones");
  app.add_option("--pre-roll", s.record.pre_roll_s, "Seconds recorded from before that")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--post-roll", s.record.post_roll_s, "Seconds recorded after that")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void add_source_options(CLI::App& app, SourceOptionsSet& s) {
  SourceSettings& source = s.source;
  app.add_option("--name", source.name, "The source's name in records (default: made from the source)");
  app.add_option("--camera-format", source.camera_format, "Pixel format asked of a camera, as FOURCC: MJPG, YUYV")
      ->check(CLI::Validator(
          [](const std::string& text) { return text.size() == 4 ? "" : "must be four letters, not " + text; },
          "FOURCC"));
  app.add_option_function<std::string>(
         "--camera-size", [](const std::string&) {}, "Frame size asked of a camera")
      ->check(size_text(source.camera_width, source.camera_height));
  app.add_option("--camera-fps", source.camera_fps, "Frame rate asked of a camera")->check(CLI::Range(0.1, 1000.0));
  app.add_option("--rotate", source.rotate, "Turn pictures clockwise by 90, 180 or 270 degrees")
      ->check(CLI::IsMember({0, 90, 180, 270}));
  app.add_flag("--mirror", source.mirror, "Swap left and right");
  app.add_flag("--wait", source.wait, "Live sources: go on trying even if they cannot be opened at the start");
  app.add_option("--open-timeout", source.open_timeout_s, "Live sources: seconds that opening may take")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--read-timeout", source.read_timeout_s, "Live sources: seconds without a frame until one is lost")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();

  app.add_flag("--no-track", s.no_tracking, "No track ids: every frame by itself");
  app.add_option("--zone", s.zones,
                 "Report who enters and leaves: \"NAME=x,y x,y x,y ...\", corners in fractions of width and height; "
                 "\";class,class\" behind them for these classes only. May be given again")
      ->type_name("ZONE")
      ->allow_extra_args(false);
  app.add_option("--line", s.lines, "Count who crosses: \"NAME=x,y x,y\", likewise")
      ->type_name("LINE")
      ->allow_extra_args(false);
  add_list(app, "--blur", s.blur, "Make these classes unrecognisable before anything is written");

  add_sink_options(app, s.outputs, false);
  add_record_options(app, s);
}

void add_run_options(CLI::App& app, DetectOptions& o) {
  app.add_option("source", o.sources,
                 "Picture, folder of pictures, \"quoted glob\", video, camera (0, /dev/video0, /dev/v4l/by-id/...), "
                 "rtsp:// or http:// address, - (standard input), \"gst:GStreamer pipeline\". Live ones run side by "
                 "side, others one after "
                 "another");
  add_detector_flags(app, o.model, o.detector);
  app.add_option(
         "--conf", o.detector.confidence,
         "Least confidence, for all classes (default: the model's own). Tracks are held on to down to half of it")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--iou-across-classes", o.detector.iou_across_classes,
                 "Of two boxes of different classes that overlap more than this, the better is reported; 1: both are")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  add_list(app, "--classes", o.detector.classes, "Report only these, comma-separated");
  app.add_flag("--candidates", o.keep_candidates,
               "Keep weaker detections in the records, so that `render` can lower the thresholds");
  app.add_option("--max-frames", o.max_frames, "Stop after so many frames of each source (default: all)")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--stats", o.stats, "Tell rates, ages, queues and drops once a second");
  add_sink_options(app, o.outputs, true);
  app.add_flag("--quiet", o.quiet, "Print errors only");
}

// Sets one option of `app` from a configuration's entry.
Result<void> apply(CLI::App& app, const ConfigEntry& entry, const std::string& path) {
  const auto failed = [&](const std::string& what) {
    return Error{ErrorKind::usage, fmt::format("{}:{}: {}", path, entry.line, what)};
  };
  const std::string name = entry.key == "source" ? entry.key : "--" + entry.key;
  if (name == config_option || name == "--help" || app.get_option_no_throw(name) == nullptr) {
    return failed("unknown key \"" + entry.key + "\"");
  }
  if (!entry.tables.empty()) return failed("\"" + entry.key + "\" cannot be a table");
  const bool list = app.get_option(name)->get_items_expected_max() > 1;
  if (!list && entry.values.size() != 1) return failed("\"" + entry.key + "\" needs one value");
  std::vector<std::string> words;
  for (const std::string& value : entry.values) {
    words.push_back(entry.key == "source" ? value : name + "=" + value);
  }
  std::reverse(words.begin(), words.end());  // CLI11 reads them from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    std::string line = error.what();
    std::replace(line.begin(), line.end(), '\n', ' ');
    return failed(line);
  }
  return {};
}

// Applies the options given on the command line to another App.
void repeat(const CLI::App& given, CLI::App& app) {
  for (const CLI::Option* option : given.get_options()) {
    if (option->count() == 0 || option->check_name(config_option)) continue;
    const bool positional = option->get_positional();
    const std::string name = option->get_name(positional);
    if (app.get_option_no_throw(name) == nullptr) continue;
    std::vector<std::string> words;
    for (const std::string& value : option->results()) words.push_back(positional ? value : name + "=" + value);
    std::reverse(words.begin(), words.end());
    app.parse(words);  // cannot throw: was parsed once already
  }
}

Error usage(const std::string& what) { return {ErrorKind::usage, what}; }

Result<void> check_sinks(const SinkRequests& requests) {
  for (const SinkRow& row : sink_rows()) {
    const auto request = requests.find(row.option);
    if (request == requests.end() || request->second.variant.empty() || !request->second.target.empty()) continue;
    return usage(row.variant_option + " needs " + row.option + ", which names the file");
  }
  return {};
}

// Reads --segment and --quota.
Result<void> complete_recording(SourceOptionsSet& s) {
  if (s.record.target.empty() &&
      !(s.segment.empty() && s.quota.empty() && s.record.on_classes.empty() && s.record.on_zones.empty())) {
    return usage("--segment, --quota, --record-on and --record-in need --record, which names file or folder");
  }
  if (!s.segment.empty()) {
    if (const auto seconds = parse_duration(s.segment)) {
      s.record.segment_seconds = *seconds;
    } else if (const auto bytes = parse_bytes(s.segment)) {
      s.record.segment_bytes = *bytes;
    } else {
      return usage("--segment " + s.segment + ": is neither a time (90s, 10m, 2h) nor a size (500MB, 2GiB)");
    }
  }
  if (!s.quota.empty()) {
    const auto bytes = parse_bytes(s.quota);
    if (!bytes) return usage("--quota " + s.quota + ": is not a size (500MB, 20GB)");
    s.record.quota_bytes = *bytes;
  }
  return {};
}

// Reads --zone and --line.
Result<void> complete_regions(SourceOptionsSet& s) {
  if (s.no_tracking && !(s.zones.empty() && s.lines.empty())) return usage("--no-track: zones and lines need tracks");
  for (const auto& [texts, line] : {std::pair(&s.zones, false), std::pair(&s.lines, true)}) {
    for (const std::string& text : *texts) {
      auto region = parse_region(text, line);
      if (!region) return usage((line ? "--line " : "--zone ") + region.error().message);
      const auto same = [&](const Region& other) { return other.name == region->name; };
      if (std::any_of(s.regions.begin(), s.regions.end(), same)) {
        return usage("the name \"" + region->name + "\" is given to two zones or lines");
      }
      s.regions.push_back(*std::move(region));
    }
  }
  return {};
}

// The names that other options must have: --blur's among --classes, --record-in's among the zones.
Result<void> check_names(const SourceOptionsSet& s, const std::vector<std::string>& classes) {
  for (const std::string& name : s.blur) {
    if (!classes.empty() && std::find(classes.begin(), classes.end(), name) == classes.end()) {
      return usage("--blur " + name + ": is not one of --classes, so it would not be looked for");
    }
  }
  for (const std::string& zone : s.record.on_zones) {
    const auto named = [&](const Region& region) { return !region.line && region.name == zone; };
    if (std::none_of(s.regions.begin(), s.regions.end(), named)) {
      return usage("--record-in " + zone + ": there is no such zone");
    }
  }
  return {};
}

}  // namespace

std::vector<SinkRow> sink_rows() {
  std::vector<SinkRow> rows = built_in_sinks();
  rows.insert(rows.end(), registered_sinks().begin(), registered_sinks().end());
  return rows;
}

void add_detect_options(CLI::App& app, DetectOptions& options) {
  add_run_options(app, options);
  add_source_options(app, options.common);
}

Result<DetectOptions> with_config(const std::string& path, const CLI::App& given) {
  auto config = read_config(path);
  if (!config) return config.error();
  DetectOptions options;
  CLI::App app;
  app.allow_windows_style_options(false);
  add_detect_options(app, options);
  const ConfigEntry* tables = nullptr;
  for (const ConfigEntry& entry : config->entries) {
    if (entry.key == "source" && !entry.tables.empty()) {
      if (!entry.values.empty()) {
        return Error{ErrorKind::usage, fmt::format("{}:{}: \"source\" is either names or tables", path, entry.line)};
      }
      tables = &entry;  // applied last, on top of the settings for all sources wherever these stand
    } else if (auto applied = apply(app, entry, path); !applied) {
      return applied.error();
    }
  }
  const CLI::Option* named = given.get_option_no_throw("source");
  const bool other_sources = named != nullptr && named->count() > 0;
  if (tables != nullptr && !other_sources) {
    for (const ConfigTable& table : tables->tables) {
      SourceOptionsSet own = options.common;
      CLI::App part;
      part.allow_windows_style_options(false);
      part.add_option("--spec", own.source.spec);
      add_source_options(part, own);
      for (const ConfigEntry& entry : table.entries) {
        if (auto applied = apply(part, entry, path); !applied) return applied.error();
      }
      if (own.source.spec.empty()) {
        return Error{ErrorKind::usage, fmt::format("{}:{}: the source has no \"spec\"", path, table.line)};
      }
      repeat(given, part);
      options.per_source.push_back(std::move(own));
    }
  }
  if (other_sources) options.sources.clear();
  repeat(given, app);
  return options;
}

Result<void> complete_detect_options(DetectOptions& options) {
  if (options.sources.empty() && options.per_source.empty()) {
    return usage("source is required (--help tells more)");
  }
  options.shared_outputs = options.per_source.empty();
  if (options.shared_outputs) {
    for (const std::string& spec : options.sources) {
      options.per_source.push_back(options.common);
      options.per_source.back().source.spec = spec;
    }
  }
  for (SourceOptionsSet& source : options.per_source) {
    if (auto good = check_sinks(source.outputs); !good) return good;
    if (auto good = complete_recording(source); !good) return good;
    if (auto good = complete_regions(source); !good) return good;
    if (auto good = check_names(source, options.detector.classes); !good) return good;
  }
  return check_sinks(options.outputs);
}

}  // namespace dualsight
