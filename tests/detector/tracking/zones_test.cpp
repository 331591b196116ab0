#include "detector/tracking/zones.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace dualsight {

// For gtest's messages, and so that news compare.
bool operator==(const ZoneEvent& a, const ZoneEvent& b) {
  return a.event == b.event && a.region == b.region && a.track_id == b.track_id && a.forward == b.forward &&
         a.seconds == b.seconds;
}
void PrintTo(const ZoneEvent& news, std::ostream* out) {
  const char* const names[] = {"entered", "left", "crossed"};
  *out << names[static_cast<int>(news.event)] << " region " << news.region << " track " << news.track_id
       << (news.forward ? " forward " : " ") << news.seconds << " s";
}

namespace {

using ZoneEvents = std::vector<ZoneEvent>;
using Names = std::vector<std::string>;
using PerClass = std::map<std::string, int64_t>;

// The pictures are 1000 x 500; a fraction of 0.1 is 100 pixels across and 50 pixels down.
constexpr int kWidth = 1000, kHeight = 500;
const Names kClasses = {"person", "car", "dog"};

// 40 x 100 pixels, standing at (x, y): the margin is 0.05 * 140 = 7 pixels.
Detection standing(int64_t id, float x, float y, int class_id = 0) {
  return {class_id, 0.9F, {x - 20, y - 100, x + 20, y}, id};
}

ZoneEvent entered(int64_t id, std::size_t region = 0) { return {RegionEvent::entered, region, id, false, 0}; }
ZoneEvent left(int64_t id, double seconds, std::size_t region = 0) {
  return {RegionEvent::left, region, id, false, seconds};
}
ZoneEvent forward(int64_t id, std::size_t region = 0) { return {RegionEvent::crossed, region, id, true, 0}; }
ZoneEvent backward(int64_t id, std::size_t region = 0) { return {RegionEvent::crossed, region, id, false, 0}; }

// x 200..600, y 100..400.
Region room(const Names& classes = {}) {
  return {"room", false, {{0.2, 0.2}, {0.6, 0.2}, {0.6, 0.8}, {0.2, 0.8}}, classes};
}
// From (200, 250) to (800, 250), drawn from the left to the right: forward is down.
Region gate(const Names& classes = {}) { return {"gate", true, {{0.2, 0.5}, {0.8, 0.5}}, classes}; }

// Looks once a second.
class Walk {
 public:
  explicit Walk(std::vector<Region> regions) : zones(std::move(regions), kClasses) {}

  ZoneEvents see(const std::vector<Detection>& tracks) { return zones.update(now++, kWidth, kHeight, tracks); }
  // One track's way; all news of it.
  ZoneEvents go(int64_t id, const std::vector<std::array<float, 2>>& way, int class_id = 0) {
    ZoneEvents all;
    for (const auto& [x, y] : way) {
      for (const ZoneEvent& news : see({standing(id, x, y, class_id)})) all.push_back(news);
    }
    return all;
  }
  Zones::Counts counts(std::size_t region = 0) const { return zones.counts().at(region); }

