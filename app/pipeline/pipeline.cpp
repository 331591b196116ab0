#include "app/pipeline/pipeline.h"

#include <algorithm>
#include <deque>
#include <map>

namespace dualsight {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds longest_wait{20};  // how long until `stop` and time-outs are checked again
constexpr std::chrono::seconds stats_every{1};

class Run {
 public:
  Run(const PipelineOptions& options, const HeaderRecord& header, InferenceThread& inference,
      const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop, const PipelineEvents& events)
      : options_(options), header_(header), stop_(stop), events_(events), lanes_(lane_count(options)) {
    summary_.objects.resize(header.class_names.size());
    for (const auto& sink : sinks) all_sinks_.push_back({sink.get(), nullptr});
    for (const SourcePlan& plan : options.sources) {
      for (const auto& sink : plan.sinks) all_sinks_.push_back({sink.get(), &plan});
      lanes_[plan.lane].waiting.push_back(&plan);
    }
    inference_ = inference.lend(lanes_.size(), wake_);
    context_ = std::make_unique<RunContext>(
        RunContext{header, options.max_frames, *inference_, wake_, options.open, start_, [this] { return stopping(); },
                   [this](const std::string& name) { return unique_name(name); },
                   [this](const FrameRecord& record) { count(record); }, events.on_status});
  }

  void begin() {
    for (const auto& [sink, plan] : all_sinks_) {
      if (failure_) return;
      ++begun_;
      if (const auto done = sink->begin(header_); !done) {
        failure_ = done.error();
        return;
      }
      const auto& files = summary_.files;
      if (!sink->is_monitor() && std::find(files.begin(), files.end(), sink->target()) == files.end()) {
        summary_.files.push_back(sink->target());
      }
    }
  }

  void loop() {
    while (!stopping() && next_sources()) {
      for (Lane& lane : lanes_) {
        if (lane.channel && !stopping()) lane.channel->advance();
      }
      while (take_result()) {
      }
      forward_statuses();
      every_second();
      if (nobody_listens()) return;
      if (!stopping()) wake_->wait_for(longest_wait);
    }
  }

  SummaryRecord end() {
    for (Lane& lane : lanes_) {
      if (lane.channel) lane.channel->stop();
    }
    finish_frames_in_process();
    for (Lane& lane : lanes_) {
      if (lane.channel) close(lane);
    }
    for (std::size_t i = 0; i < begun_; ++i) all_sinks_[i].sink->prepare_end();
    summarise();
    inference_.reset();
    for (std::size_t i = begun_; i-- > 0;) {
      const auto ended = all_sinks_[i].sink->end(summary_);
      if (!ended) std::erase(summary_.files, all_sinks_[i].sink->target());
      keep_failure(ended);
      if (!summary_.error) summary_.error = failure_;
      forward_statuses(all_sinks_[i], i);
    }
    return std::move(summary_);
  }

 private:
  struct SinkBinding {
    Sink* sink;
    const SourcePlan* plan;  // whose source alone feeds it; nullptr: all do

    bool shares_source_with(const SinkBinding& other) const {
      return plan == nullptr || other.plan == nullptr || plan == other.plan;
    }
  };
  struct Lane {
    std::deque<const SourcePlan*> waiting;
    std::unique_ptr<Channel> channel;  // of the source that runs
    const SourcePlan* plan = nullptr;  // likewise
  };

  static std::size_t lane_count(const PipelineOptions& options) {
    std::size_t count = 1;
    for (const SourcePlan& plan : options.sources) count = std::max(count, plan.lane + 1);
    return count;
  }

  // `dualsight detect ... --json - | head -1`: with no other output, there is nothing left to do.
  bool nobody_listens() const {
    return begun_ > 0 && std::all_of(all_sinks_.begin(), all_sinks_.end(),
                                     [](const SinkBinding& bound) { return bound.sink->reader_is_gone(); });
  }

  bool stopping() const { return failure_ || stop_; }

  // Sources that have ended make way for the next of their lane. False: there are none left.
  bool next_sources() {
    bool any = false;
    for (Lane& lane : lanes_) {
      if (lane.channel && lane.channel->finished()) close(lane);
      if (!lane.channel && !lane.waiting.empty() && !stopping()) {
        lane.plan = lane.waiting.front();
        lane.waiting.pop_front();
        lane.channel = std::make_unique<Channel>(*lane.plan, *context_, SinkGroup(sinks_of(*lane.plan), failure_));
      }
      any = any || lane.channel != nullptr;
    }
    return any;
  }

  void close(Lane& lane) {
    lane.channel->close();
    closed_.emplace(lane.plan, lane.channel->summary());
    lane.channel.reset();
    summary_.sources.clear();
    for (const auto& [plan, summary] : closed_) summary_.sources.push_back(summary);
  }

