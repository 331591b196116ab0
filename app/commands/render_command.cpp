#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/commands/commands.h"
#include "app/recording/video_encoder.h"
#include "app/records/read_records.h"
#include "app/sources/source.h"
#include "app/system/progress_bar.h"
#include "app/system/signals.h"
#include "detector/drawing/blur.h"
#include "detector/drawing/overlay.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

struct RenderSettings {
  std::string video, records, output, source;
  float confidence = -1;  // < 0: as recorded
  std::vector<std::string> classes, blur;
  OverlayStyle style;
};

// Per class: is it one of `names`? No names: all classes.
Result<std::vector<bool>> choose(const std::vector<std::string>& names, const std::vector<std::string>& class_names,
                                 bool if_none) {
  std::vector<bool> chosen(class_names.size(), names.empty() && if_none);
  for (const std::string& name : names) {
    const auto found = std::find(class_names.begin(), class_names.end(), name);
    if (found == class_names.end()) {
      return Error{ErrorKind::usage, "class \"" + name + "\" is not one of the recording's"};
    }
    chosen[static_cast<std::size_t>(found - class_names.begin())] = true;
  }
  return chosen;
}

int render(const RenderSettings& settings) {
  std::error_code ignored;
  if (fs::equivalent(settings.video, settings.output, ignored)) {
    return report({ErrorKind::usage, settings.output + ": is the video itself and would be overwritten"});
  }
  const auto run = read_records(settings.records, settings.source);
  if (!run) return report(run.error());
  if (is_annotated(*run, settings.video)) {
    spdlog::warn("{}: has boxes drawn into its pictures already: better take its raw recording", settings.video);
  }
  const auto classes = choose(settings.classes, run->class_names, true);
  if (!classes) return report(classes.error());
  const auto blurred = choose(settings.blur, run->class_names, false);
  if (!blurred) return report(blurred.error());
  DetectionFilter drawn(run->class_names.size(), settings.confidence);
  drawn.shown = *classes;
  DetectionFilter to_blur(run->class_names.size(), 0);  // at every confidence
  to_blur.shown = *blurred;

  SourceSettings source_settings;
  source_settings.spec = settings.video;
  if (auto usable = check_source(source_settings); !usable) return report(usable.error());
  auto source = open_source(source_settings);
  if (!source) return report(source.error());
  std::optional<VideoEncoder> encoder;
  ProgressBar bar;
  int64_t frames = 0;
  while (!stop_requested()) {
    auto frame = (*source)->read();
    if (!frame) return report(frame.error());
    if (!*frame) break;
    cv::Mat& bgr = (*frame)->bgr;
    const double pts_ms = (*frame)->pts_ms.value_or(0);
    const FramesAround around = frames_around(run->frames, pts_ms);
    blur_boxes(bgr, boxes_to_blur_at(around, pts_ms, to_blur));
    draw_detections(bgr, detections_at(around, pts_ms, drawn), run->class_names, settings.style);
    if (!encoder) {
      EncoderOptions options;
      options.fps = (*source)->info().fps;
      auto created = VideoEncoder::create(settings.output, bgr.cols, bgr.rows, options);
      if (!created) return report(created.error());
      encoder = *std::move(created);
    }
    if (auto written = encoder->write(bgr, std::llround(pts_ms)); !written) return report(written.error());
    ++frames;
    const int64_t all = (*source)->info().frame_count;
    bar.show(all > 0 ? static_cast<double>(frames) / static_cast<double>(all) : -1, fmt::format("{} frames", frames));
  }
  bar.clear();
  if (encoder) {
    if (auto closed = encoder->close(); !closed) return report(closed.error());
    spdlog::info("wrote {}: {} frames, {}", settings.output, frames, encoder->encoder());
  }
  return stop_requested() ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace

Command add_render_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("render", "Draw a recording's detections again, with other thresholds or looks");
  auto s = std::make_shared<RenderSettings>();
  command->add_option("video", s->video, "The video, best a raw recording")->required();
  command->add_option("records", s->records, "Its records (.ndjson)")->required();
  command->add_option("--output,-o", s->output, "The video to write (.mkv, .mp4, .avi)")->required()->type_name("FILE");
  command->add_option("--source", s->source, "Which source's records, where there are several");
  command
      ->add_option("--conf", s->confidence,
                   "Least confidence, for all classes (lower than it was: for records made with --candidates)")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--classes", s->classes, "Draw only these, comma-separated")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--blur", s->blur, "Make these classes unrecognisable")->delimiter(',')->allow_extra_args(false);
  command->add_flag_callback(
      "--no-labels", [s] { s->style.labels = false; }, "Boxes only");
  command->add_flag_callback(
      "--no-tracks", [s] { s->style.tracks = false; }, "Names without the numbers of followed objects");
  command->add_flag("--coordinates", s->style.coordinates, "Write position and size beside the boxes");
  command->add_option("--scale", s->style.scale, "Of lines and letters")
      ->check(CLI::Range(0.1, 10.0))
      ->capture_default_str();
  return {command, [s] { return render(*s); }};
}

}  // namespace dualsight
