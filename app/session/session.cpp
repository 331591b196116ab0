#include "app/session/session.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "app/pipeline/pipeline.h"
#include "app/session/dynamic_sinks.h"
#include "app/sinks/result_writer.h"
#include "app/system/redact.h"

namespace dualsight {
namespace {

// A source is opened without its model's classes when they take longer to become known: the run starts anew then.
constexpr std::chrono::seconds wait_for_model_info{1};

bool any(const std::vector<bool>& flags) { return std::find(flags.begin(), flags.end(), true) != flags.end(); }

// Settings per class of one model, carried over to another model's classes by name.
template <typename T>
std::vector<T> per_class(const std::vector<T>& values, const std::vector<std::string>& from,
                         const std::vector<std::string>& to, const std::vector<T>& otherwise) {
  if (values.size() != from.size()) return otherwise;
  std::vector<T> out = otherwise;
  for (std::size_t i = 0; i < to.size() && i < out.size(); ++i) {
    const auto found = std::find(from.begin(), from.end(), to[i]);
    if (found != from.end()) out[i] = values[static_cast<std::size_t>(found - from.begin())];
  }
  return out;
}

}  // namespace

struct Session::Impl {
  // A frame that the detector has processed.
  struct Processed {
    FrameRecord record;
    cv::Mat bgr;
    std::vector<std::string> class_names;
  };

  // Passes what the pipeline reports on to the listener.
  class SessionSink : public Sink {
   public:
    explicit SessionSink(Impl& session) : session_(session) {}
    std::string target() const override { return {}; }
    Result<void> begin(const HeaderRecord& header) override {
      class_names_ = header.class_names;
      return {};
    }
    bool wants_preview() const override { return true; }
    void on_preview(const ShownFrame& frame) override { session_.notify(&SessionListener::on_frame, frame); }
    Result<void> on_frame(const ShownFrame& frame) override {
      if (!frame.live) session_.notify(&SessionListener::on_frame, frame);  // live ones came as a preview
      return {};
    }
    Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) override {
      {
        const std::lock_guard lock(session_.mutex);
        session_.newest = Processed{record, bgr, class_names_};
      }
      session_.notify(&SessionListener::on_result, record, bgr);
      return {};
    }
    Result<void> on_event(const EventRecord& event) override {
      session_.notify(&SessionListener::on_event, event);
      return {};
    }
    Result<void> on_status(const StatusRecord&) override { return {}; }  // by the pipeline's events, which are more
    Result<void> end(const SummaryRecord&) override { return {}; }

   private:
    Impl& session_;
    std::vector<std::string> class_names_;
  };

  SessionListener& listener;
  const SessionOptions options;
  std::recursive_mutex notifying;  // one call of the listener at a time
  const std::shared_ptr<Controls> controls = std::make_shared<Controls>();
  std::unique_ptr<InferenceThread> inference;  // lent to one run after another

  std::mutex mutex;  // guards all to the next blank line
  std::condition_variable changed;
  std::optional<SourceSettings> wanted;   // to be opened next
  std::optional<SourceSettings> current;  // of the run
  Adjustments adjustments;                // the newest
  std::vector<std::string> class_names;   // which the adjustments are about
  std::vector<std::string> run_names;     // classes of the run
  DynamicSinks* outputs = nullptr;        // of the run
  std::optional<Processed> newest;        // of the run
  std::atomic<bool> stop{false};          // the run
  bool quit = false;

  std::vector<std::future<void>> jobs;  // snapshots being written; the caller's thread's
  std::thread thread;

