// The trainer alone, for a GPU server that has LibTorch and nothing else: packed data in, weights out.
#include <cmath>
#include <csignal>
#include <cstdio>

#include "detector/data/file_list.h"
#include "detector/data/packed_dataset.h"
#include "detector/training/trainer.h"

namespace {

volatile std::sig_atomic_t stop_requested = 0;

int fail(const dualsight::Error& error) {
  std::fprintf(stderr, "dualsight-train: %s\n", error.message.c_str());
  return static_cast<int>(error.kind);
}

void print_help() {
  std::puts("dualsight-train --data PACKED[,PACKED...] [options]\n");
  const dualsight::TrainOptions defaults;
  for (const auto& option : dualsight::train_option_table()) {
    std::printf("  --%-16s %s [%s]\n", option.name.c_str(), option.help.c_str(), option.get(defaults).c_str());
  }
}

dualsight::Result<void> parse(int argc, char** argv, dualsight::TrainOptions& options) {
  using dualsight::Error;
  using dualsight::ErrorKind;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const dualsight::TrainOption* found = nullptr;
    for (const auto& option : dualsight::train_option_table()) {
      if (argument == "--" + option.name) found = &option;
    }
    if (!found) return Error{ErrorKind::usage, "unknown option \"" + argument + "\" (see --help)"};
    if (!found->flag && i + 1 == argc) return Error{ErrorKind::usage, argument + " needs a value"};
    if (auto set = found->set(options, found->flag ? "" : argv[++i]); !set) return set;
  }
  if (options.data.empty()) return Error{ErrorKind::usage, "--data is missing (see --help)"};
  if (!options.teacher_labels.empty()) {
    return Error{ErrorKind::usage,
                 "--teacher-labels: this program reads no JSON; `dualsight pack --teacher-labels` merges "
                 "the labels into the packed data"};
  }
  return {};
}

dualsight::Result<dualsight::Dataset> load(const std::string& list) {
  return dualsight::load_packed(dualsight::files_of(list));
}

// " mAP50 43.1": one score alone, the task's last, to keep the line short.
std::string score_text(const dualsight::NamedValues& scores) {
  if (scores.empty()) return "";
  const auto& [name, value] = scores.back();
  return " " + name + " " + (std::isnan(value) ? "-" : std::to_string(100 * value).substr(0, 4));
}

int run(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--help") {
      print_help();
      return 0;
    }
  }
  dualsight::TrainOptions options;
  if (auto parsed = parse(argc, argv, options); !parsed) return fail(parsed.error());
  auto data = load(options.data);
  if (!data) return fail(data.error());
  dualsight::Dataset val;
  if (!options.val.empty()) {
    auto loaded = load(options.val);
    if (!loaded) return fail(loaded.error());
    val = *std::move(loaded);
  }
  std::signal(SIGINT, [](int) { stop_requested = 1; });
  std::signal(SIGTERM, [](int) { stop_requested = 1; });

  const auto progress = [](const dualsight::TrainProgress& p) {
    if (!p.note.empty()) std::printf("%s\n", p.note.c_str());
    if (p.step > 0 && p.step % 50 == 0) {
      std::printf("epoch %d/%d step %lld/%lld loss %.4f%s %.1f pictures/s %.0f s left\n", p.epoch, p.epochs,
                  static_cast<long long>(p.step), static_cast<long long>(p.steps), p.loss, score_text(p.scores).c_str(),
                  p.pictures_per_second, p.eta_seconds);
    }
    std::fflush(stdout);
  };
  const auto summary = dualsight::train(options, *data, options.val.empty() ? nullptr : &val, progress,
                                        [] { return stop_requested != 0; });
  if (!summary) return fail(summary.error());
  std::printf("%s after %lld steps: %s\n", summary->finished ? "finished" : "stopped (--resume goes on)",
              static_cast<long long>(summary->steps), summary->weights.c_str());
  return stop_requested ? static_cast<int>(dualsight::ErrorKind::interrupted) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dualsight-train: internal error: %s\n", error.what());
    return static_cast<int>(dualsight::ErrorKind::internal);
  }
}
