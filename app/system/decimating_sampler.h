#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace dualsight {

// Samples a stream of unknown length at about even intervals: keeps every stride-th item; once twice as many as wanted
// are kept, drops every second one and doubles the stride.
template <typename T>
class DecimatingSampler {
 public:
  explicit DecimatingSampler(std::size_t wanted) : wanted_(wanted) {}

  bool wants_next() const { return seen_ % stride_ == 0; }  // ask first if an item is costly to make
  void skip() { ++seen_; }
  void add(T item) {
    ++seen_;
    kept_.push_back(std::move(item));
    if (kept_.size() < 2 * wanted_) return;
    for (std::size_t i = 0; i < wanted_; ++i) kept_[i] = std::move(kept_[2 * i]);
    kept_.resize(wanted_);
    stride_ *= 2;
  }

  // At most `wanted` items, in order, evenly chosen from those kept, including the first and the last.
  std::vector<T> take() && {
    const std::size_t count = kept_.size() < wanted_ ? kept_.size() : wanted_;
    std::vector<T> out;
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(std::move(kept_[count == 1 ? 0 : i * (kept_.size() - 1) / (count - 1)]));
    }
    return out;
  }

 private:
  std::size_t wanted_;
  std::vector<T> kept_;
  int64_t seen_ = 0, stride_ = 1;
};

}  // namespace dualsight