  Zones zones;
  double now = 0;
};

TEST(Zones, EnterDwellLeave) {
  Walk walk({room()});
  EXPECT_EQ(walk.see({standing(7, 100, 300)}), ZoneEvents{});  // t = 0
  EXPECT_EQ(walk.zones.occupied(), Names{});
  EXPECT_EQ(walk.see({standing(7, 250, 300)}), ZoneEvents{entered(7)});  // t = 1
  EXPECT_EQ(walk.zones.occupied(), Names{"room"});
  EXPECT_EQ(walk.see({standing(7, 400, 300)}), ZoneEvents{});
  EXPECT_EQ(walk.counts().inside, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.see({standing(7, 550, 300)}), ZoneEvents{});
  EXPECT_EQ(walk.see({standing(7, 700, 300)}), ZoneEvents{left(7, 3)});  // t = 4
  EXPECT_EQ(walk.zones.occupied(), Names{});
  EXPECT_EQ(walk.counts().name, "room");
  EXPECT_FALSE(walk.counts().line);
  EXPECT_EQ(walk.counts().inside, PerClass{});
  EXPECT_EQ(walk.counts().entered, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.counts().left, (PerClass{{"person", 1}}));
}

TEST(Zones, AThingIsWhereItStands) {
  Walk walk({room()});
  // The box reaches over the zone's lower border, y = 400, but stands below it; then it stands above.
  EXPECT_EQ(walk.see({standing(1, 400, 420)}), ZoneEvents{});
  EXPECT_EQ(walk.see({standing(1, 400, 395)}), ZoneEvents{entered(1)});
  // Its box is above the zone but for the feet.
  EXPECT_EQ(walk.see({standing(2, 400, 105)}), ZoneEvents{entered(2)});
}

TEST(Zones, TheBorderIsInsideSoAZoneOverThePictureHoldsAll) {
  Walk walk({{"all", false, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}, {}}});
  EXPECT_EQ(walk.see({standing(1, 20, 500), standing(2, 980, 500), standing(3, 1000, 500)}),
            (ZoneEvents{entered(1), entered(2), entered(3)}));
}

TEST(Zones, TremblingAtTheBorderIsOneVisit) {
  Walk walk({room()});
  // The border is at x = 200, the margin 7: up to 193 a track that is inside stays.
  EXPECT_EQ(
      walk.go(1, {{190, 300}, {198, 300}, {201, 300}, {198, 300}, {203, 300}, {194, 300}, {202, 300}, {195, 300}}),
      ZoneEvents{entered(1)});                                    // at t = 2
  EXPECT_EQ(walk.go(1, {{191, 300}}), ZoneEvents{left(1, 6)});    // t = 8
  EXPECT_EQ(walk.go(1, {{199, 300}, {190, 300}}), ZoneEvents{});  // outside it stays outside up to the border
  EXPECT_EQ(walk.counts().entered, (PerClass{{"person", 1}}));
}

TEST(Zones, ClassesAreCountedApart) {
  Walk walk({room()});
  EXPECT_EQ(walk.see({standing(1, 300, 300, 0), standing(2, 500, 300, 1)}), (ZoneEvents{entered(1), entered(2)}));
  EXPECT_EQ(walk.see({standing(1, 300, 300, 0), standing(2, 500, 300, 1), standing(3, 400, 200, 1)}),
            ZoneEvents{entered(3)});
  EXPECT_EQ(walk.counts().inside, (PerClass{{"person", 1}, {"car", 2}}));
  EXPECT_EQ(walk.see({standing(1, 300, 300, 0), standing(2, 800, 300, 1), standing(3, 400, 200, 1)}),
            ZoneEvents{left(2, 2)});
  EXPECT_EQ(walk.counts().inside, (PerClass{{"person", 1}, {"car", 1}}));
  EXPECT_EQ(walk.counts().entered, (PerClass{{"person", 1}, {"car", 2}}));
  EXPECT_EQ(walk.counts().left, (PerClass{{"car", 1}}));
}

TEST(Zones, OnlyTheWantedClasses) {
  Walk walk({room({"car", "dog"}), gate({"person"}), room()});
  EXPECT_EQ(walk.see({standing(1, 300, 200, 0), standing(2, 500, 200, 1)}),
            (ZoneEvents{entered(2, 0), entered(1, 2), entered(2, 2)}));
  EXPECT_EQ(walk.see({standing(1, 300, 300, 0), standing(2, 500, 300, 1)}), ZoneEvents{forward(1, 1)});
  EXPECT_EQ(walk.counts(1).forward, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.zones.occupied(), (Names{"room", "room"}));
}

