#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "app/commands/commands.h"
#include "app/commands/detect_options.h"
#include "app/pipeline/pipeline.h"
#include "app/recording/video_recorder.h"
#include "app/session/model_lookup.h"
#include "app/sinks/picture_sinks.h"
#include "app/sinks/prometheus.h"
#include "app/sinks/result_writer.h"
#include "app/system/log.h"
#include "app/system/progress_bar.h"
#include "app/system/redact.h"
#include "app/system/signals.h"
#include "detector/core/runtime.h"
#include "detector/detector.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

using Sinks = std::vector<std::unique_ptr<Sink>>;

std::vector<std::string> specs_of(const DetectOptions& options) {
  std::vector<std::string> specs = options.own.empty() ? options.sources : std::vector<std::string>();
  for (const SourceOptionsSet& own : options.own) specs.push_back(own.source.spec);
  return specs;
}

// Recordings in a folder are made by source, each with a recorder of its own; a file holds one source after another.
bool records_into_folder(const SourceOptionsSet& settings) {
  const std::string& target = settings.record.target;
  std::error_code ignored;
  return !target.empty() && (fs::is_directory(target, ignored) || !fs::path(target).has_extension());
}

// The files that a run writes, as far as they are named.
std::vector<std::string> files_of(const SourceOptionsSet& settings) {
  std::vector<std::string> files = {settings.video, settings.contact_sheet};
  if (settings.format != "yolo-txt" && settings.results != "-") files.push_back(settings.results);
  if (!settings.record.target.empty() && !records_into_folder(settings)) {
    const auto recorded = paths_beside(settings.record.target, settings.record.what, settings.record.sidecar).all();
    files.insert(files.end(), recorded.begin(), recorded.end());
  }
  std::erase(files, "");
  return files;
}

// An output that is also a source would destroy the source before it was read; two in one file destroy each other.
Result<void> check_outputs(const DetectOptions& options) {
  std::vector<std::string> files = options.own.empty() ? files_of(options.common) : std::vector<std::string>();
  for (const SourceOptionsSet& own : options.own) {
    const auto more = files_of(own);
    files.insert(files.end(), more.begin(), more.end());
  }
  if (!options.prometheus.empty()) files.push_back(options.prometheus);
  std::set<fs::path> seen;
  for (const std::string& file : files) {
    std::error_code ignored;
    for (const std::string& source : specs_of(options)) {
      if (fs::is_regular_file(file, ignored) && fs::equivalent(file, source, ignored)) {
        return Error{ErrorKind::usage, file + ": is a source and would be overwritten"};
      }
    }
    if (!seen.insert(fs::weakly_canonical(fs::absolute(file), ignored)).second) {
      return Error{ErrorKind::usage, file + ": two outputs cannot be written into one file"};
    }
  }
  return {};
}

// `sharers`: how many sources record into the folder.
Result<void> add_recorder(const SourceOptionsSet& settings, std::size_t sharers, Sinks& sinks) {
  RecorderOptions options = settings.record;
  options.quota_sharers = static_cast<int>(sharers);
  auto recorder = make_recorder(options);
  if (!recorder) return recorder.error();
  sinks.push_back(*std::move(recorder));
  return {};
}

Result<Sinks> make_sinks(const SourceOptionsSet& settings) {
  Sinks sinks;
  if (!settings.results.empty()) {
    const std::string& format = settings.format.empty() ? result_formats().front() : settings.format;
    auto writer = make_result_writer(format, settings.results);
    if (!writer) return writer.error();
    sinks.push_back(*std::move(writer));
  }
  if (!settings.video.empty()) {
    RecorderOptions video;
    video.target = settings.video;
    video.sidecar = false;
    auto writer = make_recorder(video);
    if (!writer) return writer.error();
    sinks.push_back(*std::move(writer));
  }
  if (!settings.images.empty()) sinks.push_back(make_picture_folder(settings.images));
  if (!settings.contact_sheet.empty()) sinks.push_back(make_contact_sheet(settings.contact_sheet));
  return sinks;
}

