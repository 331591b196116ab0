// What is set once and seldom changed.
#pragma once

#include <QDialog>
#include <QStringList>

#include "ui/settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QTabWidget;

namespace dualsight {

class Actions;
class ShortcutEditor;

class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  PreferencesDialog(Settings settings, const Actions& actions, QWidget* parent = nullptr);

  void set_class_names(const QStringList& names);  // to choose from
  void show_page(const QString& name);             // "general", "recording", "shortcuts"
  Settings settings() const;                       // as chosen

 Q_SIGNALS:
  void applied();  // Apply was pressed; OK is accepted()

 private:
  QWidget* general_page();
  QWidget* recording_page();
  QWidget* folder_field(QLineEdit* edit, const QString& name);

  const Settings given_;
  QTabWidget* tabs_;
  QComboBox *language_, *theme_, *what_, *container_;
  QLineEdit *record_folder_, *snapshot_folder_, *classes_, *zones_;
  QCheckBox* on_events_;
  QDoubleSpinBox *pre_roll_, *post_roll_, *segment_, *quota_;
  ShortcutEditor* shortcuts_;
};

}  // namespace dualsight
