#include "ui/live/session_link.h"

#include <algorithm>
#include <cmath>

namespace dualsight {
namespace {

constexpr int kThumbnailHeight = 72;  // pixels

// A thumbnail of the box with a margin around it; owns its pixels.
QImage crop_of(const cv::Mat& bgr, const Box& box) {
  if (bgr.empty()) return {};
  const float margin = 0.15F * std::max(box.width(), box.height());
  const int x1 = std::clamp(static_cast<int>(std::floor(box.x1 - margin)), 0, bgr.cols - 1);
  const int y1 = std::clamp(static_cast<int>(std::floor(box.y1 - margin)), 0, bgr.rows - 1);
  const int x2 = std::clamp(static_cast<int>(std::ceil(box.x2 + margin)), x1 + 1, bgr.cols);
  const int y2 = std::clamp(static_cast<int>(std::ceil(box.y2 + margin)), y1 + 1, bgr.rows);
  const cv::Mat part = bgr(cv::Rect(x1, y1, x2 - x1, y2 - y1));
  const QImage view(part.data, part.cols, part.rows, static_cast<qsizetype>(part.step[0]), QImage::Format_BGR888);
  return view.scaledToHeight(kThumbnailHeight, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
}

}  // namespace

std::optional<ShownFrame> SessionLink::take_frame() {
  const std::lock_guard lock(mutex_);
  return std::exchange(frame_, std::nullopt);
}

std::optional<SessionLink::DetectedFrame> SessionLink::take_result() {
  const std::lock_guard lock(mutex_);
  return std::exchange(result_, std::nullopt);
}

void SessionLink::on_frame(const ShownFrame& frame) {
  bool pending = false;
  {
    const std::lock_guard lock(mutex_);
    pending = frame_.has_value();
    frame_ = frame;
  }
  if (!pending) later([this] { Q_EMIT frame_ready(); });
}

void SessionLink::on_result(const FrameRecord& record, const cv::Mat& bgr) {
  last_bgr_ = bgr;
  bool pending = false;
  {
    const std::lock_guard lock(mutex_);
    pending = result_.has_value();
    result_ = DetectedFrame{record, bgr};
  }
  if (!pending) later([this] { Q_EMIT result_ready(); });
}

void SessionLink::on_event(const EventRecord& event) {
  // When a track ends, its object is no longer in the picture.
  const bool visible = event.event != Event::ended;
  later([this, event, image = visible ? crop_of(last_bgr_, event.detection.box) : QImage()] {
    Q_EMIT event_came(event, image);
  });
}

void SessionLink::on_recorded(const EventRecord& event, const std::string& video, double seconds) {
  later([this, event, file = QString::fromStdString(video), seconds] { Q_EMIT event_recorded(event, file, seconds); });
}

void SessionLink::on_status(const StatusRecord& status) {
  StatusRecord shown = status;
  // Without "...: attempt 4 in 4 s": the window shows a countdown of its own.
  if (shown.state == State::retrying) shown.message = shown.message.substr(0, shown.message.rfind(": attempt "));
  later([this, shown] { Q_EMIT status_came(shown); });
}

void SessionLink::on_stats(const SourceStats& stats) {
  later([this, stats] { Q_EMIT stats_came(stats); });
}

void SessionLink::on_end(const SummaryRecord& summary) {
  last_bgr_.release();
  later([this, summary] { Q_EMIT source_ended(summary); });
}

void SessionLink::on_model(const ModelStatus& status) {
  later([this, status] { Q_EMIT model_changed(status); });
}

void SessionLink::on_output(const OutputStatus& status) {
  later([this, status] { Q_EMIT output_changed(status); });
}

void SessionLink::on_snapshot(const Result<std::string>& file) {
  const QString text = QString::fromStdString(file ? *file : file.error().message);
  later([this, text, saved = bool(file)] { saved ? Q_EMIT snapshot_saved(text) : Q_EMIT snapshot_failed(text); });
}

}  // namespace dualsight