  std::vector<Sink*> sinks_of(const SourcePlan& plan) const {
    std::vector<Sink*> sinks;
    for (const SinkBinding& bound : all_sinks_) {
      if (bound.plan == nullptr || bound.plan == &plan) sinks.push_back(bound.sink);
    }
    return sinks;
  }

  bool take_result() {
    auto result = inference_->take();
    if (!result) return false;
    Lane& lane = lanes_[result->lane];
    // Asked after take(): whoever stops a run because the model changes does so before the new model has results.
    const bool discard = failure_ || (stop_ && options_.patience.count() == 0);
    if (lane.channel && !discard) lane.channel->on_inference_result(*std::move(result));
    return true;
  }

  // Of what the detector has begun, the results are still processed, as far as they come in time.
  void finish_frames_in_process() {
    inference_->drop_waiting();
    const auto deadline = steady_clock::now() + options_.patience;
    while (true) {
      while (take_result()) {
      }
      if (!inference_->busy() || steady_clock::now() >= deadline) return;
      wake_->wait_for(longest_wait);
    }
  }

  // What happened on a sink's own thread, to people and to those of the first `count` sinks that it concerns.
  void forward_statuses(const SinkBinding& from, std::size_t count) {
    for (const StatusRecord& record : from.sink->take_status_records()) {
      for (std::size_t i = 0; i < count; ++i) {
        if (all_sinks_[i].shares_source_with(from)) keep_failure(all_sinks_[i].sink->on_status(record));
      }
      if (events_.on_status) events_.on_status(record);
    }
  }

  void forward_statuses() {
    for (const SinkBinding& bound : all_sinks_) forward_statuses(bound, begun_);
  }

  void every_second() {
    const auto now = steady_clock::now();
    if (now < next_stats_) return;
    next_stats_ = now + stats_every;
    for (const SinkBinding& bound : all_sinks_) {
      if (options_.stats || bound.sink->is_monitor()) keep_failure(bound.sink->on_stats(stats(now, bound.plan)));
    }
    if (events_.on_stats) events_.on_stats(stats(now, nullptr));
  }

  // Of one source, or of all that run (nullptr).
  StatsRecord stats(SteadyTime now, const SourcePlan* plan) {
    StatsRecord record;
    record.timestamp = std::chrono::system_clock::now();
    record.seconds = std::chrono::duration<double>(now - start_).count();
    for (const Lane& lane : lanes_) {
      if (lane.channel && (plan == nullptr || lane.plan == plan)) record.sources.push_back(lane.channel->stats(now));
    }
    return record;
  }

  void count(const FrameRecord& record) {
    ++summary_.frames;
    summary_.dropped += record.dropped;
    for (const Detection& d : record.detections) ++summary_.objects.at(static_cast<std::size_t>(d.class_id));
    summary_.seconds = std::chrono::duration<double>(steady_clock::now() - start_).count();
    if (events_.on_frame) events_.on_frame(record, summary_);
  }

  void summarise() {
    forward_statuses();
    summary_.timestamp = std::chrono::system_clock::now();
    summary_.seconds = std::chrono::duration<double>(steady_clock::now() - start_).count();
    summary_.interrupted = stop_;
    summary_.error = failure_;
    for (const SourceSummary& source : summary_.sources) {
      summary_.skipped += source.skipped;
      if (!summary_.error) summary_.error = source.error;
    }
  }

  void keep_failure(const Result<void>& result) {
    if (!result && !failure_) failure_ = result.error();
  }

  std::string unique_name(const std::string& name) {
    const int count = ++names_[name];
    return count == 1 ? name : name + "#" + std::to_string(count);
  }

  const PipelineOptions& options_;
  const HeaderRecord& header_;
  const std::atomic<bool>& stop_;
  const PipelineEvents& events_;
  const SteadyTime start_ = steady_clock::now();
  const std::shared_ptr<WakeUp> wake_ = std::make_shared<WakeUp>();
  std::vector<SinkBinding> all_sinks_;  // the shared ones first
  std::size_t begun_ = 0;
  std::optional<Error> failure_;  // of a sink or the detector: the run is over
  std::vector<Lane> lanes_;
  std::shared_ptr<InferenceLanes> inference_;
  std::unique_ptr<RunContext> context_;
  SteadyTime next_stats_ = start_ + stats_every;
  std::map<const SourcePlan*, SourceSummary> closed_;  // in the order of the plans, which lie in one vector
  SummaryRecord summary_;
  std::map<std::string, int> names_;
};

}  // namespace

SummaryRecord run_pipeline(const PipelineOptions& options, const HeaderRecord& header, InferenceThread& inference,
                           const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop,
                           const PipelineEvents& events) {
  Run run(options, header, inference, sinks, stop, events);
  run.begin();
  run.loop();
  return run.end();
}

}  // namespace dualsight
