// Wakes the pipeline's thread when a frame, a result or a status has arrived.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace dualsight {

// Any thread may notify; one waits.
class WakeUp {
 public:
  void notify() {
    {
      const std::lock_guard lock(mutex_);
      called_ = true;
    }
    changed_.notify_one();
  }

  // Returns at once if notified since the last wait.
  void wait_for(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [this] { return called_; });
    called_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool called_ = false;
};

}  // namespace dualsight
