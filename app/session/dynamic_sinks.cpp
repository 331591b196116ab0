#include "app/session/dynamic_sinks.h"

#include <chrono>
#include <optional>

namespace dualsight {

DynamicSinks::~DynamicSinks() { collect(true); }

void DynamicSinks::start(Output output, std::unique_ptr<Sink> sink) {
  const std::lock_guard lock(mutex_);
  requests_.push_back({output, std::move(sink), {}});
}

void DynamicSinks::stop(Output output, std::string why) {
  const std::lock_guard lock(mutex_);
  requests_.push_back({output, nullptr, std::move(why)});
}

void DynamicSinks::process_requests() {
  std::vector<Request> requests;
  {
    const std::lock_guard lock(mutex_);
    requests.swap(requests_);
  }
  for (Request& request : requests) {
    close(request.output, std::move(request.why));
    if (request.sink) begin(request.output, std::move(request.sink));
  }
}

void DynamicSinks::begin(Output output, std::unique_ptr<Sink> sink) {
  const HeaderRecord header = header_();
  if (auto begun = sink->begin(header); !begun)
    return on_output_status_({output, false, sink->target(), begun.error().message});
  Running& running = running_[output];
  running.since = std::chrono::steady_clock::now();
  running.summary.objects.resize(header.class_names.size());
  running.summary.files = {sink->target()};
  running.sink = std::move(sink);
  on_output_status_({output, true, running.sink->target(), {}});
}

// Encoders and disks take their time: another thread waits for them.
void DynamicSinks::close(Output output, std::string why) {
  const auto found = running_.find(output);
  if (found == running_.end()) return;
  Running running = std::move(found->second);
  running_.erase(found);
  SummaryRecord summary = std::move(running.summary);
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - running.since;
  summary.timestamp = std::chrono::system_clock::now();
  summary.seconds = lasted.count();
  summary.interrupted = true;
  for (const SourceSummary& source : summary.sources)
    summary.frames += source.frames, summary.dropped += source.dropped;
  std::shared_ptr<Sink> sink = std::move(running.sink);
  sink->prepare_end();
  auto done = std::async(std::launch::async, [sink, summary] { return sink->end(summary); });
  closing_.push_back({output, std::move(sink), std::move(why), std::move(done)});
}

void DynamicSinks::collect(bool wait) {
  std::erase_if(closing_, [&](Closing& closing) {
    if (!wait && closing.done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
    const Result<void> ended = closing.done.get();
    for (StatusRecord& record : closing.sink->take_status_records()) status_records_.push_back(std::move(record));
    const std::string why = ended || !closing.why.empty() ? closing.why : ended.error().message;
    const bool replaced = running_.count(closing.output) > 0;
    if (!replaced) on_output_status_({closing.output, false, closing.sink->target(), why});
    return true;
  });
}

template <typename Call>
void DynamicSinks::each(Call call) {
  std::vector<std::pair<Output, std::string>> failed;
  for (auto& [output, running] : running_) {
    if (const Result<void> done = call(running); !done) failed.emplace_back(output, done.error().message);
  }
  for (auto& [output, why] : failed) close(output, std::move(why));
}

Result<void> DynamicSinks::on_frame(const ShownFrame& frame) {
  each([&](Running& running) { return running.sink->on_frame(frame); });
  return {};
}

Result<void> DynamicSinks::on_result(const FrameRecord& record, const cv::Mat& bgr) {
  each([&](Running& running) {
    auto& sources = running.summary.sources;
    if (sources.empty() || sources.back().source != record.source) sources.emplace_back().source = record.source;
    SourceSummary& source = sources.back();
    source.live = record.live;
    ++source.frames;
    if (source.frames > 1) source.dropped += record.dropped;  // what was dropped before it began is not its own
    source.captured = source.frames + source.dropped;
    for (const Detection& d : record.detections) {
      if (auto c = static_cast<std::size_t>(d.class_id); c < running.summary.objects.size()) {
        ++running.summary.objects[c];
      }
    }
    return running.sink->on_result(record, bgr);
  });
  return {};
}

Result<void> DynamicSinks::on_event(const EventRecord& record) {
  each([&](Running& running) { return running.sink->on_event(record); });
  return {};
}

Result<void> DynamicSinks::on_status(const StatusRecord& record) {
  each([&](Running& running) { return running.sink->on_status(record); });
  return {};
}

void DynamicSinks::prepare_end() {
  process_requests();
  while (!running_.empty()) close(running_.begin()->first, {});
}

Result<void> DynamicSinks::end(const SummaryRecord&) {
  prepare_end();
  collect(true);
  return {};
}

// The pipeline calls this in every round, so requests are processed here.
std::vector<StatusRecord> DynamicSinks::take_status_records() {
  process_requests();
  collect(false);
  for (auto& [output, running] : running_) {
    for (StatusRecord& record : running.sink->take_status_records()) {
      if (record.state == State::recording_failed) stop(output, record.message);
      status_records_.push_back(std::move(record));
    }
  }
  return std::exchange(status_records_, {});
}

SinkLoad DynamicSinks::load() const {
  SinkLoad total;
  for (const auto& [output, running] : running_) {
    const SinkLoad load = running.sink->load();
    total.queued += load.queued;
    total.dropped += load.dropped;
  }
  return total;
}

}  // namespace dualsight
