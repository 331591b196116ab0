#include <spdlog/fmt/fmt.h>

#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/videoio/registry.hpp>

#include "app/commands/commands.h"
#include "app/system/version.h"
#include "detector/core/runtime.h"
#include "detector/detector.h"

namespace dualsight {
namespace {

std::string video_backends() {
  std::string names;
  for (const auto backend : cv::videoio_registry::getBackends()) {
    names += (names.empty() ? "" : ", ") + cv::videoio_registry::getBackendName(backend);
  }
  return names;
}

}  // namespace

Command add_version_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("version", "Print the version, and with --verbose what it runs on");
  auto verbose = std::make_shared<bool>(false);
  command->add_flag("--verbose", *verbose, "LibTorch, BLAS, OpenCV, threads, CPU features, device");
  return {command, [verbose] {
            fmt::print("dualsight {}\n", program_version);
            if (!*verbose) return 0;
            for (const auto& [key, value] : runtime_info()) fmt::print("{}: {}\n", key, value);
            fmt::print("OpenCV: {}\nOpenCV video: {}\n", CV_VERSION, video_backends());
            if (const std::string warning = blas_warning(); !warning.empty()) fmt::print("warning: {}\n", warning);
            return 0;
          }};
}

}  // namespace dualsight
