#include "tests/detector/tracking/mot_sequences.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "detector/core/random.h"

namespace dualsight::testing {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

struct Point {
  double x = 0, y = 0;
};

// Something that moves. Later in the list is nearer to the camera and hides what is behind it.
struct Actor {
  int class_id = 0;
  double width = 0, height = 0;  // pixels
  double begin = 0, end = 1e9;   // seconds, when it exists
  std::function<Point(double)> center;
  std::vector<std::pair<double, double>> hidden;  // from, to: behind something that is no object

  Box box(double time) const {
    const Point c = center(time);
    return {static_cast<float>(c.x - width / 2), static_cast<float>(c.y - height / 2),
            static_cast<float>(c.x + width / 2), static_cast<float>(c.y + height / 2)};
  }
};

// The imagined detector and camera.
struct Setup {
  double seconds = 20;
  double rate = 10;               // frames a second
  double interval_spread = 0.05;  // of the interval, either way
  double miss = 0.02;             // chance that an object is not found at all
  double false_rate = 0.1;        // false detections a frame
  double jitter = 0.02;           // standard deviation of each edge, of the box's side
  double confidence = 0.75;       // of an object in full view
  double confidence_noise = 0.06;
  double flicker = 0;  // chance of another class
  double shake = 0;    // pixels that the camera sways
  std::vector<Actor> actors;
};

// Standard normal but for the tails: the sum of 12 uniforms.
double gauss(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

std::function<Point(double)> straight(Point at, Point speed, double since = 0) {
  return [=](double time) { return Point{at.x + speed.x * (time - since), at.y + speed.y * (time - since)}; };
}

Box clipped(Box box) {
  box.x1 = std::clamp(box.x1, 0.0F, static_cast<float>(kPictureWidth));
  box.x2 = std::clamp(box.x2, 0.0F, static_cast<float>(kPictureWidth));
  box.y1 = std::clamp(box.y1, 0.0F, static_cast<float>(kPictureHeight));
  box.y2 = std::clamp(box.y2, 0.0F, static_cast<float>(kPictureHeight));
  return box;
}

double covered(const Box& box, const Box& by) {
  const double w = std::min(box.x2, by.x2) - std::max(box.x1, by.x1);
  const double h = std::min(box.y2, by.y2) - std::max(box.y1, by.y1);
  return w > 0 && h > 0 && box.area() > 0 ? w * h / box.area() : 0;
}

// One look of the detector at what is there.
class Detector {
 public:
  Detector(const Setup& setup, Random& random) : setup_(setup), random_(random) {}

  SequenceFrame look(double time) {
    SequenceFrame frame;
    frame.time = time;
    const Point sway = {setup_.shake * std::sin(kTurn * 0.9 * time), setup_.shake * std::sin(kTurn * 1.4 * time)};
    std::vector<Box> boxes;
    for (const Actor& actor : setup_.actors) boxes.push_back(time_box(actor, time, sway));
    std::vector<Detection> found;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const Actor& actor = setup_.actors[i];
      // One throw of the dice for each actor and frame, seen or not: a change of one does not change the others.
      Random dice(random_.next());
      if (time < actor.begin || time > actor.end) continue;
      if (std::any_of(actor.hidden.begin(), actor.hidden.end(),
                      [&](const auto& span) { return time >= span.first && time < span.second; })) {
        continue;
      }
      const Box box = clipped(boxes[i]);
      if (box.area() < 0.3F * boxes[i].area()) continue;
      frame.truth.push_back({static_cast<int64_t>(i) + 1, box});
      double visible = 1;
      for (std::size_t j = i + 1; j < boxes.size(); ++j) {
        const Actor& other = setup_.actors[j];
        if (time >= other.begin && time <= other.end) visible = std::min(visible, 1 - covered(box, boxes[j]));
      }
      see(actor, box, visible, dice, found);
    }
    dream(found);
    keep_best(found);
    for (const Detection& one : found) {
      if (one.confidence >= kThreshold) {
        frame.detections.push_back(one);
      } else if (one.confidence >= kThreshold / 2) {
        frame.candidates.push_back(one);
      }
    }
    return frame;
  }

 private:
  static Box time_box(const Actor& actor, double time, Point sway) {
    Box box = actor.box(time);
    box.x1 += static_cast<float>(sway.x);
    box.x2 += static_cast<float>(sway.x);
    box.y1 += static_cast<float>(sway.y);
    box.y2 += static_cast<float>(sway.y);
    return box;
  }

  void see(const Actor& actor, const Box& box, double visible, Random& dice, std::vector<Detection>& found) const {
    const bool missed = dice.chance(setup_.miss);
    const bool flickers = dice.chance(setup_.flicker);
    // Half hidden is half as sure, and its edges are twice as vague.
    const double confidence =
        setup_.confidence * std::min(1.0, 0.1 + 0.9 * visible) + setup_.confidence_noise * gauss(dice);
    const double vague = setup_.jitter * (2 - visible);
    const auto edge = [&](float at, float side) { return at + static_cast<float>(vague * gauss(dice)) * side; };
    const Box shaken = clipped(
        {edge(box.x1, box.width()), edge(box.y1, box.height()), edge(box.x2, box.width()), edge(box.y2, box.height())});
    if (missed || visible < 0.15 || shaken.width() < 2 || shaken.height() < 2) return;
    found.push_back(
        {actor.class_id + (flickers ? 1 : 0), static_cast<float>(std::clamp(confidence, 0.0, 0.99)), shaken});
  }

  void dream(std::vector<Detection>& found) const {
    Random dice(random_.next());
    for (double left = setup_.false_rate; left > 0; left -= 1) {
      if (!dice.chance(std::min(1.0, left))) continue;
      const double w = dice.uniform(30, 150), h = dice.uniform(30, 200);
      const double x = dice.uniform(0, kPictureWidth - w), y = dice.uniform(0, kPictureHeight - h);
      found.push_back(
          {0,
           static_cast<float>(dice.uniform(0.2, 0.65)),
           {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + w), static_cast<float>(y + h)}});
    }
  }

