#include "app/system/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <opencv2/core/utils/logger.hpp>

extern "C" {
#include <libavutil/log.h>
}

namespace dualsight {

void set_up_logging() {
  auto logger = spdlog::get("dualsight");  // tests run the program more than once in a process
  if (!logger) logger = spdlog::stderr_color_mt("dualsight");
  logger->set_pattern("dualsight: %^%l%$: %v");
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(logger);
}

void log_errors_only() { spdlog::set_level(spdlog::level::err); }

void silence_libraries() {
  // Of FFmpeg, which OpenCV uses as well as this program: nothing, unless the user asked for something else.
  setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);  // AV_LOG_QUIET
  av_log_set_level(std::atoi(std::getenv("OPENCV_FFMPEG_LOGLEVEL")));
  if (std::getenv("OPENCV_LOG_LEVEL") == nullptr) {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  }
}

}  // namespace dualsight
