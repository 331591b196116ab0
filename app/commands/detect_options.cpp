#include "app/commands/detect_options.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <utility>

#include "app/commands/config_file.h"
#include "app/commands/detector_flags.h"
#include "app/sinks/result_writer.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

constexpr const char* config_option = "--config";

// A number and a unit; nullopt where either is not known.
std::optional<double> with_unit(const std::string& text, const std::map<std::string, double>& units) {
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const auto unit = units.find(text.substr(used));
  if (unit == units.end() || !std::isfinite(value) || value <= 0) return std::nullopt;
  return value * unit->second;
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

void add_source_options(CLI::App& app, SourceOptionsSet& s) {
  SourceSettings& source = s.source;
  const auto list = [&](const std::string& name, std::vector<std::string>& values, const std::string& help) {
    return app.add_option(name, values, help)->delimiter(',')->allow_extra_args(false);  // else it swallows the sources
  };
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
  list("--blur", s.blur, "Make these classes unrecognisable before anything is written");

  app.add_option("--json", s.results, "Write results to FILE (or folder, for yolo-txt); - for standard output")
      ->type_name("FILE");
  app.add_option("--format", s.format, "Of --json (default: " + result_formats().front() + ")")
      ->check(CLI::IsMember(result_formats()));
  app.add_option("--video", s.video, "Write the annotated video to FILE (.mp4, .mkv, .avi)")->type_name("FILE");
  app.add_option("--images", s.images, "Write every annotated frame into the folder DIR")->type_name("DIR");
  app.add_option("--contact-sheet", s.contact_sheet, "Write twelve annotated frames as one picture")->type_name("FILE");

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
  list("--record-on", s.record.on_classes, "Record only while one of these classes is there");
  list("--record-in", s.record.on_zones, "Record only while something is in one of these zones");
  app.add_option("--pre-roll", s.record.pre_roll_s, "Seconds recorded from before that")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--post-roll", s.record.post_roll_s, "Seconds recorded after that")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void add_run_options(CLI::App& app, DetectOptions& o) {
  app.add_option("source", o.sources,
                 "Picture, folder of pictures, \"quoted glob\", video, camera (0, /dev/video0, /dev/v4l/by-id/...), "
                 "rtsp:// or http:// address, \"gst:GStreamer pipeline\". Live ones run side by side, others one after "
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
  app.add_option("--classes", o.detector.classes, "Report only these, comma-separated")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_flag("--candidates", o.keep_candidates,
               "Keep weaker detections in the records, so that `render` can lower the thresholds");
  app.add_option("--max-frames", o.max_frames, "Stop after so many frames of each source (default: all)")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--stats", o.stats, "Tell rates, ages, queues and drops once a second");
  app.add_option("--prometheus", o.prometheus, "Keep the same numbers in FILE, for Prometheus' text-file collector")
      ->type_name("FILE");
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
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    std::string line = error.what();
    std::replace(line.begin(), line.end(), '\n', ' ');
    return failed(line);
  }
  return {};
}

// What the command line said, said again to another App.
void repeat(const CLI::App& given, CLI::App& app) {
  for (const CLI::Option* option : given.get_options()) {
    if (option->count() == 0 || option->check_name(config_option)) continue;
    const bool positional = option->get_positional();
    const std::string name = option->get_name(positional);
    if (app.get_option_no_throw(name) == nullptr) continue;
    std::vector<std::string> words;
    for (const std::string& value : option->results()) words.push_back(positional ? value : name + "=" + value);
    std::reverse(words.begin(), words.end());
    app.parse(words);  // was parsed once already
  }
}

}  // namespace

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
      tables = &entry;  // they start from what holds for all, wherever that stands
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
      options.own.push_back(std::move(own));
    }
  }
  if (other_sources) options.sources.clear();
  repeat(given, app);
  return options;
}

std::optional<double> parse_duration(const std::string& text) {
  return with_unit(text, {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}});
}

std::optional<int64_t> parse_bytes(const std::string& text) {
  const auto bytes = with_unit(text, {{"kB", 1e3},
                                      {"MB", 1e6},
                                      {"GB", 1e9},
                                      {"TB", 1e12},
                                      {"KiB", 1024.0},
                                      {"MiB", 1048576.0},
                                      {"GiB", 1073741824.0}});
  if (!bytes || *bytes < 1) return std::nullopt;
  return static_cast<int64_t>(*bytes);
}

Result<void> check_detect_options(DetectOptions& options) {
  const auto wrong = [](const std::string& what) { return Error{ErrorKind::usage, what}; };
  const auto check = [&](SourceOptionsSet& s) -> Result<void> {
    if (!s.format.empty() && s.results.empty()) return wrong("--format needs --json, which names the file");
    if (!s.contact_sheet.empty() && !is_picture_name(s.contact_sheet)) {
      return wrong("--contact-sheet " + s.contact_sheet + ": the name must end like a picture's");
    }
    if (s.record.target.empty()) {
      if (!s.segment.empty() || !s.quota.empty() || !s.record.on_classes.empty() || !s.record.on_zones.empty()) {
        return wrong("--segment, --quota, --record-on and --record-in need --record, which names file or folder");
      }
    }
    if (!s.segment.empty()) {
      if (const auto seconds = parse_duration(s.segment)) {
        s.record.segment_seconds = *seconds;
      } else if (const auto bytes = parse_bytes(s.segment)) {
        s.record.segment_bytes = *bytes;
      } else {
        return wrong("--segment " + s.segment + ": is neither a time (90s, 10m, 2h) nor a size (500MB, 2GiB)");
      }
    }
    if (!s.quota.empty()) {
      const auto bytes = parse_bytes(s.quota);
      if (!bytes) return wrong("--quota " + s.quota + ": is not a size (500MB, 20GB)");
      s.record.quota_bytes = *bytes;
    }
    if (s.no_tracking && !(s.zones.empty() && s.lines.empty())) {
      return wrong("--no-track: zones and lines need tracks");
    }
    for (const auto& [texts, line] : {std::pair(&s.zones, false), std::pair(&s.lines, true)}) {
      for (const std::string& text : *texts) {
        auto region = parse_region(text, line);
        if (!region) return Error{ErrorKind::usage, (line ? "--line " : "--zone ") + region.error().message};
        const auto same = [&](const Region& other) { return other.name == region->name; };
        if (std::any_of(s.regions.begin(), s.regions.end(), same)) {
          return wrong("the name \"" + region->name + "\" is given to two zones or lines");
        }
        s.regions.push_back(*std::move(region));
      }
    }
    const auto& classes = options.detector.classes;
    for (const std::string& name : s.blur) {
      if (!classes.empty() && std::find(classes.begin(), classes.end(), name) == classes.end()) {
        return wrong("--blur " + name + ": is not one of --classes, so it would not be looked for");
      }
    }
    for (const std::string& zone : s.record.on_zones) {
      const auto named = [&](const Region& region) { return !region.line && region.name == zone; };
      if (std::none_of(s.regions.begin(), s.regions.end(), named)) {
        return wrong("--record-in " + zone + ": there is no such zone");
      }
    }
    return {};
  };
  if (options.sources.empty() && options.own.empty()) return wrong("source is required (--help tells more)");
  if (options.own.empty()) return check(options.common);  // else it is what the tables start from
  for (SourceOptionsSet& own : options.own) {
    if (auto good = check(own); !good) return good;
  }
  return {};
}

}  // namespace dualsight
