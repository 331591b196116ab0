// Sinks that begin and end while a run goes on. A failure of one ends that one, never the run.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "app/session/session.h"
#include "app/sinks/sink.h"

namespace dualsight {

class DynamicSinks : public Sink {
 public:
  using Callback = std::function<void(const OutputStatus&)>;  // called on the pipeline's thread
  // `header`: describes the run to an output that begins now.
  DynamicSinks(std::function<HeaderRecord()> header, Callback on_status)
      : header_(std::move(header)), on_output_status_(std::move(on_status)) {}
  ~DynamicSinks() override;

  // Any thread; take effect within 20 ms. A sink that runs as this output is ended first.
  void start(Output output, std::unique_ptr<Sink> sink);
  void stop(Output output, std::string why = {});  // `why`: a problem, or nothing

  std::string target() const override { return {}; }
  Result<void> begin(const HeaderRecord&) override { return {}; }
  Result<void> on_frame(const ShownFrame& frame) override;
  Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) override;
  Result<void> on_event(const EventRecord& record) override;
  Result<void> on_status(const StatusRecord& record) override;
  void prepare_end() override;
  Result<void> end(const SummaryRecord& summary) override;
  std::vector<StatusRecord> take_status_records() override;
  SinkLoad load() const override;

 private:
  struct Request {
    Output output;
    std::unique_ptr<Sink> sink;  // none: stop
    std::string why;
  };
  struct Running {
    std::unique_ptr<Sink> sink;
    SteadyTime since;
    SummaryRecord summary;  // of what it was given
  };
  struct Closing {
    Output output;
    std::shared_ptr<Sink> sink;
    std::string why;
    std::future<Result<void>> done;
  };

  void process_requests();
  void begin(Output output, std::unique_ptr<Sink> sink);
  void close(Output output, std::string why);
  void collect(bool wait);
  template <typename Call>
  void each(Call call);

  const std::function<HeaderRecord()> header_;
  const Callback on_output_status_;
  std::mutex mutex_;
  std::vector<Request> requests_;  // any thread's
  // The pipeline's thread's
  std::map<Output, Running> running_;
  std::vector<Closing> closing_;
  std::vector<StatusRecord> status_records_;
};

}  // namespace dualsight
