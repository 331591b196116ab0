// A progress bar on standard error. Does nothing if standard error is not a terminal.
#pragma once

#include <chrono>
#include <string>

namespace dualsight {

std::string duration_text(double seconds);  // "0:07", "12:34", "1:02:03"; "?" when not finite or negative

class ProgressBar {
 public:
  explicit ProgressBar(bool wanted = true);  // shows itself only if standard error is a terminal
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  bool visible() const { return visible_; }
  // `fraction` 0..1, or < 0 if the end is unknown; `eta_seconds` < 0: estimated from the time taken so far.
  void show(double fraction, const std::string& text, double eta_seconds = -1);
  void clear();  // call before writing anything else to the terminal

 private:
  using Clock = std::chrono::steady_clock;
  bool visible_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now(), last_{};
};

}  // namespace dualsight
