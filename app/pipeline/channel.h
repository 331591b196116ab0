// One source's way through the program: capture -> detect -> track -> sinks. All on the pipeline's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/pipeline/controls.h"
#include "app/pipeline/frame_hold.h"
#include "app/pipeline/inference_lanes.h"
#include "app/pipeline/tracking_stage.h"
#include "app/records/records.h"
#include "app/sinks/sink_group.h"
#include "app/sources/capture.h"
#include "app/sources/source.h"
#include "app/system/decimating_sampler.h"
#include "app/system/rate_meter.h"

namespace dualsight {

// What is to be done with one source.
struct SourcePlan {
  SourceSettings source;
  std::size_t lane = 0;                      // sources of one lane run one after another, lanes side by side
  std::vector<std::unique_ptr<Sink>> sinks;  // fed by this source alone
  TrackingOptions tracking;                  // of videos and live sources; pictures are independent of each other
  std::vector<bool> blur;                    // per class; empty: none
  std::shared_ptr<const Controls> controls;  // replaces `tracking` and `blur`, at any time; none: they stay
};

// What all channels of a run share.
struct RunContext {
  const HeaderRecord& header;
  int64_t max_frames = 0;
  InferenceLanes& inference;
  std::shared_ptr<WakeUp> wake;
  Capture::Opener open;
  SteadyTime origin;
  std::function<bool()> stopping;  // nothing more is to be taken from sources
  std::function<std::string(const std::string&)> unique_name;
  std::function<void(const FrameRecord&)> on_frame;  // after the sinks
  std::function<void(const StatusRecord&)> on_status;
};

class Channel {
 public:
  Channel(const SourcePlan& plan, const RunContext& context, SinkGroup outputs);

  void advance();                                    // polls the source, and offers its frames to the detector
  void on_inference_result(InferenceResult result);  // of a frame of this lane
  bool finished() const;                             // the source has ended and all its results are processed
  void stop() { capture_.stop(); }                   // takes nothing more from the source; does not wait
  void close();                                      // ends tracks, releases waiting frames; call once, last

  SourceSummary summary() const;  // so far
  const std::string& name() const { return summary_.source; }
  SourceStats stats(SteadyTime now);

 private:
  void apply_controls();
  void adopt_source_info();
  void process(Frame frame);
  void process(const Capture::SourceEvent& event);
  void report(const Capture::SourceEvent& event);
  void report_events_until(int64_t frame_number);
  void report(std::vector<EventRecord> events, const Frame& frame);
  void preview(const Frame& frame);
  void show(ShownFrame frame);
  void show_released(const Frame& result_frame, const cv::Mat& blurred, FrameHold::ResultBoxes result);
  void show_without_result(const Frame& frame);
  TrackingResult track(const InferenceResult& result);
  FrameRecord make_record(const InferenceResult& result, const TrackingResult& tracked);
  void count(const FrameRecord& record);
  ShownFrame shown_of(const Frame& frame) const;
  bool wants_more() const;

  const SourcePlan& plan_;
  const RunContext& context_;
  SinkGroup outputs_;
  Capture capture_;
  TrackingStage tracking_stage_;
  std::vector<bool> blur_;                      // per class; empty: none
  std::shared_ptr<const Adjustments> applied_;  // of the plan's controls
  bool live_ = false, opened_ = false, ended_ = false;
  FrameHold hold_;
  // Source events that came after frames without a result yet, each with the number of the frame before it: sinks get
  // frames and events in the source's order.
  std::deque<std::pair<int64_t, Capture::SourceEvent>> waiting_events_;
  Frame newest_;             // captured; without pixels
  Frame last_result_;        // the last frame with a result, likewise; numbered -1: none yet
  int64_t last_shown_ = -1;  // number of the last frame that went to the sinks

  int64_t offered_ = 0;  // to the detector
  SteadyTime first_captured_;
  int64_t first_number_ = 0;
  SourceSummary summary_;
  RateMeter detect_rate_;
  double age_ms_ = 0;
  DecimatingSampler<double> ages_{500};
};

}  // namespace dualsight
