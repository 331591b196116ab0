// The Sources panel: cameras by name, files and addresses, how a picture is turned, and how the open source fares.
#pragma once

#include <QHash>
#include <QString>
#include <QWidget>
#include <optional>

#include "app/records/records.h"
#include "app/sources/source.h"
#include "ui/panels/camera_list.h"
#include "ui/settings/settings.h"

class QCheckBox;
class QComboBox;
class QGroupBox;
class QLabel;
class QListWidget;
class QListWidgetItem;
class QPushButton;
class QTimer;

namespace dualsight {

class SourcesPanel : public QWidget {
  Q_OBJECT

 public:
  explicit SourcesPanel(CameraList* cameras, QWidget* parent = nullptr);

  void set_settings(const Settings& settings);  // opens nothing
  void store(Settings& settings) const;         // without passwords

  // `spec` as open_source() reads it; emits open_requested().
  void open(const QString& spec);
  // What was open last time, or the first camera, as soon as cameras are known. A source whose password is not known
  // any more is only put into the field.
  void open_last();
  void close();   // emits close_requested()
  void reopen();  // once more, as set now; what was open last where nothing is
  void ended();   // the source came to its end, or failed: nothing is open any more

  void set_stats(const SourceStats& stats);
  void set_status(const StatusRecord& status);

  bool is_open() const { return open_.has_value(); }
  QString open_name() const;  // for people: the camera's name, the file's, the address without password
  bool repeat() const;

 Q_SIGNALS:
  void open_requested(const dualsight::SourceSettings& source);
  void close_requested();
  void repeat_changed(bool repeat);

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void retranslate();
  void list_cameras_anew();
  void list_formats();
  void list_sizes();
  void list_rates();
  void mode_chosen();
  void mark_open();
  void show_state();
  void apply();
  void open_typed();
  void choose_file();
  void remember(const QString& spec);
  void show_recent();
  const CameraInfo* chosen_camera() const;
  QString chosen_spec() const;
  int row_of(const QString& identity) const;  // -1: not there
  bool is_open_camera(const QString& identity) const;
  bool chosen_is_open() const;
  CameraMode mode_in_boxes() const;

  CameraList* cameras_;
  QGroupBox *camera_box_, *file_box_, *picture_box_;
  QListWidget* list_;
  QLabel *no_cameras_, *format_label_, *size_label_, *rate_label_, *rotate_label_, *state_, *rates_, *hint_;
  QComboBox *format_, *size_, *rate_, *rotate_, *address_;
  QPushButton *open_camera_, *open_file_, *open_address_, *close_;
  QCheckBox *mirror_, *repeat_;

  std::optional<SourceSettings> open_;  // passwords and all
  QStringList recent_;                  // without passwords
  QHash<QString, QString> complete_;    // what was typed in this run, by what is shown of it
  QTimer* typed_;                       // the box tells one Enter more than once
  QString last_;                        // Settings::source
  CameraMode wanted_mode_;              // last chosen; the rate is its only one
  std::optional<StatusRecord> status_;
  SourceStats stats_;
  bool has_stats_ = false, filling_ = false, open_when_listed_ = false;
};

}  // namespace dualsight
