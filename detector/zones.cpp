#include "detector/zones.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace dualsight {
namespace {

constexpr double kMargin = 0.05;    // of the box's width plus height
constexpr double kOnBorder = 1e-6;  // pixels
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

// What zones and lines have in common.
struct Shape {
  std::string name;
  std::vector<ZonePoint> points;
  std::vector<std::string> classes;
};

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

Result<Shape> parse_shape(const std::string& what, std::string_view text) {
  const auto bad = [&](const std::string& culprit, const std::string& why) {
    return Error{ErrorKind::usage, what + ' ' + quoted(culprit) + ": " + why};
  };
  const std::size_t equals = text.find('=');
  const std::string_view name = trimmed(text.substr(0, equals));
  if (equals == std::string_view::npos || name.empty()) {
    return bad(std::string(trimmed(text)), "is not of the form name=x,y x,y ...");
  }
  Shape shape;
  shape.name = name;
  const std::vector<std::string_view> parts = split(text.substr(equals + 1), ";");
  if (parts.size() > 2) return bad(shape.name, "has more than one \";\"");
  for (std::string_view part : split(parts[0], kBlanks)) {
    if (part.empty()) continue;
    const std::vector<std::string_view> numbers = split(part, ",");
    const std::optional<double> x = parse_fraction(numbers[0]);
    const std::optional<double> y = numbers.size() == 2 ? parse_fraction(numbers[1]) : std::nullopt;
    if (!x || !y) return bad(shape.name, quoted(part) + " is not a point x,y of numbers from 0 to 1");
    shape.points.push_back({*x, *y});
  }
  if (parts.size() == 2) {
    for (std::string_view part : split(parts[1], ",")) {
      if (trimmed(part).empty()) return bad(shape.name, "a class name after \";\" is missing");
      shape.classes.emplace_back(trimmed(part));
    }
  }
  return shape;
}

// ---- geometry, in pixels ----

using Point = ZonePoint;

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

// How far p is to the right of the line through a and b, as someone sees it who walks from a to b (y down).
double to_the_right(Point p, Point a, Point b) { return cross(b - a, p - a) / std::sqrt(dot(b - a, b - a)); }

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

Result<Zone> parse_zone(const std::string& text) {
  Result<Shape> shape = parse_shape("zone", text);
  if (!shape) return shape.error();
  if (shape->points.size() < 3) {
    return Error{ErrorKind::usage, "zone " + quoted(shape->name) + ": needs 3 points or more, not " +
                                       std::to_string(shape->points.size())};
  }
  return Zone{shape->name, shape->points, shape->classes};
}

Result<CountingLine> parse_line(const std::string& text) {
  Result<Shape> shape = parse_shape("line", text);
  if (!shape) return shape.error();
  if (shape->points.size() != 2) {
    return Error{ErrorKind::usage,
                 "line " + quoted(shape->name) + ": needs 2 points, not " + std::to_string(shape->points.size())};
  }
  const ZonePoint a = shape->points[0], b = shape->points[1];
  if (a.x == b.x && a.y == b.y) {
    return Error{ErrorKind::usage, "line " + quoted(shape->name) + ": its two points are the same"};
  }
  return CountingLine{shape->name, a, b, shape->classes};
}

std::string to_string(ZoneEvent::Kind kind) {
  switch (kind) {
    case ZoneEvent::Kind::enter:
      return "enter";
    case ZoneEvent::Kind::leave:
      return "leave";
    case ZoneEvent::Kind::forward:
      return "forward";
    case ZoneEvent::Kind::backward:
      return "backward";
  }
  return {};
}

struct ZoneCounter::Frame {
  struct Standing {
    int64_t track_id = 0;
    int class_id = 0;
    Point anchor;       // pixels
    double margin = 0;  // pixels
  };

  double time = 0;
  double width = 0, height = 0;  // pixels
  std::vector<Standing> standing;
  const std::vector<Track>* ended = nullptr;