TEST(Zones, AChangeOfClassKeepsTheMembership) {
  Walk walk({room({"dog"})});
  EXPECT_EQ(walk.go(1, {{300, 300}}, 0), ZoneEvents{}) << "a person";
  EXPECT_EQ(walk.go(1, {{300, 300}}, 2), ZoneEvents{entered(1)}) << "that was a dog all along";
  EXPECT_EQ(walk.go(1, {{300, 300}, {310, 300}}, 0), ZoneEvents{});
  EXPECT_EQ(walk.counts().inside, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.go(1, {{700, 300}}, 0), ZoneEvents{left(1, 3)});
  EXPECT_EQ(walk.counts().entered, (PerClass{{"dog", 1}}));
  EXPECT_EQ(walk.counts().left, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.counts().inside, PerClass{});
}

TEST(Zones, ClassesWithoutANameGoByTheirNumber) {
  Walk walk({room(), room({"car"})});
  EXPECT_EQ(walk.see({standing(1, 300, 300, 3), standing(2, 300, 300, -1)}), (ZoneEvents{entered(1), entered(2)}));
  EXPECT_EQ(walk.counts().inside, (PerClass{{"3", 1}, {"-1", 1}}));
}

TEST(Zones, Concave) {
  // A U, 100..700 across and 50..450 down, whose notch is 300..500 across and 50..350 down.
  Walk walk({{"u",
              false,
              {{0.1, 0.1}, {0.3, 0.1}, {0.3, 0.7}, {0.5, 0.7}, {0.5, 0.1}, {0.7, 0.1}, {0.7, 0.9}, {0.1, 0.9}},
              {}}});
  EXPECT_EQ(walk.see({standing(1, 400, 200)}), ZoneEvents{}) << "in the notch";
  EXPECT_EQ(walk.see({standing(2, 200, 200)}), ZoneEvents{entered(2)}) << "in the left arm";
  EXPECT_EQ(walk.see({standing(3, 600, 200)}), ZoneEvents{entered(3)}) << "in the right arm";
  EXPECT_EQ(walk.see({standing(4, 400, 400)}), ZoneEvents{entered(4)}) << "in the bottom";
  EXPECT_EQ(walk.see({standing(4, 400, 300)}), ZoneEvents{left(4, 1)}) << "into the notch";
}

TEST(Zones, EvenOddWhereAPolygonCrossesItself) {
  // An hourglass: 200..600 wide at y = 100 and y = 400, its waist at (400, 250).
  Walk walk({{"glass", false, {{0.2, 0.2}, {0.6, 0.2}, {0.2, 0.8}, {0.6, 0.8}}, {}}});
  EXPECT_EQ(walk.see({standing(1, 400, 150), standing(2, 400, 350), standing(3, 250, 250), standing(4, 550, 250)}),
            (ZoneEvents{entered(1), entered(2)}));
}

TEST(Zones, UnseenItStaysInside) {
  Walk walk({room()});
  EXPECT_EQ(walk.go(1, {{300, 300}}), ZoneEvents{entered(1)});  // t = 0
  for (int i = 0; i < 5; ++i) EXPECT_EQ(walk.see({}), ZoneEvents{});
  EXPECT_EQ(walk.zones.occupied(), Names{"room"});
  EXPECT_EQ(walk.go(1, {{320, 300}}), ZoneEvents{});
  EXPECT_EQ(walk.see({}), ZoneEvents{});
  EXPECT_EQ(walk.go(1, {{700, 300}}), ZoneEvents{left(1, 8)});
}

TEST(Zones, WhatEndsInsideLeavesWhenItWasLastSeen) {
  Walk walk({room(), gate(), room()});
  EXPECT_EQ(walk.see({standing(1, 300, 200), standing(2, 400, 200), standing(3, 900, 200)}),
            (ZoneEvents{entered(1, 0), entered(2, 0), entered(1, 2), entered(2, 2)}));
  walk.go(1, {{300, 200}, {310, 200}});  // last seen at t = 2
  walk.see({});
  EXPECT_EQ(walk.zones.end({3, 1, 99}, 4), (ZoneEvents{left(1, 2, 0), left(1, 2, 2)}));
  EXPECT_EQ(walk.counts().inside, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.zones.end({2}, 4), (ZoneEvents{left(2, 0, 0), left(2, 0, 2)})) << "seen once only";
  EXPECT_EQ(walk.zones.end({1, 2}, 5), ZoneEvents{});
  EXPECT_EQ(walk.zones.occupied(), Names{});
  EXPECT_EQ(walk.counts().left, (PerClass{{"person", 2}}));
}

