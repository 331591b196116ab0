#include "app/sinks/prometheus.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <functional>
#include <system_error>

#include "app/system/output_file.h"

namespace dualsight {
namespace {

// A label value: quotes and backslashes escaped, on one line.
std::string label(const std::string& value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

class PrometheusWriter : public Sink {
 public:
  explicit PrometheusWriter(std::string path) : path_(std::move(path)) {}
  std::string target() const override { return path_; }
  bool is_monitor() const override { return true; }

  // A place that cannot be written shows at once; what fails later (a full disk) is warned of, and is an error at the
  // end.
  Result<void> begin(const HeaderRecord&) override { return write_prometheus(path_, {}); }
  Result<void> on_result(const FrameRecord&, const cv::Mat&) override { return {}; }
  Result<void> on_stats(const StatsRecord& stats) override {
    last_ = write_prometheus(path_, stats);
    if (!last_) spdlog::warn(last_.error().message);
    return {};
  }
  Result<void> end(const SummaryRecord&) override { return last_; }

 private:
  std::string path_;
  Result<void> last_;  // write
};

}  // namespace

std::string prometheus_text(const StatsRecord& stats) {
  std::string out;
  const auto metric = [&](const char* name, const char* type, const char* help,
                          const std::function<double(const SourceStats&)>& value) {
    out += fmt::format("# HELP dualsight_{0} {2}\n# TYPE dualsight_{0} {1}\n", name, type, help);
    for (const SourceStats& source : stats.sources) {
      out += fmt::format("dualsight_{}{{source=\"{}\"}} {:g}\n", name, label(source.source), value(source));
    }
  };
  const auto count = [](int64_t value) { return static_cast<double>(value); };
  using S = const SourceStats&;
  metric("up", "gauge", "1 while the source delivers", [](S s) { return s.state == State::connected ? 1.0 : 0.0; });
  metric("capture_fps", "gauge", "Frames a second that come, measured", [](S s) { return s.capture_fps; });
  metric("detect_fps", "gauge", "Frames a second that the detector looks at", [](S s) { return s.detect_fps; });
  metric("age_seconds", "gauge", "Capture to result of the newest result", [](S s) { return s.age_ms / 1000; });
  metric("captured_total", "counter", "Frames that came", [&](S s) { return count(s.captured); });
  metric("looked_at_total", "counter", "Frames that the detector looked at", [&](S s) { return count(s.looked_at); });
  metric("dropped_total", "counter", "Frames that came while the detector was busy",
         [&](S s) { return count(s.dropped); });
  metric("reconnects_total", "counter", "How often the source came back", [&](S s) { return count(s.reconnects); });
  metric("record_queue", "gauge", "Frames waiting to be encoded", [&](S s) { return static_cast<double>(s.queued); });
  metric("record_dropped_total", "counter", "Frames that could not be recorded",
         [&](S s) { return count(s.record_dropped); });
  return out;
}

Result<void> write_prometheus(const std::string& path, const StatsRecord& stats) {
  const std::string draft = path + ".part";
  if (auto written = write_file(draft, prometheus_text(stats)); !written) return written;
  std::error_code failure;
  std::filesystem::rename(draft, path, failure);
  if (failure) return Error{ErrorKind::output, path + ": cannot be written: " + failure.message()};
  return {};
}

std::unique_ptr<Sink> make_prometheus_writer(const std::string& path) {
  return std::make_unique<PrometheusWriter>(path);
}

SinkRow prometheus_row() {
  return {.option = "--prometheus",
          .value_name = "FILE",
          .help = "Keep the same numbers in FILE, for Prometheus' text-file collector",
          .make =
              [](const SinkRequest& request) {
                return Result<std::unique_ptr<Sink>>(make_prometheus_writer(request.target));
              },
          .whole_run = true};
}

}  // namespace dualsight
