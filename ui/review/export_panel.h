// Saves a recording, or the range chosen in its time line, as a clip, pictures, a table or training data, with the
// detections that the filter shows. One export at a time, on a thread of its own.
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <functional>
#include <thread>
#include <vector>

#include "app/recording/recording_export.h"

class QCheckBox;
class QDoubleSpinBox;
class QFileDialog;
class QLabel;
class QProgressBar;
class QPushButton;

namespace dualsight {

class RecordingPlayer;
class TimelineWidget;

class ExportPanel : public QWidget {
  Q_OBJECT

 public:
  ExportPanel(RecordingPlayer& player, TimelineWidget& timeline, QWidget* parent = nullptr);
  ~ExportPanel() override;  // stops an export and waits for its thread

  // Target, progress and Cancel; hidden while there is no export. Not part of the panel: the owner places it.
  QWidget* progress_line() const { return progress_line_; }

  void set_draw_boxes(bool draw);               // into clips and pictures
  void set_colors(std::vector<QColor> colors);  // of the boxes, per class
  void show_state();                            // of player and time line: texts, what is enabled
  void stop();  // for a recording that is closed; its thread is waited for only when the next export begins

  // What the buttons do once a name is chosen. Nothing while an export runs or no recording is open.
  void export_clip(const QString& file);
  void export_pictures(const QString& folder);
  void export_table(const QString& file);
  void export_training_data(const QString& folder);

 Q_SIGNALS:
  void started();
  void ended(bool successful);
  void failed(const QString& message);  // before ended(); not if it was cancelled

 protected:
  void changeEvent(QEvent* event) override;

 private:
  using Job = std::function<Result<void>(const Recording& recording, const RecordingExport& options)>;
  using Export = void (ExportPanel::*)(const QString& target);

  void make_page();
  void make_progress_line();
  void ask_for_file(const QString& title, const QString& ending, const QString& filter, Export then);
  void ask_for_folder(const QString& title, const QString& ending, Export then);
  void ask(QFileDialog* dialog, const QString& proposed, Export then);
  RecordingExport options() const;
  void start(const QString& target, const Job& job);
  void end(const QString& target, const Result<void>& result);
  void retranslate();

  RecordingPlayer& player_;
  TimelineWidget& timeline_;
  std::vector<QColor> colors_;

  QLabel *range_, *every_label_;
  QCheckBox* draw_boxes_;
  QDoubleSpinBox* every_;
  QPushButton *clip_, *pictures_, *table_, *training_;
  QWidget* progress_line_;
  QLabel* target_;
  QProgressBar* progress_;
  QPushButton* cancel_;

  std::jthread thread_;
  int number_ = 0;  // of the export that is shown: reports of earlier ones come too late and are ignored
  bool running_ = false;
};

}  // namespace dualsight
