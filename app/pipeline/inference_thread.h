// All inference happens on one lasting thread: LibTorch keeps memory per calling thread, and the model is shared by all
// sources. Each lane (one source at a time) has a place for one waiting frame; lanes take turns.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>

#include "app/sources/source.h"
#include "app/system/wake_up.h"
#include "backbone/result.h"
#include "detector/detector.h"

namespace dualsight {

// What the pipeline needs of a detector; tests put a fake in its place.
class ObjectFinder {
 public:
  virtual ~ObjectFinder() = default;
  // Both called on the inference thread alone.
  virtual Result<DetectionResult> find(ImageView bgr) = 0;
  virtual void set_iou(float) {}  // of NMS, from the next picture on
};

class DetectorFinder : public ObjectFinder {
 public:
  explicit DetectorFinder(std::unique_ptr<Detector> detector) : detector_(std::move(detector)) {}
  Result<DetectionResult> find(ImageView bgr) override { return detector_->detect(bgr); }
  void set_iou(float iou) override { detector_->set_iou(iou); }

 private:
  const std::unique_ptr<Detector> detector_;
};

// A frame that the detector is done with.
struct InferenceResult {
  std::size_t lane = 0;
  Frame frame;
  Result<DetectionResult> found = DetectionResult();
  SteadyTime started, ended;
};

class InferenceThread {
 public:
  // `wake` is notified when a result is there. The finder is kept until the thread ends.
  InferenceThread(std::shared_ptr<ObjectFinder> finder, std::size_t lanes, std::shared_ptr<WakeUp> wake);
  // Waits up to `patience` for the frame at hand; a thread that is not done by then is left behind
  // (detached_threads.h).
  ~InferenceThread();
  InferenceThread(const InferenceThread&) = delete;
  InferenceThread& operator=(const InferenceThread&) = delete;

  // All from the pipeline's thread; none waits.
  void offer_newest(std::size_t lane, Frame frame);  // replaces a frame that still waits: live sources
  bool has_room(std::size_t lane) const;             // no frame of the lane waits: then a file's next may be offered
  bool busy(std::size_t lane) const;                 // a frame of the lane waits, is looked at, or was not taken yet
  std::optional<InferenceResult> take();             // the next result, in order of completion
  void drop_waiting();                               // of all lanes, for stopping: patience begins
  static constexpr std::chrono::milliseconds patience{800};

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::thread thread_;
  std::optional<SteadyTime> stopping_;
};

}  // namespace dualsight
