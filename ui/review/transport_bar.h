// Below the picture of a recording: play, single steps, speed, the time, and the range for exports.
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace dualsight {

class RecordingPlayer;
class TimelineWidget;

class TransportBar : public QWidget {
  Q_OBJECT

 public:
  TransportBar(RecordingPlayer& player, TimelineWidget& timeline, QWidget* parent = nullptr);

  void toggle_play();
  void show_state();  // of player and time line: icons, texts, what is enabled
  void show_time();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QToolButton* add_button(const char* name);
  void begin_range_here();
  void end_range_here();
  void retranslate();

  RecordingPlayer& player_;
  TimelineWidget& timeline_;
  QToolButton *back_, *play_, *forward_, *range_begin_, *range_end_, *whole_range_;
  QLabel *speed_label_, *time_;
  QComboBox* speed_;
};

}  // namespace dualsight
