#include "detector/tracking/tracker.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "detector/tracking/hungarian.h"

namespace dualsight {
namespace {

// Lengths are relative to the object's size, so that distance and resolution do not matter. The
// values were chosen on the sequences of tests/detector/tracking/mot_sequences.h, most of them from the middle of the
// range that works equally well.
constexpr double kMeasured = 0.04;      // standard deviation of a measured center; of a side root 2 of that
constexpr double kFirstSpeed = 2.0;     // standard deviation of an unknown velocity, sizes/s
constexpr double kAcceleration = 1.5;   // root of the white noise's density, sizes/s^1.5
constexpr double kSpeedMemory = 6.0;    // seconds in which a velocity falls to 1/e: things turn, stop
constexpr double kFirstGrowth = 0.3;    // the same for width and height
constexpr double kGrowthNoise = 0.3;    //
constexpr double kGrowthMemory = 0.5;   //
constexpr double kStraySpeed = 8.0;     // sizes/s: the furthest an object may be from its prediction
constexpr double kFurthestStray = 1.0;  // sizes
constexpr double kOtherClass = 0.5;     // likeness of a box whose class no detection of the track ever had
constexpr double kSameObject = 0.75;    // IoU
constexpr double kFurthestAhead = 1.0;  // seconds

bool usable(const Detection& d) {
  return std::isfinite(d.confidence) && std::isfinite(d.box.x1) && std::isfinite(d.box.y1) && std::isfinite(d.box.x2) &&
         std::isfinite(d.box.y2) && std::isfinite(d.box.area()) && d.box.area() > 0;
}

Box grown(const Box& box, float by) { return {box.x1 - by, box.y1 - by, box.x2 + by, box.y2 + by}; }

}  // namespace

void Tracker::Axis::start(double at, double noise, double speed_noise) {
  position = at;
  variance = noise * noise;
  speed_variance = speed_noise * speed_noise;
}

// x += reach v, v *= keep; the noise is that of a white acceleration, without the small effect of `memory` on it.
void Tracker::Axis::predict(double seconds, double acceleration, double memory) {
  const double keep = std::exp(-seconds / memory);
  const double reach = memory * (1 - keep);
  const double density = acceleration * acceleration;
  position += reach * velocity;
  velocity *= keep;
  variance += reach * (2 * covariance + reach * speed_variance) + density * seconds * seconds * seconds / 3;
  covariance = keep * (covariance + reach * speed_variance) + density * seconds * seconds / 2;
  speed_variance = keep * keep * speed_variance + density * seconds;
}

void Tracker::Axis::correct(double measured, double noise) {
  const double total = variance + noise * noise;
  const double gain = variance / total, speed_gain = covariance / total;
  const double surprise = measured - position;
  position += gain * surprise;
  velocity += speed_gain * surprise;
  speed_variance -= speed_gain * covariance;
  covariance -= gain * covariance;
  variance -= gain * variance;
}

double Tracker::Live::size() const { return std::sqrt(std::max(1.0, width.position) * std::max(1.0, height.position)); }

Box Tracker::Live::filtered() const {
  const double w = std::max(1.0, width.position), h = std::max(1.0, height.position);
  return {static_cast<float>(x.position - w / 2), static_cast<float>(y.position - h / 2),
          static_cast<float>(x.position + w / 2), static_cast<float>(y.position + h / 2)};
}

void Tracker::Live::predict(double seconds) {
  const double s = size();
  for (Axis* axis : {&x, &y}) axis->predict(seconds, kAcceleration * s, kSpeedMemory);
  for (Axis* axis : {&width, &height}) axis->predict(seconds, kGrowthNoise * s, kGrowthMemory);
}

double Tracker::Live::share_of_votes(int class_id) const {
  double all = 0, share = 0;
  for (const auto& [id, weight] : votes) {
    all += weight;
    if (id == class_id) share = weight;
  }
  return all > 0 ? share / all : 0;
}

// IoU with the predicted box or, where the boxes may grow, with the last one if that is larger: an object that turned
// round is far from its prediction. Lower if the class differs.
double Tracker::likeness(const Live& live, const Detection& detection, const Pass& pass) {
  double overlap = 0;
  if (pass.reach_seconds > 0) {
    const auto by = static_cast<float>(live.size() * std::min(kFurthestStray, kStraySpeed * pass.reach_seconds));
    const Box box = grown(detection.box, by);
    overlap = std::max(iou(grown(live.filtered(), by), box), iou(grown(live.track.box, by), box));
  } else {
    overlap = iou(live.filtered(), detection.box);
  }
  if (overlap < pass.min_likeness) return 0;  // most pairs: no need to count votes
  return overlap * (kOtherClass + (1 - kOtherClass) * live.share_of_votes(detection.class_id));
}

void Tracker::match(std::vector<Live*>& tracks, std::vector<Found>& found, const Pass& pass) {
  constexpr double kForbidden = 2, kLimit = 1;
  std::vector<double> costs;
  costs.reserve(tracks.size() * found.size());
  for (const Live* live : tracks) {
    for (const Found& one : found) {
      const double value = likeness(*live, one.detection, pass);
      const double weight = pass.weigh_confidence ? one.detection.confidence : 1;
      costs.push_back(value >= pass.min_likeness ? kLimit - value * weight : kForbidden);
    }
  }
  const std::vector<int> assignment = assign(costs, tracks.size(), found.size(), kLimit);

  std::vector<bool> taken(found.size(), false);
  std::vector<Live*> tracks_left;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (assignment[i] < 0) {
      tracks_left.push_back(tracks[i]);
      continue;
    }
    const auto j = static_cast<std::size_t>(assignment[i]);
    taken[j] = true;
    see(*tracks[i], found[j], true);
  }
  std::vector<Found> found_left;
  for (std::size_t j = 0; j < found.size(); ++j) {
    if (!taken[j]) found_left.push_back(found[j]);
  }
  tracks = std::move(tracks_left);
  found = std::move(found_left);
}

