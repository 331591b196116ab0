// The joint between a pipeline's thread and the inference thread: frames wait here for the detector, results for the
// pipeline. Each lane (one source at a time) has a place for one waiting frame; lanes take turns. Pixels are handed
// over, never copied.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/sources/source.h"
#include "app/system/wake_up.h"
#include "backbone/result.h"
#include "detector/core/detection_result.h"

namespace dualsight {

// A frame, and what the detector found in it.
struct InferenceResult {
  std::size_t lane = 0;
  Frame frame;
  Result<DetectionResult> found = DetectionResult();
  SteadyTime started, ended;  // of the detector's work on it
};

// No call waits.
class InferenceLanes {
 public:
  // `pipeline` is notified when a result is there or a lane has room again, `inference` when a frame was offered.
  InferenceLanes(std::size_t lanes, std::shared_ptr<WakeUp> pipeline, std::shared_ptr<WakeUp> inference);

  // Called by the pipeline.
  void offer_newest(std::size_t lane, Frame frame);  // replaces a frame that still waits: live sources
  bool has_room(std::size_t lane) const;             // no frame of the lane waits: then a file's next may be offered
  bool busy(std::size_t lane) const;                 // a frame waits or is processed, or its result was not taken yet
  bool busy() const;                                 // any lane is
  std::optional<InferenceResult> take();             // the next result, in order of completion
  void drop_waiting();                               // the frames of all lanes, for stopping

  // Called by the inference thread.
  std::optional<InferenceResult> start_next();  // a frame, of the next lane in turn, with nothing found yet
  void finish(InferenceResult result);          // of the frame that was started last

 private:
  bool busy_locked(std::size_t lane) const;

  const std::shared_ptr<WakeUp> pipeline_, inference_;
  mutable std::mutex mutex_;                   // guards all below
  std::vector<std::optional<Frame>> waiting_;  // per lane
  std::optional<std::size_t> in_process_;      // lane of the frame that the detector has
  std::deque<InferenceResult> done_;
  std::size_t next_lane_ = 0;
};

}  // namespace dualsight
