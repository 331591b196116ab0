// The program `dualsight-gui`.
#include <CLI/CLI.hpp>
#include <QApplication>
#include <QIcon>
#include <QTimer>
#include <cstdio>
#include <exception>

#include "app/system/detached_threads.h"
#include "app/system/log.h"
#include "app/system/openmp_wait_policy.h"
#include "app/system/redact.h"
#include "app/system/signals.h"
#include "app/system/version.h"
#include "ui/main_window.h"
#include "ui/widgets/background.h"
#include "ui/widgets/language.h"
#include "ui/widgets/theme.h"

namespace dualsight {
namespace {

int run(int argc, char** argv) {
  std::string source, model, language;
  bool reset = false, version = false;
  WindowOptions options;
  CLI::App command_line("Dualsight's window: watch a camera, see what is there, where and how big", "dualsight-gui");
  command_line.add_option("source", source, "A camera, address, video, picture or folder (default: the one before)");
  command_line.add_option("--model", model, "A model's file or the beginning of a shipped one's name")
      ->type_name("NAME");
  command_line.add_option("--language", language, "\"en\" or \"zh_CN\" (default: as it was set)")->type_name("LANG");
  command_line.add_flag("--safe-mode", options.safe_mode,
                        "Begin with the settings as they come; open and remember nothing");
  command_line.add_flag("--reset-settings", reset, "Forget all settings first");
  command_line.add_flag("--version", version, "Say which version this is");
  try {
    command_line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = command_line.exit(error);
    return code == 0 ? 0 : static_cast<int>(ErrorKind::usage);
  }
  if (version) {
    std::printf("dualsight-gui %s\n", program_version);
    return 0;
  }
  restart_with_passive_openmp(argv);
  options.source = QString::fromStdString(source);
  options.model = QString::fromStdString(model);

  set_up_logging();
  silence_libraries();
  install_signal_handlers();
  QApplication application(argc, argv);
  QApplication::setApplicationName("dualsight");
  QApplication::setApplicationDisplayName("Dualsight");
  QApplication::setApplicationVersion(program_version);
  QApplication::setDesktopFileName("org.dualsight.Dualsight");
  QApplication::setWindowIcon(QIcon(":/icons/dualsight.png"));

  SettingsStore store;
  if (reset) store.reset();
  options.settings = options.safe_mode ? Settings() : store.load();
  apply_theme(application, options.settings->theme);
  apply_language(language.empty() ? options.settings->language : QString::fromStdString(language));

  MainWindow window(std::move(options));
  window.show();
  QTimer signals_;  // a signal only sets a flag
  QObject::connect(&signals_, &QTimer::timeout, &window, [&] {
    if (stop_requested()) window.close();
  });
  signals_.start(100);
  const int code = QApplication::exec();
  return stop_requested() ? static_cast<int>(ErrorKind::interrupted) : code;
}

}  // namespace
}  // namespace dualsight

int main(int argc, char** argv) {
  try {
    const int code = dualsight::run(argc, argv);
    if (dualsight::background_work > 0) dualsight::note_detached_thread();  // a driver or a disk that hangs
    return dualsight::finish_process(code);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dualsight-gui: internal error: %s\n", dualsight::redact(error.what()).c_str());
  } catch (...) {
    std::fprintf(stderr, "dualsight-gui: internal error of unknown kind\n");
  }
  return 1;
}
