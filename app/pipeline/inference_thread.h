// The one thread on which models are loaded, run and destroyed, since LibTorch keeps memory per calling thread. It
// outlives the pipelines that it is lent to, so that a model need not be loaded anew for another source.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/pipeline/controls.h"
#include "app/pipeline/inference_lanes.h"
#include "app/system/wake_up.h"
#include "backbone/result.h"
#include "detector/detector.h"

namespace dualsight {

// What has become of the model that was asked for. Of its description, info and sha256 are there as soon as the file
// could be read, the rest when the model is ready.
struct ModelStatus : DetectorDescription {
  enum class State { none, loading, ready, failed };
  State state = State::none;
  std::filesystem::path file;
  std::string problem;  // failed: one line that names the culprit
};

struct InferenceOptions {
  using Opener = std::function<Result<std::unique_ptr<Detector>>(const std::filesystem::path&, const DetectorOptions&)>;
  Opener open = Detector::open;              // replaced by tests
  std::shared_ptr<const Controls> controls;  // thresholds and IoU, applied before each frame; none: as it was opened
  std::function<void(const ModelStatus&)> on_model_status;  // called on the inference thread
  std::chrono::milliseconds patience{200};                  // how long the destructor waits for work in process
};

class InferenceThread {
 public:
  explicit InferenceThread(InferenceOptions options = {});
  // Waits for the work in process until the patience, which begins with stop() at the latest now, is over. A thread
  // that is not done by then is left behind (detached_threads.h).
  ~InferenceThread();
  InferenceThread(const InferenceThread&) = delete;
  InferenceThread& operator=(const InferenceThread&) = delete;

  // Any thread may call all of these.
  // Returns at once; frames wait until the model is loaded. The one before is destroyed first. An empty path: none.
  void load(const std::filesystem::path& file, const DetectorOptions& options);
  ModelStatus status() const;
  // Waits until the model's info is known or it failed, but no longer than `longest` and not beyond stop().
  ModelStatus wait_for_info(std::chrono::milliseconds longest) const;
  // Waits until the model is ready. Error: why it cannot be used.
  Result<ModelStatus> wait_until_ready() const;

  // Lends the thread to a pipeline for as long as the pipeline keeps the lanes; after that its waiting frames are
  // dropped and the result of a frame in process is discarded. Without a model nothing is found. `pipeline` is notified
  // of results.
  std::shared_ptr<InferenceLanes> lend(std::size_t lanes, std::shared_ptr<WakeUp> pipeline);

  // Asks the thread to end, without waiting: nothing more is loaded or detected.
  void stop();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;  // with the thread, which may outlive this object
  std::thread thread_;
};

}  // namespace dualsight
