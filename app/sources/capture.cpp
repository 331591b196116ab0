#include "app/sources/capture.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <opencv2/core.hpp>
#include <utility>

#include "app/sources/cameras.h"
#include "app/sources/rotation.h"
#include "app/system/detached_threads.h"
#include "app/system/rate_meter.h"
#include "app/system/redact.h"

namespace dualsight {
namespace {

constexpr std::size_t most_hung = 2;                       // threads of one source that may hang at the same time
constexpr auto patience = std::chrono::milliseconds(900);  // for threads to end in ~Capture()

cv::Mat oriented(const cv::Mat& bgr, int rotate, bool mirror) {
  cv::Mat upright = rotate_clockwise(bgr, rotate);
  if (!mirror) return upright;
  cv::Mat mirrored;
  cv::flip(upright, mirrored, 1);
  return mirrored;
}

}  // namespace

// One attempt to open the source, and what it delivers. The capture thread uses nothing outside of it.
struct Capture::Attempt {
  SourceSettings settings;  // changed by the capture thread only, under the mutex
  const Opener opener;
  const std::shared_ptr<WakeUp> wake;
  const std::function<SteadyTime()> now;

  std::mutex mutex;  // guards everything below
  std::condition_variable changed;
  std::deque<Item> items;  // oldest first; for live sources at most one of them is a frame
  SourceInfo info;
  bool opened = false;
  std::string connected_message;  // from the source, reported with the first frame
  Counts counts;                  // including earlier attempts
  RateMeter meter;
  std::optional<SteadyTime> first;  // time of the first frame of this attempt
  SteadyTime active;                // when the library last returned from a call
  cv::Size size;                    // of the newest frame; used by the thread alone
  int64_t frames = 0;               // of this attempt
  bool waiting = false;             // for the reader, so the library does not hang
  bool quit = false, ended = false;
  std::optional<Error> failure;  // why it ended; nullopt: end of the source

  Attempt(SourceSettings s, Opener o, std::shared_ptr<WakeUp> w, std::function<SteadyTime()> n, Counts c)
      : settings(std::move(s)), opener(std::move(o)), wake(std::move(w)), now(std::move(n)), counts(c), active(now()) {}

  void run() {
    std::optional<Error> why;
    try {
      why = deliver();
    } catch (const std::exception& error) {  // no exception may leave the thread
      why = Error{ErrorKind::source, settings.name + ": " + redact(error.what())};
    } catch (...) {
      why = Error{ErrorKind::source, settings.name + ": failed for a reason that the library does not tell"};
    }
    {
      const std::lock_guard lock(mutex);
      failure = std::move(why);
      ended = true;
      changed.notify_all();
    }
    wake->notify();
  }

  std::optional<Error> deliver() {
    const std::string device = lasting_camera_path(settings.spec);
    {
      const std::lock_guard lock(mutex);
      settings.spec = device;
    }
    auto source = opener(settings, {[this](State state, const std::string& message, const std::string& file) {
                           add_event(state, message, file);
                         }});
    if (!source) return source.error();
    {
      const std::lock_guard lock(mutex);
      info = (*source)->info();
      opened = true;
      active = now();
      if (quit) return std::nullopt;
    }
    wake->notify();
    while (true) {
      auto frame = (*source)->read();
      if (!frame) return frame.error();
      if (!*frame) return std::nullopt;
      (*frame)->bgr = oriented((*frame)->bgr, settings.rotate, settings.mirror);
      if (!add_frame(**std::move(frame))) return std::nullopt;
    }
  }

  // Files: waits until the previous item was polled. False: the capture was stopped.
  bool wait_for_room(std::unique_lock<std::mutex>& lock) {
    if (opened && !info.live) {
      waiting = true;
      changed.wait(lock, [&] { return quit || items.empty(); });
      waiting = false;
      active = now();
    }
    return !quit;
  }

  void add_event(State state, const std::string& message, const std::string& file) {
    std::unique_lock lock(mutex);
    if (state == State::connected) {
      connected_message = message;
      return;
    }
    if (!wait_for_room(lock)) return;
    items.emplace_back(SourceEvent{state, message, file});
    lock.unlock();
    wake->notify();
  }

