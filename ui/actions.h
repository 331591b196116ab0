// Everything the window can be told, by a lasting name: texts, icons, shortcuts.
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

  QAction* get(const QString& name) const;  // never null: asking for one that is not there is a mistake of ours
  QStringList names() const { return names_; }  // in the order of the menus
  void retranslate();

  QKeySequence usual(const QString& name) const;  // its shortcut, unless somebody chose another
  void apply(const QMap<QString, QKeySequence>& overrides);  // the others get their usual ones
  QMap<QString, QKeySequence> overrides() const;             // those that differ from the usual

 private:
  void add(const char* name, const QKeySequence& usual, const char* icon = nullptr, bool checkable = false);

  QStringList names_;
  QMap<QString, QAction*> actions_;
  QMap<QString, QKeySequence> usual_;
};

// Pairs of names whose shortcuts are the same, or one the beginning of the other.
QStringList shortcut_conflicts(const QMap<QString, QKeySequence>& shortcuts, const QString& name,
                               const QKeySequence& wanted);

}  // namespace dualsight
