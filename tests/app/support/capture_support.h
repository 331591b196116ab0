// Watching a Capture in tests.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/sources/capture.h"

namespace dualsight {

using std::chrono::milliseconds;

// Waits in real time for what other threads do.
inline bool soon(const std::function<bool()>& done, milliseconds longest = milliseconds(10'000)) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

// Polls a Capture and writes down what came: frames by number ("7"), statuses by name ("lost").
struct Watcher {
  explicit Watcher(Capture& c) : capture(c) {}

  bool poll() {
    auto item = capture.poll();
    if (!item) return false;
    if (auto* frame = std::get_if<Frame>(&*item)) {
      story.push_back(std::to_string(frame->number));
      frames.push_back(std::move(*frame));
    } else if (auto* event = std::get_if<Capture::SourceEvent>(&*item)) {
      story.emplace_back(to_string(event->state));
      events.push_back(*event);
    } else if (auto* error = std::get_if<Error>(&*item)) {
      story.emplace_back("error");
      failure = error->message;
    } else {
      story.emplace_back("ended");
    }
    return true;
  }

  bool until(const std::function<bool()>& done, milliseconds longest = milliseconds(10'000)) {
    return soon(
        [&] {
          if (!done()) poll();
          return done();
        },
        longest);
  }
  bool until_frames(std::size_t count, milliseconds longest = milliseconds(10'000)) {
    return until([&] { return frames.size() >= count; }, longest);
  }
  bool until_reported(State state, std::size_t times = 1, milliseconds longest = milliseconds(10'000)) {
    return until([&] { return count(state) >= times; }, longest);
  }
  bool until_over() {
    return until([&] { return !story.empty() && (story.back() == "ended" || story.back() == "error"); });
  }
  std::size_t count(State state) const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [&](const Capture::SourceEvent& e) { return e.state == state; }));
  }

  Capture& capture;
  std::vector<std::string> story;
  std::vector<Frame> frames;
  std::vector<Capture::SourceEvent> events;
  std::string failure;
};

}  // namespace dualsight
