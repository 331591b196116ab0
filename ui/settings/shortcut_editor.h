// A table of all actions in which their shortcuts are changed. It asks before a shortcut is taken from another action.
#pragma once

#include <QKeySequence>
#include <QMap>
#include <QStringList>
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
  ~ShortcutEditor() override;

  QMap<QString, QKeySequence> overrides() const;  // those that differ from the default
  // Takes over a shortcut that is still being typed. False: a question is open, since another action has it.
  bool commit();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void show_rows();
  void show_current();
  void filter();
  QString current() const;
  QString texts(const QStringList& names) const;
  void assign(const QString& name, const QKeySequence& sequence);  // or asks first
  void set(const QString& name, const QKeySequence& sequence);
  void ask(const QString& name, const QKeySequence& sequence);
  void stop_asking();
  void take_over();

  const Actions& actions_;
  QMap<QString, QKeySequence> sequences_;
  QString asked_name_;  // empty: no question is open
  QKeySequence asked_;

  QLineEdit* filter_;
  QTableWidget* table_;
  QLabel* edit_label_;
  QKeySequenceEdit* edit_;
  QPushButton *clear_, *reset_, *reset_all_;
  QWidget* question_;
  QLabel *question_icon_, *question_text_;
  QPushButton *take_, *leave_;
};

}  // namespace dualsight
