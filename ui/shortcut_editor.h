// A table of all actions with their shortcuts, to be changed; who else has the same is shown beside.
#pragma once

#include <QKeySequence>
#include <QMap>
#include <QWidget>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace dualsight {

class Actions;

class ShortcutEditor : public QWidget {
  Q_OBJECT

 public:
  explicit ShortcutEditor(const Actions& actions, QWidget* parent = nullptr);

  QMap<QString, QKeySequence> overrides() const;  // those that differ from the usual
  void set(const QString& name, const QKeySequence& sequence);
  QString conflicts(const QString& name) const;   // texts of the actions with the same shortcut; empty: none

 private:
  void show_rows();
  void filter(const QString& text);
  QString current() const;

  const Actions& actions_;
  QMap<QString, QKeySequence> sequences_;
  QLineEdit* filter_;
  QTableWidget* table_;
  QKeySequenceEdit* edit_;
  QPushButton *clear_, *reset_, *reset_all_;
  QLabel* conflict_;
  bool filling_ = false;
};

}  // namespace dualsight
