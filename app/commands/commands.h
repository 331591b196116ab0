// The subcommands, one file each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "backbone/result.h"

namespace dualsight {

struct Command {
  CLI::App* options = nullptr;  // its options, owned by the App it was added to
  std::function<int()> run;     // returns the exit code
};

Command add_detect_command(CLI::App& app);
Command add_render_command(CLI::App& app);
Command add_cameras_command(CLI::App& app);
Command add_models_command(CLI::App& app);
Command add_version_command(CLI::App& app);
Command add_train_command(CLI::App& app);
Command add_eval_command(CLI::App& app);
Command add_pack_command(CLI::App& app);
Command add_convert_command(CLI::App& app);
Command add_export_command(CLI::App& app);
Command add_quantize_command(CLI::App& app);
Command add_bench_command(CLI::App& app);

// Logs the error in one line without passwords and returns its exit code.
int report(const Error& error);

}  // namespace dualsight
