// Named zones and directed lines over the picture: which tracks enter and leave zones and cross lines.
//
// Where a thing is: its anchor, the middle of its box's lower edge, where it stands on the ground. Points are fractions
// of the picture: x of its width from the left, y of its height from the top, so that a region fits any resolution.
//
// Zones are polygons; inside is by the even-odd rule, also of concave polygons and such as cross themselves, and the
// border is inside. Lines go from a to b. A crossing is *forward* if it goes from the left of the line to its right, as
// seen by someone who walks over the screen from a to b. So over a line that is drawn from the left of the screen to
// its right, forward is down; over one drawn from the top to the bottom, forward is to the left. In numbers: to the
// right is where (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.
//
// Boxes jitter from frame to frame, and a box on a border must not count again and again. So there is a margin m, 5 %
// of the box's width plus height (of a person 40 x 100 pixels, 7 pixels):
//  - A track enters a zone as soon as its anchor is inside. It leaves when its anchor is outside and further than m
//    from the border, or when the track ends. Next to a border that two zones share, it may be in both.
//  - A track is on a side of a line once it is further than m from the line (prolonged both ways); nearer, it stays on
//    the side where it was. When it comes to be on the other side, and its way there led through the line itself, that
//    is one crossing. Ways around the ends do not count, nor does what a track did before it was first on a side.
// Between two updates a track is taken to move in a straight line, however far: one that jumps over a line has crossed
// it, one that jumps over a zone was never in it. A track without a detection stays where it was last seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/core/types.h"

namespace dualsight {

// A zone, its last corner joined to its first, or a line from points[0] to points[1].
struct Region {
  std::string name;
  bool line = false;
  std::vector<std::array<double, 2>> points;  // x, y: fractions 0..1; 3 or more, of a line 2 that differ
  std::vector<std::string> classes;           // names of those that count; empty: all

  bool operator==(const Region&) const = default;
};

// From "name=x,y x,y x,y" with an optional ";class,class" behind: "door=0.1,0.2 0.5,0.2 0.5,0.9;person,traffic light".
// Blanks around names, points and classes are left out. Errors are of the kind usage, one line that names the culprit.
// Whether the classes exist, and whether a name is given twice, is for the caller to check.
Result<Region> parse_region(const std::string& text, bool line);

enum class RegionEvent : uint8_t { entered, left, crossed };

struct ZoneEvent {
  RegionEvent event = RegionEvent::entered;
  std::size_t region = 0;  // index into the regions that Zones was made with
  int64_t track_id = 0;
  bool forward = false;  // crossed: from the left to the right of a -> b
  double seconds = 0;    // left: how long it was inside, to now, or to when a track that ended was last seen
};

// One thread at a time.
class Zones {
 public:
  // `class_names[id]` is the name of class id; an id without a name goes by its number. Regions as parse_region gives
  // them; in others nothing ever happens.
  Zones(std::vector<Region> regions, const std::vector<std::string>& class_names);

  // Replaces the regions. One with the name, kind and points of an earlier region keeps its state and counts. For a new
  // one the counts start at 0, and tracks last seen in it are inside from the start, without an event or a count. The
  // same holds in a kept region for tracks whose class counts only now; tracks whose class no longer counts are removed
  // from it, also without an event.
  void change(std::vector<Region> regions);

  // The tracks that have a detection in this frame: boxes in pixels of a picture of `width` x `height`; `seconds` on
  // any clock, never falls. Events by region, then in the order of `tracks`. Passed over are tracks without an id or
  // with a box that is not finite; all, if the picture has no size.
  //
  // The class filter is applied when a track would enter or cross: a track that is inside stays inside when its class
  // changes, and one whose anchor is inside enters when its class changes to one that counts.
  std::vector<ZoneEvent> update(double seconds, int width, int height, const std::vector<Detection>& tracks);

  // Tracks that ended leave the zones they are in; the time inside is until each was last seen, `seconds` (now) at
  // most. Events by region, then in the order of `ended_ids`. Has to be called for every track that ends; otherwise
  // it stays inside for ever.
  std::vector<ZoneEvent> end(const std::vector<int64_t>& ended_ids, double seconds);

  // Names of the zones with something in them now, in their order.
  std::vector<std::string> occupied() const;
  std::map<std::string, int64_t> inside() const;  // those zones, and how many are in each

  // By class name. `inside` is now, by the class that each was last seen as; the others are totals, by the class at the
  // time of the event. Over all classes inside = entered - left and what was inside at a change(); not in each, since
  // classes change.
  struct Counts {
    std::string name;
    bool line = false;
    std::map<std::string, int64_t> inside, entered, left;  // zones
    std::map<std::string, int64_t> forward, backward;      // lines
  };
  // Of all regions, in their order.
  std::vector<Counts> counts() const;

  const std::vector<Region>& regions() const { return regions_; }

 private:
  struct Visit {
    int class_id = 0;                 // last seen
    double since = 0, last_seen = 0;  // seconds
  };
  struct Passage {
    double x = 0, y = 0;  // fractions, of the anchor at the last update
    bool right = false;   // that anchor is to the right of the line (prolonged), by however little
    int side = 0;         // 1: right, -1: left, 0: was on neither yet
    int net = 0;          // how often its way led through the line, forward less backward, since it was last on a side
  };
  struct State {
    std::vector<bool> classes;            // by class id, whether it counts; empty: all
    std::map<int64_t, Visit> visits;      // by track: those inside
    std::map<int64_t, Passage> passages;  // by track
    Counts counts;                        // without inside
  };
  struct Standing {
    int64_t track_id = 0;
    int class_id = 0;
    double x = 0, y = 0;  // of the anchor, pixels
    double margin = 0;    // pixels
    double seen = 0;      // seconds
  };
  struct Frame {                   // what all regions need to know of one update
    double width = 0, height = 0;  // pixels
    std::vector<Standing> standing;
  };

  void settle(std::size_t region);
  void update_region(std::size_t region, const Frame& frame, std::vector<ZoneEvent>& news);
  std::string class_name(int class_id) const;
  void update_zone(std::size_t region, const Frame& frame, std::vector<ZoneEvent>& news);
  void update_line(std::size_t region, const Frame& frame, std::vector<ZoneEvent>& news);
  ZoneEvent leave(std::size_t region, std::map<int64_t, Visit>::iterator visit, double until);

  std::vector<Region> regions_;
  std::vector<std::string> class_names_;
  std::vector<State> states_;          // as regions_
  std::map<int64_t, Standing> alive_;  // by track, as last seen
  double width_ = 0, height_ = 0;      // of the picture at the last update, pixels
};

}  // namespace dualsight
