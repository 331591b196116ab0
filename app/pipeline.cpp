#include "app/pipeline.h"

#include <algorithm>
#include <map>

#include "app/redact.h"
#include "detector/overlay.h"

namespace dualsight {
namespace {

using std::chrono::steady_clock;

class Run {
 public:
  Run(const PipelineOptions& options, const HeaderRecord& header, ObjectFinder& finder,
      const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop, const PipelineEvents& events)
      : options_(options), header_(header), finder_(finder), sinks_(sinks), stop_(stop), events_(events) {
    summary_.objects.resize(header.class_names.size());
    draw_ = std::any_of(sinks.begin(), sinks.end(), [](const auto& sink) { return sink->wants_picture(); });
  }

  void begin() {
    for (const auto& sink : sinks_) {
      if (broken_) return;
      summary_.files.push_back(sink->target());
      ++begun_;
      keep(sink->begin(header_));
    }
  }

  bool over() const { return broken_ || stop_; }

  void look_through(const std::string& spec) {
    SourceSummary& counts = summary_.sources.emplace_back();
    counts.source = redact(spec);
    SourceOptions source_options;
    source_options.stop = &stop_;
    source_options.on_status = [&](SourceState state, const std::string& message, const std::string& file) {
      report(counts, state, message, file);
    };
    auto source = options_.open(spec, source_options);
    if (!source) return fail(counts, source.error());
    counts.source = unique_name((*source)->info().name);

    while (!over() && (options_.max_frames == 0 || counts.frames < options_.max_frames)) {
      auto frame = (*source)->read();
      if (!frame) return fail(counts, frame.error());
      if (!*frame) return;
      look_at(**frame, (*source)->info(), counts);
    }
  }

  SummaryRecord end() {
    summary_.timestamp = std::chrono::system_clock::now();
    summary_.seconds = std::chrono::duration<double>(steady_clock::now() - start_).count();
    summary_.interrupted = stop_;
    for (std::size_t i = begun_; i-- > 0;) keep(sinks_[i]->end(summary_));
    return std::move(summary_);
  }

 private:
  void look_at(const Frame& frame, const SourceInfo& source, SourceSummary& counts) {
    const cv::Mat& bgr = frame.bgr;
    auto found = finder_.find({bgr.data, bgr.cols, bgr.rows, static_cast<std::ptrdiff_t>(bgr.step[0])});
    if (!found) return keep(found.error());

    FrameRecord record;
    record.source = counts.source;
    record.file = frame.file;
    record.frame = frame.number;
    record.pts_ms = frame.pts_ms;
    record.timestamp = frame.timestamp;
    record.width = bgr.cols;
    record.height = bgr.rows;
    record.speed = found->speed;
    record.dropped = frame.dropped;
    record.source_fps = source.fps;
    record.source_frames = source.frame_count;
    record.detections = std::move(found->detections);
    record.age_ms = std::chrono::duration<double, std::milli>(steady_clock::now() - frame.captured).count();

    cv::Mat annotated;
    if (draw_) {
      annotated = bgr.clone();
      draw_detections(annotated, record.detections, header_.class_names, {});
    }
    for (const auto& sink : sinks_) keep(sink->frame(record, annotated));

    ++counts.frames, ++summary_.frames;
    counts.dropped += frame.dropped, summary_.dropped += frame.dropped;
    for (const Detection& d : record.detections) ++summary_.objects.at(static_cast<std::size_t>(d.class_id));
    summary_.seconds = std::chrono::duration<double>(steady_clock::now() - start_).count();
    if (events_.on_frame) events_.on_frame(record, summary_);
  }

  void report(SourceSummary& counts, SourceState state, const std::string& message, const std::string& file) {
    if (state == SourceState::skipped) ++counts.skipped, ++summary_.skipped;
    if (state == SourceState::truncated) counts.truncated = true;
    const StatusRecord record{counts.source, std::chrono::system_clock::now(), state, message, file};
    for (const auto& sink : sinks_) keep(sink->status(record));
    if (events_.on_status) events_.on_status(record);
  }

  void fail(SourceSummary& counts, const Error& error) {
    if (!summary_.error) summary_.error = error;  // the run goes on with the next source
    report(counts, SourceState::failed, error.message, "");
  }

  // Only the first failure is worth telling: the others follow from it.
  void keep(const Result<void>& result) {
    if (result) return;
    if (!broken_) summary_.error = result.error();
    broken_ = true;
  }

  std::string unique_name(const std::string& name) {
    const int count = ++names_[name];
    return count == 1 ? name : name + "#" + std::to_string(count);
  }

  const PipelineOptions& options_;
  const HeaderRecord& header_;
  ObjectFinder& finder_;
  const std::vector<std::unique_ptr<Sink>>& sinks_;
  const std::atomic<bool>& stop_;
  const PipelineEvents& events_;
  const SteadyTime start_ = steady_clock::now();
  SummaryRecord summary_;
  std::map<std::string, int> names_;
  std::size_t begun_ = 0;
  bool draw_ = false;
  bool broken_ = false;  // a sink or the detector failed
};

}  // namespace

SummaryRecord run_pipeline(const PipelineOptions& options, const HeaderRecord& header, ObjectFinder& finder,
                           const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop,
                           const PipelineEvents& events) {
  Run run(options, header, finder, sinks, stop, events);
  run.begin();
  for (const std::string& spec : options.sources) {
    if (run.over()) break;
    run.look_through(spec);
  }
  return run.end();
}

}  // namespace dualsight
