// The Sources panel's list of cameras, and the mode (format, size, rate) in which the chosen one is to be opened.
#pragma once

#include <QGroupBox>
#include <QString>

#include "app/sources/cameras.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace dualsight {

class CameraList;

class CameraChooser : public QGroupBox {
  Q_OBJECT

 public:
  explicit CameraChooser(CameraList* cameras, QWidget* parent = nullptr);

  // Cameras are named by CameraList::identity(); empty: none.
  QString chosen() const;
  QString first() const;
  void prefer(const QString& camera);  // to be chosen when the first cameras are listed
  bool choose(const QString& camera);  // now, and as prefer(); false: it is not in the list
  void mark_open(const QString& camera);

  // The mode that was chosen last, with one rate; empty or 0 is the driver's choice. The boxes show what the chosen
  // camera offers of it.
  const CameraMode& wanted_mode() const { return wanted_mode_; }
  void set_wanted_mode(const CameraMode& mode);
  CameraMode shown_mode() const;

 Q_SIGNALS:
  void open_requested(const QString& camera);
  void mode_chosen();  // by the user

 protected:
  void changeEvent(QEvent* event) override;

 private:
  const CameraInfo* chosen_camera() const;
  int row_of(const QString& camera) const;  // -1: not in the list
  void list_cameras();
  void list_formats();
  void list_sizes();
  void list_rates();
  void take_mode();
  void show_rows();
  void retranslate();

  CameraList* cameras_;
  QListWidget* list_;
  QLabel *no_cameras_, *format_label_, *size_label_, *rate_label_;
  QComboBox *format_, *size_, *rate_;
  QPushButton* open_;
  QString preferred_, open_camera_;
  CameraMode wanted_mode_;
  bool filling_ = false;  // list and boxes change by the program, not by the user
};

QString rate_text(double rate);  // frames a second: "25", "29.9"

}  // namespace dualsight
