// Where results go. The pipeline calls begin(), then the others as things come, then end(), all on one thread. None may
// wait for long: what is slow (encoding) has a thread and a bounded queue of its own.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "app/records/records.h"
#include "backbone/result.h"

namespace dualsight {

struct SinkLoad {
  std::size_t queued = 0;  // frames waiting to be written
  int64_t dropped = 0;     // frames that were not written because the queue was full
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual std::string target() const = 0;  // the file or folder written; "-": standard output

  // Errors (ErrorKind::output) name the target and end the run.
  virtual Result<void> begin(const HeaderRecord& header) = 0;
  // Every frame of a live source the moment it comes, with boxes predicted to its time: for looking at, not for
  // keeping. Only with wants_preview().
  virtual void on_preview(const ShownFrame&) {}
  virtual bool wants_preview() const { return false; }
  // Every frame, at the source's rate, in order, once the detections around it are known: those of the frame itself, or
  // between two that were looked at the boxes in between.
  virtual Result<void> on_frame(const ShownFrame&) { return {}; }
  // Every frame that the detector looked at, with its picture as captured (chosen classes blurred); after on_frame() of
  // the same frame.
  virtual Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) = 0;
  virtual Result<void> on_event(const EventRecord&) { return {}; }
  virtual Result<void> on_status(const StatusRecord&) { return {}; }
  virtual Result<void> on_stats(const StatsRecord&) { return {}; }  // once a second
  // The end is near: a sink with a thread of its own begins to finish. So that all do side by side. Does not wait.
  virtual void prepare_end() {}
  virtual Result<void> end(const SummaryRecord& summary) = 0;  // also after a failure: keeps what can be kept

  // What happened behind a sink's own thread since the last call, to be told to people and to the other sinks.
  virtual std::vector<StatusRecord> take_status_records() { return {}; }
  virtual SinkLoad load() const { return {}; }
};

}  // namespace dualsight
