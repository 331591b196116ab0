#include "detector/tracking/zones.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace dualsight {
namespace {

constexpr double kMargin = 0.05;    // of the box's width plus height
constexpr double kOnBorder = 1e-3;  // pixels: boxes are single precision
constexpr char kBlanks[] = " \t\r\n";

// ---- parsing ----

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, const char* separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<double> parse_fraction(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1)) return std::nullopt;
  return value;
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// ---- geometry, in pixels ----

struct Point {
  double x = 0, y = 0;
};

Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }

double distance(Point p, Point a, Point b) {
  const Point along = b - a;
  const double length2 = dot(along, along);
  const double t = length2 > 0 ? std::clamp(dot(p - a, along) / length2, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * along.x, p.y - a.y - t * along.y);
}

double distance_to_border(Point p, const std::vector<Point>& polygon) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    least = std::min(least, distance(p, polygon[i], polygon[(i + 1) % polygon.size()]));
  }
  return least;
}

// Even-odd: a ray to the right meets the border an odd number of times.
bool contains(const std::vector<Point>& polygon, Point p) {
  bool inside = false;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    if ((a.y > p.y) == (b.y > p.y)) continue;
    if (p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

// How far p is to the right of the line through a and b, for someone who walks from a to b (y down).
double to_the_right(Point p, Point a, Point b) { return cross(b - a, p - a) / std::sqrt(dot(b - a, b - a)); }

std::vector<Point> pixels(const Region& region, double width, double height) {
  std::vector<Point> points;
  for (const auto& [x, y] : region.points) points.push_back({x * width, y * height});
  return points;
}

// ---- classes ----

std::vector<bool> class_filter(const std::vector<std::string>& wanted, const std::vector<std::string>& class_names) {
  std::vector<bool> counts;
  if (wanted.empty()) return counts;
  for (const std::string& name : class_names) {
    counts.push_back(std::find(wanted.begin(), wanted.end(), name) != wanted.end());
  }
  counts.push_back(false);  // never empty
  return counts;
}

bool passes(const std::vector<bool>& filter, int class_id) {
  if (filter.empty()) return true;
  return class_id >= 0 && static_cast<std::size_t>(class_id) < filter.size() &&
         filter[static_cast<std::size_t>(class_id)];
}

}  // namespace

Result<Region> parse_region(const std::string& text, bool line) {
  const auto bad = [&](std::string_view culprit, const std::string& why) {
    return Error{ErrorKind::usage, (line ? "line " : "zone ") + quoted(culprit) + ": " + why};
  };
  const std::string_view whole = text;
  const std::size_t equals = whole.find('=');
  const std::string_view name = trimmed(whole.substr(0, equals));
  if (equals == std::string_view::npos || name.empty()) {
    return bad(trimmed(whole), "is not of the form name=x,y x,y ...");
  }
  Region region;
  region.name = name;
  region.line = line;
  const std::vector<std::string_view> parts = split(whole.substr(equals + 1), ";");
  if (parts.size() > 2) return bad(name, "has more than one \";\"");
  for (const std::string_view part : split(parts[0], kBlanks)) {
    if (part.empty()) continue;
    const std::vector<std::string_view> numbers = split(part, ",");
    const std::optional<double> x = parse_fraction(numbers[0]);
    const std::optional<double> y = numbers.size() == 2 ? parse_fraction(numbers[1]) : std::nullopt;
    if (!x || !y) return bad(name, quoted(part) + " is not a point x,y of numbers from 0 to 1");
    region.points.push_back({*x, *y});
  }
  const std::string found = std::to_string(region.points.size());
  if (line && region.points.size() != 2) return bad(name, "needs 2 points, not " + found);
  if (line && region.points[0] == region.points[1]) return bad(name, "its two points are the same");
  if (!line && region.points.size() < 3) return bad(name, "needs 3 points or more, not " + found);
  if (parts.size() == 2) {
    for (const std::string_view part : split(parts[1], ",")) {
      if (trimmed(part).empty()) return bad(name, "a class name after \";\" is missing");
      region.classes.emplace_back(trimmed(part));
    }
  }
  return region;
}

Zones::Zones(std::vector<Region> regions, const std::vector<std::string>& class_names) : class_names_(class_names) {
  change(std::move(regions));
}

void Zones::change(std::vector<Region> regions) {
  const std::vector<Region> before = std::exchange(regions_, std::move(regions));
  std::vector<State> states = std::exchange(states_, std::vector<State>(regions_.size()));
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    const Region& region = regions_[i];
    State& state = states_[i];
    const auto known = std::find_if(before.begin(), before.end(), [&](const Region& one) {
      return one.name == region.name && one.line == region.line && one.points == region.points;
    });
    const bool goes_on = known != before.end();
    if (goes_on) state = std::move(states[static_cast<std::size_t>(known - before.begin())]);
    state.counts.name = region.name;
    state.counts.line = region.line;
    if (goes_on && known->classes == region.classes) continue;
    state.classes = class_filter(region.classes, class_names_);
    std::erase_if(state.visits, [&](const auto& visit) { return !passes(state.classes, visit.second.class_id); });
    settle(i);
  }
}