TEST(Zones, PicturesOfAnotherSize) {
  Zones zones({room(), gate()}, kClasses);
  EXPECT_EQ(zones.update(0, 1000, 500, {standing(1, 300, 200)}), ZoneEvents{entered(1)});
  // The same place in a picture of twice the size, then below the line.
  EXPECT_EQ(zones.update(1, 2000, 1000, {standing(1, 600, 400)}), ZoneEvents{});
  EXPECT_EQ(zones.update(2, 2000, 1000, {standing(1, 600, 600)}), ZoneEvents{forward(1, 1)});
}

TEST(Zones, WhatCannotBePlacedIsPassedOver) {
  Walk walk({room()});
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(walk.see({standing(0, 300, 300), standing(-1, 300, 300), standing(1, kNan, 300), standing(2, 300, kNan)}),
            ZoneEvents{});
  EXPECT_EQ(walk.zones.update(1, 0, 500, {standing(1, 300, 300)}), ZoneEvents{});
  EXPECT_EQ(walk.zones.update(1, 1000, 0, {standing(1, 300, 300)}), ZoneEvents{});
  Walk none({{"flat", false, {{0.1, 0.1}, {0.5, 0.1}}, {}},
             {"point", true, {{0.1, 0.1}, {0.1, 0.1}}, {}},
             {"empty", true, {}, {}}});
  EXPECT_EQ(none.go(1, {{100, 20}, {100, 50}, {100, 100}}), ZoneEvents{});
  EXPECT_EQ(none.zones.occupied(), Names{});
}

// ---- regions that change ----

// x 500..900, y 100..400: shares x 500..600 with the room.
Region hall(const Names& classes = {}) {
  return {"hall", false, {{0.5, 0.2}, {0.9, 0.2}, {0.9, 0.8}, {0.5, 0.8}}, classes};
}

TEST(ChangedRegions, WhatIsLeftAsItWasGoesOn) {
  Walk walk({room(), gate()});
  EXPECT_EQ(walk.see({standing(1, 300, 200)}), ZoneEvents{entered(1)});  // t = 0; above the gate
  walk.zones.change({hall(), gate(), room()});                           // one more, and another order
  EXPECT_EQ(walk.see({standing(1, 300, 300)}), ZoneEvents{forward(1, 1)});
  EXPECT_EQ(walk.counts(2).entered, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.zones.occupied(), Names{"room"});
  EXPECT_EQ(walk.zones.inside(), (PerClass{{"room", 1}}));
  walk.zones.change({room()});
  EXPECT_EQ(walk.see({standing(1, 100, 300)}), ZoneEvents{left(1, 2)});  // from t = 0 to 2
  EXPECT_EQ(walk.counts().left, (PerClass{{"person", 1}}));
}

TEST(ChangedRegions, WhatStandsInANewOneIsInsideAlready) {
  Walk walk({});
  walk.see({standing(1, 300, 300), standing(2, 700, 300)});
  walk.see({standing(2, 720, 300)});  // t = 1; the other one is not seen just now
  walk.zones.change({room()});
  EXPECT_EQ(walk.zones.inside(), (PerClass{{"room", 1}}));
  EXPECT_EQ(walk.see({standing(1, 310, 300), standing(2, 550, 300)}), ZoneEvents{entered(2)});  // t = 2
  EXPECT_EQ(walk.counts().entered, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.zones.inside(), (PerClass{{"room", 2}}));
  EXPECT_EQ(walk.see({standing(1, 100, 300)}), ZoneEvents{left(1, 3)});  // it was seen in there at t = 0
}

