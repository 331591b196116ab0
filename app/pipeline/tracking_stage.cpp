#include "app/pipeline/tracking_stage.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dualsight {
namespace {

constexpr float weakest_candidate = 0.5F;  // of the threshold

Detection detection_of(const Track& track) { return {track.class_id, track.confidence, track.box, track.id}; }

EventRecord event_of(Event event, const Detection& detection) {
  EventRecord record;
  record.event = event;
  record.detection = detection;
  return record;
}

}  // namespace

TrackingResult TrackingStage::update(double seconds, int width, int height, const DetectionResult& found) {
  TrackingResult out;
  out.detections = found.detections;
  out.candidates = found.candidates;
  if (!tracking_) {
    last_ = out.detections;
    return out;
  }
  // The tracker gets the better of the candidates that are below their threshold; `out.candidates` keeps what it does
  // not use. (A candidate above its threshold is a second class of a box that is reported.)
  const auto rest = std::stable_partition(out.candidates.begin(), out.candidates.end(), [&](const Detection& d) {
    const float threshold = threshold_of(d.class_id);
    return d.confidence >= weakest_candidate * threshold && d.confidence < threshold;
  });
  const std::vector<Detection> candidates(out.candidates.begin(), rest);
  std::vector<bool> used(candidates.size(), false);

  std::vector<Detection> seen;
  for (const Track& track : tracker_.update(seconds, found.detections, candidates)) {
    const Detection detection = detection_of(track);
    const auto index = static_cast<std::size_t>(track.detection);
    if (index < found.detections.size()) {
      out.detections[index] = detection;
      confident_.insert(track.id);
    } else if (confident_.count(track.id) == 0) {  // the threshold was raised above all of its detections
      if (const auto known = alive_.find(track.id); known != alive_.end()) known->second = detection;
      continue;
    } else {
      out.detections.push_back(detection);
      used[index - found.detections.size()] = true;
    }
    seen.push_back(detection);
    const auto [known, fresh] = alive_.try_emplace(track.id, detection);
    const int class_before = std::exchange(known->second, detection).class_id;
    if (fresh) {
      ++count_;
      out.events.push_back(event_of(Event::appeared, detection));
    } else if (class_before != track.class_id) {
      out.events.push_back(event_of(Event::changed, detection));
    }
  }
  for (std::size_t i = used.size(); i-- > 0;) {
    if (used[i]) out.candidates.erase(out.candidates.begin() + static_cast<std::ptrdiff_t>(i));
  }
  seconds_ = seconds;
  add_region_events(zones_.update(seconds, width, height, seen), out.events);
  const std::vector<EventRecord> ended = end(tracker_.ended());
  out.events.insert(out.events.end(), ended.begin(), ended.end());
  out.occupied = zones_.occupied();
  out.inside = zones_.inside();
  for (const Track& track : tracker_.lost(seconds)) out.unseen.push_back(detection_of(track));
  std::stable_sort(out.detections.begin(), out.detections.end(),
                   [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
  return out;
}

std::vector<EventRecord> TrackingStage::adjust(const Adjustments& to) {
  std::vector<EventRecord> events;
  if (!to.thresholds.empty() && to.thresholds != thresholds_) {
    thresholds_ = to.thresholds;
    std::erase_if(confident_, [this](int64_t id) {
      const auto known = alive_.find(id);
      return known == alive_.end() || known->second.confidence < threshold_of(known->second.class_id);
    });
  }
  if (tracking_ && !to.tracking) events = finish();
  tracking_ = to.tracking;
  if (to.regions != zones_.regions()) zones_.change(to.regions);
  return events;
}

std::vector<Detection> TrackingStage::predict(double seconds) const {
  if (!tracking_) return last_;
  std::vector<Detection> out;
  for (const Track& track : tracker_.predict(seconds)) {
    if (confident_.count(track.id) > 0) out.push_back(detection_of(track));
  }
  return out;
}

std::vector<EventRecord> TrackingStage::finish() {
  last_.clear();
  return end(tracker_.finish());
}

// Tracks leave their zones first, then they end.
std::vector<EventRecord> TrackingStage::end(const std::vector<Track>& ended) {
  std::vector<int64_t> ids;
  for (const Track& track : ended) ids.push_back(track.id);
  std::vector<EventRecord> events;
  add_region_events(zones_.end(ids, seconds_), events);
  for (const Track& track : ended) {
    EventRecord event = event_of(Event::ended, detection_of(track));
    event.seconds = track.last_seen - track.first_seen;
    events.push_back(event);
    alive_.erase(track.id);
    confident_.erase(track.id);
  }
  return events;
}

void TrackingStage::add_region_events(const std::vector<ZoneEvent>& zone_events,
                                      std::vector<EventRecord>& events) const {
  for (const ZoneEvent& item : zone_events) {
    const auto known = alive_.find(item.track_id);
    if (known == alive_.end()) continue;
    EventRecord event = event_of(Event::entered, known->second);
    event.zone = zones_.regions()[item.region].name;
    if (item.event == RegionEvent::left) {
      event.event = Event::left;
      event.seconds = item.seconds;
    } else if (item.event == RegionEvent::crossed) {
      event.event = Event::crossed;
      event.direction = item.forward ? "forward" : "backward";
    }
    events.push_back(std::move(event));
  }
}

std::vector<ZoneSummary> TrackingStage::regions() const {
  std::vector<ZoneSummary> out;
  for (const Zones::Counts& counts : zones_.counts()) {
    out.push_back({counts.name, counts.line, counts.entered, counts.left, counts.forward, counts.backward});
  }
  return out;
}

}  // namespace dualsight
