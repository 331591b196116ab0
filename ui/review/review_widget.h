// A recording to look through: picture with boxes, thresholds to change afterwards, time line, exports.
#pragma once

#include <QColor>
#include <QMap>
#include <QString>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "app/recording/recording_export.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QGroupBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QSlider;
class QTabWidget;
class QTimer;
class QToolButton;
class QVBoxLayout;

namespace dualsight {

class NoticeBar;
class RecordingPlayer;
class ReviewPicture;
class TimelineWidget;

class ReviewWidget : public QWidget {
  Q_OBJECT

 public:
  explicit ReviewWidget(QWidget* parent = nullptr);
  ~ReviewWidget() override;

  void open(const QString& video, const QString& sidecar = {});
  void seek(double time_ms);  // also while it is being opened
  void close_recording();
  void set_colors(const QMap<QString, QColor>& colors);  // of classes by name; others have their usual ones

  // What the buttons do once a name is chosen. One at a time.
  void export_clip(const QString& file);
  void export_pictures(const QString& folder);
  void export_table(const QString& file);
  void export_training_data(const QString& folder);

 Q_SIGNALS:
  void closed();  // back to live
  void export_ended(bool successful);

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  using Job = std::function<Result<void>(const Recording& recording, const RecordingExport& options)>;

  QWidget* make_header();
  QWidget* make_side();
  QWidget* make_controls();
  QWidget* make_export_line();
  void retranslate();

  void show_opened();
  void show_problem(const QString& message);
  void clear();
  void show_picture();
  void show_state();  // of play button, labels, and what may be pressed
  void show_confidence();
  void fill_classes();
  void fill_timeline();
  void apply_filter();
  void apply_colors();
  void ask_to_open();
  void ask_for(const QString& title, const QString& name, const QString& filter, bool folder,
               void (ReviewWidget::*then)(const QString&));
  void start_export(const QString& target, const Job& job);
  void end_export(const QString& target, const Result<void>& result);
  void stop_export();
  QString event_text(const EventRecord& event) const;
  QString class_name(int class_id) const;
  QColor color(int class_id) const;
  std::vector<QColor> colors() const;  // per class

  RecordingPlayer* player_;
  QString video_;  // as it was asked for
  QMap<QString, QColor> colors_;
  bool opening_ = false;
  bool annotated_ = false;    // the recording that was opened last
  bool side_chosen_ = false;  // to be seen or not, by the button
  std::optional<double> wanted_ms_;
  std::optional<float> confidence_;  // none: as recorded

  QLabel* title_;
  QPushButton *side_button_, *open_button_, *live_button_;
  NoticeBar* notice_;
  ReviewPicture* picture_;
  QTabWidget* side_;
  QCheckBox* show_boxes_;
  QGroupBox *confidence_group_, *class_group_;
  QSlider* confidence_slider_;
  QLabel *confidence_label_, *no_weaker_;
  QPushButton* as_recorded_;
  QWidget* class_list_;
  std::vector<QCheckBox*> class_boxes_;  // per class; nullptr: never there
  QWidget* export_page_;
  QPushButton *clip_button_, *pictures_button_, *table_button_, *training_button_;
  QCheckBox* draw_boxes_;
  QLabel *every_label_, *range_label_;
  QDoubleSpinBox* every_;
  QToolButton *back_button_, *play_button_, *forward_button_, *begin_button_, *end_button_, *whole_button_;
  QLabel* speed_label_;
  QComboBox* speed_;
  QLabel *time_label_, *objects_label_;
  TimelineWidget* timeline_;
  QScrollArea* timeline_area_;
  QWidget* export_line_;
  QLabel* export_label_;
  QProgressBar* progress_;
  QPushButton* cancel_button_;
  QTimer* presence_timer_;

  std::jthread export_thread_;
  int export_number_ = 0;
  bool exporting_ = false;
};

}  // namespace dualsight