  // Non-maximum suppression, as every detector ends with.
  static void keep_best(std::vector<Detection>& found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
    std::vector<Detection> kept;
    for (const Detection& one : found) {
      if (std::none_of(kept.begin(), kept.end(), [&](const Detection& better) {
            return better.class_id == one.class_id && iou(better.box, one.box) > 0.65F;
          })) {
        kept.push_back(one);
      }
    }
    found = std::move(kept);
  }

  const Setup& setup_;
  Random& random_;
};

// People (class 0) that walk straight through the picture, one way or the other, each in a lane of its own height.
std::vector<Actor> walkers(Random& random, int count, double seconds, double lanes_from = 150, double lanes_to = 570) {
  std::vector<Actor> actors;
  for (int i = 0; i < count; ++i) {
    Actor one;
    one.height = random.uniform(130, 190);
    one.width = one.height * random.uniform(0.35, 0.45);
    const double speed = random.uniform(60, 150) * (random.chance(0.5) ? 1 : -1);
    const double lane = lanes_from + (lanes_to - lanes_from) * (i + 0.5) / count;
    const double middle = random.uniform(0, seconds);  // when it passes the picture's middle
    one.center = straight({kPictureWidth / 2.0, lane}, {speed, random.uniform(-5, 5)}, middle);
    actors.push_back(std::move(one));
  }
  return actors;
}

using Maker = void (*)(Setup&, Random&);

void apart(Setup& setup, Random&) {
  setup.false_rate = 0;
  setup.miss = 0;
  for (int i = 0; i < 3; ++i) {
    Actor one;
    one.width = 70;
    one.height = 160;
    one.center = straight({300.0 + 200 * i, 120 + 230.0 * i}, {i == 1 ? -25.0 : 25.0, 0});
    setup.actors.push_back(std::move(one));
  }
}

void crossing(Setup& setup, Random& random) {
  // Pairs on one lane that meet every few seconds, the nearer in front of the other.
  for (int i = 0; i < 6; ++i) {
    const double height = random.uniform(140, 170);
    const double lane = 130 + 230.0 * (i % 3);
    const double meet = i < 3 ? random.uniform(3, 8) : random.uniform(11, 16);
    const double at = random.uniform(500, 780);
    const double speed = random.uniform(70, 140);
    for (int way : {1, -1}) {
      Actor one;
      one.height = height * random.uniform(0.95, 1.05);
      one.width = 0.4 * one.height;
      one.begin = meet - 5;
      one.end = meet + 5;
      const double off = random.uniform(-12, 12), pace = random.uniform(0.8, 1.2);
      one.center = straight({at, lane + off}, {way * speed * pace, 0}, meet);
      setup.actors.push_back(std::move(one));
    }
  }
}

