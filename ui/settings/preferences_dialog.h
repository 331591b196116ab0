// Settings that are seldom changed. They take effect with OK or Apply only.
#pragma once

#include <QDialog>
#include <QStringList>

#include "ui/settings/settings.h"

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QGroupBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTabWidget;

namespace dualsight {

class Actions;
class ShortcutEditor;

class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  PreferencesDialog(Settings settings, const Actions& actions, QWidget* parent = nullptr);

  void set_class_names(const QStringList& names);  // the model's, to choose from
  void show_page(const QString& name);             // "general", "recording", "detection", "shortcuts"
  Settings settings() const;                       // as chosen

  void accept() override;

 Q_SIGNALS:
  void applied();  // Apply was pressed; for OK there is QDialog::accepted()

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Folder {
    QLabel* label;
    QLineEdit* edit;
    QPushButton* choose;
  };
  Folder make_folder(QFormLayout* form, const char* name, const QString& value);
  void choose_folder(const Folder& folder);
  QWidget* general_page();
  QWidget* recording_page();
  QWidget* detection_page();
  void retranslate();
  bool is_complete();  // false: a conflict of shortcuts needs an answer, and its page is shown

  const Settings given_;
  QStringList class_names_;
  QTabWidget* tabs_;
  ShortcutEditor* shortcuts_;
  QDialogButtonBox* buttons_;

  QComboBox *language_, *theme_;
  QLabel *language_label_, *theme_label_;

  QGroupBox *files_box_, *events_box_;
  Folder record_folder_, snapshot_folder_;
  QComboBox *what_, *container_;
  QDoubleSpinBox *segment_, *quota_, *pre_roll_, *post_roll_;
  QLabel *what_label_, *container_label_, *segment_label_, *quota_label_, *pre_roll_label_, *post_roll_label_;
  QListWidget *classes_, *zones_;
  QLabel *classes_label_, *zones_label_;

  QComboBox *device_, *precision_, *input_size_;
  QLabel *device_label_, *precision_label_, *input_size_label_, *detection_note_;
};

}  // namespace dualsight