  Point pixels(ZonePoint p) const { return {p.x * width, p.y * height}; }
  ZonePoint fraction(Point p) const { return {p.x / width, p.y / height}; }
};

ZoneCounter::ZoneCounter(std::vector<Zone> zones, std::vector<CountingLine> lines,
                         const std::vector<std::string>& class_names)
    : zones_(std::move(zones)),
      lines_(std::move(lines)),
      visits_(zones_.size()),
      passages_(lines_.size()),
      zone_counts_(zones_.size()),
      line_counts_(lines_.size()) {
  for (const Zone& zone : zones_) zone_classes_.push_back(class_filter(zone.classes, class_names));
  for (const CountingLine& line : lines_) line_classes_.push_back(class_filter(line.classes, class_names));
}

std::vector<ZoneEvent> ZoneCounter::update(double time, int width, int height, const std::vector<Track>& tracks,
                                           const std::vector<Track>& ended) {
  Frame frame;
  frame.time = time;
  frame.width = width;
  frame.height = height;
  frame.ended = &ended;
  if (width > 0 && height > 0) {
    for (const Track& track : tracks) {
      const Box& box = track.box;
      const Point anchor = {box.center_x(), box.y2};
      const double margin = kMargin * (double{box.width()} + box.height());
      if (!std::isfinite(anchor.x) || !std::isfinite(anchor.y) || !std::isfinite(margin)) continue;
      frame.standing.push_back({track.id, track.class_id, anchor, margin});
    }
  }
  std::vector<ZoneEvent> events;
  for (std::size_t i = 0; i < zones_.size(); ++i) update_zone(i, frame, events);
  for (std::size_t i = 0; i < lines_.size(); ++i) update_line(i, frame, events);
  return events;
}

void ZoneCounter::update_zone(std::size_t zone, const Frame& frame, std::vector<ZoneEvent>& events) {
  std::map<int64_t, Visit>& visits = visits_[zone];
  const auto leave = [&](std::map<int64_t, Visit>::iterator visit, double until) {
    ZoneCount& count = zone_counts_[zone][visit->second.class_id];
    --count.inside;
    ++count.left;
    events.push_back({ZoneEvent::Kind::leave, zones_[zone].name, visit->first, visit->second.class_id, frame.time,
                      std::max(0.0, until - visit->second.since)});
    visits.erase(visit);
  };

  for (const Track& track : *frame.ended) {
    if (const auto visit = visits.find(track.id); visit != visits.end()) leave(visit, track.last_seen);
  }
  std::vector<Point> corners;
  for (const ZonePoint& corner : zones_[zone].corners) corners.push_back(frame.pixels(corner));
  for (const Frame::Standing& one : frame.standing) {
    const double to_border = distance_to_border(one.anchor, corners);
    const bool inside = contains(corners, one.anchor) || to_border <= kOnBorder;
    const auto visit = visits.find(one.track_id);
    if (visit == visits.end() && inside && passes(zone_classes_[zone], one.class_id)) {
      visits[one.track_id] = {one.class_id, frame.time};
      ZoneCount& count = zone_counts_[zone][one.class_id];
      ++count.inside;
      ++count.entered;
      events.push_back({ZoneEvent::Kind::enter, zones_[zone].name, one.track_id, one.class_id, frame.time, 0});
    } else if (visit != visits.end() && !inside && to_border > one.margin) {
      leave(visit, frame.time);
    }
  }
}

void ZoneCounter::update_line(std::size_t line, const Frame& frame, std::vector<ZoneEvent>& events) {
  std::map<int64_t, Passage>& passages = passages_[line];
  for (const Track& track : *frame.ended) passages.erase(track.id);

  const Point a = frame.pixels(lines_[line].a), b = frame.pixels(lines_[line].b);
  for (const Frame::Standing& one : frame.standing) {
    const double offset = to_the_right(one.anchor, a, b);
    const bool right = offset > 0;
    const bool far = std::abs(offset) > one.margin;
    const auto [it, is_new] = passages.try_emplace(one.track_id);
    Passage& passage = it->second;
    const Point before = frame.pixels(std::exchange(passage.anchor, frame.fraction(one.anchor)));
    if (is_new) {
      passage.right = right;
      passage.settled = far;
      continue;
    }

    const double offset_before = to_the_right(before, a, b);
    if ((offset_before > 0) != right) {
      const double s = offset_before / (offset_before - offset);  // of the way
      const Point there = {before.x + s * (one.anchor.x - before.x), before.y + s * (one.anchor.y - before.y)};
      const double t = dot(there - a, b - a) / dot(b - a, b - a);  // of the line
      if (t >= 0 && t <= 1) passage.net += right ? 1 : -1;
    }
    if (right == passage.right) {
      if (!far) continue;
      passage.settled = true;
      passage.net = 0;
      continue;
    }
    if (!passage.settled && !far) continue;
    passage.right = right;
    passage.settled = far;
    const int net = std::exchange(passage.net, 0);
    if (net * (right ? 1 : -1) <= 0 || !passes(line_classes_[line], one.class_id)) continue;  // around the end
    LineCount& count = line_counts_[line][one.class_id];
    ++(right ? count.forward : count.backward);
    events.push_back({right ? ZoneEvent::Kind::forward : ZoneEvent::Kind::backward, lines_[line].name, one.track_id,
                      one.class_id, frame.time, 0});
  }
}

}  // namespace dualsight