// What runs: the sources that the command line names share their outputs; files follow one another on lane 0, every
// live source has a lane of its own. The sources of a configuration's tables all run side by side, each with outputs
// of its own.
struct Plan {
  Sinks shared;
  std::vector<SourcePlan> sources;
};

Result<Plan> make_plan(const DetectOptions& options) {
  Plan plan;
  if (!options.own.empty()) {
    for (const SourceOptionsSet& own : options.own) {
      auto sinks = make_sinks(own);
      if (!sinks) return sinks.error();
      if (!own.record.target.empty()) {
        if (auto added = add_recorder(own, options.own.size(), *sinks); !added) return added.error();
      }
      plan.sources.push_back(
          {own.source, plan.sources.size(), *std::move(sinks), {!own.no_tracking, own.regions}, {}, {}});
    }
    return plan;
  }
  auto sinks = make_sinks(options.common);
  if (!sinks) return sinks.error();
  plan.shared = *std::move(sinks);
  const bool into_folder = records_into_folder(options.common);
  std::size_t live = 0;
  for (const std::string& spec : options.sources) {
    SourceSettings source = options.common.source;
    source.spec = spec;
    Sinks own;
    if (into_folder) {
      if (auto added = add_recorder(options.common, options.sources.size(), own); !added) return added.error();
    }
    plan.sources.push_back({source,
                            is_live(spec) ? ++live : 0,
                            std::move(own),
                            {!options.common.no_tracking, options.common.regions},
                            {},
                            {}});
  }
  if (!options.common.record.target.empty() && !into_folder) {
    if (auto added = add_recorder(options.common, 1, plan.shared); !added) return added.error();
  }
  if (live > 0 && options.sources.size() > 1) {  // side by side
    for (const std::string& file : {options.common.video, into_folder ? std::string() : options.common.record.target}) {
      if (file.empty()) continue;
      return Error{ErrorKind::usage, file +
                                         ": sources side by side do not fit into one video (--record DIR, or a file "
                                         "for each with --config)"};
    }
  }
  return plan;
}

Result<void> check_classes(const std::string& option, const std::vector<std::string>& names,
                           const std::vector<std::string>& class_names) {
  for (const std::string& name : names) {
    if (std::find(class_names.begin(), class_names.end(), name) == class_names.end()) {
      return Error{ErrorKind::usage, option + ": class \"" + name + "\" is not one of this model's"};
    }
  }
  return {};
}

Result<void> check_classes(const SourceOptionsSet& settings, const std::vector<std::string>& class_names) {
  for (const Region& region : settings.regions) {
    const std::string option = (region.line ? "--line " : "--zone ") + region.name;
    if (auto known = check_classes(option, region.classes, class_names); !known) return known;
  }
  if (auto known = check_classes("--record-on", settings.record.on_classes, class_names); !known) return known;
  return check_classes("--blur", settings.blur, class_names);
}

// Which classes a source's --blur means; empty: none.
std::vector<bool> classes_to_blur(const std::vector<std::string>& names, const std::vector<std::string>& class_names) {
  std::vector<bool> blurred;
  for (const std::string& name : class_names) {
    blurred.push_back(std::find(names.begin(), names.end(), name) != names.end());
  }
  return names.empty() ? std::vector<bool>() : blurred;
}

HeaderRecord make_header(const DetectOptions& settings, const ModelStatus& model) {
  const ModelInfo& info = model.info;
  HeaderRecord header;
  header.timestamp = std::chrono::system_clock::now();
  header.model_file = model.file.string();
  header.model_name = info.name;
  header.architecture = info.architecture;
  header.model_sha256 = model.sha256;
  header.class_names = info.class_names;
  for (const std::string& source : specs_of(settings)) header.sources.push_back(redact(source));
  header.options = model.options;
  header.thresholds = info.thresholds;
  if (header.options.confidence >= 0) header.thresholds.assign(info.class_names.size(), header.options.confidence);
  header.keeps_candidates = settings.keep_candidates;
  header.tracking = settings.own.empty() ? !settings.common.no_tracking : false;
  for (const SourceOptionsSet& own : settings.own) header.tracking = header.tracking || !own.no_tracking;
  header.device = model.device;
  header.max_frames = settings.max_frames;
  std::set<std::string> blurred(settings.common.blur.begin(), settings.common.blur.end());
  for (const SourceOptionsSet& own : settings.own) blurred.insert(own.blur.begin(), own.blur.end());
  header.blurred.assign(blurred.begin(), blurred.end());
  return header;
}

