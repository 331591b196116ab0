#include "app/detect_options.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

#include "app/config_file.h"
#include "app/detector_flags.h"
#include "app/result_writer.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

constexpr const char* config_option = "--config";

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
  list("--blur", s.blur, "Make these classes unrecognisable before anything is written");

  app.add_option("--json", s.results, "Write results to FILE (or folder, for yolo-txt); - for standard output")
      ->type_name("FILE");
  app.add_option("--format", s.format, "Of --json (default: " + result_formats().front() + ")")
      ->check(CLI::IsMember(result_formats()));
  app.add_option("--video", s.video, "Write the annotated video to FILE (.mp4, .mkv, .avi)")->type_name("FILE");
  app.add_option("--images", s.images, "Write every annotated frame into the folder DIR")->type_name("DIR");
  app.add_option("--contact-sheet", s.contact_sheet, "Write twelve annotated frames as one picture")->type_name("FILE");
}

void add_run_options(CLI::App& app, DetectOptions& o) {
  app.add_option("source", o.sources,
                 "Picture, folder of pictures, \"quoted glob\", video, camera (0, /dev/video0, /dev/v4l/by-id/...), "
                 "rtsp:// or http:// address, \"gst:GStreamer pipeline\". Live ones run side by side, others one after "
                 "another");
  add_detector_flags(app, o.model, o.detector);
  app.add_option("--conf", o.detector.confidence, "Least confidence, for all classes (default: the model's own)")
      ->check(CLI::Range(0.0, 1.0));
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

Result<void> check_detect_options(const DetectOptions& options) {
  const auto wrong = [](const std::string& what) { return Error{ErrorKind::usage, what}; };
  const auto check = [&](const SourceOptionsSet& s) -> Result<void> {
    if (!s.format.empty() && s.results.empty()) return wrong("--format needs --json, which names the file");
    if (!s.contact_sheet.empty() && !is_picture_name(s.contact_sheet)) {
      return wrong("--contact-sheet " + s.contact_sheet + ": the name must end like a picture's");
    }
    return {};
  };
  if (options.sources.empty() && options.own.empty()) return wrong("source is required (--help tells more)");
  if (auto good = check(options.common); !good) return good;
  for (const SourceOptionsSet& own : options.own) {
    if (auto good = check(own); !good) return good;
  }
  return {};
}

}  // namespace dualsight
