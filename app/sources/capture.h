// Captures one source for the whole run: opens it on a thread of its own, reads its frames, detects when it is lost and
// opens it again. A library call that never returns blocks only that thread.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "app/sources/source.h"
#include "app/system/wake_up.h"

namespace dualsight {

struct CaptureTiming {
  using Seconds = std::chrono::duration<double>;
  Seconds first_retry{0.5}, longest_retry{30};  // the wait doubles with each attempt that fails
  Seconds settled{10};  // a connection that has delivered for this long resets the wait to first_retry
  std::function<SteadyTime()> now = [] { return std::chrono::steady_clock::now(); };  // any thread may call
};

// Live sources: only the newest frame is kept; frames that it replaces are counted as dropped. Files and streams of
// finite length: every frame, in order; the capture thread waits until the previous one was polled. All calls must come
// from one thread, the pipeline's; none blocks.
class Capture {
 public:
  using Opener = std::function<Result<std::unique_ptr<Source>>(const SourceSettings&, const SourceOptions&)>;

  // Starts opening the source. `wake` is notified when there is something to poll. Every attempt owns a copy of
  // `opener`, which may therefore outlive this object.
  Capture(SourceSettings settings, std::shared_ptr<WakeUp> wake, Opener opener = open_source,
          CaptureTiming timing = CaptureTiming());
  // Returns within a second. A thread that hangs in a library is detached (detached_threads.h).
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  struct SourceEvent {
    State state = State::connected;
    std::string message, file;
    int attempt = 0;        // retrying: number of attempts so far, from 1
    double retry_in_s = 0;  // retrying: seconds to the next attempt; 0: when a hanging one returns
  };
  struct Ended {};
  // Events are in order with the frames. Ended and Error come last. Error (ErrorKind::source): a file that
  // cannot be read, or a live source that could not be opened at the start without SourceSettings::wait.
  using Item = std::variant<Frame, SourceEvent, Ended, Error>;

  // The next item, if there is one. Also drives time-outs and reconnection: call at least every 100 ms.
  std::optional<Item> poll();

  // Asks the thread to end without waiting for it, so that several captures end in parallel before they are destroyed.
  // After it poll() gives nothing.
  void stop();

  const SourceInfo& info() const { return info_; }  // complete once the first frame or `connected` was polled
  State state() const { return state_; }            // live sources are `lost` until they deliver
  int64_t captured() const;                         // frames received
  int64_t dropped() const;                          // live: replaced by a newer one before they were polled
  int64_t reconnects() const { return reconnects_; }
  double measured_fps(SteadyTime now) const;  // over the last seconds; 0 when no frames arrive

 private:
  struct Attempt;
  struct Worker {
    std::shared_ptr<Attempt> attempt;  // shared with the thread, which may outlive this object
    std::thread thread;
  };
  struct Counts {
    int64_t captured = 0, dropped = 0;
    std::optional<SteadyTime> first_frame;  // live: presentation time counts from it, across reconnections
  };

  void begin();
  void update_state(const Item& item);
  void end_attempt(const Error* failure);
  void allow_more_time(bool opened);
  void retry_later(const std::string& why);
  void join_returned();
  std::string with_name(const std::string& what) const { return info_.name + ": " + what; }

  SourceSettings settings_;
  std::shared_ptr<WakeUp> wake_;
  Opener opener_;
  CaptureTiming timing_;

  SourceInfo info_;
  State state_ = State::connected;
  Counts counts_;             // of earlier attempts
  Worker worker_;             // the current attempt; none: waiting for retry_at_, or finished
  std::vector<Worker> hung_;  // timed out, but the thread has not returned yet
  std::deque<Item> pending_;  // items that this object makes itself
  SteadyTime retry_at_;
  int failures_ = 0;  // attempts without a settled connection
  int64_t connects_ = 0, reconnects_ = 0;
  bool ever_opened_ = false, over_ = false, blocked_ = false;
  std::optional<SteadyTime> stopped_;
};

}  // namespace dualsight
