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

// What is to be blurred around one result: everything that the detector or the history of its track puts into a chosen
// class, weak candidates and lost tracks included.
BlurLook blur_of(const TrackingResult& tracked, const DetectionResult& found, const std::vector<bool>& classes,
                 double seconds) {
  const auto chosen = [&](const Detection& d) { return classes.at(static_cast<std::size_t>(d.class_id)); };
  BlurLook blur;
  blur.seconds = seconds;
  std::copy_if(tracked.detections.begin(), tracked.detections.end(), std::back_inserter(blur.detections), chosen);
  for (const auto* detections : {&found.detections, &found.candidates, &tracked.unseen}) {
    for (const Detection& detection : *detections) {
      const bool known = std::any_of(blur.detections.begin(), blur.detections.end(),
                                     [&](const Detection& d) { return iou(d.box, detection.box) > 0.99F; });
      if (chosen(detection) && !known) blur.more.push_back(detection.box);
    }
  }
  return blur;
}

// A frame's pixels are shared and only read, so that blurring needs a copy.
cv::Mat blurred_copy(const cv::Mat& bgr, const std::vector<Box>& boxes) {
  cv::Mat copy = bgr.clone();
  blur_boxes(copy, boxes);
  return copy;
}

}  // namespace

Channel::Channel(const SourcePlan& plan, const RunContext& context, SinkGroup outputs)
    : plan_(plan),
      context_(context),
      outputs_(std::move(outputs)),
      capture_(plan.source, context.wake, context.open),
      tracking_stage_(plan.tracking, context.header.thresholds, context.header.class_names),
      blur_(plan.blur) {
  last_result_.number = -1;
  summary_.source = plan.source.name.empty() ? redact(plan.source.spec) : plan.source.name;
}

// --- what the source brings

void Channel::advance() {
  while (!ended_ && !context_.stopping()) {
    // A file's next frame is fetched when the detector has room for it, a live one's whenever it comes.
    if (!live_ && !context_.inference.has_room(plan_.lane)) return;
    if (!wants_more()) {
      ended_ = true;
      return;
    }
    auto item = capture_.poll();
    if (!item) return;
    if (auto* frame = std::get_if<Frame>(&*item)) {
      process(std::move(*frame));
    } else if (const auto* event = std::get_if<Capture::SourceEvent>(&*item)) {
      process(*event);
    } else if (const auto* error = std::get_if<Error>(&*item)) {
      process(Capture::SourceEvent{State::failed, error->message, "", 0, 0});
      summary_.error = *error;
      ended_ = true;
    } else {
      ended_ = true;
    }
  }
}

// The source's name and kind are known once it is open.
void Channel::adopt_source_info() {
  if (std::exchange(opened_, true)) return;
  const SourceInfo& info = capture_.info();
  live_ = info.live;
  summary_.source = context_.unique_name(info.name.empty() ? summary_.source : info.name);
}

void Channel::apply_controls() {
  if (!plan_.controls) return;
  auto now = plan_.controls->get();
  if (now == applied_) return;
  applied_ = std::move(now);
  // Tracks that end now end at the last result: sinks have not seen the frames that still wait.
  report(tracking_stage_.adjust(*applied_), last_result_);
  blur_ = applied_->blur;
}

void Channel::process(Frame frame) {
  adopt_source_info();
  apply_controls();
  if (offered_++ == 0) first_captured_ = frame.captured, first_number_ = frame.number;
  newest_ = frame;
  newest_.bgr.release();
  if (live_ && outputs_.wants_preview()) preview(frame);
  hold_.add(frame);  // shares the pixels, which are only read from here on
  context_.inference.offer_newest(plan_.lane, std::move(frame));
  if (const auto oldest = hold_.take_overflow()) show_without_result(*oldest);
}

void Channel::process(const Capture::SourceEvent& event) {
  adopt_source_info();
  if (hold_.empty() || !context_.inference.busy(plan_.lane)) return report(event);
  waiting_events_.emplace_back(hold_.newest_number(), event);
}

void Channel::report(const Capture::SourceEvent& event) {
  if (event.state == State::lost) {
    report(tracking_stage_.finish(), newest_);
    hold_.forget_result();
  }
  if (event.state == State::skipped) ++summary_.skipped;
  if (event.state == State::truncated) summary_.truncated = true;
  StatusRecord record{
      summary_.source, std::chrono::system_clock::now(), event.state, event.message, event.file, {}, {}};
  if (event.state == State::retrying) record.attempt = event.attempt, record.retry_in_s = event.retry_in_s;
  outputs_.on_status(record);
  if (context_.on_status) context_.on_status(record);
}

void Channel::report_events_until(int64_t frame_number) {
  while (!waiting_events_.empty() && waiting_events_.front().first <= frame_number) {
    report(waiting_events_.front().second);
    waiting_events_.pop_front();
  }
}

// --- what the detector brings

