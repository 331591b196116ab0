#pragma once

#include <algorithm>
#include <chrono>
#include <deque>

namespace dualsight {

// Events per second over the last three seconds. Falls as soon as an event is overdue; 0 when none has come for three
// seconds.
class RateMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void tick(Time now) {
    times_.push_back(now);
    forget(now);
  }

  double rate(Time now) {
    forget(now);
    if (times_.size() < 2) return 0;
    using Seconds = std::chrono::duration<double>;
    const double steps = static_cast<double>(times_.size() - 1);
    const double taken = Seconds(times_.back() - times_.front()).count();
    const double overdue = std::max(0.0, Seconds(now - times_.back()).count() - taken / steps);
    return taken + overdue > 0 ? steps / (taken + overdue) : 0;
  }

 private:
  void forget(Time now) {
    while (!times_.empty() && now - times_.front() > std::chrono::seconds(3)) times_.pop_front();
  }
  std::deque<Time> times_;
};

}  // namespace dualsight
