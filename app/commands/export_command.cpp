#include <spdlog/spdlog.h>

#include <memory>

#include "app/commands/commands.h"
#include "app/session/model_lookup.h"
#include "detector/conversion/export.h"

namespace dualsight {
namespace {

struct ExportSettings {
  std::string model, output, format;
  ExportOptions options;
};

int export_to_file(const ExportSettings& settings) {
  const auto format = parse_export_format(settings.format);
  if (!format) return report(format.error());
  const auto model = find_model(settings.model, model_folders());
  if (!model) return report(model.error());
  ExportOptions options = settings.options;
  options.format = *format;
  const auto done = export_model(*model, settings.output, options);
  if (!done) return report(done.error());
  spdlog::info("wrote {}", settings.output);
  return 0;
}

}  // namespace

Command add_export_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("export", "Write a model as ONNX or TorchScript, for other programs");
  auto s = std::make_shared<ExportSettings>();
  command->add_option("output", s->output, "File to write")->required();
  command->add_option("--model", s->model, "Model file, or the name of a shipped model")->type_name("FILE")->required();
  command->add_option("--format", s->format, "onnx or torchscript")->required();
  command->add_flag("--decode", s->options.decode, "Boxes and scores rather than distances and logits");
  command->add_option("--size", s->options.input_size, "Network input, a multiple of 32 (default: the model's own)")
      ->check(CLI::Range(32, 4096));
  return {command, [s] { return export_to_file(*s); }};
}

}  // namespace dualsight
