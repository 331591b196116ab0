// A run: source -> detect -> track -> sinks, for one source or many.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/pipeline/channel.h"
#include "app/pipeline/inference_thread.h"
#include "app/records/records.h"
#include "app/sinks/sink.h"
#include "backbone/result.h"

namespace dualsight {

struct PipelineOptions {
  std::vector<SourcePlan> sources;  // lanes run side by side, sources of one lane in order; equal names get "#2" ...
  int64_t max_frames = 0;           // of each source; 0: all
  bool stats = false;               // stats records go to the sinks, once a second
  // How long a run that is stopped waits for the frame that the detector is at work on. A result that takes longer is
  // discarded; with 0, every result that comes after `stop`.
  std::chrono::milliseconds patience{800};
  Capture::Opener open = open_source;
};

// For progress bars, logs and counters; each may be empty. Called on the pipeline's thread.
struct PipelineEvents {
  std::function<void(const FrameRecord&, const SummaryRecord& so_far)> on_frame;
  std::function<void(const StatusRecord&)> on_status;
  std::function<void(const StatsRecord&)> on_stats;  // once a second
};

// A source that fails is reported and the others still run; a failure of the detector or of a sink ends the run, as
// `stop` does. Whatever happens, every sink that was begun is ended with the summary, the first sink last, so that it
// can record how the others fared. `sinks` are fed by all sources; the first is the results writer, if there is one.
// `inference` is borrowed; a model that is still being loaded is waited for by the frames, not by this call. All of the
// arguments must outlive the call.
SummaryRecord run_pipeline(const PipelineOptions& options, const HeaderRecord& header, InferenceThread& inference,
                           const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop,
                           const PipelineEvents& events = {});

}  // namespace dualsight
