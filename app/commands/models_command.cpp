#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/commands/commands.h"
#include "app/records/json_records.h"
#include "app/session/model_lookup.h"
#include "detector/detector_formats.h"

namespace dualsight {
namespace {

Json to_json(const std::filesystem::path& file, const ModelInfo& info) {
  return {{"file", file.string()},
          {"name", info.name},
          {"architecture", info.architecture},
          {"input_size", info.input_size},
          {"class_names", info.class_names},
          {"scores", info.scores},
          {"provenance", info.provenance}};
}

void print_for_people(const std::filesystem::path& file, const ModelInfo& info) {
  std::string scores;
  for (const auto& [name, value] : info.scores)
    scores += fmt::format("{}{} {}", scores.empty() ? "" : ", ", name, value);
  fmt::print("{}\n  {} ({}, {} x {} pixels)\n", file.string(), info.name, info.architecture, info.input_size,
             info.input_size);
  if (!scores.empty()) fmt::print("  {}\n", scores);
  fmt::print("  {} classes: {}\n", info.class_names.size(), fmt::join(info.class_names, ", "));
}

int list_models(bool as_json) {
  const auto folders = model_folders();
  Json list = Json::array();
  std::size_t found = 0;
  for (const auto& folder : folders) {
    for (const auto& file : models_in(folder)) {
      const auto info = read_model_info(file);
      if (!info) {
        spdlog::warn(info.error().message);
        continue;
      }
      ++found;
      as_json ? list.push_back(to_json(file, *info)) : print_for_people(file, *info);
    }
  }
  if (as_json) fmt::print("{}\n", Json{{"models", list}}.dump(2, ' ', false, Json::error_handler_t::replace));
  if (found == 0 && !as_json) {
    fmt::print(stderr, "no models found ({})\n",
               folders.empty() ? "no models folder; $DUALSIGHT_MODELS can name one" : folders.front().string());
  }
  return 0;
}

}  // namespace

Command add_models_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("models", "List the models found, with classes and scores");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As JSON on standard output");
  return {command, [json] { return list_models(*json); }};
}

}  // namespace dualsight
