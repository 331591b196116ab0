#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "app/sources/source.h"

namespace dualsight {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds longest_wait{500};  // between two frames, so that the thread can be stopped
constexpr std::chrono::milliseconds forgiven{200};      // a later frame sets a new reference time; none is rushed

class PacedSource : public Source {
 public:
  PacedSource(std::unique_ptr<Source> source, std::function<Result<std::unique_ptr<Source>>()> reopen)
      : source_(std::move(source)), reopen_(std::move(reopen)), info_(source_->info()) {
    info_.live = info_.finite = true;
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    auto frame = source_->read();
    if (frame && !*frame && reopen_ && any_) {
      auto again = reopen_();
      if (!again) return again.error();
      source_ = *std::move(again);
      start_.reset();
      frame = source_->read();
    }
    if (!frame || !*frame) return frame;
    any_ = true;
    wait_for((*frame)->pts_ms.value_or(0));
    return frame;
  }

 private:
  void wait_for(double pts_ms) {
    const auto at = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(pts_ms));
    const auto now = Clock::now();
    if (!start_) start_ = std::max(now, next_) - at;
    const auto due = *start_ + at;
    if (now > due + forgiven) {
      start_ = now - at;
    } else if (due > now + longest_wait) {
      std::this_thread::sleep_for(longest_wait);
      start_ = Clock::now() - at;
    } else {
      std::this_thread::sleep_until(due);
    }
    const double step_ms = info_.fps > 0 ? 1000 / info_.fps : 40;
    next_ =
        *start_ + at + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(step_ms));
  }

  std::unique_ptr<Source> source_;
  std::function<Result<std::unique_ptr<Source>>()> reopen_;
  SourceInfo info_;
  std::optional<Clock::time_point> start_;  // when the video's time was 0
  Clock::time_point next_;                  // when the frame after the newest is due
  bool any_ = false;
};

}  // namespace

std::unique_ptr<Source> paced(std::unique_ptr<Source> source, std::function<Result<std::unique_ptr<Source>>()> reopen) {
  return std::make_unique<PacedSource>(std::move(source), std::move(reopen));
}

}  // namespace dualsight
