#include <spdlog/fmt/fmt.h>

#include <memory>

#include "app/commands/commands.h"
#include "app/records/json_records.h"
#include "app/sources/cameras.h"

namespace dualsight {
namespace {

Json to_json(const CameraInfo& camera) {
  Json modes = Json::array();
  for (const CameraMode& mode : camera.modes) {
    Json rates = Json::array();
    for (const double rate : mode.rates) rates.push_back(number(rate, 3));
    modes.push_back({{"format", mode.format}, {"width", mode.width}, {"height", mode.height}, {"fps", rates}});
  }
  Json out = {{"device", camera.device}, {"name", camera.name}, {"by_id", camera.by_id}, {"modes", modes}};
  if (!camera.problem.empty()) out["problem"] = camera.problem;
  return out;
}

void print_for_people(const CameraInfo& camera) {
  fmt::print("{}  {}\n", camera.device, camera.name);
  if (!camera.by_id.empty()) fmt::print("  always as {}\n", camera.by_id);
  if (!camera.problem.empty()) fmt::print("  cannot be asked: {}\n", camera.problem);
  for (const CameraMode& mode : camera.modes) {
    std::string rates;
    for (const double rate : mode.rates) rates += fmt::format("{}{:g}", rates.empty() ? "" : ", ", rate);
    fmt::print("  {:<4} {}x{}  {} fps\n", mode.format, mode.width, mode.height, rates.empty() ? "?" : rates);
  }
}

}  // namespace

Command add_cameras_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("cameras", "List cameras by name, with formats, sizes and rates");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As JSON on standard output");
  return {command, [json] {
            const auto cameras = list_cameras();
            if (*json) {
              Json list = Json::array();
              for (const CameraInfo& camera : cameras) list.push_back(to_json(camera));
              fmt::print("{}\n", Json{{"cameras", list}}.dump(2, ' ', false, Json::error_handler_t::replace));
              return 0;
            }
            if (cameras.empty()) fmt::print(stderr, "no cameras found\n");
            for (const CameraInfo& camera : cameras) print_for_people(camera);
            return 0;
          }};
}

}  // namespace dualsight
