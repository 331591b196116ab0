// Counts what enters and leaves named zones of the picture, and what crosses lines, from tracks.
//
// Where a thing is: its anchor, the middle of its box's lower edge, where it stands on the ground. Points are fractions
// of the picture: x of its width from the left, y of its height from the top, 0..1, so that a zone fits any resolution.
//
// Zones are polygons; a point is inside by the even-odd rule, also of concave polygons and such as touch or cross
// themselves, and points on the border are inside. Lines go from a to b. A crossing is *forward* if it goes from the
// left of the line to its right, as someone sees it who walks from a to b in the picture: over a line drawn from the
// left to the right, forward is down; over one drawn from the top to the bottom, forward is to the left.
//
// Boxes tremble, and a trembling box on a border must not count again and again. So there is a margin m, 5 % of the
// box's width plus height (of a person 40 x 100 pixels, 7 pixels):
//  - A track enters a zone as soon as its anchor is inside, and leaves it when its anchor is outside and further than m
//    from the zone's border, or when the track ends.
//  - A crossing counts at once, if the way of the anchor from one update to the next intersects the line. After it the
//    track counts as on the new side; back it goes only after having been further than m from the line (prolonged both
//    ways) on the new side, or when it is further than m away on the old. So crossings both ways always balance with
//    the side that a track is really on. Ways around the ends of a line do not count, nor do what a track did before it
//    was first seen.
// Ways between two updates are taken as straight, also if the track was lost in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/tracker.h"

namespace dualsight {

struct ZonePoint {
  double x = 0, y = 0;  // fractions of the picture's width and height
};

// A polygon, its last corner joined to its first.
struct Zone {
  std::string name;
  std::vector<ZonePoint> corners;    // 3 or more
  std::vector<std::string> classes;  // names of those that count; empty: all
};

struct CountingLine {
  std::string name;
  ZonePoint a, b;                    // not the same
  std::vector<std::string> classes;  // names of those that count; empty: all
};

// From "name=x,y x,y x,y" with an optional ";class,class" behind: "door=0.1,0.2 0.5,0.2 0.5,0.9;person,traffic light".
// Blanks around names, classes and points are left out. Errors are of the kind usage, one line that names the culprit.
// Whether the classes exist, and whether a name is given twice, is for the caller to check.
Result<Zone> parse_zone(const std::string& text);
Result<CountingLine> parse_line(const std::string& text);

struct ZoneEvent {
  enum class Kind : uint8_t { enter, leave, forward, backward };

  Kind kind = Kind::enter;
  std::string name;  // of the zone or line
  int64_t track_id = 0;
  int class_id = 0;          // of the track; with `leave`, the one under which it entered
  double time = 0;           // seconds, of the update
  double dwell_seconds = 0;  // with `leave`: from entering to now, or to when a track that ended was last seen
};

// "enter", "leave", "forward", "backward".
std::string to_string(ZoneEvent::Kind kind);

// Running totals. inside = entered - left.
struct ZoneCount {
  int64_t inside = 0, entered = 0, left = 0;
};
struct LineCount {
  int64_t forward = 0, backward = 0;
};

// One thread at a time.
class ZoneCounter {
 public:
  // `class_names[id]` is the name of class id. Zones and lines as parse_zone and parse_line give them; a class that has
  // no such name never comes.
  ZoneCounter(std::vector<Zone> zones, std::vector<CountingLine> lines, const std::vector<std::string>& class_names);

  // `tracks` are those that have a detection in this frame (Tracker::update's result), `ended` those that are over
  // (Tracker::ended(), or finish() at the end of a source); boxes in pixels of a picture of `width` x `height`. `time`
  // in seconds, never falls. A track in neither stays where it was last seen. Events come zones first, in the order of
  // zones and lines, then of tracks: ended ones before the others. If the picture has no size, only `ended` counts; a
  // box that is not finite is passed over.
  std::vector<ZoneEvent> update(double time, int width, int height, const std::vector<Track>& tracks,
                                const std::vector<Track>& ended = {});

  const std::vector<Zone>& zones() const { return zones_; }
  const std::vector<CountingLine>& lines() const { return lines_; }
  // By class id, of the zone or line of that index: only classes that ever came. A track that changes its class stays
  // in the count of the class under which it entered.
  const std::map<int, ZoneCount>& zone_counts(std::size_t zone) const { return zone_counts_.at(zone); }
  const std::map<int, LineCount>& line_counts(std::size_t line) const { return line_counts_.at(line); }

 private:
  struct Visit {
    int class_id = 0;
    double since = 0;  // seconds
  };
  struct Passage {
    ZonePoint anchor;      // at the last update
    bool right = false;    // the side that the track counts as on
    bool settled = false;  // has been further than the margin from the line on that side
    int net = 0;           // crossings of the line itself, forward less backward, since it was last settled or counted
  };
  struct Frame;  // what is common to all zones and lines in one update

  void update_zone(std::size_t zone, const Frame& frame, std::vector<ZoneEvent>& events);
  void update_line(std::size_t line, const Frame& frame, std::vector<ZoneEvent>& events);

  std::vector<Zone> zones_;
  std::vector<CountingLine> lines_;
  std::vector<std::vector<bool>> zone_classes_, line_classes_;  // by class id, whether it counts; empty: all
  std::vector<std::map<int64_t, Visit>> visits_;                // of each zone, by track: those inside
  std::vector<std::map<int64_t, Passage>> passages_;            // of each line, by track
  std::vector<std::map<int, ZoneCount>> zone_counts_;
  std::vector<std::map<int, LineCount>> line_counts_;
};

}  // namespace dualsight
