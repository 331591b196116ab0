#include "app/pipeline/channel.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>
#include <variant>

#include "app/records/interpolation.h"
#include "app/system/redact.h"
#include "detector/drawing/blur.h"

namespace dualsight {
namespace {

// Frames wait for the detector's word on what surrounds them; beyond this the oldest goes on without it.
constexpr std::size_t most_held = 90;
constexpr std::size_t most_held_bytes = 512UL << 20;

}  // namespace

Channel::Channel(const SourcePlan& plan, const RunContext& context, SinkGroup outputs)
    : plan_(plan),
      context_(context),
      outputs_(std::move(outputs)),
      capture_(plan.source, context.wake, context.open),
      tracking_stage_(plan.follow, context.header.thresholds, context.header.class_names),
      blur_(plan.blur) {
  looked_at_.number = -1;
  summary_.source = plan.source.name.empty() ? redact(plan.source.spec) : plan.source.name;
}

void Channel::advance() {
  while (!ended_ && !context_.over()) {
    // A file's next frame is fetched when the detector can take it; a live one's whenever it comes.
    if (!live_ && !context_.inference.has_room(plan_.lane)) return;
    if (!wants_more()) {
      ended_ = true;
      return;
    }
    auto item = capture_.poll();
    if (!item) return;
    if (auto* frame = std::get_if<Frame>(&*item)) {
      take(std::move(*frame));
    } else if (const auto* news = std::get_if<Capture::SourceEvent>(&*item)) {
      take(*news);
    } else if (const auto* error = std::get_if<Error>(&*item)) {
      take(Capture::SourceEvent{State::failed, error->message, "", 0, 0});
      summary_.error = *error;
      ended_ = true;
    } else {
      ended_ = true;
    }
  }
}

// What somebody changed since the last frame.
void Channel::apply_controls() {
  if (!plan_.controls) return;
  auto now = plan_.controls->get();
  if (now == applied_) return;
  applied_ = std::move(now);
  emit(tracking_stage_.adjust(*applied_), looked_at_);  // later frames are still held: no recorder knows them
  blur_ = applied_->blur;
}

void Channel::take(Frame frame) {
  know_name();
  apply_controls();
  if (offered_++ == 0) first_captured_ = frame.captured, first_number_ = frame.number;
  newest_ = frame;
  newest_.bgr.release();
  if (live_ && outputs_.wants_preview()) {
    ShownFrame shown = shown_of(frame);
    shown.detections = tracking_stage_.predict(seconds_of(frame));
    shown.predicted = true;
    if (!blur_.empty()) {  // as far as it is known by now
      shown.bgr = frame.bgr.clone();
      std::vector<Box> boxes = before_ ? boxes_to_blur(&before_->blur, nullptr, seconds_of(frame)) : std::vector<Box>();
      blur_boxes(shown.bgr, boxes);
    }
    outputs_.on_preview(shown);
  }
  held_.push_back(frame);  // the pixels are shared, and only read from here on
  context_.inference.offer_newest(plan_.lane, std::move(frame));
  const std::size_t bytes = held_.back().bgr.total() * held_.back().bgr.elemSize();
  if (held_.size() > most_held || held_.size() * bytes > most_held_bytes) pass_on_unknown();
}

void Channel::take(const Capture::SourceEvent& news) {
  know_name();
  // News keep their place among the frames, of which the detector may have some still.
  if (held_.empty() || !context_.inference.busy(plan_.lane)) return tell(news);
  later_.emplace_back(held_.back().number, news);
}

void Channel::tell(const Capture::SourceEvent& news) {
  if (news.state == State::lost) {
    emit(tracking_stage_.finish(), newest_);
    before_.reset();
  }
  if (news.state == State::skipped) ++summary_.skipped;
  if (news.state == State::truncated) summary_.truncated = true;
  StatusRecord record{summary_.source, std::chrono::system_clock::now(), news.state, news.message, news.file, {}, {}};
  if (news.state == State::retrying) record.attempt = news.attempt, record.retry_in_s = news.retry_in_s;
  outputs_.on_status(record);
  if (context_.on_status) context_.on_status(record);
}

void Channel::looked(InferenceResult result) {
  if (!result.found) return outputs_.fail(result.found.error());
  const Frame& frame = result.frame;
  if (live_ && !wants_more()) return;
  tell_until(frame.number - 1);
  apply_controls();

  TrackingResult tracked;
  if (frame.pts_ms) {
    tracked = tracking_stage_.update(seconds_of(frame), frame.bgr.cols, frame.bgr.rows, *result.found);
  } else {
    tracked.detections = result.found->detections;
  }

  FrameRecord record;
  record.source = summary_.source;
  record.file = frame.file;
  record.frame = frame.number;
  record.pts_ms = frame.pts_ms;
  record.timestamp = frame.timestamp;
  record.width = frame.bgr.cols;
  record.height = frame.bgr.rows;
  record.speed = result.found->speed;
  record.dropped = live_ ? frame.number - looked_at_.number - 1 : 0;
  record.live = live_;
  record.source_fps = capture_.info().fps;
  record.source_frames = capture_.info().frame_count;
  record.detections = tracked.detections;
  record.zones = tracked.occupied;
  record.inside = tracked.inside;
  if (context_.header.keeps_candidates) record.candidates = tracked.candidates;
  looked_at_ = frame;
  looked_at_.bgr.release();

  Seen now{tracked.detections, {}};
  cv::Mat bgr = frame.bgr;
  if (!blur_.empty()) {
    now.blur = to_blur(tracked, *result.found, seconds_of(frame));
    bgr = frame.bgr.clone();
    blur_boxes(bgr, boxes_to_blur(&now.blur, nullptr, now.blur.seconds));
  }
  record.times = {context_.origin, frame.captured, result.started, result.ended, std::chrono::steady_clock::now()};

  pass_on_until(frame, bgr, now);
  outputs_.on_result(record, bgr);
  emit(std::move(tracked.events), frame);
  before_ = std::move(now);
  before_seconds_ = seconds_of(frame);

  ++summary_.frames;
  summary_.dropped += record.dropped;
  summary_.record_queue_max = std::max(summary_.record_queue_max, outputs_.load().queued);
  detected_.tick(record.times.published);
  age_ms_ = record.age_ms();
  summary_.age_ms_max = std::max(summary_.age_ms_max, age_ms_);
  ages_.wants_next() ? ages_.add(age_ms_) : ages_.skip();
  if (context_.on_frame) context_.on_frame(record);
  tell_until(frame.number);
}

void Channel::tell_until(int64_t number) {
  for (; !later_.empty() && later_.front().first <= number; later_.pop_front()) tell(later_.front().second);
}

// A detection counts as what the detector calls it and as what its track's history says.
BlurLook Channel::to_blur(const TrackingResult& tracked, const DetectionResult& found, double seconds) const {
  const auto chosen = [this](const Detection& d) { return blur_.at(static_cast<std::size_t>(d.class_id)); };
  BlurLook look;
  look.seconds = seconds;
  std::copy_if(tracked.detections.begin(), tracked.detections.end(), std::back_inserter(look.detections), chosen);
  for (const auto* detections : {&found.detections, &found.candidates, &tracked.unseen}) {
    for (const Detection& detection : *detections) {
      const bool known = std::any_of(look.detections.begin(), look.detections.end(),
                                     [&](const Detection& d) { return iou(d.box, detection.box) > 0.99F; });
      if (chosen(detection) && !known) look.more.push_back(detection.box);
    }
  }
  return look;
}

bool Channel::wants_more() const {
  if (context_.max_frames == 0) return true;
  return (live_ ? summary_.frames : offered_) < context_.max_frames;
}

bool Channel::finished() const { return ended_ && (!context_.inference.busy(plan_.lane) || (live_ && !wants_more())); }

void Channel::close() {
  if (!live_) held_.clear();  // interrupted: of a file, what was not looked at was not reached
  while (!held_.empty()) pass_on_unknown();
  tell_until(std::numeric_limits<int64_t>::max());
  emit(tracking_stage_.finish(), newest_);
}

// With the boxes of the looks before and after; the looked-at frame itself as it was seen, and already blurred.
void Channel::pass_on_until(const Frame& looked_at, const cv::Mat& blurred, const Seen& now) {
  // One that was let go for want of memory, and not shown: it is known after all.
  if (!blur_.empty() && (held_.empty() || held_.front().number > looked_at.number)) {
    held_.push_front(looked_at);
    --summary_.record_dropped;
  }
  for (; !held_.empty() && held_.front().number <= looked_at.number; held_.pop_front()) {
    const Frame& frame = held_.front();
    ShownFrame shown = shown_of(frame);
    if (frame.number == looked_at.number) {
      shown.bgr = blurred;
      shown.detections = now.detections;
      outputs_.on_frame(shown);
      continue;
    }
    shown.predicted = true;
    const double span = seconds_of(looked_at) - before_seconds_;
    const auto t = static_cast<float>(span > 0 ? (seconds_of(frame) - before_seconds_) / span : 1);
    shown.detections = interpolate(before_ ? before_->detections : std::vector<Detection>(), now.detections, t);
    if (!blur_.empty()) {
      if (!before_) {  // nothing is known of what came before the first look
        ++summary_.record_dropped;
        continue;
      }
      shown.bgr = frame.bgr.clone();
      blur_boxes(shown.bgr, boxes_to_blur(&before_->blur, &now.blur, seconds_of(frame)));
    }
    outputs_.on_frame(shown);
  }
}

// The oldest frame, when no look that surrounds it will come in time.
void Channel::pass_on_unknown() {
  if (blur_.empty()) {
    ShownFrame shown = shown_of(held_.front());
    shown.detections = tracking_stage_.predict(seconds_of(held_.front()));
    shown.predicted = true;
    outputs_.on_frame(shown);
  } else {
    ++summary_.record_dropped;
  }
  held_.pop_front();
}

ShownFrame Channel::shown_of(const Frame& frame) const {
  ShownFrame shown;
  shown.source = summary_.source;
  shown.bgr = frame.bgr;
  shown.frame = frame.number;
  shown.pts_ms = frame.pts_ms;
  shown.timestamp = frame.timestamp;
  shown.captured = frame.captured;
  shown.live = live_;
  shown.source_fps = capture_.info().fps;
  return shown;
}

double Channel::seconds_of(const Frame& frame) const { return frame.pts_ms.value_or(0) / 1000; }

// Known once the source is open.
void Channel::know_name() {
  if (std::exchange(named_, true)) return;
  const SourceInfo& info = capture_.info();
  live_ = info.live;
  summary_.source = context_.unique_name(info.name.empty() ? summary_.source : info.name);
}

void Channel::emit(std::vector<EventRecord> events, const Frame& frame) {
  for (EventRecord& event : events) {
    event.source = summary_.source;
    event.frame = frame.number;
    event.pts_ms = frame.pts_ms;
    event.timestamp = frame.timestamp;
    outputs_.on_event(event);
  }
}

SourceSummary Channel::summary() const {
  SourceSummary out = summary_;
  out.live = live_;
  out.captured = capture_.captured();
  out.reconnects = capture_.reconnects();
  const std::chrono::duration<double> delivering = newest_.captured - first_captured_;
  if (offered_ > 1 && delivering.count() > 0) {
    out.capture_fps = static_cast<double>(newest_.number - first_number_) / delivering.count();
  }
  std::vector<double> ages = DecimatingSampler(ages_).take();
  if (!ages.empty()) {
    std::nth_element(ages.begin(), ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2), ages.end());
    out.age_ms_median = ages[ages.size() / 2];
  }
  out.tracks = tracking_stage_.tracks();
  out.zones = tracking_stage_.regions();
  out.record_dropped += outputs_.load().dropped;
  return out;
}

SourceStats Channel::stats(SteadyTime now) {
  SourceStats stats;
  stats.source = summary_.source;
  stats.state = capture_.state();
  stats.claimed_fps = capture_.info().fps;
  stats.capture_fps = capture_.measured_fps(now);
  stats.detect_fps = detected_.rate(now);
  stats.age_ms = age_ms_;
  stats.captured = capture_.captured();
  stats.looked_at = summary_.frames;
  stats.dropped = summary_.dropped;
  stats.reconnects = capture_.reconnects();
  stats.queued = outputs_.load().queued;
  stats.record_dropped = outputs_.load().dropped + summary_.record_dropped;
  return stats;
}

}  // namespace dualsight
