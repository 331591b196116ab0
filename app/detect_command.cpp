#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "app/commands.h"
#include "app/detector_flags.h"
#include "app/log.h"
#include "app/model_lookup.h"
#include "app/picture_sinks.h"
#include "app/pipeline.h"
#include "app/progress_bar.h"
#include "app/redact.h"
#include "app/result_writer.h"
#include "app/signals.h"
#include "app/video_writer.h"
#include "detector/detector.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

struct DetectSettings {
  std::vector<std::string> sources;
  std::string model;
  DetectorOptions detector;
  std::string results, format = result_formats().front();
  std::string video, images, contact_sheet;
  int64_t max_frames = 0;
  bool quiet = false;
};

class DetectorFinder : public ObjectFinder {
 public:
  explicit DetectorFinder(Detector& detector) : detector_(detector) {}
  Result<DetectionResult> find(ImageView bgr) override { return detector_.detect(bgr); }

 private:
  Detector& detector_;
};

// An output that is also a source would destroy the source before it was read.
Result<void> check_outputs(const DetectSettings& settings) {
  for (const std::string& output : {settings.results, settings.video, settings.contact_sheet}) {
    for (const std::string& source : settings.sources) {
      std::error_code ignored;
      if (!output.empty() && fs::is_regular_file(output, ignored) && fs::equivalent(output, source, ignored)) {
        return Error{ErrorKind::usage, output + ": is a source and would be overwritten"};
      }
    }
  }
  if (!settings.contact_sheet.empty() && !is_picture_name(settings.contact_sheet)) {
    return Error{ErrorKind::usage,
                 "--contact-sheet " + settings.contact_sheet + ": the name must end like a picture's"};
  }
  return {};
}

Result<std::vector<std::unique_ptr<Sink>>> make_sinks(const DetectSettings& settings) {
  std::vector<std::unique_ptr<Sink>> sinks;
  if (!settings.results.empty()) {
    auto writer = make_result_writer(settings.format, settings.results);
    if (!writer) return writer.error();
    sinks.push_back(*std::move(writer));
  }
  if (!settings.video.empty()) {
    auto writer = make_video_writer(settings.video);
    if (!writer) return writer.error();
    sinks.push_back(*std::move(writer));
  }
  if (!settings.images.empty()) sinks.push_back(make_picture_folder(settings.images));
  if (!settings.contact_sheet.empty()) sinks.push_back(make_contact_sheet(settings.contact_sheet));
  return sinks;
}

HeaderRecord make_header(const DetectSettings& settings, const fs::path& model_file, const Detector& detector) {
  const ModelInfo& info = detector.info();
  HeaderRecord header;
  header.timestamp = std::chrono::system_clock::now();
  header.model_file = model_file.string();
  header.model_name = info.name;
  header.architecture = info.architecture;
  header.model_sha256 = detector.model_sha256();
  header.class_names = info.class_names;
  for (const std::string& source : settings.sources) header.sources.push_back(redact(source));
  header.options = detector.options();
  header.thresholds = info.thresholds;
  if (header.options.confidence >= 0) header.thresholds.assign(info.class_names.size(), header.options.confidence);
  header.device = detector.device_name();
  header.max_frames = settings.max_frames;
  return header;
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
  for (const std::string& file : summary.files) {
    if (file != "-") fmt::print(stderr, "wrote {}\n", file);
  }
}

