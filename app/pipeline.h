// The program's one story: source -> detect -> sinks.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/records.h"
#include "app/sink.h"
#include "app/source.h"
#include "backbone/result.h"

namespace dualsight {

// What the pipeline needs of a detector; tests put a fake in its place.
class ObjectFinder {
 public:
  virtual ~ObjectFinder() = default;
  virtual Result<DetectionResult> find(ImageView bgr) = 0;  // called on the thread of run_pipeline()
};

using SourceOpener = std::function<Result<std::unique_ptr<Source>>(const std::string&, const SourceOptions&)>;

struct PipelineOptions {
  std::vector<std::string> sources;  // one after another; names that repeat get "#2", "#3" ...
  int64_t max_frames = 0;            // of each source; 0: all
  SourceOpener open = open_source;
};

// For progress bars and logs; both may be empty.
struct PipelineEvents {
  std::function<void(const FrameRecord&, const SummaryRecord& so_far)> on_frame;
  std::function<void(const StatusRecord&)> on_status;
};

// A source that fails is reported and the others still run; a failure of the detector or of a sink ends the run, as
// `stop` does, after the frame at hand. Whatever happens, every sink that was begun is ended with the summary, the
// first sink last, so that it can record how the others fared. `sinks` must outlive the call; the first is the results
// writer, if there is one.
SummaryRecord run_pipeline(const PipelineOptions& options, const HeaderRecord& header, ObjectFinder& finder,
                           const std::vector<std::unique_ptr<Sink>>& sinks, const std::atomic<bool>& stop,
                           const PipelineEvents& events = {});

}  // namespace dualsight