void occlusion(Setup& setup, Random& random) {
  // Walkers behind pillars: unseen for 0.4 to 1.1 seconds.
  setup.actors = walkers(random, 7, setup.seconds);
  for (Actor& one : setup.actors) {
    for (double at = random.uniform(1, 3); at < setup.seconds; at += random.uniform(3, 5)) {
      one.hidden.push_back({at, at + random.uniform(0.4, 1.1)});
    }
  }
}

void entering(Setup& setup, Random& random) {
  // Cars (class 2) that come and go all the time, clipped by the picture's edges.
  for (int i = 0; i < 28; ++i) {
    Actor one;
    one.class_id = 2;
    one.width = random.uniform(130, 220);
    one.height = 0.6 * one.width;
    const int lane = i % 4;
    const double speed = (lane < 2 ? 1 : -1) * (180 + 60.0 * lane + random.uniform(0, 40));
    one.center = straight({640, 110 + 165.0 * lane}, {speed, 0}, setup.seconds * (i / 4 + random.uniform(0, 0.5)) / 7);
    setup.actors.push_back(std::move(one));
  }
}

void missed(Setup& setup, Random& random) {
  setup.miss = 0.3;
  setup.actors = walkers(random, 7, setup.seconds);
}

void dreams(Setup& setup, Random& random) {
  setup.false_rate = 4;
  setup.actors = walkers(random, 7, setup.seconds);
}

void trembling(Setup& setup, Random& random) {
  setup.jitter = 0.07;
  setup.actors = walkers(random, 7, setup.seconds);
}

void uneven(Setup& setup, Random& random) {
  setup.interval_spread = 0.85;
  setup.rate = 6;
  setup.actors = walkers(random, 8, setup.seconds);
}

void small_fast(Setup& setup, Random& random) {
  // Balls and birds, 5 looks a second, moving up to twice their size between looks.
  setup.rate = 5;
  setup.jitter = 0.04;
  for (int i = 0; i < 12; ++i) {
    Actor one;
    one.class_id = 5;
    one.width = one.height = random.uniform(28, 50);
    const double angle = random.uniform(0, kTurn), speed = random.uniform(60, 320);
    const Point at = {random.uniform(300, 980), random.uniform(200, 520)};
    const double when = random.uniform(0, setup.seconds);
    one.center = straight(at, {speed * std::cos(angle), speed * std::sin(angle)}, when);
    setup.actors.push_back(std::move(one));
  }
}

void bouncing(Setup& setup, Random& random) {
  // Balls that fall and jump up again: the velocity turns round within a frame.
  setup.rate = 8;
  setup.jitter = 0.04;
  for (int i = 0; i < 10; ++i) {
    Actor one;
    one.class_id = 5;
    one.width = one.height = random.uniform(35, 60);
    const double x = random.uniform(200, 1080), speed = random.uniform(-60, 60), floor = random.uniform(400, 660);
    const double jump = random.uniform(60, 180), period = random.uniform(1.0, 1.6), phase = random.uniform(0, 1);
    one.center = [=, seconds = setup.seconds](double time) {
      const double t = time / period + phase;
      const double u = 2 * (t - std::floor(t)) - 1;  // -1 .. 1 from floor to floor
      return Point{x + speed * (time - seconds / 2), floor - jump * (1 - u * u)};
    };
    setup.actors.push_back(std::move(one));
  }
}

void dips(Setup& setup, Random& random) {
  // Dark corners: the detector's confidence is around its threshold.
  setup.confidence = 0.45;
  setup.confidence_noise = 0.08;
  setup.actors = walkers(random, 7, setup.seconds);
}

void crowd(Setup& setup, Random& random) {
  setup.seconds = 12;
  setup.actors = walkers(random, 36, setup.seconds, 240, 480);
}

