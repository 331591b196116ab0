// The Sources panel: cameras, files and addresses to open, mirroring and rotation, and the state of the open source.
#pragma once

#include <QHash>
#include <QString>
#include <QWidget>
#include <optional>

#include "app/records/records.h"
#include "app/sources/source.h"

class QCheckBox;
class QComboBox;
class QGroupBox;
class QLabel;
class QPushButton;
class QTimer;

namespace dualsight {

class CameraChooser;
class CameraList;
struct Settings;

class SourcesPanel : public QWidget {
  Q_OBJECT

 public:
  explicit SourcesPanel(CameraList* cameras, QWidget* parent = nullptr);

  void set_settings(const Settings& settings);  // opens nothing
  void store(Settings& settings) const;         // without passwords

  // `spec` as open_source() reads it; emits open_requested().
  void open(const QString& spec);
  // The source of the last run, or the first camera, as soon as the cameras are listed. A source whose password is not
  // known any more is only put into the field.
  void open_last();
  void close();   // emits close_requested()
  void reopen();  // the open source with the settings of now; if there is none, open_last()
  void ended();   // the source came to its end, or failed: nothing is open any more

  void set_stats(const SourceStats& stats);
  void set_status(const StatusRecord& status);

  bool is_open() const { return open_.has_value(); }
  QString open_name() const;  // to be shown: name of the camera or file, address without password
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
  void mark_open();
  void show_state();
  void apply();
  void open_typed();
  void choose_file();
  void remember(const QString& spec);
  void show_recent();
  bool is_open_camera(const QString& camera) const;
  bool chosen_is_open() const;

  CameraList* cameras_;
  CameraChooser* camera_box_;
  QGroupBox *file_box_, *picture_box_;
  QLabel *rotate_label_, *state_, *rates_, *hint_;
  QComboBox *rotate_, *address_;
  QPushButton *open_file_, *open_address_, *close_;
  QCheckBox *mirror_, *repeat_;

  std::optional<SourceSettings> open_;  // passwords and all
  QStringList recent_;                  // without passwords
  QHash<QString, QString> complete_;    // with the passwords that were typed in this run, by what is shown of it
  QTimer* typed_;                       // the combo box signals one Enter more than once: this makes it one
  QString last_;                        // Settings::source
  std::optional<StatusRecord> status_;
  SourceStats stats_;
  bool has_stats_ = false, filling_ = false, open_when_listed_ = false;
};

}  // namespace dualsight
