#include "app/records/summary_text.h"

#include <spdlog/fmt/fmt.h>

namespace dualsight {
namespace {

std::string live_text(const SourceSummary& s) {
  return fmt::format(
      "{}: {} captured ({:.1f} fps), {} looked at, {} dropped, age {:.0f} ms (longest {:.0f} ms), {} reconnections, {} "
      "not recorded",
      s.source, s.captured, s.capture_fps, s.frames, s.dropped, s.age_ms_median, s.age_ms_max, s.reconnects,
      s.record_dropped);
}

std::string zone_text(const ZoneSummary& zone) {
  std::string text;
  const auto add = [&](const std::map<std::string, int64_t>& counts, const char* what) {
    for (const auto& [name, count] : counts)
      text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", count, name, what);
  };
  add(zone.entered, "entered");
  add(zone.left, "left");
  add(zone.forward, "forward");
  add(zone.backward, "backward");
  return fmt::format("  {} {}: {}", zone.line ? "line" : "zone", zone.name, text.empty() ? "nothing" : text);
}

}  // namespace

std::string stats_text(const SourceStats& s) {
  std::string text = fmt::format("{}: {}, camera {:.1f} fps", s.source, to_string(s.state), s.capture_fps);
  if (s.claimed_fps > 0) text += fmt::format(" (claims {:g})", s.claimed_fps);
  return text + fmt::format(", detector {:.1f} fps, age {:.0f} ms, {} captured, {} dropped, queue {}, {} not recorded",
                            s.detect_fps, s.age_ms, s.captured, s.dropped, s.queued, s.record_dropped);
}

std::string summary_text(const SummaryRecord& summary, const std::vector<std::string>& class_names) {
  std::string text =
      fmt::format("{} frames in {:.1f} s, {:.1f} frames/s", summary.frames, summary.seconds, summary.fps());
  if (summary.dropped > 0) text += fmt::format(", {} dropped", summary.dropped);
  if (summary.skipped > 0) text += fmt::format(", {} pictures skipped", summary.skipped);
  text += summary.interrupted ? " (interrupted)\n" : "\n";
  bool any = false;
  for (std::size_t c = 0; c < summary.objects.size(); ++c) {
    if (summary.objects[c] == 0) continue;
    text += fmt::format("  {:<20} {:>8}  ({:.2f} a frame)\n", class_names[c], summary.objects[c],
                        static_cast<double>(summary.objects[c]) / static_cast<double>(summary.frames));
    any = true;
  }
  if (!any) text += "  no objects found\n";
  for (const SourceSummary& source : summary.sources) {
    if (source.live) text += live_text(source) + "\n";
    for (const ZoneSummary& zone : source.zones) text += zone_text(zone) + "\n";
    if (source.record_dropped > 0 && !source.live) {
      text += fmt::format("{}: {} frames could not be recorded\n", source.source, source.record_dropped);
    }
  }
  for (const std::string& file : summary.files) {
    if (file != "-") text += fmt::format("wrote {}\n", file);
  }
  return text;
}

}  // namespace dualsight
