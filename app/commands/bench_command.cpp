#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/commands/commands.h"
#include "app/records/json_records.h"
#include "app/session/model_lookup.h"
#include "app/system/output_file.h"
#include "app/system/progress_bar.h"
#include "app/system/signals.h"
#include "app/system/version.h"
#include "detector/benchmark.h"
#include "detector/detector.h"

namespace dualsight {
namespace {

struct BenchSettings {
  std::string model, json;
  bool no_baselines = false;
  BenchmarkOptions options;
};

// Parts side by side, one line a variant.
void print_table(const std::vector<Measurement>& all) {
  std::string heading;
  for (const Measurement& m : all) {
    const auto where =
        fmt::format("{} x {} pixels, {} thread{}{}", m.size, m.size, m.threads, m.threads == 1 ? "" : "s",
                    m.busy_neighbour ? ", one core busy with something else" : "");
    if (where != heading) {
      heading = where;
      fmt::print("\n{}\n  {:<10}{:<26}{:>10}{:>10}{:>14}{:>12}\n", where, "part", "", "median ms", "least ms",
                 "times eager", "memory MiB");
    }
    fmt::print("  {:<10}{:<26}{:>10.1f}{:>10.1f}{:>14}{:>12.0f}\n", m.part, m.variant, m.median_ms, m.min_ms,
               m.times_eager > 0 ? fmt::format("{:.2f}", m.times_eager) : "-", m.resident_mib);
  }
}

std::string to_json(const std::vector<Measurement>& all, const std::string& model) {
  Json machine;
  for (const auto& [key, value] : runtime_info()) machine[key] = value;
  Json list = Json::array();
  for (const Measurement& m : all) {
    list.push_back({{"part", m.part},
                    {"variant", m.variant},
                    {"size", m.size},
                    {"threads", m.threads},
                    {"busy_neighbour", m.busy_neighbour},
                    {"median_ms", number(m.median_ms, 3)},
                    {"min_ms", number(m.min_ms, 3)},
                    {"times_eager", number(m.times_eager, 3)},
                    {"resident_mib", number(m.resident_mib, 1)}});
  }
  return Json({{"version", program_version}, {"model", model}, {"machine", machine}, {"measurements", list}}).dump(2) +
         "\n";
}

int bench(BenchSettings settings) {
  const auto model = find_model(settings.model, model_folders());
  if (!model) return report(model.error());
  settings.options.model = *model;
  settings.options.baselines = !settings.no_baselines;
  ProgressBar bar;
  const auto all =
      run_benchmark(settings.options, stop_requested(), [&](const std::string& text) { bar.show(-1, text); });
  if (!all) return report(all.error());
  print_table(*all);
  if (!settings.json.empty()) {
    if (auto written = write_file(settings.json, to_json(*all, model->string())); !written) {
      return report(written.error());
    }
  }
  return 0;
}

}  // namespace

Command add_bench_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("bench", "Measure this machine: the engine beside LibTorch and OpenCV, in one run, in turns");
  auto s = std::make_shared<BenchSettings>();
  command->add_option("--model", s->model, "Model file, or the name of a shipped model (default: the best one shipped)")
      ->type_name("FILE");
  command->add_option("--size", s->options.sizes, "Network inputs, multiples of 32")->capture_default_str();
  command->add_option("--threads", s->options.threads, "CPU threads; 0: all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->add_option("--rounds", s->options.rounds, "Rounds, in each of which every variant has its turn")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_flag("--busy", s->options.busy_neighbour, "Once more, beside a thread that keeps one core busy");
  command->add_flag("--no-baselines", s->no_baselines, "The engine alone");
  command->add_option("--json", s->json, "Write the measurements and the machine as JSON; \"-\": standard output");
  return {command, [s] { return bench(*s); }};
}

}  // namespace dualsight
