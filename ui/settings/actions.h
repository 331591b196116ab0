// The window's actions by name: texts, icons, shortcuts and menus. The names are kept in the settings, so they must not
// change.
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

  QAction* get(const QString& name) const;        // never null: an unknown name is a programming error
  QStringList names() const { return names_; }    // in the order of the menus
  QString menu(const QString& name) const;        // "file", "view", "camera", "detection", "record", "tools", "help"
  QString menu_text(const QString& menu) const;   // "&File"
  QString plain_text(const QString& name) const;  // without the menu's '&' and '…'
  void retranslate();

  QKeySequence usual(const QString& name) const;             // its default shortcut
  void apply(const QMap<QString, QKeySequence>& overrides);  // the others get their default shortcuts
  QMap<QString, QKeySequence> overrides() const;             // those that differ from the default
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

// The other actions whose shortcut equals `wanted`, or begins like it ("Ctrl+K" and "Ctrl+K, R"): Qt would then trigger
// neither.
QStringList shortcut_conflicts(const QMap<QString, QKeySequence>& shortcuts, const QString& name,
                               const QKeySequence& wanted);

// "Open" of "&Open", "打开" of "打开(&O)".
QString without_mnemonic(QString text);

}  // namespace dualsight