void Channel::on_inference_result(InferenceResult result) {
  if (!result.found) return outputs_.fail(result.found.error());
  if (live_ && !wants_more()) return;
  const Frame& frame = result.frame;
  report_events_until(frame.number - 1);
  apply_controls();

  TrackingResult tracked = track(result);
  FrameRecord record = make_record(result, tracked);
  FrameHold::ResultBoxes known{tracked.detections, std::nullopt};
  cv::Mat bgr = frame.bgr;
  if (!blur_.empty()) {
    known.blur = blur_of(tracked, *result.found, blur_, seconds_of(frame));
    bgr = blurred_copy(frame.bgr, boxes_to_blur(&*known.blur, nullptr, known.blur->seconds));
  }
  record.times = {context_.origin, frame.captured, result.started, result.ended, std::chrono::steady_clock::now()};
  last_result_ = frame;
  last_result_.bgr.release();

  show_released(frame, bgr, std::move(known));
  outputs_.on_result(record, bgr);
  report(std::move(tracked.events), frame);
  count(record);
  if (context_.on_frame) context_.on_frame(record);
  report_events_until(frame.number);
}

TrackingResult Channel::track(const InferenceResult& result) {
  const Frame& frame = result.frame;
  if (frame.pts_ms) return tracking_stage_.update(seconds_of(frame), frame.bgr.cols, frame.bgr.rows, *result.found);
  TrackingResult untracked;
  untracked.detections = result.found->detections;
  return untracked;
}

FrameRecord Channel::make_record(const InferenceResult& result, const TrackingResult& tracked) {
  const Frame& frame = result.frame;
  FrameRecord record;
  record.source = summary_.source;
  record.file = frame.file;
  record.frame = frame.number;
  record.pts_ms = frame.pts_ms;
  record.timestamp = frame.timestamp;
  record.width = frame.bgr.cols;
  record.height = frame.bgr.rows;
  record.speed = result.found->speed;
  record.dropped = live_ ? frame.number - last_result_.number - 1 : 0;
  record.live = live_;
  record.source_fps = capture_.info().fps;
  record.source_frames = capture_.info().frame_count;
  record.detections = tracked.detections;
  record.zones = tracked.occupied;
  record.inside = tracked.inside;
  if (context_.header.keeps_candidates) record.candidates = tracked.candidates;
  return record;
}

void Channel::count(const FrameRecord& record) {
  ++summary_.frames;
  summary_.dropped += record.dropped;
  summary_.record_queue_max = std::max(summary_.record_queue_max, outputs_.load().queued);
  detect_rate_.tick(record.times.published);
  age_ms_ = record.age_ms();
  summary_.age_ms_max = std::max(summary_.age_ms_max, age_ms_);
  ages_.wants_next() ? ages_.add(age_ms_) : ages_.skip();
}

// --- what the sinks get

void Channel::report(std::vector<EventRecord> events, const Frame& frame) {
  for (EventRecord& event : events) {
    event.source = summary_.source;
    event.frame = frame.number;
    event.pts_ms = frame.pts_ms;
    event.timestamp = frame.timestamp;
    outputs_.on_event(event);
  }
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

// At once, with boxes predicted from the results so far.
void Channel::preview(const Frame& frame) {
  ShownFrame shown = shown_of(frame);
  shown.detections = tracking_stage_.predict(seconds_of(frame));
  shown.predicted = true;
  if (!blur_.empty()) shown.bgr = blurred_copy(frame.bgr, hold_.boxes_to_blur_after_result(seconds_of(frame)));
  outputs_.on_preview(shown);
}

void Channel::show(ShownFrame frame) {
  last_shown_ = frame.frame;
  outputs_.on_frame(frame);
}

// The frame that has a result now, and those that waited before it.
void Channel::show_released(const Frame& result_frame, const cv::Mat& blurred, FrameHold::ResultBoxes result) {
  const bool blurring = result.blur.has_value();
  ShownFrame of_result = shown_of(result_frame);
  of_result.bgr = blurred;
  of_result.detections = result.detections;
  bool waited = false;
  for (FrameHold::Released& released : hold_.release(result_frame, std::move(result))) {
    if (!released.interpolated) {
      waited = true;
    } else if (!released.blur) {
      ++summary_.record_dropped;
    } else {
      ShownFrame shown = shown_of(released.frame);
      shown.detections = std::move(released.detections);
      shown.predicted = true;
      if (blurring) shown.bgr = blurred_copy(released.frame.bgr, *released.blur);
      show(std::move(shown));
    }
  }
  if (waited) {
    show(std::move(of_result));
  } else if (blurring && result_frame.number > last_shown_) {
    // It had been dropped by show_without_result(); now that its result is there, it can be shown after all.
    --summary_.record_dropped;
    show(std::move(of_result));
  }
}

// A frame that cannot wait until the results around it are known.
void Channel::show_without_result(const Frame& frame) {
  if (!blur_.empty()) {
    ++summary_.record_dropped;
    return;
  }
  ShownFrame shown = shown_of(frame);
  shown.detections = tracking_stage_.predict(seconds_of(frame));
  shown.predicted = true;
  show(std::move(shown));
}

// --- the end

bool Channel::wants_more() const {
  if (context_.max_frames == 0) return true;
  return (live_ ? summary_.frames : offered_) < context_.max_frames;
}

bool Channel::finished() const { return ended_ && (!context_.inference.busy(plan_.lane) || (live_ && !wants_more())); }

void Channel::close() {
  if (!live_) hold_.clear();  // an interrupted file ends with its last result
  while (const auto frame = hold_.take_oldest()) show_without_result(*frame);
  report_events_until(std::numeric_limits<int64_t>::max());
  report(tracking_stage_.finish(), newest_);
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
  stats.detect_fps = detect_rate_.rate(now);
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
