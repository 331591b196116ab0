// A recording under review: its picture with boxes, play controls, the time line, and beside them a filter for what is
// shown and the exports.
#pragma once

#include <QColor>
#include <QMap>
#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

#include "app/records/records.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QTabWidget;
class QTimer;

namespace dualsight {

class ExportPanel;
class FilterPanel;
class NoticeBar;
class RecordingPlayer;
class ReviewPicture;
class TimelineWidget;
class TransportBar;

class ReviewWidget : public QWidget {
  Q_OBJECT

 public:
  explicit ReviewWidget(QWidget* parent = nullptr);

  void open(const QString& video, const QString& sidecar = {});
  void seek(double time_ms);  // also while it is being opened
  void close_recording();
  void set_colors(const QMap<QString, QColor>& colors);  // of classes by name; the others get their default colours

 Q_SIGNALS:
  void closed();  // back to live

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QWidget* make_header();
  QWidget* make_side();
  void connect_parts();
  void retranslate();

  void show_opened();
  void show_problem(const QString& message);
  void clear();
  void ask_to_open();
  void show_picture();
  void show_state();
  void apply_filter();
  void apply_colors();
  void fill_timeline();
  QString event_text(const EventRecord& event) const;
  QString class_name(int class_id) const;
  QColor color(int class_id) const;

  RecordingPlayer* player_;
  QString video_;  // as open() was given it
  QMap<QString, QColor> colors_;
  bool opening_ = false;
  bool annotated_ = false;           // the recording that was opened last has boxes drawn into its pictures
  bool side_chosen_ = false;         // the user has shown or hidden the side: it no longer follows the width
  std::optional<double> wanted_ms_;  // where to seek once the recording is open

  QLabel* title_;
  QPushButton *side_button_, *open_button_, *live_button_;
  NoticeBar* notice_;
  ReviewPicture* picture_;
  QTabWidget* side_;
  FilterPanel* filter_;
  ExportPanel* exports_;
  QLabel* objects_label_;
  TimelineWidget* timeline_;
  TransportBar* transport_;
  QScrollArea* timeline_area_;
  QTimer* presence_timer_;
};

}  // namespace dualsight
