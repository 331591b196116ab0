#include "app/recording/clip_buffer.h"

#include <algorithm>
#include <utility>

#include "app/recording/video_encoder.h"

namespace dualsight {
namespace {

constexpr double kSame = 1e-3;  // ms: tolerance for rounding in sums of times

std::size_t bytes_of(const Moment& moment) { return moment.frame.bgr.total() * moment.frame.bgr.elemSize(); }

void pack(Moment& moment) {
  cv::Mat& picture = moment.frame.bgr;
  if (moment.i420 || picture.cols < 2 || picture.rows < 2) return;
  picture = to_i420(picture(cv::Rect(0, 0, picture.cols & ~1, picture.rows & ~1)));
  moment.i420 = true;
}

}  // namespace

ClipBuffer ClipBuffer::keep_all() {
  ClipBuffer buffer(0, 0, 0);
  buffer.all_ = true;
  return buffer;
}

void ClipBuffer::add(Moment moment) {
  newest_ = moment.time_ms;
  bytes_ += bytes_of(moment);
  waiting_.push_back(std::move(moment));
  shrink();
}

bool ClipBuffer::trigger(double time_ms) {
  if (all_) return false;
  const double from = time_ms - pre_ms_;
  const bool fresh = from > until_ + kSame;
  until_ = std::max(until_, time_ms + post_ms_);
  while (fresh && !waiting_.empty() && waiting_.front().time_ms < from - kSame) drop_oldest();
  return fresh;
}

std::optional<Moment> ClipBuffer::take() {
  if (waiting_.empty() || (!all_ && waiting_.front().time_ms > until_ + kSame)) return std::nullopt;
  Moment moment = waiting_.front();  // shares the pixels
  drop_oldest();
  return moment;
}

bool ClipBuffer::over() const { return !all_ && newest_ - pre_ms_ > until_ + kSame; }

void ClipBuffer::clear() {
  waiting_.clear();
  bytes_ = packed_ = 0;
  until_ = newest_ = never;
}

void ClipBuffer::drop_oldest() {
  bytes_ -= bytes_of(waiting_.front());
  waiting_.pop_front();
  if (packed_ > 0) --packed_;
}

void ClipBuffer::shrink() {
  if (all_ || waiting_.front().time_ms <= until_ + kSame) return;
  while (waiting_.front().time_ms < newest_ - pre_ms_ - kSame) drop_oldest();
  while (bytes_ > limit_) {
    if (packed_ < waiting_.size()) {
      Moment& moment = waiting_[packed_++];
      bytes_ -= bytes_of(moment);
      pack(moment);
      bytes_ += bytes_of(moment);
    } else if (waiting_.size() > 1) {
      drop_oldest();
      gave_up_ = true;
    } else {
      return;
    }
  }
}

}  // namespace dualsight
