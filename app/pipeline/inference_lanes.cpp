#include "app/pipeline/inference_lanes.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace dualsight {

InferenceLanes::InferenceLanes(std::size_t lanes, std::shared_ptr<WakeUp> pipeline, std::shared_ptr<WakeUp> inference)
    : pipeline_(std::move(pipeline)), inference_(std::move(inference)), waiting_(lanes) {}

void InferenceLanes::offer_newest(std::size_t lane, Frame frame) {
  {
    const std::lock_guard lock(mutex_);
    waiting_[lane] = std::move(frame);
  }
  inference_->notify();
}

bool InferenceLanes::has_room(std::size_t lane) const {
  const std::lock_guard lock(mutex_);
  return !waiting_[lane];
}

bool InferenceLanes::busy_locked(std::size_t lane) const {
  return waiting_[lane] || in_process_ == lane ||
         std::any_of(done_.begin(), done_.end(), [&](const InferenceResult& result) { return result.lane == lane; });
}

bool InferenceLanes::busy(std::size_t lane) const {
  const std::lock_guard lock(mutex_);
  return busy_locked(lane);
}

bool InferenceLanes::busy() const {
  const std::lock_guard lock(mutex_);
  for (std::size_t lane = 0; lane < waiting_.size(); ++lane) {
    if (busy_locked(lane)) return true;
  }
  return false;
}

std::optional<InferenceResult> InferenceLanes::take() {
  const std::lock_guard lock(mutex_);
  if (done_.empty()) return std::nullopt;
  std::optional<InferenceResult> result = std::move(done_.front());
  done_.pop_front();
  return result;
}

void InferenceLanes::drop_waiting() {
  const std::lock_guard lock(mutex_);
  for (auto& frame : waiting_) frame.reset();
}

std::optional<InferenceResult> InferenceLanes::start_next() {
  std::optional<InferenceResult> work;
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < waiting_.size() && !work; ++i) {
      const std::size_t lane = (next_lane_ + i) % waiting_.size();
      if (!waiting_[lane]) continue;
      work.emplace();
      work->lane = lane;
      work->frame = *std::exchange(waiting_[lane], std::nullopt);
      work->started = std::chrono::steady_clock::now();
      in_process_ = lane;
      next_lane_ = lane + 1;
    }
  }
  if (work) pipeline_->notify();  // the lane has room again
  return work;
}

void InferenceLanes::finish(InferenceResult result) {
  {
    const std::lock_guard lock(mutex_);
    in_process_.reset();
    done_.push_back(std::move(result));
  }
  pipeline_->notify();
}

}  // namespace dualsight
