#include "app/commands/command_line.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "app/commands/commands.h"
#include "app/system/log.h"
#include "app/system/redact.h"
#include "app/system/signals.h"

namespace dualsight {
namespace {

constexpr const char* exit_codes =
    "Exit codes:\n"
    "  0    done\n"
    "  1    a fault of this program\n"
    "  2    command line\n"
    "  3    a source (picture, video, camera, data set) that cannot be read\n"
    "  4    a model file that is missing, damaged or not ours\n"
    "  5    a file that cannot be written\n"
    "  6    training stopped: loss not finite, too many bad labels\n"
    "  130  interrupted; results so far are complete\n";

// CLI11 takes "[a,b]" for a list of values. Where a file or folder has that name, it is meant: "./[a,b]" says so.
std::vector<std::string> with_bracketed_names(int argc, char** argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  for (std::string& argument : arguments) {
    std::error_code unknown;
    if (argument.starts_with('[') && argument.ends_with(']') && std::filesystem::exists(argument, unknown)) {
      argument.insert(0, "./");
    }
  }
  return arguments;
}

}  // namespace

int report(const Error& error) {
  spdlog::error(redact(error.message));
  return static_cast<int>(error.kind);
}

int run_program(int argc, char** argv) {
  set_up_logging();
  silence_libraries();
  install_signal_handlers();

  CLI::App app("Dualsight finds objects in pictures, videos and cameras: what, where, how big. Offline.", "dualsight");
  app.footer(exit_codes);
  app.require_subcommand(0, 1);  // 0, so that the error for a mistyped one names it
  const std::vector<Command> commands = {add_detect_command(app),   add_render_command(app),  add_cameras_command(app),
                                         add_models_command(app),   add_train_command(app),   add_eval_command(app),
                                         add_pack_command(app),     add_convert_command(app), add_export_command(app),
                                         add_quantize_command(app), add_bench_command(app),   add_version_command(app)};
  for (const Command& command : commands) command.options->footer(exit_codes);

  try {
    std::vector<const char*> arguments;
    const auto owned = with_bracketed_names(argc, argv);
    for (const std::string& argument : owned) arguments.push_back(argument.c_str());
    app.parse(argc, arguments.data());
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::string line = error.what();
    std::replace(line.begin(), line.end(), '\n', ' ');
    return report({ErrorKind::usage, line + " (--help tells more)"});
  }
  for (const Command& command : commands) {
    if (command.options->parsed()) return command.run();
  }
  return report({ErrorKind::usage, "a subcommand is required (--help tells more)"});
}

}  // namespace dualsight
