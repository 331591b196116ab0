#include <spdlog/fmt/fmt.h>

#include <memory>

#include "app/commands/commands.h"
#include "app/commands/load_data.h"
#include "detector/data/packed_dataset.h"

namespace dualsight {
namespace {

struct PackSettings {
  std::string data, output, teacher_labels;
  uint64_t max_mib = 0;
};

int pack(const PackSettings& settings) {
  const auto data = load_data(settings.data, settings.teacher_labels);
  if (!data) return report(data.error());
  const uint64_t max_bytes = settings.max_mib > 0 ? settings.max_mib << 20 : UINT64_MAX;
  const auto files = write_packed(settings.output, *data, max_bytes);
  if (!files) return report(files.error());
  for (const auto& file : *files) fmt::print("{}\n", file.string());
  return 0;
}

}  // namespace

Command add_pack_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("pack", "Pack a COCO data set into .safetensors that a trainer reads without OpenCV");
  auto s = std::make_shared<PackSettings>();
  command->add_option("--data", s->data, "COCO folder or .json file")->required();
  command->add_option("--output", s->output, "File to write")->required();
  command->add_option("--teacher-labels", s->teacher_labels,
                      "COCO results of a detector, for the classes that a picture does not label exhaustively");
  command->add_option("--max-mib", s->max_mib, "Split into pieces of at most so many MiB (default: one file)")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 40));
  return {command, [s] { return pack(*s); }};
}

}  // namespace dualsight
