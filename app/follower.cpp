#include "app/follower.h"

#include <algorithm>

namespace dualsight {
namespace {

constexpr float weakest_candidate = 0.5F;  // of the threshold

Detection detection_of(const Track& track) { return {track.class_id, track.confidence, track.box, track.id}; }

}  // namespace

Followed Follower::update(double seconds, const DetectionResult& found) {
  Followed out;
  out.detections = found.detections;
  if (!tracking_) {
    last_ = out.detections;
    return out;
  }
  std::vector<Detection> candidates;
  std::copy_if(found.candidates.begin(), found.candidates.end(), std::back_inserter(candidates),
               [&](const Detection& d) {
                 return d.confidence >= weakest_candidate * thresholds_.at(static_cast<std::size_t>(d.class_id));
               });

  for (const Track& track : tracker_.update(seconds, found.detections, candidates)) {
    const Detection detection = detection_of(track);
    const auto index = static_cast<std::size_t>(track.detection);
    if (index < found.detections.size()) {
      out.detections[index] = detection;
    } else {
      out.detections.push_back(detection);
    }
    const auto [known, fresh] = classes_.try_emplace(track.id, track.class_id);
    if (fresh) {
      ++count_;
      out.events.push_back(event_of(Event::appeared, track));
    } else if (std::exchange(known->second, track.class_id) != track.class_id) {
      out.events.push_back(event_of(Event::changed, track));
    }
  }
  for (const Track& track : tracker_.ended()) {
    classes_.erase(track.id);
    out.events.push_back(event_of(Event::ended, track));
  }
  for (const Track& track : tracker_.predict(seconds)) {
    if (!track.matched()) out.unseen.push_back(detection_of(track));
  }
  std::stable_sort(out.detections.begin(), out.detections.end(),
                   [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
  return out;
}

std::vector<Detection> Follower::predict(double seconds) const {
  if (!tracking_) return last_;
  std::vector<Detection> out;
  for (const Track& track : tracker_.predict(seconds)) out.push_back(detection_of(track));
  return out;
}

std::vector<EventRecord> Follower::finish() {
  std::vector<EventRecord> events;
  for (const Track& track : tracker_.finish()) events.push_back(event_of(Event::ended, track));
  classes_.clear();
  last_.clear();
  return events;
}

EventRecord Follower::event_of(Event event, const Track& track) const {
  EventRecord record;
  record.event = event;
  record.detection = detection_of(track);
  if (event == Event::ended) record.seconds = track.last_seen - track.first_seen;
  return record;
}

}  // namespace dualsight
