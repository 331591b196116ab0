#include "app/sinks/prometheus.h"

#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

class PrometheusTest : public TemporaryFolder {};

TEST_F(PrometheusTest, TextFormat) {
  StatsRecord stats;
  SourceStats& cam = stats.sources.emplace_back();
  cam.source = "cam \"0\"";
  cam.state = State::lost;
  cam.age_ms = 250;
  cam.captured = 12;
  SourceStats& door = stats.sources.emplace_back();
  door.source = "door";
  door.capture_fps = 29.5;
  ASSERT_TRUE(write_prometheus(at("x.prom"), stats));
  const auto lines = lines_of(contents(at("x.prom")));
  const auto has = [&](const std::string& line) { return std::find(lines.begin(), lines.end(), line) != lines.end(); };
  EXPECT_TRUE(has("# TYPE dualsight_up gauge"));
  EXPECT_TRUE(has("dualsight_up{source=\"cam \\\"0\\\"\"} 0"));
  EXPECT_TRUE(has("dualsight_up{source=\"door\"} 1"));
  EXPECT_TRUE(has("dualsight_capture_fps{source=\"door\"} 29.5"));
  EXPECT_TRUE(has("dualsight_capture_fps{source=\"cam \\\"0\\\"\"} 0"));
  EXPECT_TRUE(has("dualsight_age_seconds{source=\"cam \\\"0\\\"\"} 0.25"));
  EXPECT_TRUE(has("# TYPE dualsight_captured_total counter"));
  EXPECT_TRUE(has("dualsight_captured_total{source=\"cam \\\"0\\\"\"} 12"));
  EXPECT_FALSE(fs::exists(at("x.prom.part")));
  EXPECT_EQ(write_prometheus(at("none/x.prom"), stats).error().kind, ErrorKind::output);
}

TEST_F(PrometheusTest, TheSinkWritesStatisticsAndIsAMonitor) {
  StatsRecord stats;
  stats.sources.emplace_back().source = "door";
  const auto sink = make_prometheus_writer(at("x.prom"));
  EXPECT_TRUE(sink->is_monitor());
  EXPECT_TRUE(sink->begin({}));
  EXPECT_TRUE(fs::exists(at("x.prom")));  // so that a place that cannot be written shows at once
  EXPECT_TRUE(sink->on_result({}, {}));
  EXPECT_TRUE(sink->on_stats(stats));
  EXPECT_TRUE(sink->end({}));
  EXPECT_EQ(contents(at("x.prom")), prometheus_text(stats));
}

TEST_F(PrometheusTest, APlaceThatCannotBeWrittenIsAnErrorAtTheStart) {
  const auto begun = make_prometheus_writer(at("none/x.prom"))->begin({});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().kind, ErrorKind::output);
}

TEST_F(PrometheusTest, WhatFailsLaterEndsTheRunNotButIsAnErrorAtTheEnd) {
  fs::create_directory(at("gone"));
  const auto sink = make_prometheus_writer(at("gone/x.prom"));
  ASSERT_TRUE(sink->begin({}));
  fs::remove_all(at("gone"));
  EXPECT_TRUE(sink->on_stats({}));
  const auto ended = sink->end({});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::output);
}

}  // namespace
}  // namespace dualsight