std::string live_text(const SourceSummary& s) {
  return fmt::format(
      "{}: {} captured ({:.1f} fps), {} looked at, {} dropped, age {:.0f} ms (longest {:.0f} ms), {} reconnections, {} "
      "not "
      "recorded",
      s.source, s.captured, s.capture_fps, s.frames, s.dropped, s.age_ms_median, s.age_ms_max, s.reconnects,
      s.record_dropped);
}

std::string zone_text(const ZoneSummary& zone) {
  std::string text;
  const auto add = [&](const std::map<std::string, int64_t>& counts, const char* what) {
    for (const auto& [name, count] : counts)
      text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", count, name, what);
  };
  add(zone.entered, "entered");
  add(zone.left, "left");
  add(zone.forward, "forward");
  add(zone.backward, "backward");
  return fmt::format("  {} {}: {}", zone.line ? "line" : "zone", zone.name, text.empty() ? "nothing" : text);
}

void print_summary(const SummaryRecord& summary, const std::vector<std::string>& class_names) {
  fmt::print(stderr, "{} frames in {:.1f} s, {:.1f} frames/s", summary.frames, summary.seconds, summary.fps());
  if (summary.dropped > 0) fmt::print(stderr, ", {} dropped", summary.dropped);
  if (summary.skipped > 0) fmt::print(stderr, ", {} pictures skipped", summary.skipped);
  fmt::print(stderr, "{}\n", summary.interrupted ? " (interrupted)" : "");
  bool any = false;
  for (std::size_t c = 0; c < summary.objects.size(); ++c) {
    if (summary.objects[c] == 0) continue;
    fmt::print(stderr, "  {:<20} {:>8}  ({:.2f} a frame)\n", class_names[c], summary.objects[c],
               static_cast<double>(summary.objects[c]) / static_cast<double>(summary.frames));
    any = true;
  }
  if (!any) fmt::print(stderr, "  no objects found\n");
  for (const SourceSummary& source : summary.sources) {
    if (source.live) fmt::print(stderr, "{}\n", live_text(source));
    for (const ZoneSummary& zone : source.zones) fmt::print(stderr, "{}\n", zone_text(zone));
    if (source.record_dropped > 0 && !source.live) {
      fmt::print(stderr, "{}: {} frames could not be recorded\n", source.source, source.record_dropped);
    }
  }
  for (const std::string& file : summary.files) {
    if (file != "-") fmt::print(stderr, "wrote {}\n", file);
  }
}

std::string stats_text(const SourceStats& s) {
  std::string text = fmt::format("{}: {}, camera {:.1f} fps", s.source, to_string(s.state), s.capture_fps);
  if (s.claimed_fps > 0) text += fmt::format(" (claims {:g})", s.claimed_fps);
  return text + fmt::format(", detector {:.1f} fps, age {:.0f} ms, {} captured, {} dropped, queue {}, {} not recorded",
                            s.detect_fps, s.age_ms, s.captured, s.dropped, s.queued, s.record_dropped);
}

