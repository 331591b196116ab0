#include "app/pipeline/tracking_stage.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

const std::vector<std::string> names = {"dog", "person"};

DetectionResult seen(std::vector<Detection> detections, std::vector<Detection> candidates = {}) {
  return {std::move(detections), std::move(candidates), {}};
}

TrackingStage stage(bool tracking = true) { return {{tracking, {}}, {0.4F, 0.4F}, names}; }

TEST(TrackingStage, ACandidateContinuesATrackAndIsReportedOnce) {
  TrackingStage f = stage();
  f.update(0, 640, 480, seen({{0, 0.9F, {10, 10, 60, 60}}}));  // in the first frame a track at once
  // Half the threshold is 0.2: the one at 0.15 is too weak for the track, the one at 0.25 is not.
  const TrackingResult out =
      f.update(0.1, 640, 480, seen({}, {{0, 0.25F, {11, 10, 61, 60}}, {0, 0.15F, {300, 10, 350, 60}}}));
  ASSERT_EQ(out.detections.size(), 1U);
  EXPECT_EQ(out.detections[0].track_id, 1);
  EXPECT_FLOAT_EQ(out.detections[0].confidence, 0.25F);
  ASSERT_EQ(out.candidates.size(), 1U);
  EXPECT_FLOAT_EQ(out.candidates[0].confidence, 0.15F);
  EXPECT_TRUE(out.unseen.empty());
}

TEST(TrackingStage, LostTracksAreStillPredicted) {
  TrackingStage f = stage();
  f.update(0, 640, 480, seen({{1, 0.9F, {10, 10, 60, 60}}}));
  const TrackingResult out = f.update(1, 640, 480, seen({}));  // a slow detector, longer than predict() goes on
  EXPECT_TRUE(out.detections.empty());
  ASSERT_EQ(out.unseen.size(), 1U);
  EXPECT_EQ(out.unseen[0].class_id, 1);
  EXPECT_TRUE(f.predict(1).empty());
}

TEST(TrackingStage, EventsTellWhatComesChangesAndGoes) {
  TrackingStage f = stage();
  const auto reported = [](const std::vector<EventRecord>& events) {
    std::vector<std::string> out;
    for (const EventRecord& e : events)
      out.push_back(std::string(to_string(e.event)) + " " + names[static_cast<std::size_t>(e.detection.class_id)]);
    return out;
  };
  const Box box{10, 10, 60, 60};
  EXPECT_EQ(reported(f.update(0, 640, 480, seen({{0, 0.5F, box}})).events), std::vector<std::string>{"new dog"});
  // The vote: 0.5 for a dog, then 0.9 for a person.
  EXPECT_EQ(reported(f.update(0.1, 640, 480, seen({{1, 0.9F, box}})).events),
            std::vector<std::string>{"update person"});
  EXPECT_TRUE(f.update(0.2, 640, 480, seen({{1, 0.9F, box}})).events.empty());
  EXPECT_EQ(f.tracks(), 1);
  const auto end = f.finish();
  EXPECT_EQ(reported(end), std::vector<std::string>{"end person"});
  EXPECT_NEAR(*end[0].seconds, 0.2, 1e-9);
  EXPECT_EQ(f.tracks(), 1);
  EXPECT_TRUE(f.finish().empty());
}

TEST(TrackingStage, AddingAZoneLeavesTheOthersAlone) {
  const Region left{"left", false, {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}, {}};
  const Region all{"all", false, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}, {}};
  TrackingStage f{{true, {left}}, {0.4F, 0.4F}, names};
  const auto dog = seen({{0, 0.9F, {10, 10, 60, 60}}});
  EXPECT_EQ(f.update(0, 640, 480, dog).events.size(), 2U);  // it appeared, and entered
  Adjustments to;
  to.regions = {all, left};
  EXPECT_TRUE(f.adjust(to).empty());
  const TrackingResult out = f.update(0.1, 640, 480, dog);
  EXPECT_TRUE(out.events.empty());
  EXPECT_EQ(out.occupied, (std::vector<std::string>{"all", "left"}));
  EXPECT_EQ(out.inside, (std::map<std::string, int64_t>{{"all", 1}, {"left", 1}}));
  const auto counts = f.regions();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_TRUE(counts[0].entered.empty());
  EXPECT_EQ(counts[1].entered, (std::map<std::string, int64_t>{{"dog", 1}}));
}

TEST(TrackingStage, WithoutTrackingDetectionsPassThrough) {
  TrackingStage f = stage(false);
  const TrackingResult out = f.update(0, 640, 480, seen({{0, 0.9F, {10, 10, 60, 60}}}, {{1, 0.3F, {1, 1, 9, 9}}}));
  EXPECT_EQ(out.detections[0].track_id, 0);
  EXPECT_EQ(out.candidates.size(), 1U);
  EXPECT_TRUE(out.events.empty());
  EXPECT_EQ(f.predict(1).size(), 1U);  // as it was
  EXPECT_EQ(f.tracks(), 0);
}

TEST(TrackingStage, AnotherNameOfWhatIsReportedMakesNoSecondTrack) {
  TrackingStage f = stage();
  const Box box{10, 10, 60, 60};
  f.update(0, 640, 480, seen({{0, 0.9F, box}}));
  // A person for once, and the dog's own name among the rest, though above its threshold of 0.4.
  const TrackingResult out = f.update(0.1, 640, 480, seen({{1, 0.6F, box}}, {{0, 0.5F, box}}));
  ASSERT_EQ(out.detections.size(), 1U);
  EXPECT_EQ(out.detections[0].track_id, 1);
  EXPECT_EQ(out.detections[0].class_id, 0);  // the vote: 0.9 for a dog, 0.6 for a person
  EXPECT_EQ(out.candidates.size(), 1U);
  EXPECT_EQ(f.tracks(), 1);
}

}  // namespace
}  // namespace dualsight