  bool add_frame(Frame frame) {
    if (frame.pts_ms || info.live) report_new_size(frame.bgr.size());
    std::unique_lock lock(mutex);
    if (!wait_for_room(lock)) return false;
    active = now();
    if (info.live) stamp(frame);
    if (!first) {
      first = active;
      if (connected_message.empty()) connected_message = settings.name + ": connected";
      if (info.live) items.emplace_back(SourceEvent{State::connected, connected_message, ""});
    }
    ++counts.captured;
    ++frames;
    meter.tick(active);
    if (info.live) {
      counts.dropped += static_cast<int64_t>(
          std::erase_if(items, [](const Item& item) { return std::holds_alternative<Frame>(item); }));
    }
    items.emplace_back(std::move(frame));
    lock.unlock();
    wake->notify();
    return true;
  }

  // A camera that switches its profile, or a recording of one.
  void report_new_size(cv::Size now_is) {
    const cv::Size was = std::exchange(size, now_is);
    if (was.empty() || was == now_is) return;
    add_event(State::resized,
              fmt::format("{}: the picture is {}x{} now, it was {}x{}", settings.name, now_is.width, now_is.height,
                          was.width, was.height),
              "");
  }

  void stamp(Frame& frame) {
    frame.captured = active;
    frame.timestamp = std::chrono::system_clock::now();
    frame.number = counts.captured;
    if (!counts.first_frame) counts.first_frame = active;
    frame.pts_ms = std::chrono::duration<double, std::milli>(active - *counts.first_frame).count();
  }

  // Seconds that opening, or waiting for the next frame, may take: longer where the source says that it is slow.
  double allowed_s() const {
    if (!opened) return settings.open_timeout_s;
    return info.fps > 0 ? std::max(settings.read_timeout_s, 3 / info.fps) : settings.read_timeout_s;
  }
  double silent_s() const { return CaptureTiming::Seconds(now() - active).count(); }

  // The library gave up for want of time, which it does a little early, before there were frames enough to know the
  // rate. A library that hangs says nothing of the source.
  bool was_too_slow() const {
    constexpr int64_t frames_to_know = 3;
    return ended && frames < frames_to_know && silent_s() > 0.85 * allowed_s();
  }

