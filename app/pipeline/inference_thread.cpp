#include "app/pipeline/inference_thread.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "app/system/detached_threads.h"

namespace dualsight {

struct InferenceThread::Shared {
  Shared(std::shared_ptr<ObjectFinder> f, std::size_t lanes, std::shared_ptr<WakeUp> w)
      : finder(std::move(f)), wake(std::move(w)), waiting(lanes) {}

  const std::shared_ptr<ObjectFinder> finder;
  const std::shared_ptr<WakeUp> wake;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<Frame>> waiting;  // one place a lane
  std::optional<std::size_t> at_hand;         // lane of the frame being looked at
  std::deque<InferenceResult> done;
  std::size_t next_lane = 0;
  bool quit = false, ended = false;

  // The next lane in turn that has a frame; nullopt: none has.
  std::optional<std::size_t> pick() {
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      const std::size_t lane = (next_lane + i) % waiting.size();
      if (waiting[lane]) return lane;
    }
    return std::nullopt;
  }

  Result<DetectionResult> look(const cv::Mat& bgr) const {
    try {
      return finder->find({bgr.data, bgr.cols, bgr.rows, static_cast<std::ptrdiff_t>(bgr.step[0])});
    } catch (const std::exception& error) {  // exceptions stop at the thread's top
      return Error{ErrorKind::internal, std::string("detector: ") + error.what()};
    }
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return quit || pick(); });
      if (quit) break;
      InferenceResult looked;
      looked.lane = *pick();
      looked.frame = *std::exchange(waiting[looked.lane], std::nullopt);
      at_hand = looked.lane;
      next_lane = looked.lane + 1;
      lock.unlock();
      wake->notify();  // the lane has room again
      looked.started = std::chrono::steady_clock::now();
      looked.found = look(looked.frame.bgr);
      looked.ended = std::chrono::steady_clock::now();
      lock.lock();
      at_hand.reset();
      done.push_back(std::move(looked));
      wake->notify();
    }
    ended = true;
    changed.notify_all();
  }
};

InferenceThread::InferenceThread(std::shared_ptr<ObjectFinder> finder, std::size_t lanes, std::shared_ptr<WakeUp> wake)
    : shared_(std::make_shared<Shared>(std::move(finder), lanes, std::move(wake))),
      thread_([shared = shared_] { shared->run(); }) {}

InferenceThread::~InferenceThread() {
  std::unique_lock lock(shared_->mutex);
  shared_->quit = true;
  shared_->changed.notify_all();
  const SteadyTime since = stopping_.value_or(std::chrono::steady_clock::now());
  const bool ended = shared_->changed.wait_until(lock, since + patience, [&] { return shared_->ended; });
  lock.unlock();
  join_or_detach(thread_, ended);
}

void InferenceThread::offer_newest(std::size_t lane, Frame frame) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting[lane] = std::move(frame);
  }
  shared_->changed.notify_all();
}

bool InferenceThread::has_room(std::size_t lane) const {
  const std::lock_guard lock(shared_->mutex);
  return !shared_->waiting[lane];
}

bool InferenceThread::busy(std::size_t lane) const {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->waiting[lane] || shared_->at_hand == lane) return true;
  for (const InferenceResult& looked : shared_->done) {
    if (looked.lane == lane) return true;
  }
  return false;
}

std::optional<InferenceResult> InferenceThread::take() {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->done.empty()) return std::nullopt;
  std::optional<InferenceResult> looked = std::move(shared_->done.front());
  shared_->done.pop_front();
  return looked;
}

void InferenceThread::drop_waiting() {
  stopping_ = std::chrono::steady_clock::now();
  const std::lock_guard lock(shared_->mutex);
  for (auto& frame : shared_->waiting) frame.reset();
}

}  // namespace dualsight