// Works like an update() with every track where it was last seen, but without events.
void Zones::settle(std::size_t region) {
  Frame frame{width_, height_, {}};
  for (const auto& [id, standing] : alive_) frame.standing.push_back(standing);
  const Counts counts = states_[region].counts;
  std::vector<ZoneEvent> unheard;
  update_region(region, frame, unheard);
  states_[region].counts = counts;
}

std::string Zones::class_name(int class_id) const {
  const auto index = static_cast<std::size_t>(class_id);  // of a negative one: beyond the end
  return index < class_names_.size() ? class_names_[index] : std::to_string(class_id);
}

std::vector<ZoneEvent> Zones::update(double seconds, int width, int height, const std::vector<Detection>& tracks) {
  std::vector<ZoneEvent> news;
  if (width <= 0 || height <= 0) return news;
  if (width != width_ || height != height_) alive_.clear();  // positions of another picture size mean nothing now
  width_ = width;
  height_ = height;
  Frame frame{width_, height_, {}};
  for (const Detection& track : tracks) {
    const Box& box = track.box;
    const double x = box.center_x(), y = box.y2;
    const double margin = kMargin * (double{box.width()} + box.height());
    if (track.track_id <= 0 || !std::isfinite(x) || !std::isfinite(y) || !std::isfinite(margin)) continue;
    frame.standing.push_back({track.track_id, track.class_id, x, y, margin, seconds});
    alive_[track.track_id] = frame.standing.back();
  }
  for (std::size_t i = 0; i < regions_.size(); ++i) update_region(i, frame, news);
  return news;
}

void Zones::update_region(std::size_t region, const Frame& frame, std::vector<ZoneEvent>& news) {
  regions_[region].line ? update_line(region, frame, news) : update_zone(region, frame, news);
}

ZoneEvent Zones::leave(std::size_t region, std::map<int64_t, Visit>::iterator visit, double until) {
  const ZoneEvent news = {RegionEvent::left, region, visit->first, false, std::max(0.0, until - visit->second.since)};
  ++states_[region].counts.left[class_name(visit->second.class_id)];
  states_[region].visits.erase(visit);
  return news;
}

