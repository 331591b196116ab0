// The interface of everything that receives results. The pipeline calls begin() first, then the on_...() functions as
// frames and events come, then end(), all on the pipeline's thread. No call may block for long: a sink whose work is
// slow (encoding) does it on a thread of its own behind a bounded queue.
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
  // The files written under names that are known beforehand; empty for a folder of generated names.
  virtual std::vector<std::string> files() const { return {target()}; }
  // A monitor reports on the run and keeps no results: it gets on_stats() even without --stats, and the summary does
  // not list its target.
  virtual bool is_monitor() const { return false; }

  // An error (ErrorKind::output, naming the target) ends the run. So does one of any function below.
  virtual Result<void> begin(const HeaderRecord& header) = 0;
  // For display: every frame of a live source at once, with boxes predicted to its time. Only if wants_preview().
  virtual void on_preview(const ShownFrame&) {}
  virtual bool wants_preview() const { return false; }
  // For keeping: every frame at the source's rate, in order. It comes when its boxes are final: detected on this frame,
  // or interpolated between the frames before and after that the detector processed.
  virtual Result<void> on_frame(const ShownFrame&) { return {}; }
  // Every frame that the detector processed, after on_frame() of it. `bgr`: CV_8UC3, as captured, chosen classes
  // blurred.
  virtual Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) = 0;
  virtual Result<void> on_event(const EventRecord&) { return {}; }
  virtual Result<void> on_status(const StatusRecord&) { return {}; }
  virtual Result<void> on_stats(const StatsRecord&) { return {}; }  // once a second
  // Called on all sinks before the first end(), so that sinks with threads finish side by side. Does not block.
  virtual void prepare_end() {}
  virtual Result<void> end(const SummaryRecord& summary) = 0;  // also after a failure: keeps what can be kept

  // What happened on the sink's own thread since the last call; the pipeline passes it on to users and other sinks.
  virtual std::vector<StatusRecord> take_status_records() { return {}; }
  virtual SinkLoad load() const { return {}; }
  // Standard output, whose reader has closed the pipe: the sink ignores what comes, and end() returns the error.
  virtual bool reader_is_gone() const { return false; }
};

}  // namespace dualsight
