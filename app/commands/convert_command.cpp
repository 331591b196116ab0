#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "app/commands/commands.h"
#include "app/records/json_records.h"
#include "detector/network/model_file.h"

namespace dualsight {
namespace {

struct ConvertSettings {
  std::string from, to, storage = "int8", scores, name, provenance;
  int size = 0;  // 0: unchanged
};

// Reads the output of `eval --json`: sets each class's threshold to the one of its best F1 and stores the scores in the
// model.
Result<void> take_scores(const std::string& path, ModelInfo& info) {
  const auto bad = [&](const std::string& why) { return Error{ErrorKind::source, path + ": " + why}; };
  std::ifstream in(path);
  if (!in) return bad("cannot be read");
  const Json scores = Json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (scores.is_discarded() || !scores.contains("mean") || !scores.contains("classes")) {
    return bad("is not what `dualsight eval --json` writes");
  }
  try {
    for (const Json& entry : scores["classes"]) {
      const auto at = std::find(info.class_names.begin(), info.class_names.end(), entry.at("name").get<std::string>());
      // Too few labels or too low an F1 say nothing about the best threshold.
      constexpr int least_labels = 5;
      constexpr double least_f1 = 0.1;
      if (at == info.class_names.end() || entry.at("labels").get<int>() < least_labels ||
          !entry.at("best_f1").is_number() || entry.at("best_f1").get<double>() < least_f1) {
        continue;
      }
      const float threshold = entry.at("best_f1_threshold").get<float>();
      info.thresholds[static_cast<std::size_t>(at - info.class_names.begin())] = std::clamp(threshold, 0.05F, 0.95F);
    }
    const auto percent = [&](const char* key) {
      return fmt::format("{:.1f}", 100 * scores.at("mean").at(key).get<double>());
    };
    info.scores["val mAP50"] = percent("ap50");
    info.scores["val mAP"] = percent("ap");
  } catch (const Json::exception&) {
    return bad("is not what `dualsight eval --json` writes");
  }
  return {};
}

int convert(const ConvertSettings& settings) {
  const auto storage = parse_storage(settings.storage);
  if (!storage) return report(storage.error());
  const auto done = convert_model(settings.from, settings.to, *storage, [&](ModelInfo& info) -> Result<void> {
    if (!settings.name.empty()) info.name = settings.name;
    if (settings.size != 0) {
      if (auto fits = check_input_size(settings.size); !fits) return fits;
      info.input_size = settings.size;
    }
    if (!settings.provenance.empty()) info.provenance = settings.provenance;
    return settings.scores.empty() ? Result<void>() : take_scores(settings.scores, info);
  });
  if (!done) return report(done.error());
  spdlog::info("wrote {}", settings.to);
  return 0;
}

}  // namespace

Command add_convert_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("convert", "Store a model in fewer bits, with thresholds, scores and a name");
  auto s = std::make_shared<ConvertSettings>();
  command->add_option("model", s->from, "Model file to read")->required();
  command->add_option("output", s->to, "Model file to write")->required();
  command->add_option("--storage", s->storage, "f32, bf16 or int8 (a scale per channel)")->capture_default_str();
  command->add_option("--scores", s->scores, "JSON of `dualsight eval --json`: sets thresholds per class and scores");
  command->add_option("--size", s->size, "Network input to be used where none is named (default: as it was)")
      ->type_name("PIXELS");
  command->add_option("--name", s->name, "Name for people");
  command->add_option("--provenance", s->provenance, "Data, recipe and date, one line");
  return {command, [s] { return convert(*s); }};
}

}  // namespace dualsight