TEST(ChangedRegions, AMovedOrRenamedOneCountsAnewButTellsNothing) {
  Walk walk({room()});
  EXPECT_EQ(walk.see({standing(1, 550, 300), standing(2, 300, 300)}), (ZoneEvents{entered(1), entered(2)}));
  Region moved = hall();
  moved.name = "room";
  walk.zones.change({moved});
  EXPECT_EQ(walk.see({standing(1, 560, 300), standing(2, 300, 300)}), ZoneEvents{});
  EXPECT_EQ(walk.counts().entered, PerClass{});
  EXPECT_EQ(walk.zones.inside(), (PerClass{{"room", 1}}));
  walk.zones.change({hall()});
  EXPECT_EQ(walk.see({standing(1, 570, 300), standing(2, 300, 300)}), ZoneEvents{});
  EXPECT_EQ(walk.zones.inside(), (PerClass{{"hall", 1}}));
}

TEST(ChangedRegions, ClassesThatComeToCountAreInsideAndOthersAreLetGo) {
  Walk walk({room({"person"})});
  EXPECT_EQ(walk.see({standing(1, 300, 300, 0), standing(2, 400, 300, 2)}), ZoneEvents{entered(1)});
  walk.zones.change({room({"dog"})});
  EXPECT_EQ(walk.see({standing(1, 300, 300, 0), standing(2, 400, 300, 2)}), ZoneEvents{});
  EXPECT_EQ(walk.counts().inside, (PerClass{{"dog", 1}}));
  EXPECT_EQ(walk.counts().entered, (PerClass{{"person", 1}}));  // it is the same zone
}

TEST(ChangedRegions, ALineKnowsWhoStoodWhere) {
  Walk walk({});
  walk.see({standing(1, 300, 200), standing(2, 400, 300)});
  walk.zones.change({gate()});
  EXPECT_EQ(walk.see({standing(1, 300, 300), standing(2, 400, 200)}), (ZoneEvents{forward(1), backward(2)}));
  walk.zones.end({1}, 2);
  walk.zones.change({room()});
  EXPECT_EQ(walk.zones.inside(), (PerClass{{"room", 1}}));  // the ended one is nowhere
}

TEST(Lines, BothWays) {
  Walk walk({gate()});
  EXPECT_EQ(walk.go(1, {{500, 200}, {500, 240}}), ZoneEvents{});
  EXPECT_EQ(walk.go(1, {{500, 260}}), ZoneEvents{forward(1)}) << "down is forward";
  EXPECT_EQ(walk.go(1, {{500, 300}}), ZoneEvents{});
  EXPECT_EQ(walk.go(1, {{500, 200}}, 1), ZoneEvents{backward(1)});
  EXPECT_EQ(walk.go(2, {{300, 400}, {300, 100}}), ZoneEvents{backward(2)});
  EXPECT_TRUE(walk.counts().line);
  EXPECT_EQ(walk.counts().forward, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.counts().backward, (PerClass{{"car", 1}, {"person", 1}}));
  EXPECT_EQ(walk.zones.occupied(), Names{}) << "nothing is in a line";
}

TEST(Lines, ForwardIsFromItsLeftToItsRight) {
  // From the top to the bottom at x = 500: forward is to the left. The other way round: to the right.
  Walk walk({{"down", true, {{0.5, 0}, {0.5, 1}}, {}}, {"up", true, {{0.5, 1}, {0.5, 0}}, {}}});
  EXPECT_EQ(walk.go(1, {{600, 300}, {400, 300}}), (ZoneEvents{forward(1, 0), backward(1, 1)}));
  EXPECT_EQ(walk.go(2, {{400, 300}, {600, 300}}), (ZoneEvents{backward(2, 0), forward(2, 1)}));
  // From the lower left to the upper right: forward is to the lower right.
  Walk slanted({{"slanted", true, {{0.2, 0.8}, {0.6, 0.2}}, {}}});
  EXPECT_EQ(slanted.go(1, {{300, 150}, {500, 350}}), ZoneEvents{forward(1)});
}

