#include "app/pipeline/inference_thread.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "app/system/detached_threads.h"
#include "detector/detector_formats.h"

namespace dualsight {
namespace {

using std::chrono::steady_clock;

struct LoadRequest {
  std::filesystem::path file;
  DetectorOptions options;
};

}  // namespace

struct InferenceThread::Shared {
  const InferenceOptions options;
  const std::shared_ptr<WakeUp> wake = std::make_shared<WakeUp>();  // of this thread: frames, requests, stop()

  mutable std::mutex mutex;                          // guards all to the next blank line
  mutable std::condition_variable changed;           // status, stop, ended
  std::optional<LoadRequest> request;                // the newest, not begun yet
  int64_t requested = 0, informed = 0, settled = 0;  // loads: asked for, their info known, ready or failed
  ModelStatus status;
  std::optional<Error> error;  // of the last load
  std::vector<std::weak_ptr<InferenceLanes>> lent;
  std::optional<SteadyTime> stopped;
  bool ended = false;

  // The thread's own.
  std::unique_ptr<Detector> detector;
  std::optional<float> iou;  // as the detector has it

  explicit Shared(InferenceOptions o) : options(std::move(o)) {}

  void run() {
    while (true) {
      std::optional<LoadRequest> wanted;
      {
        const std::lock_guard lock(mutex);
        if (stopped) break;
        wanted = std::exchange(request, std::nullopt);
      }
      if (wanted) {
        load(*wanted);
      } else if (!process_frame()) {
        wake->wait_for(std::chrono::hours(1));
      }
    }
    detector.reset();
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }

  // --- models

  void load(const LoadRequest& wanted) {
    detector.reset();
    iou.reset();
    ModelStatus model;
    model.file = wanted.file;
    if (wanted.file.empty()) {
      publish(model);
      return;
    }
    try {
      auto info = read_model_info(wanted.file);
      if (!info) return publish_failure(model, info.error());
      model.info = *std::move(info);
      model.sha256 = file_sha256(wanted.file);
      model.state = ModelStatus::State::loading;
      if (!publish(model)) return;
      auto opened = options.open(wanted.file, wanted.options);
      if (!opened) return publish_failure(model, opened.error());
      detector = *std::move(opened);
      const DetectorDescription& description = detector->description();
      model.options = description.options;
      model.device = description.device;
      model.backend = description.backend;
      model.thresholds = description.thresholds;
      model.state = ModelStatus::State::ready;
      publish(model);
    } catch (const std::exception& failure) {  // exceptions stop at the thread's top
      publish_failure(model, {ErrorKind::internal, wanted.file.string() + ": " + failure.what()});
    }
  }

  void publish_failure(ModelStatus model, const Error& why) {
    model.state = ModelStatus::State::failed;
    model.problem = why.message;
    publish(model, why);
  }

  // False: the model is not wanted any more.
  bool publish(const ModelStatus& model, std::optional<Error> why = std::nullopt) {
    {
      const std::lock_guard lock(mutex);
      if (request || stopped) return false;
      status = model;
      error = std::move(why);
      informed = requested;
      if (model.state != ModelStatus::State::loading) settled = requested;
      changed.notify_all();
    }
    if (options.on_model_status) options.on_model_status(model);
    return true;
  }

  // --- frames

  struct Work {
    InferenceResult result;
    std::weak_ptr<InferenceLanes> lanes;  // may go while the detector is at work
  };

  // The next frame; pipelines take turns. Nothing: no frame waits.
  std::optional<Work> start_next() {
    const std::lock_guard lock(mutex);
    std::erase_if(lent, [](const std::weak_ptr<InferenceLanes>& lanes) { return lanes.expired(); });
    for (auto it = lent.begin(); it != lent.end(); ++it) {
      const auto lanes = it->lock();
      auto frame = lanes ? lanes->start_next() : std::nullopt;
      if (!frame) continue;
      std::rotate(it, it + 1, lent.end());  // to the end of the queue
      return Work{*std::move(frame), lanes};
    }
    return std::nullopt;
  }

  // False: no frame waits.
  bool process_frame() {
    std::optional<Work> work = start_next();
    if (!work) return false;
    work->result.found = detect(work->result.frame.bgr);
    work->result.ended = steady_clock::now();
    if (const auto lanes = work->lanes.lock()) lanes->finish(std::move(work->result));
    return true;
  }

  Result<DetectionResult> detect(const cv::Mat& bgr) {
    if (!detector) return DetectionResult();
    try {
      const auto adjustments = options.controls ? options.controls->get() : nullptr;
      if (adjustments && iou != adjustments->iou) detector->set_iou(*(iou = adjustments->iou));
      auto found = detector->detect({bgr.data, bgr.cols, bgr.rows, static_cast<std::ptrdiff_t>(bgr.step[0])});
      if (found && adjustments) apply_thresholds(*found, adjustments->thresholds);
      return found;
    } catch (const std::exception& failure) {  // exceptions stop at the thread's top
      return Error{ErrorKind::internal, std::string("detector: ") + failure.what()};
    }
  }
};

InferenceThread::InferenceThread(InferenceOptions options)
    : shared_(std::make_shared<Shared>(std::move(options))), thread_([shared = shared_] { shared->run(); }) {}

InferenceThread::~InferenceThread() {
  stop();
  std::unique_lock lock(shared_->mutex);
  const auto deadline = *shared_->stopped + shared_->options.patience;
  const bool ended = shared_->changed.wait_until(lock, deadline, [&] { return shared_->ended; });
  lock.unlock();
  join_or_detach(thread_, ended);
}

void InferenceThread::stop() {
  {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->stopped) shared_->stopped = steady_clock::now();
    shared_->changed.notify_all();
  }
  shared_->wake->notify();
}

void InferenceThread::load(const std::filesystem::path& file, const DetectorOptions& options) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->request = LoadRequest{file, options};
    ++shared_->requested;
  }
  shared_->wake->notify();
}

ModelStatus InferenceThread::status() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->status;
}

ModelStatus InferenceThread::wait_for_info(std::chrono::milliseconds longest) const {
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait_for(lock, longest, [&] { return shared_->stopped || shared_->informed == shared_->requested; });
  return shared_->status;
}

Result<ModelStatus> InferenceThread::wait_until_ready() const {
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->stopped || shared_->settled == shared_->requested; });
  if (shared_->error) return *shared_->error;
  return shared_->status;
}

std::shared_ptr<InferenceLanes> InferenceThread::lend(std::size_t lanes, std::shared_ptr<WakeUp> pipeline) {
  auto lent = std::make_shared<InferenceLanes>(lanes, std::move(pipeline), shared_->wake);
  const std::lock_guard lock(shared_->mutex);
  shared_->lent.push_back(lent);
  return lent;
}

}  // namespace dualsight
