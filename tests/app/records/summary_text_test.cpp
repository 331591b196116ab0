#include "app/records/summary_text.h"

#include <gtest/gtest.h>

namespace dualsight {
namespace {

TEST(SummaryText, FilesAndObjects) {
  SummaryRecord summary;
  summary.frames = 10;
  summary.seconds = 4;
  summary.skipped = 1;
  summary.objects = {5, 0};
  summary.files = {"-", "out.mkv"};
  EXPECT_EQ(summary_text(summary, {"dog", "cat"}),
            "10 frames in 4.0 s, 2.5 frames/s, 1 pictures skipped\n"
            "  dog                         5  (0.50 a frame)\n"
            "wrote out.mkv\n");
}

TEST(SummaryText, LiveSourcesAndZones) {
  SummaryRecord summary;
  summary.frames = 4;
  summary.seconds = 2;
  summary.dropped = 3;
  summary.objects = {0};
  summary.interrupted = true;
  SourceSummary& cam = summary.sources.emplace_back();
  cam.source = "cam";
  cam.live = true;
  cam.captured = 7;
  cam.frames = 4;
  cam.dropped = 3;
  cam.capture_fps = 3.5;
  cam.age_ms_median = 120;
  cam.age_ms_max = 340;
  cam.reconnects = 1;
  cam.record_dropped = 2;
  cam.zones.push_back({"yard", false, {{"dog", 2}, {"cat", 1}}, {{"dog", 1}}, {}, {}});
  cam.zones.push_back({"door", true, {}, {}, {}, {}});
  EXPECT_EQ(summary_text(summary, {"dog"}),
            "4 frames in 2.0 s, 2.0 frames/s, 3 dropped (interrupted)\n"
            "  no objects found\n"
            "cam: 7 captured (3.5 fps), 4 looked at, 3 dropped, age 120 ms (longest 340 ms), 1 reconnections, 2 not "
            "recorded\n"
            "  zone yard: 1 cat entered, 2 dog entered, 1 dog left\n"
            "  line door: nothing\n");
}

TEST(StatsText, OneLine) {
  SourceStats stats;
  stats.source = "cam";
  stats.claimed_fps = 30;
  stats.capture_fps = 14.96;
  stats.detect_fps = 5;
  stats.age_ms = 80.4;
  stats.captured = 100;
  stats.dropped = 60;
  stats.queued = 2;
  EXPECT_EQ(stats_text(stats),
            "cam: connected, camera 15.0 fps (claims 30), detector 5.0 fps, age 80 ms, 100 captured, 60 dropped, "
            "queue 2, 0 not recorded");
}

}  // namespace
}  // namespace dualsight
