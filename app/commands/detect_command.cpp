#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "app/commands/commands.h"
#include "app/commands/detect_options.h"
#include "app/commands/detect_plan.h"
#include "app/pipeline/inference_thread.h"
#include "app/pipeline/pipeline.h"
#include "app/records/summary_text.h"
#include "app/session/model_lookup.h"
#include "app/system/log.h"
#include "app/system/progress_bar.h"
#include "app/system/redact.h"
#include "app/system/signals.h"
#include "detector/core/runtime.h"
#include "detector/detector.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

HeaderRecord make_header(const DetectOptions& settings, const ModelStatus& model) {
  const ModelInfo& info = model.info;
  HeaderRecord header;
  header.timestamp = std::chrono::system_clock::now();
  header.model_file = model.file.string();
  header.model_name = info.name;
  header.architecture = info.architecture;
  header.model_sha256 = model.sha256;
  header.class_names = info.class_names;
  header.options = model.options;
  header.thresholds = info.thresholds;
  if (header.options.confidence >= 0) header.thresholds.assign(info.class_names.size(), header.options.confidence);
  header.keeps_candidates = settings.keep_candidates;
  header.device = model.device;
  header.max_frames = settings.max_frames;
  std::set<std::string> blurred;
  for (const SourceOptionsSet& source : settings.per_source) {
    header.sources.push_back(redact(source.source.spec));
    header.tracking = header.tracking || !source.no_tracking;
    blurred.insert(source.blur.begin(), source.blur.end());
  }
  header.blurred.assign(blurred.begin(), blurred.end());
  return header;
}

// Progress bar and log lines.
PipelineEvents progress_events(const DetectOptions& settings, ProgressBar& bar) {
  PipelineEvents events;
  events.on_status = [&bar](const StatusRecord& status) {
    bar.clear();
    if (status.state == State::failed) return;  // printed at the end, as the error of the run
    const bool good =
        status.state == State::connected || status.state == State::recording || status.state == State::recorded;
    spdlog::log(good ? spdlog::level::info : spdlog::level::warn, "{}", status.message);
  };
  events.on_stats = [&bar, &settings](const StatsRecord& stats) {
    if (!settings.stats || settings.quiet) return;
    bar.clear();
    for (const SourceStats& source : stats.sources) spdlog::info("{}", stats_text(source));
  };
  const std::size_t sources = settings.per_source.size();
  events.on_frame = [&bar, &settings, sources](const FrameRecord& frame, const SummaryRecord& so_far) {
    int64_t end = frame.source_frames;
    if (settings.max_frames > 0) end = end > 0 ? std::min(end, settings.max_frames) : settings.max_frames;
    std::string text =
        fmt::format("{} frames  {:.1f}/s  {} objects now", so_far.frames, so_far.fps(), frame.detections.size());
    if (so_far.dropped > 0) text += fmt::format("  {} dropped", so_far.dropped);
    // Several sources: each takes an equal share of the bar.
    const auto before = static_cast<double>(std::min(so_far.sources.size(), sources - 1));
    const double here = end > 0 ? static_cast<double>(frame.frame + 1) / static_cast<double>(end) : 0;
    bar.show(end > 0 ? (before + std::min(1.0, here)) / static_cast<double>(sources) : -1, text);
  };
  return events;
}

int detect(DetectOptions settings) {
  if (settings.quiet) log_errors_only();
  // All checks come before the model is loaded and before any file is touched.
  if (auto usable = complete_detect_options(settings); !usable) return report(usable.error());
  // Tracking needs candidates down to half the threshold; --candidates keeps weaker ones, to choose from later.
  settings.detector.candidates = settings.keep_candidates ? 0.2F : 0.5F;
  auto plan = make_plan(settings);
  if (!plan) return report(plan.error());
  for (const SourcePlan& source : plan->sources) {
    if (auto usable = check_source(source.source); !usable) return report(usable.error());
  }
  if (auto usable = check_outputs(*plan); !usable) return report(usable.error());

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
    const SourceOptionsSet& source = settings.per_source[i];
    if (auto known = check_classes(source, header.class_names); !known) return report(known.error());
    plan->sources[i].blur = classes_to_blur(source.blur, header.class_names);
  }

  PipelineOptions options;
  options.sources = std::move(plan->sources);
  options.max_frames = settings.max_frames;
  options.stats = settings.stats;
  ProgressBar bar(!settings.quiet);
  const SummaryRecord summary =
      run_pipeline(options, header, inference, plan->shared, stop_requested(), progress_events(settings, bar));
  bar.clear();
  if (!settings.quiet) fmt::print(stderr, "{}", summary_text(summary, header.class_names));
  if (summary.error) return report(*summary.error);
  return summary.exit_code();
}

}  // namespace

Command add_detect_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("detect", "Find objects in pictures, videos and cameras");
  struct CommandLine {
    DetectOptions options;
    std::string config;
  };
  auto given = std::make_shared<CommandLine>();
  add_detect_options(*command, given->options);
  command
      ->add_option("--config", given->config,
                   "Take settings from FILE (.toml, .json): the same names without the dashes; the command line wins")
      ->type_name("FILE");
  return {command, [given, command] {
            if (given->config.empty()) return detect(given->options);
            auto options = with_config(given->config, *command);
            return options ? detect(*std::move(options)) : report(options.error());
          }};
}

}  // namespace dualsight
