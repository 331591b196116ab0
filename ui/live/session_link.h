// Carries the session's reports over to the GUI thread as signals. Frames and results are not queued: one that was not
// taken yet is replaced by the next, so a slow window skips frames instead of lagging further and further behind.
#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <mutex>
#include <optional>
#include <utility>

#include "app/session/session.h"

namespace dualsight {

class SessionLink : public QObject, public SessionListener {
  Q_OBJECT

 public:
  using QObject::QObject;

  // The newest one, once; none if there was no other since the last call.
  std::optional<ShownFrame> take_frame();
  struct DetectedFrame {  // a frame with its detections
    FrameRecord record;
    cv::Mat bgr;
  };
  std::optional<DetectedFrame> take_result();

 Q_SIGNALS:  // all on the GUI thread
  void frame_ready();
  void result_ready();
  void event_came(const dualsight::EventRecord& event, const QImage& thumbnail);
  void event_recorded(const dualsight::EventRecord& event, const QString& video, double seconds);
  void status_came(const dualsight::StatusRecord& status);
  void stats_came(const dualsight::SourceStats& stats);
  void source_ended(const dualsight::SummaryRecord& summary);
  void model_changed(const dualsight::ModelStatus& status);
  void output_changed(const dualsight::OutputStatus& status);
  void snapshot_saved(const QString& file);
  void snapshot_failed(const QString& problem);

 private:
  void on_frame(const ShownFrame& frame) override;
  void on_result(const FrameRecord& record, const cv::Mat& bgr) override;
  void on_event(const EventRecord& event) override;
  void on_recorded(const EventRecord& event, const std::string& video, double seconds) override;
  void on_status(const StatusRecord& status) override;
  void on_stats(const SourceStats& stats) override;
  void on_end(const SummaryRecord& summary) override;
  void on_model(const ModelStatus& status) override;
  void on_output(const OutputStatus& status) override;
  void on_snapshot(const Result<std::string>& file) override;

  template <typename Call>
  void later(Call call) {
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
  }

  std::mutex mutex_;  // guards frame_ and result_
  std::optional<ShownFrame> frame_;
  std::optional<DetectedFrame> result_;
  cv::Mat last_bgr_;  // the frame that events are about; used on the session's threads only
};

}  // namespace dualsight
