// A detector on a thread of its own that outlives runs, for LibTorch keeps memory per calling thread. It loads models
// while cameras open already, and applies what Controls say.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "app/pipeline/controls.h"
#include "app/pipeline/inference_thread.h"
#include "app/session/session.h"

namespace dualsight {

class ModelThread : public ObjectFinder {
 public:
  using Callback = std::function<void(const ModelStatus&)>;  // called on the thread

  ModelThread(SessionOptions::ModelOpener open, std::shared_ptr<const Controls> controls, Callback told);
  // Waits a second for what is at hand; a thread that is not done by then is left behind (detached_threads.h).
  ~ModelThread() override;

  // Any thread; returns at once. The model at hand is given up. An empty path: none.
  void load(const std::filesystem::path& file, const DetectorOptions& options);
  ModelStatus status() const;
  // Waits until the file's card was read, or there is none to read: `loading` with an info, or a later state.
  ModelStatus wait_for_card() const;

  // Waits while a model is loading. Without a model nothing is found.
  Result<DetectionResult> find(ImageView bgr) override;
  // Any thread: while on, find() returns at once, having found nothing, also the one that waits just now. A run that
  // ends need not wait for a slow detector then.
  void cancel(bool on);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

// What was found, parted anew by the thresholds in force: what reaches its own and has no better box of another class
// in its place, and the rest. An empty list of thresholds leaves it as it is.
void part_by_thresholds(DetectionResult& result, const std::vector<float>& thresholds);

}  // namespace dualsight
