// The sinks that receive one source's results.
#pragma once

#include <optional>
#include <vector>

#include "app/sinks/sink.h"

namespace dualsight {

// Passes each call on to all sinks, in order. The first error is kept in `failure`, which all sources share, and ends
// the run. Later errors are dropped, as they follow from the first.
class SinkGroup {
 public:
  SinkGroup(std::vector<Sink*> sinks, std::optional<Error>& failure) : sinks_(std::move(sinks)), failure_(failure) {}

  void on_frame(const ShownFrame& frame) {
    each([&](Sink& sink) { return sink.on_frame(frame); });
  }
  void on_result(const FrameRecord& record, const cv::Mat& bgr) {
    each([&](Sink& sink) { return sink.on_result(record, bgr); });
  }
  void on_event(const EventRecord& record) {
    each([&](Sink& sink) { return sink.on_event(record); });
  }
  void on_status(const StatusRecord& record) {
    each([&](Sink& sink) { return sink.on_status(record); });
  }
  void on_preview(const ShownFrame& frame) {
    for (Sink* sink : sinks_) {
      if (sink->wants_preview()) sink->on_preview(frame);
    }
  }
  bool wants_preview() const {
    for (const Sink* sink : sinks_) {
      if (sink->wants_preview()) return true;
    }
    return false;
  }
  SinkLoad load() const {
    SinkLoad total;
    for (const Sink* sink : sinks_) {
      total.queued += sink->load().queued;
      total.dropped += sink->load().dropped;
    }
    return total;
  }
  void fail(const Error& error) {
    if (!failure_) failure_ = error;
  }

 private:
  template <typename Call>
  void each(Call call) {
    for (Sink* sink : sinks_) {
      if (const Result<void> done = call(*sink); !done) fail(done.error());
    }
  }

  std::vector<Sink*> sinks_;
  std::optional<Error>& failure_;
};

}  // namespace dualsight