PipelineEvents events_for_people(const DetectSettings& settings, ProgressBar& bar) {
  PipelineEvents events;
  events.on_status = [&bar](const StatusRecord& status) {
    bar.clear();
    if (status.state == SourceState::failed) return;  // told at the end, as the error of the run
    spdlog::log(status.state == SourceState::connected ? spdlog::level::info : spdlog::level::warn, "{}",
                status.message);
  };
  events.on_frame = [&bar, &settings](const FrameRecord& frame, const SummaryRecord& so_far) {
    const int64_t frames = so_far.sources.back().frames;
    int64_t end = frame.source_frames;
    if (settings.max_frames > 0) end = end > 0 ? std::min(end, settings.max_frames) : settings.max_frames;
    std::string text =
        fmt::format("{} frames  {:.1f}/s  {} objects now", so_far.frames, so_far.fps(), frame.detections.size());
    if (so_far.dropped > 0) text += fmt::format("  {} dropped", so_far.dropped);
    // Several sources: the share of this one, placed among the others.
    const auto total = static_cast<double>(settings.sources.size());
    const auto before = static_cast<double>(so_far.sources.size() - 1);
    bar.show(end > 0 ? (before + static_cast<double>(frames) / static_cast<double>(end)) / total : -1, text);
  };
  return events;
}

int detect(const DetectSettings& settings) {
  if (settings.quiet) log_errors_only();
  // Everything that may be wrong is found out before the model is loaded and before any file is touched.
  for (const std::string& source : settings.sources) {
    if (auto usable = check_source(source); !usable) return report(usable.error());
  }
  if (auto usable = check_outputs(settings); !usable) return report(usable.error());
  auto sinks = make_sinks(settings);
  if (!sinks) return report(sinks.error());

  const auto model_file = find_model(settings.model, model_folders());
  if (!model_file) return report(model_file.error());
  auto detector = Detector::open(*model_file, settings.detector);
  if (!detector) return report(detector.error());
  if (settings.model.empty()) {
    spdlog::info("model: {} ({})", (*detector)->info().name, model_file->string());
    if (const auto better = better_scored(*model_file)) {
      spdlog::info("another shipped model scores higher on its validation pictures: --model {}",
                   better->stem().string());
    }
  }
  if (const std::string warning = blas_warning(); !warning.empty()) spdlog::warn(warning);

  PipelineOptions options;
  options.sources = settings.sources;
  options.max_frames = settings.max_frames;
  const HeaderRecord header = make_header(settings, *model_file, **detector);
  DetectorFinder finder(**detector);
  ProgressBar bar(!settings.quiet);
  const SummaryRecord summary =
      run_pipeline(options, header, finder, *sinks, stop_requested(), events_for_people(settings, bar));
  bar.clear();
  if (!settings.quiet) print_summary(summary, header.class_names);
  if (summary.error) return report(*summary.error);
  return summary.exit_code();
}

}  // namespace

Command add_detect_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("detect", "Find objects in pictures, videos and cameras");
  auto s = std::make_shared<DetectSettings>();
  command
      ->add_option("source", s->sources,
                   "Picture, folder of pictures, \"quoted glob\", video, camera (0, /dev/video0), rtsp:// or http:// "
                   "address; several are taken one after another")
      ->required();
  add_detector_flags(*command, s->model, s->detector);
  command->add_option("--conf", s->detector.confidence, "Least confidence, for all classes (default: the model's own)")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--classes", s->detector.classes, "Report only these, comma-separated")
      ->delimiter(',')
      ->allow_extra_args(false);  // else it would swallow the sources after it
  command->add_option("--max-frames", s->max_frames, "Stop after so many frames of each source (default: all)")
      ->check(CLI::NonNegativeNumber);
  auto* json =
      command
          ->add_option("--json", s->results, "Write results to FILE (or folder, for yolo-txt); - for standard output")
          ->type_name("FILE");
  command->add_option("--format", s->format, "Of --json")
      ->check(CLI::IsMember(result_formats()))
      ->capture_default_str()
      ->needs(json);
  command->add_option("--video", s->video, "Write the annotated video to FILE (.mp4, .mkv, .avi)")->type_name("FILE");
  command->add_option("--images", s->images, "Write every annotated frame into the folder DIR")->type_name("DIR");
  command->add_option("--contact-sheet", s->contact_sheet, "Write twelve annotated frames as one picture")
      ->type_name("FILE");
  command->add_flag("--quiet", s->quiet, "Print errors only");
  return {command, [s] { return detect(*s); }};
}

}  // namespace dualsight
