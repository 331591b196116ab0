#include "app/switched_sinks.h"

#include <chrono>
#include <optional>

namespace dualsight {

SwitchedSinks::~SwitchedSinks() { collect(true); }

void SwitchedSinks::start(Output output, std::unique_ptr<Sink> sink) {
  const std::lock_guard lock(mutex_);
  requests_.push_back({output, std::move(sink), {}});
}

void SwitchedSinks::stop(Output output, std::string why) {
  const std::lock_guard lock(mutex_);
  requests_.push_back({output, nullptr, std::move(why)});
}

void SwitchedSinks::obey() {
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

void SwitchedSinks::begin(Output output, std::unique_ptr<Sink> sink) {
  const HeaderRecord header = header_();
  if (auto begun = sink->begin(header); !begun) return told_({output, false, sink->target(), begun.error().message});
  Running& running = running_[output];
  running.since = std::chrono::steady_clock::now();
  running.summary.objects.resize(header.class_names.size());
  running.summary.files = {sink->target()};
  running.sink = std::move(sink);
  told_({output, true, running.sink->target(), {}});
}

// Encoders and disks take their time: another thread waits for them.
void SwitchedSinks::close(Output output, std::string why) {
  const auto found = running_.find(output);
  if (found == running_.end()) return;
  Running running = std::move(found->second);
  running_.erase(found);
  SummaryRecord summary = std::move(running.summary);
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - running.since;
  summary.timestamp = std::chrono::system_clock::now();
  summary.seconds = lasted.count();
  summary.interrupted = true;
  for (const SourceSummary& source : summary.sources) summary.frames += source.frames, summary.dropped += source.dropped;
  std::shared_ptr<Sink> sink = std::move(running.sink);
  sink->prepare_end();
  auto done = std::async(std::launch::async, [sink, summary] { return sink->end(summary); });
  closing_.push_back({output, std::move(sink), std::move(why), std::move(done)});
}

void SwitchedSinks::collect(bool wait) {
  std::erase_if(closing_, [&](Closing& closing) {
    if (!wait && closing.done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
    const Result<void> ended = closing.done.get();
    for (StatusRecord& record : closing.sink->news()) news_.push_back(std::move(record));
    const std::string why = ended || !closing.why.empty() ? closing.why : ended.error().message;
    const bool replaced = running_.count(closing.output) > 0;
    if (!replaced) told_({closing.output, false, closing.sink->target(), why});
    return true;
  });
}

template <typename Call>
void SwitchedSinks::each(Call call) {
  std::vector<std::pair<Output, std::string>> failed;
  for (auto& [output, running] : running_) {
    if (const Result<void> done = call(running); !done) failed.emplace_back(output, done.error().message);
  }
  for (auto& [output, why] : failed) close(output, std::move(why));
}

Result<void> SwitchedSinks::shown(const ShownFrame& frame) {
  each([&](Running& running) { return running.sink->shown(frame); });
  return {};
}

Result<void> SwitchedSinks::frame(const FrameRecord& record, const cv::Mat& bgr) {
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
    return running.sink->frame(record, bgr);
  });
  return {};
}

Result<void> SwitchedSinks::event(const EventRecord& record) {
  each([&](Running& running) { return running.sink->event(record); });
  return {};
}

Result<void> SwitchedSinks::status(const StatusRecord& record) {
  each([&](Running& running) { return running.sink->status(record); });
  return {};
}

void SwitchedSinks::prepare_end() {
  obey();
  while (!running_.empty()) close(running_.begin()->first, {});
}

Result<void> SwitchedSinks::end(const SummaryRecord&) {
  prepare_end();
  collect(true);
  return {};
}

// The pipeline asks for news in every round: the place to do what was asked for.
std::vector<StatusRecord> SwitchedSinks::news() {
  obey();
  collect(false);
  for (auto& [output, running] : running_) {
    for (StatusRecord& record : running.sink->news()) {
      if (record.state == State::recording_failed) stop(output, record.message);
      news_.push_back(std::move(record));
    }
  }
  return std::exchange(news_, {});
}

SinkLoad SwitchedSinks::load() const {
  SinkLoad total;
  for (const auto& [output, running] : running_) {
    const SinkLoad load = running.sink->load();
    total.queued += load.queued;
    total.dropped += load.dropped;
  }
  return total;
}

}  // namespace dualsight