  Impl(SessionListener& l, SessionOptions o) : listener(l), options(std::move(o)) {
    InferenceOptions how{options.open_detector, controls, [this](const ModelStatus& s) { on_model_status(s); }};
    how.patience = std::chrono::milliseconds(1000);  // runs do not wait for the detector, the session's end does
    inference = std::make_unique<InferenceThread>(std::move(how));
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      quit = true;
      wanted.reset();
      end_run();
    }
    inference->stop();
    thread.join();
    inference.reset();
  }

  template <typename... Args, typename... Given>
  void notify(void (SessionListener::*what)(Args...), Given&&... given) {
    const std::lock_guard lock(notifying);
    (listener.*what)(std::forward<Given>(given)...);
  }

  // With the mutex held.
  void end_run() {
    stop = true;
    changed.notify_all();
  }

  // --- the inference thread

  void on_model_status(const ModelStatus& status) {
    {
      const std::lock_guard lock(mutex);
      const auto& names = status.info.class_names;
      if (!names.empty() && names != class_names) {
        adjustments.thresholds = per_class(adjustments.thresholds, class_names, names, status.info.thresholds);
        adjustments.blur = per_class(adjustments.blur, class_names, names,
                                     std::vector<bool>(any(adjustments.blur) ? names.size() : 0));
        class_names = names;
        controls->set(adjustments);
      }
      // The classes of a run are fixed: other ones need another run. The model has no results before this call returns.
      if (current && !wanted && status.state == ModelStatus::State::loading && names != run_names) {
        wanted = current;
        end_run();
      }
      if (status.state == ModelStatus::State::failed && any(adjustments.blur) && outputs != nullptr) {
        for (const Output output : {Output::recording, Output::records}) outputs->stop(output, cannot_blur());
      }
    }
    notify(&SessionListener::on_model, status);
  }

  static std::string cannot_blur() {
    return "blurring is asked for, but there is no model that could find what to blur";
  }

  // --- the session's thread

  void run() {
    while (true) {
      SourceSettings source;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return quit || wanted; });
        if (quit) return;
      }
      inference->wait_for_info(wait_for_model_info);
      {
        const std::lock_guard lock(mutex);
        if (quit) return;
        if (!wanted) continue;
        source = *std::exchange(wanted, std::nullopt);
        current = source;
        run_names = inference->status().info.class_names;  // newer ones will find `current` set, and end the run
        newest.reset();
        stop = false;
      }
      run(source);
    }
  }

  HeaderRecord header_of(const SourceSettings& source) {
    const ModelStatus status = inference->status();
    HeaderRecord header;
    header.timestamp = std::chrono::system_clock::now();
    header.model_file = status.file.string();
    header.model_name = status.info.name;
    header.architecture = status.info.architecture;
    header.model_sha256 = status.sha256;
    header.sources = {redact(source.spec)};
    header.options = status.options;
    header.options.iou = controls->get()->iou;
    header.options.iou_across_classes = kCrossClassIou;
    header.device = status.device;
    header.tracking = controls->get()->tracking;
    header.keeps_candidates = true;
    const std::lock_guard lock(mutex);
    header.class_names = run_names;
    header.thresholds =
        adjustments.thresholds.size() == run_names.size() ? adjustments.thresholds : status.info.thresholds;
    header.thresholds.resize(run_names.size(), 1);
    for (std::size_t c = 0; c < adjustments.blur.size() && c < run_names.size(); ++c) {
      if (adjustments.blur[c]) header.blurred.push_back(run_names[c]);
    }
    return header;
  }

  void run(const SourceSettings& source) {
    std::vector<std::unique_ptr<Sink>> sinks;
    sinks.push_back(std::make_unique<SessionSink>(*this));
    auto switched =
        std::make_unique<DynamicSinks>([this, source] { return header_of(source); },
                                       [this](const OutputStatus& s) { notify(&SessionListener::on_output, s); });
    {
      const std::lock_guard lock(mutex);
      outputs = switched.get();
    }
    sinks.push_back(std::move(switched));

    PipelineOptions pipeline;
    SourcePlan& plan = pipeline.sources.emplace_back();
    plan.source = source;
    plan.controls = controls;
    pipeline.open = options.open;
    pipeline.patience = std::chrono::milliseconds(0);  // the next source does not wait for a slow detector
    PipelineEvents events;
    events.on_status = [this](const StatusRecord& record) { notify(&SessionListener::on_status, record); };
    events.on_stats = [this](const StatsRecord& record) {
      for (const SourceStats& stats : record.sources) notify(&SessionListener::on_stats, stats);
    };
    const HeaderRecord header = header_of(source);
    const SummaryRecord summary = run_pipeline(pipeline, header, *inference, sinks, stop, events);
    {
      const std::lock_guard lock(mutex);
      outputs = nullptr;
      current.reset();
    }
    notify(&SessionListener::on_end, summary);
  }

  // --- the caller's thread

  void begin(Output output, Result<std::unique_ptr<Sink>> sink, const std::string& target) {
    std::string problem;
    {
      const std::lock_guard lock(mutex);
      if (!sink) {
        problem = sink.error().message;
      } else if (outputs == nullptr) {
        problem = target + ": nothing is open that could be recorded";
      } else if (any(adjustments.blur) && inference->status().state != ModelStatus::State::ready &&
                 inference->status().state != ModelStatus::State::loading) {
        problem = target + ": " + cannot_blur();
      } else {
        outputs->start(output, *std::move(sink));
      }
    }
    if (!problem.empty()) notify(&SessionListener::on_output, OutputStatus{output, false, target, problem});
  }
};

