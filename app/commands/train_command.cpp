#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include "app/commands/commands.h"
#include "app/commands/load_data.h"
#include "app/system/progress_bar.h"
#include "app/system/signals.h"
#include "detector/training/trainer.h"

namespace dualsight {
namespace {

// What the user typed, by option name; flags hold "".
using Given = std::map<std::string, std::string>;

Result<TrainOptions> options_from(const Given& given) {
  TrainOptions options;
  for (const TrainOption& option : train_option_table()) {
    const auto value = given.find(option.name);
    if (value == given.end()) continue;
    if (auto set = option.set(options, value->second); !set) return set.error();
  }
  if (options.data.empty()) return Error{ErrorKind::usage, "--data is required"};
  return options;
}

std::string resume_command(const Given& given) {
  std::string line = "dualsight train --resume";
  for (const TrainOption& option : train_option_table()) {
    const auto value = given.find(option.name);
    if (value == given.end() || option.name == "resume") continue;
    line += " --" + option.name + (option.flag ? "" : " " + value->second);
  }
  return line;
}

// "mAP 43.1" of each score that is known, with `separator` before each.
std::string scores_text(const NamedValues& scores, const char* separator) {
  std::string text;
  for (const auto& [name, value] : scores) {
    if (!std::isnan(value)) text += fmt::format("{}{} {:.1f}", separator, name, 100 * value);
  }
  return text;
}

std::string progress_text(const TrainProgress& p) {
  std::string text = fmt::format("epoch {}/{}  step {}/{}  loss {:.3f}", p.epoch, p.epochs, p.step, p.steps, p.loss);
  text += scores_text(p.scores, "  ");
  return text + fmt::format("  {:.1f} pictures/s", p.pictures_per_second);
}

int run_training(const Given& given) {
  const auto options = options_from(given);
  if (!options) return report(options.error());
  const auto data = load_data(options->data, options->teacher_labels);
  if (!data) return report(data.error());
  std::optional<Dataset> val;
  if (!options->val.empty()) {
    auto loaded = load_data(options->val);
    if (!loaded) return report(loaded.error());
    val = *std::move(loaded);
  }
  spdlog::info("{} pictures to learn from, {} to check with", data->pictures.size(), val ? val->pictures.size() : 0);

  ProgressBar bar;
  const auto on_progress = [&bar](const TrainProgress& progress) {
    constexpr int64_t steps_a_line = 50;
    const std::string text = progress_text(progress);
    if (!progress.note.empty()) {
      bar.clear();
      spdlog::info(progress.note);
    }
    if (bar.visible()) {
      bar.show(progress.steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.steps) : -1, text,
               progress.eta_seconds);
    } else if (progress.step > 0 && progress.step % steps_a_line == 0) {
      spdlog::info("{}  ETA {}", text, duration_text(progress.eta_seconds));
    }
  };
  const auto summary =
      train(*options, *data, val ? &*val : nullptr, on_progress, [] { return stop_requested().load(); });
  bar.clear();
  if (!summary) return report(summary.error());

  fmt::print(stderr, "{} steps, loss {:.4f}{}\n", summary->steps, summary->final_loss,
             scores_text(summary->scores, ", "));
  if (!summary->weights.empty()) fmt::print(stderr, "wrote {}\n", summary->weights);
  if (summary->finished) return 0;
  fmt::print(stderr, "stopped before the end; to go on: {}\n", resume_command(given));
  return stop_requested() ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace

Command add_train_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("train", "Train a model on a labelled data set");
  auto given = std::make_shared<Given>();
  const TrainOptions defaults;
  for (const TrainOption& option : train_option_table()) {
    const std::string name = option.name;
    if (option.flag) {
      command->add_flag_callback(
          "--" + name, [given, name] { (*given)[name] = ""; }, option.help);
      continue;
    }
    const std::string standard = option.get(defaults);
    command
        ->add_option_function<std::string>(
            "--" + name, [given, name](const std::string& value) { (*given)[name] = value; },
            option.help + (standard.empty() ? "" : " (default: " + standard + ")"))
        ->type_name("");
  }
  return {command, [given] { return run_training(*given); }};
}

}  // namespace dualsight
