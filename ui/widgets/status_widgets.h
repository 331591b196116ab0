// The content of the status bar: source, frame rates, latency, lost frames, recording, disk space, device and model.
#pragma once

#include <QElapsedTimer>
#include <QMap>
#include <QString>
#include <QWidget>
#include <vector>

#include "app/records/records.h"
#include "app/session/session.h"

class QLabel;
class QTimer;

namespace dualsight {

class StatusWidgets : public QWidget {
  Q_OBJECT

 public:
  explicit StatusWidgets(QWidget* parent = nullptr);

  void set_stats(const SourceStats& stats);
  void set_status(const StatusRecord& status);
  void set_source(const QString& name);  // a source is being opened; empty: none is open any more
  void set_frozen(bool frozen);          // the picture, not the source
  void set_model_status(const ModelStatus& status);
  void set_output(const OutputStatus& status);
  void set_folder(const QString& folder);  // of recordings: the free space of its disk is shown

  QSize minimumSizeHint() const override;

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QLabel* cell(const char* name);
  void say(QLabel* label, const QString& text, const QString& spoken);
  void retranslate();
  void show_source();
  void show_rates();
  void show_recording();
  void show_disk();
  void show_model();
  void measure();  // sizes of files and free space, on a worker thread
  void fit();
  qint64 recorded_bytes() const;

  QLabel *source_, *capture_, *detect_, *age_, *dropped_, *recording_, *disk_, *device_, *model_;
  std::vector<QLabel*> least_needed_;  // in the order in which a narrow window hides them

  QString name_, folder_;
  bool open_ = false, has_stats_ = false, frozen_ = false;
  StatusRecord status_;
  SourceStats stats_;
  ModelStatus model_status_;
  bool is_recording_ = false;
  QString recording_problem_;
  QMap<QString, qint64> files_;  // bytes of the videos that are being written (annotated and raw)
  QElapsedTimer recording_time_;
  qint64 closed_bytes_ = 0;  // of this recording's finished files
  qint64 disk_bytes_ = -1;   // free; -1: unknown
  QTimer* second_;
  QElapsedTimer since_disk_;
  bool measuring_ = false;
};

}  // namespace dualsight