Session::Session(SessionListener& listener, SessionOptions options)
    : impl_(std::make_unique<Impl>(listener, std::move(options))) {}
Session::~Session() = default;

void Session::open(SourceSettings source) {
  source.paced = true;
  const std::lock_guard lock(impl_->mutex);
  impl_->wanted = std::move(source);
  impl_->end_run();
}

void Session::close() {
  const std::lock_guard lock(impl_->mutex);
  impl_->wanted.reset();
  impl_->end_run();
}

void Session::use_model(const std::filesystem::path& file, const DetectorOptions& options) {
  DetectorOptions all = options;
  all.confidence = lowest_threshold;  // the thresholds in force are applied to what is found (Controls)
  all.candidates = 1;
  all.iou_across_classes = 1;
  all.classes.clear();
  impl_->inference->load(file, all);
}

void Session::adjust(Adjustments adjustments) {
  for (float& threshold : adjustments.thresholds) threshold = std::max(threshold, lowest_threshold);
  const std::lock_guard lock(impl_->mutex);
  // Lists of another length are about a model that was replaced: those of the present one stay in force.
  const std::size_t classes = impl_->class_names.size();
  if (classes > 0 && adjustments.blur.size() != classes) adjustments.blur = impl_->adjustments.blur;
  if (!any(adjustments.blur)) adjustments.blur.clear();
  if (classes > 0 && adjustments.thresholds.size() != classes) adjustments.thresholds = impl_->adjustments.thresholds;
  impl_->adjustments = adjustments;
  impl_->controls->set(std::move(adjustments));
}

void Session::start(RecorderOptions recording) {
  const std::string target = recording.target;
  recording.on_event = [impl = impl_.get()](const EventRecord& event, const std::string& video, double seconds) {
    impl->notify(&SessionListener::on_recorded, event, video, seconds);
  };
  impl_->begin(Output::recording, make_recorder(std::move(recording)), target);
}

void Session::start_records(const std::string& file) {
  impl_->begin(Output::records, make_result_writer(result_formats().front(), file), file);
}

void Session::stop(Output output) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->outputs != nullptr) impl_->outputs->stop(output);
}

void Session::save_snapshot(SnapshotOptions options) {
  auto& jobs = impl_->jobs;
  std::erase_if(
      jobs, [](std::future<void>& job) { return job.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  std::optional<Impl::Processed> newest;
  bool hidden = false;
  {
    const std::lock_guard lock(impl_->mutex);
    newest = impl_->newest;
    hidden = any(impl_->adjustments.blur) && impl_->inference->status().state != ModelStatus::State::ready;
  }
  jobs.push_back(std::async(std::launch::async, [impl = impl_.get(), options = std::move(options), newest, hidden] {
    Result<std::string> file = Error{ErrorKind::output, options.file + ": no frame was looked at yet"};
    if (hidden) file = Error{ErrorKind::output, options.file + ": " + Impl::cannot_blur()};
    if (newest && !hidden) file = write_snapshot(options, newest->bgr, newest->record.detections, newest->class_names);
    impl->notify(&SessionListener::on_snapshot, file);
  }));
}

}  // namespace dualsight
