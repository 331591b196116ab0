// Everything the window can be told, by a lasting name: texts, icons, shortcuts, and the menu it is in.
#pragma once

#include <QKeySequence>
#include <QMap>
#include <QObject>
#include <QString>
#include <QStringList>

class QAction;

namespace dualsight {

class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QObject* parent = nullptr);

  QAction* get(const QString& name) const;        // never null: asking for one that is not there is a mistake of ours
  QStringList names() const { return names_; }    // in the order of the menus
  QString menu(const QString& name) const;        // "file", "view", "camera", "detection", "record", "tools", "help"
  QString menu_text(const QString& menu) const;   // "&File"
  QString plain_text(const QString& name) const;  // without the menu's '&' and '…'
  void retranslate();

  QKeySequence usual(const QString& name) const;             // its shortcut, unless somebody chose another
  void apply(const QMap<QString, QKeySequence>& overrides);  // the others get their usual ones
  QMap<QString, QKeySequence> overrides() const;             // those that differ from the usual
  QStringList conflicts(const QString& name, const QKeySequence& wanted) const;  // see shortcut_conflicts()

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void add(const char* menu, const char* name, const QKeySequence& usual, const char* icon = nullptr,
           bool checkable = false);
  void show_tool_tips();

  struct Entry {
    QAction* action = nullptr;
    QString menu;
    QKeySequence usual;
  };
  QStringList names_;
  QMap<QString, Entry> entries_;
};

// The others whose shortcut is the same as `wanted`, or one the beginning of the other: Qt would then do neither.
QStringList shortcut_conflicts(const QMap<QString, QKeySequence>& shortcuts, const QString& name,
                               const QKeySequence& wanted);

// "Open" of "&Open", "打开" of "打开(&O)".
QString without_mnemonic(QString text);

}  // namespace dualsight