TEST(Lines, TremblingOnTheLineIsOneCrossing) {
  Walk walk({gate()});
  // The line is at y = 250, the margin 7: sides begin below 243 and beyond 257.
  EXPECT_EQ(walk.go(1, {{500, 230}, {500, 248}, {500, 252}, {500, 249}, {500, 255}, {500, 246}, {500, 251}}),
            ZoneEvents{});
  EXPECT_EQ(walk.go(1, {{500, 260}}), ZoneEvents{forward(1)});
  EXPECT_EQ(walk.go(1, {{500, 252}, {500, 247}, {500, 253}, {500, 245}, {500, 259}, {500, 300}}), ZoneEvents{});
  // It comes to the line, trembles, and goes back.
  EXPECT_EQ(walk.go(2, {{500, 230}, {500, 252}, {500, 248}, {500, 254}, {500, 230}}), ZoneEvents{});
  EXPECT_EQ(walk.counts().forward, (PerClass{{"person", 1}}));
  EXPECT_EQ(walk.counts().backward, PerClass{});
}

TEST(Lines, AStepExactlyOnTheLineCounts) {
  // In double precision y / height * height is not always y again: with 1080, for one, at 39.
  for (const int height : {480, 720, 983, 1013, 1080}) {
    for (int y = 20; y < height - 20; ++y) {
      const double there = static_cast<double>(y) / height;
      Zones zones({{"gate", true, {{0.2, there}, {0.8, there}}, {}}}, kClasses);
      ZoneEvents all;
      for (const int step : {-20, 0, 20, 0, 0, -20, 0, -20}) {
        const ZoneEvents news = zones.update(0, kWidth, height, {standing(1, 500, static_cast<float>(y + step))});
        all.insert(all.end(), news.begin(), news.end());
      }
      ASSERT_EQ(all, (ZoneEvents{forward(1), backward(1)})) << y << " of " << height;
    }
  }
}

TEST(Lines, WhatAppearsOnTheLineHasNotCrossedIt) {
  Walk walk({gate()});
  EXPECT_EQ(walk.go(1, {{500, 248}, {500, 252}, {500, 300}}), ZoneEvents{});
  EXPECT_EQ(walk.go(1, {{500, 200}}), ZoneEvents{backward(1)}) << "now it has been on a side";
}

TEST(Lines, PassingBesideTheEndsCountsNothing) {
  Walk walk({gate()});  // 200..800 across
  EXPECT_EQ(walk.go(1, {{190, 200}, {190, 300}, {190, 200}}), ZoneEvents{});
  EXPECT_EQ(walk.go(2, {{810, 200}, {810, 300}}), ZoneEvents{});
  // From (900, 150) to (740, 310): the way meets y = 250 at x = 800, the very end; 20 further to the right it passes.
  EXPECT_EQ(walk.go(3, {{920, 150}, {760, 310}}), ZoneEvents{});
  EXPECT_EQ(walk.go(4, {{880, 150}, {720, 310}}), ZoneEvents{forward(4)}) << "20 further to the left it does not";
  // Around the end and back through the line: one crossing.
  EXPECT_EQ(walk.go(5, {{700, 200}, {900, 200}, {900, 300}, {700, 300}, {700, 200}}), ZoneEvents{backward(5)});
}

TEST(Lines, JumpingOverTheLineCounts) {
  Walk walk({gate(), room()});
  // 450 pixels in one step, unseen for a while in between; the room (y 100..400) is jumped over and never entered.
  walk.go(1, {{500, 40}});
  for (int i = 0; i < 3; ++i) walk.see({});
  EXPECT_EQ(walk.go(1, {{500, 490}}), ZoneEvents{forward(1)});
}