void Zones::update_zone(std::size_t region, const Frame& frame, std::vector<ZoneEvent>& news) {
  State& state = states_[region];
  const std::vector<Point> corners = pixels(regions_[region], frame.width, frame.height);
  if (corners.size() < 3) return;
  for (const Standing& one : frame.standing) {
    const Point anchor = {one.x, one.y};
    const double to_border = distance_to_border(anchor, corners);
    const bool inside = to_border <= kOnBorder || contains(corners, anchor);
    const auto visit = state.visits.find(one.track_id);
    if (visit != state.visits.end()) {
      visit->second.class_id = one.class_id;
      visit->second.last_seen = one.seen;
      if (!inside && to_border > one.margin) news.push_back(leave(region, visit, one.seen));
    } else if (inside && passes(state.classes, one.class_id)) {
      state.visits[one.track_id] = {one.class_id, one.seen, one.seen};
      ++state.counts.entered[class_name(one.class_id)];
      news.push_back({RegionEvent::entered, region, one.track_id, false, 0});
    }
  }
}

void Zones::update_line(std::size_t region, const Frame& frame, std::vector<ZoneEvent>& news) {
  State& state = states_[region];
  const std::vector<Point> points = pixels(regions_[region], frame.width, frame.height);
  if (points.size() != 2) return;
  const Point a = points[0], b = points[1];
  if (a.x == b.x && a.y == b.y) return;
  for (const Standing& one : frame.standing) {
    const Point anchor = {one.x, one.y};
    const double offset = to_the_right(anchor, a, b);
    const auto [it, is_new] = state.passages.try_emplace(one.track_id);
    Passage& passage = it->second;
    const Point before = {passage.x * frame.width, passage.y * frame.height};
    passage.x = anchor.x / frame.width;
    passage.y = anchor.y / frame.height;

    // The side is remembered, not computed anew: rounding may not take a point on the line from one side to the other.
    const bool right = offset > 0;
    const bool was_right = std::exchange(passage.right, right);
    if (!is_new && was_right != right) {
      const double offset_before = to_the_right(before, a, b);
      const double across = offset_before - offset;
      const double s = across != 0 ? std::clamp(offset_before / across, 0.0, 1.0) : 1.0;  // of the way
      const Point there = {before.x + s * (anchor.x - before.x), before.y + s * (anchor.y - before.y)};
      const double t = dot(there - a, b - a) / dot(b - a, b - a);  // of the line
      if (t >= 0 && t <= 1) passage.net += right ? 1 : -1;
    }
    if (std::abs(offset) <= one.margin) continue;
    const int side = right ? 1 : -1;
    const int side_before = std::exchange(passage.side, side);
    const int net = std::exchange(passage.net, 0);
    if (side_before != -side || net * side <= 0 || !passes(state.classes, one.class_id)) continue;
    ++(right ? state.counts.forward : state.counts.backward)[class_name(one.class_id)];
    news.push_back({RegionEvent::crossed, region, one.track_id, right, 0});
  }
}

std::vector<ZoneEvent> Zones::end(const std::vector<int64_t>& ended_ids, double seconds) {
  std::vector<ZoneEvent> news;
  for (const int64_t id : ended_ids) alive_.erase(id);
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    for (const int64_t id : ended_ids) {
      states_[i].passages.erase(id);
      const auto visit = states_[i].visits.find(id);
      if (visit == states_[i].visits.end()) continue;
      news.push_back(leave(i, visit, std::min(visit->second.last_seen, seconds)));
    }
  }
  return news;
}

std::vector<std::string> Zones::occupied() const {
  std::vector<std::string> names;
  for (const State& state : states_) {
    if (!state.visits.empty()) names.push_back(state.counts.name);
  }
  return names;
}

std::map<std::string, int64_t> Zones::inside() const {
  std::map<std::string, int64_t> inside;
  for (const State& state : states_) {
    if (!state.visits.empty()) inside[state.counts.name] = static_cast<int64_t>(state.visits.size());
  }
  return inside;
}

std::vector<Zones::Counts> Zones::counts() const {
  std::vector<Counts> all;
  for (const State& state : states_) {
    Counts& counts = all.emplace_back(state.counts);
    for (const auto& [id, visit] : state.visits) ++counts.inside[class_name(visit.class_id)];
  }
  return all;
}

}  // namespace dualsight