  // Why the library counts as hanging; nullopt: it does not. Reading from a disk has no time limit.
  std::optional<std::string> hangs() const {
    if (waiting || !is_live(settings.spec)) return std::nullopt;
    const double allowed = allowed_s();
    if (silent_s() <= allowed) return std::nullopt;
    return opened ? fmt::format("no frame for {:g} s", allowed) : fmt::format("did not open within {:g} s", allowed);
  }
};

Capture::Capture(SourceSettings settings, std::shared_ptr<WakeUp> wake, Opener opener, CaptureTiming timing)
    : settings_(std::move(settings)), wake_(std::move(wake)), opener_(std::move(opener)), timing_(std::move(timing)) {
  settings_.name = source_name(settings_);
  info_.name = settings_.name;
  info_.live = is_live(settings_.spec);
  if (info_.live) state_ = State::lost;
  begin();
}

Capture::~Capture() {
  stop();
  if (worker_.attempt) hung_.push_back(std::move(worker_));
  for (Worker& worker : hung_) {
    std::unique_lock lock(worker.attempt->mutex);
    const auto ended = [&] { return worker.attempt->ended; };
    const bool done = worker.attempt->changed.wait_until(lock, *stopped_ + patience, ended);
    lock.unlock();
    join_or_detach(worker.thread, done);
  }
}

void Capture::stop() {
  over_ = true;
  if (!stopped_) stopped_ = std::chrono::steady_clock::now();
  if (!worker_.attempt) return;
  const std::lock_guard lock(worker_.attempt->mutex);
  worker_.attempt->quit = true;
  worker_.attempt->changed.notify_all();
}

void Capture::begin() {
  auto attempt = std::make_shared<Attempt>(settings_, opener_, wake_, timing_.now, counts_);
  worker_ = Worker{attempt, std::thread([attempt] { attempt->run(); })};
}

std::optional<Capture::Item> Capture::poll() {
  if (stopped_) return std::nullopt;
  join_returned();
  if (pending_.empty() && worker_.attempt) {
    Attempt& attempt = *worker_.attempt;
    std::unique_lock lock(attempt.mutex);
    if (attempt.opened && !ever_opened_) {
      ever_opened_ = true;
      settings_.spec = attempt.settings.spec;  // reopens the same camera even if its number changes
    }
    if (attempt.opened) {
      info_ = attempt.info;
      info_.name = settings_.name;
    }
    if (!attempt.items.empty()) {
      Item item = std::move(attempt.items.front());
      attempt.items.pop_front();
      attempt.changed.notify_all();
      lock.unlock();
      update_state(item);
      return item;
    }
    const auto why = attempt.ended ? std::nullopt : attempt.hangs();
    if (why) attempt.quit = true;  // frames that it may still deliver are discarded
    const bool over = attempt.ended || why;
    const std::optional<Error> failure = why ? Error{ErrorKind::source, with_name(*why)} : attempt.failure;
    lock.unlock();
    if (over) end_attempt(failure ? &*failure : nullptr);
  } else if (pending_.empty() && !over_ && timing_.now() >= retry_at_) {
    if (hung_.size() < most_hung) {
      blocked_ = false;
      begin();
    } else if (!std::exchange(blocked_, true)) {
      pending_.emplace_back(SourceEvent{
          State::retrying, with_name("earlier attempts still hang; waiting until one returns"), "", failures_, 0});
    }
  }
  if (pending_.empty()) return std::nullopt;
  Item item = std::move(pending_.front());
  pending_.pop_front();
  return item;
}

// Called for each item before poll() returns it.
void Capture::update_state(const Item& item) {
  const SourceEvent* event = std::get_if<SourceEvent>(&item);
  if (event == nullptr || event->state != State::connected) return;
  state_ = State::connected;
  if (connects_++ > 0) ++reconnects_;
}

void Capture::end_attempt(const Error* failure) {
  Worker worker = std::exchange(worker_, Worker{});
  bool opened = false, settled = false, too_slow = false;
  {
    const std::lock_guard lock(worker.attempt->mutex);
    opened = worker.attempt->opened;
    counts_ = worker.attempt->counts;
    too_slow = worker.attempt->was_too_slow();
    settled = worker.attempt->first && worker.attempt->active - *worker.attempt->first >= timing_.settled;
  }
  hung_.push_back(std::move(worker));
  join_returned();

  // A finite source has ended, or the first opening failed: no further attempt.
  if (opened ? !info_.live || info_.finite : !ever_opened_ && !(info_.live && settings_.wait)) {
    over_ = true;
    if (failure != nullptr && is_live(settings_.spec) && counts_.captured > 0) {  // a file behind an address
      pending_.emplace_back(SourceEvent{State::truncated, failure->message, ""});
      pending_.emplace_back(Ended{});
    } else if (failure != nullptr) {
      state_ = State::failed;
      pending_.emplace_back(*failure);
    } else {
      pending_.emplace_back(Ended{});
    }
    return;
  }
  std::string why = failure != nullptr ? failure->message : with_name("the stream has ended");
  if (settled) failures_ = 0;
  if (too_slow) allow_more_time(opened);
  if (state_ == State::connected) {
    state_ = State::lost;
    pending_.emplace_back(SourceEvent{State::lost, std::move(why), ""});
    why = info_.name;
  }
  retry_later(why);
}

// A camera that gives a frame every twenty seconds would else be lost for ever.
void Capture::allow_more_time(bool opened) {
  constexpr double most_s = 60;
  double& timeout = opened ? settings_.read_timeout_s : settings_.open_timeout_s;
  timeout = std::max(timeout, std::min(most_s, 2 * timeout));
}

void Capture::retry_later(const std::string& why) {
  const auto wait = std::min(timing_.first_retry * std::pow(2.0, std::min(failures_, 30)), timing_.longest_retry);
  ++failures_;
  state_ = State::retrying;
  retry_at_ = timing_.now() + std::chrono::duration_cast<SteadyTime::duration>(wait);
  pending_.emplace_back(SourceEvent{State::retrying,
                                    fmt::format("{}: attempt {} in {:g} s", why, failures_, wait.count()), "",
                                    failures_, wait.count()});
}

void Capture::join_returned() {
  std::erase_if(hung_, [](Worker& worker) {
    {
      const std::lock_guard lock(worker.attempt->mutex);
      if (!worker.attempt->ended) return false;
    }
    worker.thread.join();
    return true;
  });
}

int64_t Capture::captured() const {
  if (!worker_.attempt) return counts_.captured;
  const std::lock_guard lock(worker_.attempt->mutex);
  return worker_.attempt->counts.captured;
}

int64_t Capture::dropped() const {
  if (!worker_.attempt) return counts_.dropped;
  const std::lock_guard lock(worker_.attempt->mutex);
  return worker_.attempt->counts.dropped;
}

double Capture::measured_fps(SteadyTime now) const {
  if (!worker_.attempt) return 0;
  const std::lock_guard lock(worker_.attempt->mutex);
  return worker_.attempt->meter.rate(now);
}

}  // namespace dualsight
