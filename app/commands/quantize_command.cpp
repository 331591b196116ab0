#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/commands/commands.h"
#include "app/session/model_lookup.h"
#include "app/sources/source.h"
#include "app/system/progress_bar.h"
#include "app/system/signals.h"
#include "detector/conversion/quantize.h"

namespace dualsight {
namespace {

struct QuantizeSettings {
  std::string model, to, pictures;
  int max_pictures = 300;
  QuantizeOptions options;
};

Image to_image(const cv::Mat& bgr) {
  Image image(bgr.cols, bgr.rows);
  for (int y = 0; y < bgr.rows; ++y) std::copy_n(bgr.ptr(y), bgr.cols * 3, image.row(y));
  return image;
}

int quantize(const QuantizeSettings& settings) {
  const auto model = find_model(settings.model, model_folders());
  if (!model) return report(model.error());
  SourceSettings pictures;
  pictures.spec = settings.pictures;
  auto source = open_source(pictures);
  if (!source) return report(source.error());

  // Evenly over the folder, because neighbouring pictures are often alike.
  const int64_t there = (*source)->info().frame_count;
  const int64_t step = there > settings.max_pictures ? there / settings.max_pictures : 1;
  const int64_t wanted = there > 0 ? std::min<int64_t>(settings.max_pictures, there) : settings.max_pictures;
  ProgressBar bar;
  int64_t used = 0;
  const auto next = [&]() -> Result<std::optional<Image>> {
    while (used < wanted) {
      if (stop_requested()) return Error{ErrorKind::interrupted, "interrupted: nothing was written"};
      auto frame = (*source)->read();
      if (!frame) return frame.error();
      if (!frame->has_value()) break;
      if ((*frame)->number % step != 0) continue;
      ++used;
      bar.show(static_cast<double>(used) / static_cast<double>(wanted), fmt::format("{} of {} pictures", used, wanted));
      return std::optional<Image>(to_image((*frame)->bgr));
    }
    return std::optional<Image>();
  };
  const auto done = quantize_model(*model, settings.to, next, settings.options);
  if (!done) return report(done.error());
  spdlog::info(
      "wrote {}, calibrated on {} pictures; compare `dualsight eval --precision int8` with bf16 before you rely on it",
      settings.to, *done);
  return 0;
}

}  // namespace

Command add_quantize_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("quantize", "Make a model ready for int8, the fastest arithmetic, by pictures of yours");
  auto s = std::make_shared<QuantizeSettings>();
  command->add_option("model", s->model, "Model file to read, or the name of a shipped model")->required();
  command->add_option("output", s->to, "Model file to write")->required();
  command->add_option("--pictures", s->pictures, "A folder of pictures, a glob, or a video, of what will be looked at")
      ->required();
  command->add_option("--max-pictures", s->max_pictures, "Use no more than these, evenly spread")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--size", s->options.input_size, "Network input, a multiple of 32 (default: the model's own)");
  command->add_option("--threads", s->options.threads, "CPU threads (default: all cores)")->check(CLI::Range(1, 1024));
  return {command, [s] { return quantize(*s); }};
}

}  // namespace dualsight
