#include "app/pipeline/pipeline.h"

#include <algorithm>
#include <deque>
#include <map>

namespace dualsight {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds longest_wait{20};  // `stop` and time-outs are looked at so often
constexpr std::chrono::seconds stats_every{1};

class Run {
 public:
  Run(const PipelineOptions& options, const HeaderRecord& header, std::shared_ptr<ObjectFinder> finder,
      const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop, const PipelineEvents& events)
      : options_(options), header_(header), stop_(stop), events_(events), lanes_(lane_count(options)) {
    summary_.objects.resize(header.class_names.size());
    for (const auto& sink : sinks) all_sinks_.push_back({sink.get(), nullptr});
    for (const SourcePlan& plan : options.sources) {
      for (const auto& sink : plan.sinks) all_sinks_.push_back({sink.get(), &plan});
      lanes_[plan.lane].waiting.push_back(&plan);
    }
    inference_ = std::make_unique<InferenceThread>(std::move(finder), lanes_.size(), wake_);
    context_ = std::make_unique<RunContext>(
        RunContext{header, options.max_frames, *inference_, wake_, options.open, start_, [this] { return over(); },
                   [this](const std::string& name) { return unique_name(name); },
                   [this](const FrameRecord& record) { count(record); }, events.on_status});
  }

  void begin() {
    for (const auto& [sink, plan] : all_sinks_) {
      if (failure_) return;
      const auto& files = summary_.files;
      if (!sink->is_monitor() && std::find(files.begin(), files.end(), sink->target()) == files.end()) {
        summary_.files.push_back(sink->target());
      }
      ++begun_;
      if (const auto done = sink->begin(header_); !done) failure_ = done.error();
    }
  }

  void loop() {
    while (!over() && next_sources()) {
      for (Lane& lane : lanes_) {
        if (lane.channel && !over()) lane.channel->advance();
      }
      while (take_result()) {
      }
      pass_on_news();
      every_second();
      if (!over()) wake_->wait_for(longest_wait);
    }
  }

  SummaryRecord end() {
    for (Lane& lane : lanes_) {
      if (lane.channel) lane.channel->stop();
    }
    finish_frame_at_hand();
    for (Lane& lane : lanes_) {
      if (lane.channel) close(lane);
    }
    for (std::size_t i = 0; i < begun_; ++i) all_sinks_[i].sink->prepare_end();
    summarise();
    inference_.reset();
    for (std::size_t i = begun_; i-- > 0;) {
      keep(all_sinks_[i].sink->end(summary_));
      if (!summary_.error) summary_.error = failure_;
      pass_on_news(all_sinks_[i], i);
    }
    return std::move(summary_);
  }

 private:
  struct SinkBinding {
    Sink* sink;
    const SourcePlan* plan;  // whose source alone feeds it; nullptr: all do

    bool hears(const SinkBinding& teller) const {
      return plan == nullptr || teller.plan == nullptr || plan == teller.plan;
    }
  };
  struct Lane {
    std::deque<const SourcePlan*> waiting;
    std::unique_ptr<Channel> channel;  // of the source at hand
    const SourcePlan* plan = nullptr;  // likewise
  };

  static std::size_t lane_count(const PipelineOptions& options) {
    std::size_t count = 1;
    for (const SourcePlan& plan : options.sources) count = std::max(count, plan.lane + 1);
    return count;
  }

  bool over() const { return failure_ || stop_; }

  // Sources that have ended make way for the next of their lane. False: there are none left.
  bool next_sources() {
    bool any = false;
    for (Lane& lane : lanes_) {
      if (lane.channel && lane.channel->finished()) close(lane);
      if (!lane.channel && !lane.waiting.empty() && !over()) {
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
    for (const SinkBinding& fed : all_sinks_) {
      if (fed.plan == nullptr || fed.plan == &plan) sinks.push_back(fed.sink);
    }
    return sinks;
  }

  bool take_result() {
    auto result = inference_->take();
    if (!result) return false;
    Lane& lane = lanes_[result->lane];
    if (lane.channel && !failure_) lane.channel->looked(*std::move(result));
    return true;
  }

  void finish_frame_at_hand() {
    inference_->drop_waiting();
    const auto deadline = steady_clock::now() + InferenceThread::patience;
    const auto busy = [&] {
      for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if (inference_->busy(i)) return true;
      }
      return false;
    };
    while (busy() && steady_clock::now() < deadline) {
      if (!take_result()) wake_->wait_for(longest_wait);
    }
  }

  // What a sink tells from behind its own thread, to the first `count` sinks.
  void pass_on_news(const SinkBinding& teller, std::size_t count) {
    for (const StatusRecord& record : teller.sink->take_status_records()) {
      for (std::size_t i = 0; i < count; ++i) {
        if (all_sinks_[i].hears(teller)) keep(all_sinks_[i].sink->on_status(record));
      }
      if (events_.on_status) events_.on_status(record);
    }
  }

  void pass_on_news() {
    for (const SinkBinding& teller : all_sinks_) pass_on_news(teller, begun_);
  }

  void every_second() {
    const auto now = steady_clock::now();
    if (now < next_stats_) return;
    next_stats_ = now + stats_every;
    for (const SinkBinding& fed : all_sinks_) {
      if (options_.stats || fed.sink->is_monitor()) keep(fed.sink->on_stats(stats(now, fed.plan)));
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
    pass_on_news();
    summary_.timestamp = std::chrono::system_clock::now();
    summary_.seconds = std::chrono::duration<double>(steady_clock::now() - start_).count();
    summary_.interrupted = stop_;
    summary_.error = failure_;
    for (const SourceSummary& source : summary_.sources) {
      summary_.skipped += source.skipped;
      if (!summary_.error) summary_.error = source.error;
    }
  }

  void keep(const Result<void>& result) {
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
  std::unique_ptr<InferenceThread> inference_;
  std::unique_ptr<RunContext> context_;
  SteadyTime next_stats_ = start_ + stats_every;
  std::map<const SourcePlan*, SourceSummary> closed_;  // in the order of the plans, which lie in one vector
  SummaryRecord summary_;
  std::map<std::string, int> names_;
};

}  // namespace

SummaryRecord run_pipeline(const PipelineOptions& options, const HeaderRecord& header,
                           std::shared_ptr<ObjectFinder> finder, const std::vector<std::unique_ptr<Sink>>& sinks,
                           const std::atomic<bool>& stop, const PipelineEvents& events) {
  Run run(options, header, std::move(finder), sinks, stop, events);
  run.begin();
  run.loop();
  return run.end();
}

}  // namespace dualsight
