// One source's way through the program: capture -> detect -> track -> sinks. All on the pipeline's thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/pipeline/controls.h"
#include "app/pipeline/inference_thread.h"
#include "app/pipeline/tracking_stage.h"
#include "app/records/interpolation.h"
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
  std::size_t lane = 0;                      // those of one lane come one after another, lanes run side by side
  std::vector<std::unique_ptr<Sink>> sinks;  // fed by this source alone
  TrackingOptions follow;                    // of videos and live sources; pictures have nothing to do with each other
  std::vector<bool> blur;                    // per class; empty: none
  std::shared_ptr<const Controls> controls;  // overrules `follow` and `blur`, at any time; none: they stay
};

// What all channels of a run share.
struct RunContext {
  const HeaderRecord& header;
  int64_t max_frames = 0;
  InferenceThread& inference;
  std::shared_ptr<WakeUp> wake;
  Capture::Opener open;
  SteadyTime origin;
  std::function<bool()> over;  // nothing more is to be taken from sources
  std::function<std::string(const std::string&)> unique_name;
  std::function<void(const FrameRecord&)> on_frame;  // counted already
  std::function<void(const StatusRecord&)> on_status;
};

class Channel {
 public:
  Channel(const SourcePlan& plan, const RunContext& context, SinkGroup outputs);

  void advance();                       // takes what the source brought, and offers it to the detector
  void looked(InferenceResult result);  // a frame of this lane comes back
  bool finished() const;                // nothing more will come of it
  void stop() { capture_.stop(); }      // takes nothing more from the source; does not wait
  void close();                         // ends tracks, passes on what is held; call once, last

  SourceSummary summary() const;  // so far
  const std::string& name() const { return summary_.source; }
  SourceStats stats(SteadyTime now);

 private:
  // The detector's newest word: to draw the frames before it, and to blur them.
  struct Seen {
    std::vector<Detection> detections;
    BlurLook blur;
  };

  void apply_controls();
  void take(Frame frame);
  void take(const Capture::SourceEvent& news);
  void tell(const Capture::SourceEvent& news);
  void know_name();
  void emit(std::vector<EventRecord> events, const Frame& frame);
  ShownFrame shown_of(const Frame& frame) const;
  void pass_on_until(const Frame& looked_at, const cv::Mat& bgr, const Seen& now);
  void pass_on_unknown();
  void tell_until(int64_t number);
  BlurLook to_blur(const TrackingResult& tracked, const DetectionResult& found, double seconds) const;
  bool wants_more() const;
  double seconds_of(const Frame& frame) const;

  const SourcePlan& plan_;
  const RunContext& context_;
  SinkGroup outputs_;
  Capture capture_;
  TrackingStage tracking_stage_;
  std::vector<bool> blur_;                      // per class; empty: none
  std::shared_ptr<const Adjustments> applied_;  // the last of the plan's controls
  bool live_ = false, named_ = false, ended_ = false;
  int64_t offered_ = 0;
  std::deque<Frame> held_;  // captured and not yet passed on: what surrounds them is not known
  // News that came after frames which the detector has not seen yet: records keep the source's order.
  std::deque<std::pair<int64_t, Capture::SourceEvent>> later_;  // with the number of the frame before
  std::optional<Seen> before_;
  double before_seconds_ = 0;
  Frame newest_;     // without pixels
  Frame looked_at_;  // the last one, likewise; numbered -1: none yet
  SteadyTime first_captured_;
  int64_t first_number_ = 0;
  SourceSummary summary_;
  RateMeter detected_;
  double age_ms_ = 0;
  DecimatingSampler<double> ages_{500};
};

}  // namespace dualsight
