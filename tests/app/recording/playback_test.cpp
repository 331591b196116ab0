#include "app/recording/playback.h"

#include "tests/app/support/recording_support.h"

namespace dualsight {
namespace {

TEST_F(Sidecar75, IsFoundBesideTheVideo) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(recording->sidecar(), at("front.ndjson"));
  EXPECT_EQ(recording->problem(), "");
  EXPECT_EQ(recording->run().frames.size(), 15U);
  EXPECT_EQ(recording->times().size(), 75U);
  EXPECT_EQ(recording->duration_ms(), 3000);
  EXPECT_EQ(recording->size(), kSize);
  EXPECT_EQ(recording->index_at(0), 0U);
  EXPECT_EQ(recording->index_at(79), 1U);
  EXPECT_EQ(recording->index_at(80), 2U);
  EXPECT_EQ(recording->index_at(1e9), 74U);
  EXPECT_EQ(recording->index_at(-5), 0U);
  EXPECT_EQ(recording->classes_seen(), (std::vector<bool>{true, true, false}));
}

TEST_F(Sidecar75, RecordsTellWhetherBoxesAreDrawnAlready) {
  const auto with = [&](const std::string& what) {
    std::string lines = records();
    lines.insert(1, R"("video":")" + what + R"(",)");
    text("front.ndjson", lines);
    const auto recording = Recording::open(at("front.mkv"));
    EXPECT_TRUE(recording);
    EXPECT_EQ(recording->problem(), "");
    return recording->annotated();
  };
  EXPECT_FALSE(Recording::open(at("front.mkv"))->annotated());  // an older one does not tell
  EXPECT_TRUE(with("annotated"));
  EXPECT_FALSE(with("raw"));
  EXPECT_TRUE(with("both"));  // of which the raw one is gone
  recorded("front.raw.mkv", even(75));
  EXPECT_FALSE(with("both"));
}

TEST_F(Sidecar75, TheRawVideoIsTakenWhereThereAreBoth) {
  recorded("front.raw.mkv", even(75));
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->video(), at("front.raw.mkv"));
  EXPECT_EQ(recording->sidecar(), at("front.ndjson"));
  text("front.raw.mkv", "damaged");
  EXPECT_EQ(Recording::open(at("front.mkv"))->video(), at("front.mkv"));
}

TEST_F(Sidecar75, WithoutOrWithAStrangeOneTheVideoIsOpenedAllTheSame) {
  const auto other = Recording::open(at("front.mkv"), text("other.ndjson", records(1280, 720)));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->problem(),
            at("other.ndjson") + ": does not belong to front.mkv: it speaks of 1280x720 pixels, the video has 96x64");
  EXPECT_TRUE(other->run().frames.empty());
  const auto later = Recording::open(at("front.mkv"), text("other.ndjson", records(96, 64, 60000)));
  EXPECT_EQ(later->problem(),
            at("other.ndjson") + ": does not belong to front.mkv: most of it is later than the video's end");
  const auto damaged = Recording::open(at("front.mkv"), text("other.ndjson", "no json\n"));
  EXPECT_NE(damaged->problem().find(at("other.ndjson") + ":1: "), std::string::npos);
  fs::remove(at("front.ndjson"));
  const auto without = Recording::open(at("front.mkv"));
  ASSERT_TRUE(without);
  EXPECT_EQ(without->sidecar(), "");
  EXPECT_EQ(without->problem(), "");
  EXPECT_TRUE(without->detections_at(400, without->as_recorded()).empty());
}

TEST_F(Sidecar75, ThresholdsAreChangedAfterwards) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  const auto count = [&](double ms, float confidence) {
    return recording->detections_at(ms, DetectionFilter(3, confidence)).size();
  };
  EXPECT_EQ(count(400, -1), 1U);
  EXPECT_EQ(count(2400, -1), 0U);
  EXPECT_EQ(count(2400, 0.15F), 1U);
  EXPECT_EQ(count(2400, 0.25F), 0U);
  EXPECT_EQ(count(400, 0.95F), 0U);
  // Between the processed frames at 400 and 600 ms: from 20 to 30.
  const auto moving = recording->detections_at(480, recording->as_recorded());
  ASSERT_EQ(moving.size(), 1U);
  EXPECT_FLOAT_EQ(moving[0].box.x1, 24);
}

TEST_F(Sidecar75, PresenceIsWhereBoxesAreShown) {
  const auto recording = Recording::open(at("front.mkv"));
  ASSERT_TRUE(recording);
  using Spans = std::vector<TimeSpan>;
  // The dog is seen at 1000 last, and the next processed frame is at 1200: half way.
  auto spans = recording->presence(recording->as_recorded());
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0], (Spans{{0, 1100}}));
  EXPECT_EQ(spans[1], (Spans{{1900, 2100}}));
  EXPECT_EQ(spans[2], Spans{});
  EXPECT_EQ(recording->presence(DetectionFilter(3, 0.1F))[0], (Spans{{0, 1100}, {2300, 2500}}));
  EXPECT_EQ(recording->presence(DetectionFilter(3, 0.7F))[1], Spans{});
}

TEST_F(Sidecar75, ShortGapsAreBridged) {
  // Seen at 0, not at 200 and 400, seen at 600: gone from 100 to 500, 0.4 s; then not before 1400: gone 700..1300.
  std::string lines = records();
  std::string kept;
  int look = -1;
  for (const std::string& line : lines_of(lines)) {
    const int ms = 200 * look++;
    std::string out = line;
    if (look > 0) {
      const auto from = out.find(R"("detections":[)") + 14, to = out.find(R"(],"candidates")");
      const bool there = ms == 0 || ms == 600 || ms == 1400;
      out.replace(from, to - from, there ? detection(0, 0.9, 1, 1, 9, 9, 0) : "");
    }
    kept += out + "\n";
  }
  const auto recording = Recording::open(at("front.mkv"), text("other.ndjson", kept));
  ASSERT_TRUE(recording);
  ASSERT_EQ(recording->problem(), "");
  EXPECT_EQ(recording->presence(recording->as_recorded())[0], (std::vector<TimeSpan>{{0, 700}, {1300, 1500}}));
}

}  // namespace
}  // namespace dualsight