TEST(Lines, AnEndedTrackIsForgotten) {
  Walk walk({gate()});
  walk.go(1, {{500, 200}});
  EXPECT_EQ(walk.zones.end({1}, 1), ZoneEvents{});
  EXPECT_EQ(walk.go(1, {{500, 300}}), ZoneEvents{});
}

TEST(ParseRegion, Zone) {
  const Result<Region> plain = parse_region("door=0.1,0.2 0.5,0.2 0.5,0.9", false);
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->name, "door");
  EXPECT_FALSE(plain->line);
  EXPECT_EQ(plain->points, (std::vector<std::array<double, 2>>{{0.1, 0.2}, {0.5, 0.2}, {0.5, 0.9}}));
  EXPECT_EQ(plain->classes, Names{});
  const Result<Region> full = parse_region("  front door =  0,0 1,0\t1,1  0,1 ; person , traffic light ", false);
  ASSERT_TRUE(full) << full.error().message;
  EXPECT_EQ(full->name, "front door");
  EXPECT_EQ(full->points, (std::vector<std::array<double, 2>>{{0, 0}, {1, 0}, {1, 1}, {0, 1}}));
  EXPECT_EQ(full->classes, (Names{"person", "traffic light"}));
}

TEST(ParseRegion, Line) {
  const Result<Region> line = parse_region("gate=0,0.5 1e-1,.5;car", true);
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->name, "gate");
  EXPECT_TRUE(line->line);
  EXPECT_EQ(line->points, (std::vector<std::array<double, 2>>{{0, 0.5}, {0.1, 0.5}}));
  EXPECT_EQ(line->classes, Names{"car"});
}

TEST(ParseRegion, ErrorsNameTheCulprit) {
  struct Case {
    const char* text;
    bool line;
    const char* culprit;
  };
  const Case cases[] = {
      {"", false, "zone \"\""},
      {"door", false, "zone \"door\""},
      {"=0,0 1,0 1,1", false, "zone \"=0,0 1,0 1,1\""},
      {" = 0,0 1,1", true, "line \"= 0,0 1,1\""},
      {"door=", false, "3 points or more, not 0"},
      {"door=0,0 1,1", false, "3 points or more, not 2"},
      {"gate=0,0", true, "2 points, not 1"},
      {"gate=0,0 1,0 1,1", true, "2 points, not 3"},
      {"gate=0.5,0.5 0.5,0.5", true, "line \"gate\": its two points are the same"},
      {"door=0,0 1,0 1,one", false, "\"1,one\""},
      {"door=0,0 1,0 1,0.5x", false, "\"1,0.5x\""},
      {"door=0,0 1,0 1,", false, "\"1,\""},
      {"door=0,0 1,0 1", false, "\"1\""},
      {"door=0,0 1,0 1,1,1", false, "\"1,1,1\""},
      {"door=0,0 1,0 nan,1", false, "\"nan,1\""},
      {"door=0,0 1,0 1,inf", false, "\"1,inf\""},
      {"door=0,0 1,0 1,1.01", false, "\"1,1.01\""},
      {"door=0,0 1,0 -0.1,1", false, "\"-0.1,1\""},
      {"door=0,0 640,0 640,480", false, "\"640,0\""},
      {"door=0,0 1,0 1,1;", false, "zone \"door\": a class name"},
      {"door=0,0 1,0 1,1;person,,car", false, "zone \"door\": a class name"},
      {"door=0,0 1,0 1,1;person;car", false, "zone \"door\""},
  };
  for (const Case& one : cases) {
    const Result<Region> region = parse_region(one.text, one.line);
    ASSERT_FALSE(region) << one.text;
    EXPECT_EQ(region.error().kind, ErrorKind::usage) << one.text;
    EXPECT_NE(region.error().message.find(one.culprit), std::string::npos) << region.error().message;
    EXPECT_EQ(region.error().message.find('\n'), std::string::npos) << region.error().message;
  }
}

}  // namespace
}  // namespace dualsight