void Tracker::see(Live& live, const Found& found, bool confirm) {
  const Detection& detection = found.detection;
  const double noise = kMeasured * live.size();
  live.x.correct(detection.box.center_x(), noise);
  live.y.correct(detection.box.center_y(), noise);
  live.width.correct(detection.box.width(), noise * std::sqrt(2.0));
  live.height.correct(detection.box.height(), noise * std::sqrt(2.0));

  auto& votes = live.votes;
  auto mine = std::find_if(votes.begin(), votes.end(), [&](const auto& v) { return v.first == detection.class_id; });
  if (mine == votes.end()) mine = votes.insert(votes.end(), {detection.class_id, 0.0});
  mine->second += detection.confidence;
  live.track.class_id = std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) {
                          return a.second < b.second;
                        })->first;

  live.track.confidence = detection.confidence;
  live.track.box = detection.box;
  live.track.last_seen = now_;
  live.track.detection = found.index;
  if (confirm && !live.confirmed) {
    live.confirmed = true;
    live.track.id = next_id_++;
  }
}

Tracker::Live Tracker::start(const Found& found, bool confirm) {
  Live live;
  const Box& box = found.detection.box;
  const double size = std::sqrt(double{box.area()});
  live.x.start(box.center_x(), kMeasured * size, kFirstSpeed * size);
  live.y.start(box.center_y(), kMeasured * size, kFirstSpeed * size);
  live.width.start(box.width(), kMeasured * size * std::sqrt(2.0), kFirstGrowth * size);
  live.height.start(box.height(), kMeasured * size * std::sqrt(2.0), kFirstGrowth * size);
  live.track.first_seen = now_;
  see(live, found, confirm);
  return live;
}

void Tracker::end_lost() {
  ended_.clear();
  std::erase_if(live_, [&](Live& live) {
    if (now_ - live.track.last_seen <= options_.lost_seconds) return false;
    live.track.detection = -1;
    if (live.confirmed) ended_.push_back(live.track);
    return true;
  });
}

std::vector<Track> Tracker::update(double time, const std::vector<Detection>& detections,
                                   const std::vector<Detection>& candidates) {
  const bool rises = std::isfinite(time) && (!started_ || time > now_);
  const double step = started_ && rises ? time - now_ : 0;
  const bool first = !started_ || step > options_.lost_seconds;
  if (rises) now_ = time;
  started_ = true;

  end_lost();
  std::vector<Live*> confirmed, unconfirmed;
  for (Live& live : live_) {
    live.predict(step);
    live.recent = live.track.matched();
    live.track.detection = -1;
    (live.confirmed ? confirmed : unconfirmed).push_back(&live);
  }
  std::vector<Found> strong, weak;
  for (std::size_t i = 0; i < detections.size(); ++i) {
    if (usable(detections[i])) strong.push_back({detections[i], static_cast<int>(i)});
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (usable(candidates[i])) weak.push_back({candidates[i], static_cast<int>(detections.size() + i)});
  }

  // The most confident first: of several detections of one object it starts the track.
  std::stable_sort(strong.begin(), strong.end(),
                   [](const Found& a, const Found& b) { return a.detection.confidence > b.detection.confidence; });

  match(confirmed, strong, {.min_likeness = 0.2, .weigh_confidence = true});
  match(confirmed, weak, {.min_likeness = 0.3, .weigh_confidence = false});
  std::erase_if(confirmed, [](const Live* live) { return !live->recent; });
  const Pass wide = {.min_likeness = 0.3, .weigh_confidence = true, .reach_seconds = step};
  match(confirmed, strong, wide);
  match(unconfirmed, strong, wide);

  std::erase_if(
      live_, [](const Live& live) { return !live.confirmed; });  // an unconfirmed track ends without a second detection
  std::sort(live_.begin(), live_.end(), [](const Live& a, const Live& b) { return a.track.id < b.track.id; });
  std::vector<Track> matched;
  std::vector<Box> claimed;
  for (const Live& live : live_) {
    if (!live.track.matched()) continue;
    matched.push_back(live.track);
    claimed.push_back(live.track.box);
  }
  for (const Found& one : strong) {
    const Box& box = one.detection.box;
    if (std::any_of(claimed.begin(), claimed.end(), [&](const Box& b) { return iou(b, box) > kSameObject; })) continue;
    live_.push_back(start(one, first));
    if (first) matched.push_back(live_.back().track);
    claimed.push_back(box);
  }
  return matched;
}

Track Tracker::predicted(const Live& live, double time) const {
  Live later = live;
  later.predict(std::isfinite(time) ? std::clamp(time - now_, 0.0, kFurthestAhead) : 0);
  Track track = live.track;
  track.box = later.filtered();
  return track;
}

std::vector<Track> Tracker::predict(double time) const {
  std::vector<Track> result;
  for (const Live& live : live_) {
    if (!live.confirmed || now_ - live.track.last_seen > options_.coast_seconds) continue;
    result.push_back(predicted(live, time));
  }
  return result;
}

std::vector<Track> Tracker::lost(double time) const {
  std::vector<Track> result;
  for (const Live& live : live_) {
    if (live.confirmed && !live.track.matched()) result.push_back(predicted(live, time));
  }
  return result;
}

std::vector<Track> Tracker::finish() {
  std::vector<Track> result;
  for (const Live& live : live_) {
    if (!live.confirmed) continue;
    result.push_back(live.track);
    result.back().detection = -1;
  }
  live_.clear();
  ended_.clear();
  return result;
}

}  // namespace dualsight
