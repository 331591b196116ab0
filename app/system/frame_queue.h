// A bounded queue from the thread that produces frames to the one that writes them.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace dualsight {

// One thread pushes, one pops. The queue is full when it holds `most_frames`, or when the next frame would exceed
// `most_bytes`; an empty queue takes a frame of any size.
template <typename T>
class FrameQueue {
 public:
  FrameQueue(std::size_t most_frames, std::size_t most_bytes)
      : most_frames_(std::max<std::size_t>(1, most_frames)), most_bytes_(most_bytes) {}

  // False: the queue is full and the frame was dropped. Never blocks.
  bool push_or_drop(T frame, std::size_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      if (!has_room(bytes)) return false;
      add(std::move(frame), bytes, true);
    }
    filled_.notify_one();
    return true;
  }

  // Blocks until there is room.
  void push_or_wait(T frame, std::size_t bytes) {
    {
      std::unique_lock lock(mutex_);
      drained_.wait(lock, [&] { return has_room(bytes); });
      add(std::move(frame), bytes, true);
    }
    filled_.notify_one();
  }

  // A small record that belongs to a frame; does not count against the limits. Never blocks.
  void push_record(T record) {
    {
      const std::lock_guard lock(mutex_);
      add(std::move(record), 0, false);
    }
    filled_.notify_one();
  }

  // nullopt: nothing came within that time, or the queue is closed and empty.
  std::optional<T> pop_within(std::chrono::milliseconds longest) {
    std::optional<T> out;
    {
      std::unique_lock lock(mutex_);
      filled_.wait_for(lock, longest, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return out;
      Entry& front = waiting_.front();
      out = std::move(front.value);
      bytes_ -= front.bytes;
      frames_ -= front.frame ? 1 : 0;
      waiting_.pop_front();
    }
    drained_.notify_one();
    return out;
  }

  // Nothing more will be pushed.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_one();
  }

  bool finished() const {  // closed and empty
    const std::lock_guard lock(mutex_);
    return closed_ && waiting_.empty();
  }
  std::size_t frames() const {  // waiting
    const std::lock_guard lock(mutex_);
    return frames_;
  }

 private:
  struct Entry {
    T value;
    std::size_t bytes;
    bool frame;
  };

  bool has_room(std::size_t bytes) const {
    return frames_ == 0 || (frames_ < most_frames_ && bytes_ + bytes <= most_bytes_);
  }
  void add(T value, std::size_t bytes, bool frame) {
    waiting_.push_back({std::move(value), bytes, frame});
    bytes_ += bytes;
    frames_ += frame ? 1 : 0;
  }

  const std::size_t most_frames_, most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable filled_, drained_;
  std::deque<Entry> waiting_;
  std::size_t frames_ = 0, bytes_ = 0;
  bool closed_ = false;
};

}  // namespace dualsight