void turning(Setup& setup, Random& random) {
  // Children at play, 7 looks a second: they swing around, stop and go.
  setup.rate = 7;
  for (int i = 0; i < 8; ++i) {
    Actor one;
    one.height = random.uniform(90, 130);
    one.width = 0.5 * one.height;
    const Point home = {140 + 145.0 * i, random.uniform(250, 470)};
    const double reach = random.uniform(60, 160), period = random.uniform(3, 6), phase = random.uniform(0, kTurn);
    const double ratio = random.uniform(0.6, 1.6);
    one.center = [=](double time) {
      const double a = kTurn * time / period + phase;
      return Point{home.x + reach * std::sin(a), home.y + 0.6 * reach * std::sin(ratio * a)};
    };
    setup.actors.push_back(std::move(one));
  }
}

void shaking(Setup& setup, Random& random) {
  setup.shake = 18;
  setup.actors = walkers(random, 7, setup.seconds);
}

void flickering(Setup& setup, Random& random) {
  setup.flicker = 0.35;
  setup.actors = walkers(random, 7, setup.seconds);
}

void busy_street(Setup& setup, Random& random) {
  // Everything at once, 7 looks a second: walkers and cars, misses, dreams, trembling, uneven intervals.
  setup.rate = 7;
  setup.interval_spread = 0.5;
  setup.miss = 0.12;
  setup.false_rate = 1;
  setup.jitter = 0.04;
  setup.confidence = 0.65;
  setup.confidence_noise = 0.1;
  setup.flicker = 0.05;
  entering(setup, random);
  setup.actors.resize(16);
  for (Actor& one : walkers(random, 10, setup.seconds)) setup.actors.push_back(std::move(one));
}

struct Kind {
  SequenceKind kind;
  Maker make;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {{"apart", "three slow walkers that never meet"}, apart},
      {{"crossing", "pairs that pass in front of each other"}, crossing},
      {{"occlusion", "walkers behind pillars, unseen for up to 1.1 s"}, occlusion},
      {{"entering", "cars that come and go"}, entering},
      {{"missed", "3 of 10 detections missed"}, missed},
      {{"false", "4 false detections a frame"}, dreams},
      {{"jitter", "edges that tremble by 7 % of the box"}, trembling},
      {{"uneven", "6 frames a second, at intervals of 25 to 308 ms"}, uneven},
      {{"small-fast", "small and fast, 5 frames a second"}, small_fast},
      {{"bouncing", "balls that turn round within a frame, 8 frames a second"}, bouncing},
      {{"dips", "confidence around the threshold"}, dips},
      {{"crowd", "36 walkers in each other's way"}, crowd},
      {{"turning", "swinging, stopping and going, 7 frames a second"}, turning},
      {{"shake", "a camera that sways by 18 pixels"}, shaking},
      {{"flicker", "the class is wrong 35 % of the time"}, flickering},
      {{"street", "walkers and cars with all of this at once"}, busy_street},
  };
  return all;
}

}  // namespace

const std::vector<SequenceKind>& sequence_kinds() {
  static const std::vector<SequenceKind> all = [] {
    std::vector<SequenceKind> list;
    for (const Kind& one : kinds()) list.push_back(one.kind);
    return list;
  }();
  return all;
}

Sequence make_sequence(const std::string& name, uint64_t seed) {
  const auto kind =
      std::find_if(kinds().begin(), kinds().end(), [&](const Kind& one) { return one.kind.name == name; });
  if (kind == kinds().end()) throw std::out_of_range("no sequence is called " + name);
  Random random(seed);
  Setup setup;
  kind->make(setup, random);
  Sequence sequence;
  sequence.name = name;
  Detector detector(setup, random);
  for (double time = 0; time < setup.seconds;) {
    sequence.frames.push_back(detector.look(time));
    time += (1 + setup.interval_spread * random.uniform(-1, 1)) / setup.rate;
  }
  return sequence;
}

std::vector<TrackedFrame> truth_of(const Sequence& sequence) {
  std::vector<TrackedFrame> truth;
  for (const SequenceFrame& frame : sequence.frames) truth.push_back(frame.truth);
  return truth;
}

}  // namespace dualsight::testing