PipelineEvents events_for_people(const DetectOptions& settings, ProgressBar& bar) {
  PipelineEvents events;
  events.on_status = [&bar](const StatusRecord& status) {
    bar.clear();
    if (status.state == State::failed) return;  // told at the end, as the error of the run
    const bool good =
        status.state == State::connected || status.state == State::recording || status.state == State::recorded;
    spdlog::log(good ? spdlog::level::info : spdlog::level::warn, "{}", status.message);
  };
  events.on_stats = [&bar, &settings](const StatsRecord& stats) {
    if (settings.stats && !settings.quiet) {
      bar.clear();
      for (const SourceStats& source : stats.sources) spdlog::info("{}", stats_text(source));
    }
    if (settings.prometheus.empty()) return;
    if (auto written = write_prometheus(settings.prometheus, stats); !written) spdlog::warn(written.error().message);
  };
  const std::size_t sources = specs_of(settings).size();
  events.on_frame = [&bar, &settings, sources](const FrameRecord& frame, const SummaryRecord& so_far) {
    int64_t end = frame.source_frames;
    if (settings.max_frames > 0) end = end > 0 ? std::min(end, settings.max_frames) : settings.max_frames;
    std::string text =
        fmt::format("{} frames  {:.1f}/s  {} objects now", so_far.frames, so_far.fps(), frame.detections.size());
    if (so_far.dropped > 0) text += fmt::format("  {} dropped", so_far.dropped);
    // Several sources: the share of this one, placed among the others.
    const auto before = static_cast<double>(std::min(so_far.sources.size(), sources - 1));
    const double here = end > 0 ? static_cast<double>(frame.frame + 1) / static_cast<double>(end) : 0;
    bar.show(end > 0 ? (before + std::min(1.0, here)) / static_cast<double>(sources) : -1, text);
  };
  return events;
}

int detect(DetectOptions settings) {
  if (settings.quiet) log_errors_only();
  // Everything that may be wrong is found out before the model is loaded and before any file is touched.
  if (auto usable = check_detect_options(settings); !usable) return report(usable.error());
  // Trackers hold on to candidates of half the threshold; a recording keeps more, to choose from later.
  settings.detector.candidates = settings.keep_candidates ? 0.2F : 0.5F;
  auto plan = make_plan(settings);
  if (!plan) return report(plan.error());
  for (const SourcePlan& source : plan->sources) {
    if (auto usable = check_source(source.source); !usable) return report(usable.error());
  }
  if (auto usable = check_outputs(settings); !usable) return report(usable.error());

  const auto model_file = find_model(settings.model, model_folders());
  if (!model_file) return report(model_file.error());
  InferenceThread inference;
  inference.load(*model_file, settings.detector);
  const auto model = inference.wait_until_ready();
  if (!model) return report(model.error());
  if (settings.model.empty()) {
    spdlog::info("model: {} ({})", model->info.name, model_file->string());
    if (const auto better = better_scored(*model_file)) {
      spdlog::info("another shipped model scores higher on its validation pictures: --model {}",
                   better->stem().string());
    }
  }
  spdlog::info("runs on: {}, {}", model->device, model->backend);
  if (const std::string warning = blas_warning(); !warning.empty()) spdlog::warn(warning);
  const HeaderRecord header = make_header(settings, *model);
  for (std::size_t i = 0; i < plan->sources.size(); ++i) {
    const SourceOptionsSet& own = settings.own.empty() ? settings.common : settings.own[i];
    if (auto known = check_classes(own, header.class_names); !known) return report(known.error());
    plan->sources[i].blur = classes_to_blur(own.blur, header.class_names);
  }

  PipelineOptions options;
  options.sources = std::move(plan->sources);
  options.max_frames = settings.max_frames;
  options.stats = settings.stats;
  ProgressBar bar(!settings.quiet);
  const SummaryRecord summary =
      run_pipeline(options, header, inference, plan->shared, stop_requested(), events_for_people(settings, bar));
  bar.clear();
  if (!settings.quiet) print_summary(summary, header.class_names);
  if (summary.error) return report(*summary.error);
  return summary.exit_code();
}

}  // namespace

Command add_detect_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("detect", "Find objects in pictures, videos and cameras");
  struct Callback {
    DetectOptions options;
    std::string config;
  };
  auto told = std::make_shared<Callback>();
  add_detect_options(*command, told->options);
  command
      ->add_option("--config", told->config,
                   "Take settings from FILE (.toml, .json): the same names without the dashes; the command line wins")
      ->type_name("FILE");
  return {command, [told, command] {
            if (told->config.empty()) return detect(told->options);
            auto options = with_config(told->config, *command);
            return options ? detect(*std::move(options)) : report(options.error());
          }};
}

}  // namespace dualsight
