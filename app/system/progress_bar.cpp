#include "app/system/progress_bar.h"

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dualsight {
namespace {

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return "?";
  const auto s = static_cast<long>(std::lround(seconds));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

ProgressBar::ProgressBar(bool wanted) : visible_(wanted && isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(double fraction, const std::string& text, double eta_seconds) {
  const auto now = Clock::now();
  if (!visible_ || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  std::string line = text;
  if (fraction >= 0) {
    constexpr int cells = 24;
    const int full = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * cells);
    const double taken = std::chrono::duration<double>(now - start_).count();
    if (eta_seconds < 0) eta_seconds = fraction > 0 ? taken * (1 - fraction) / fraction : -1;
    line = fmt::format("[{}{}] {:3.0f}%  {}  ETA {}", std::string(static_cast<std::size_t>(full), '#'),
                       std::string(static_cast<std::size_t>(cells - full), '.'), 100 * std::min(fraction, 1.0), text,
                       duration_text(eta_seconds));
  }
  line = line.substr(0, terminal_width() - 1);
  fmt::print(stderr, "\r\033[K{}", line);
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace dualsight
