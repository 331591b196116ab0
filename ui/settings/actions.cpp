#include "ui/settings/actions.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QGroupBox>
#include <QKeyEvent>

#include "ui/widgets/icons.h"

namespace dualsight {

Actions::Actions(QObject* parent) : QObject(parent) {
  add("file", "open_file", QKeySequence("Ctrl+O"), "folder");
  add("file", "open_url", QKeySequence("Ctrl+U"), "link");
  add("file", "close_source", QKeySequence("Ctrl+W"), "stop");
  add("file", "open_recording", QKeySequence("Ctrl+Shift+O"), "play");
  add("file", "quit", QKeySequence("Ctrl+Q"));
  add("view", "freeze", QKeySequence("Space"), "freeze", true);
  add("view", "zoom_in", QKeySequence("Ctrl++"), "zoom_in");
  add("view", "zoom_out", QKeySequence("Ctrl+-"), "zoom_out");
  add("view", "fit", QKeySequence("Ctrl+0"), "fit");
  add("view", "actual_size", QKeySequence("Ctrl+1"), "actual_size");
  add("view", "labels", QKeySequence("L"), "labels", true);
  add("view", "coordinates", QKeySequence("C"), nullptr, true);
  add("view", "tracks", QKeySequence("T"), nullptr, true);
  add("view", "zones", QKeySequence("Z"), nullptr, true);
  add("view", "full_screen", QKeySequence("F11"), nullptr, true);
  add("view", "reset_layout", {});
  add("camera", "refresh_cameras", QKeySequence("F5"), "camera");
  add("camera", "reconnect", QKeySequence("Ctrl+F5"), "refresh");
  add("camera", "mirror", QKeySequence("M"), "mirror", true);
  add("camera", "rotate_left", QKeySequence("Ctrl+Shift+L"), "rotate_left");
  add("camera", "rotate_right", QKeySequence("Ctrl+Shift+R"), "rotate_right");
  add("detection", "choose_model", {});
  add("detection", "confidence_up", QKeySequence("]"));
  add("detection", "confidence_down", QKeySequence("["));
  add("detection", "tracking", {}, nullptr, true);
  add("detection", "blur", QKeySequence("B"), "blur", true);
  add("detection", "edit_zones", QKeySequence("Shift+Z"), "zones", true);
  add("record", "record", QKeySequence("Ctrl+R"), "record", true);
  add("record", "record_on_events", {}, nullptr, true);
  add("record", "json", QKeySequence("Ctrl+J"), "json", true);
  add("record", "snapshot", QKeySequence("S"), "snapshot");
  add("record", "open_record_folder", {}, "folder");
  add("tools", "stats", {}, "stats", true);
  add("tools", "preferences", QKeySequence("Ctrl+,"), "settings");
  add("tools", "shortcuts", {});
  add("tools", "reset_settings", {});
  add("help", "help", QKeySequence("F1"), "help");
  add("help", "about", {});
  add("help", "about_qt", {});
  get("quit")->setMenuRole(QAction::QuitRole);
  get("preferences")->setMenuRole(QAction::PreferencesRole);
  get("about")->setMenuRole(QAction::AboutRole);
  get("about_qt")->setMenuRole(QAction::AboutQtRole);
  retranslate();
  qApp->installEventFilter(this);
}

void Actions::add(const char* menu, const char* name, const QKeySequence& usual, const char* symbol, bool checkable) {
  auto* action = new QAction(this);
  action->setObjectName(name);
  action->setCheckable(checkable);
  if (symbol != nullptr) action->setIcon(icon(symbol));
  action->setIconVisibleInMenu(false);  // it would replace the check mark
  action->setShortcut(usual);
  names_ << name;
  entries_[name] = {action, menu, usual};
}

QAction* Actions::get(const QString& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) qFatal("no action %s", qPrintable(name));
  return found->action;
}

QString Actions::menu(const QString& name) const { return entries_.value(name).menu; }

QString Actions::menu_text(const QString& menu) const {
  if (menu == "file") return tr("&File");
  if (menu == "view") return tr("&View");
  if (menu == "camera") return tr("&Camera");
  if (menu == "detection") return tr("&Detection");
  if (menu == "record") return tr("&Record");
  if (menu == "tools") return tr("&Tools");
  return tr("&Help");
}

QString Actions::plain_text(const QString& name) const {
  return without_mnemonic(get(name)->text()).remove(QString::fromUtf8("…")).trimmed();
}

void Actions::retranslate() {
  const auto say = [this](const char* name, const QString& text, const QString& tip) {
    QAction* action = get(name);
    action->setText(text);
    action->setStatusTip(tip);
  };
  say("open_file", tr("&Open a file …"), tr("Watch a video or a picture"));
  say("open_url", tr("Open an &address …"), tr("Watch a network camera or stream"));
  say("close_source", tr("&Close the source"), tr("Stop watching; recordings end"));
  say("open_recording", tr("Open a recor&ding …"), tr("Look at a recording again, with other thresholds"));
  say("quit", tr("&Quit"), tr("End Dualsight; what is being recorded is closed first"));
  say("freeze", tr("&Freeze"), tr("Keep the picture as it is; camera and recording go on"));
  say("zoom_in", tr("Zoom &in"), tr("Show the picture larger"));
  say("zoom_out", tr("Zoom &out"), tr("Show the picture smaller"));
  say("fit", tr("Fit to the &window"), tr("Show the whole picture, as large as the window allows"));
  say("actual_size", tr("&Actual size"), tr("Show every pixel of the picture as one of the screen"));
  say("labels", tr("&Labels"), tr("Show class and confidence beside the boxes"));
  say("coordinates", tr("&Coordinates"), tr("Show position and size in pixels beside the boxes"));
  say("tracks", tr("&Track numbers"), tr("Show the number by which an object is followed"));
  say("zones", tr("&Zones"), tr("Show zones and lines"));
  say("full_screen", tr("F&ull screen"), tr("Use the whole screen, without menus"));
  say("reset_layout", tr("&Reset the layout"), tr("Put all panels back where they were at first"));
  say("refresh_cameras", tr("&Look for cameras"), tr("List the cameras that are connected now"));
  say("reconnect", tr("&Reconnect"), tr("Close the source and open it again"));
  say("mirror", tr("&Mirror"), tr("Swap left and right, as a mirror does"));
  say("rotate_left", tr("Rotate to the l&eft"), tr("Turn the picture by 90° against the clock"));
  say("rotate_right", tr("Rotate to the ri&ght"), tr("Turn the picture by 90° with the clock"));
  say("choose_model", tr("Choose the &model"), tr("Choose what looks at the picture"));
  say("confidence_up", tr("&Higher confidence"), tr("Report only what is more certain: fewer boxes"));
  say("confidence_down", tr("&Lower confidence"), tr("Report what is less certain, too: more boxes"));
  say("tracking", tr("&Tracking"), tr("Follow objects from frame to frame; zones and events need it"));
  say("blur", tr("&Blur"), tr("Make the chosen classes unrecognisable, in everything that is written, too"));
  say("edit_zones", tr("Edit &zones"), tr("Draw and change zones and lines on the picture"));
  say("record", tr("&Record"), tr("Write a video, and beside it what was found"));
  say("record_on_events", tr("Record around &events only"),
      tr("Write clips around the classes and zones that the preferences name"));
  say("json", tr("Write &JSON"), tr("Write what is detected, line by line"));
  say("snapshot", tr("&Snapshot"), tr("Save the picture as it is now"));
  say("open_record_folder", tr("Open the &folder of recordings"), tr("Show the recordings in the file manager"));
  say("stats", tr("&Statistics"), tr("Show frame rates, delays and load"));
  say("preferences", tr("&Preferences …"), tr("Language, theme, recordings, detection and shortcuts"));
  say("shortcuts", tr("Short&cuts …"), tr("See and change the keys"));
  say("reset_settings", tr("&Reset settings …"), tr("Forget all settings and begin anew"));
  say("help", tr("&Help"), tr("How it works, and which keys there are"));
  say("about", tr("&About Dualsight"), tr("Which version this is"));
  say("about_qt", tr("About &Qt"), tr("The library that draws this window"));
  show_tool_tips();
}

void Actions::show_tool_tips() {
  for (const QString& name : names_) {
    QAction* action = get(name);
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    const QString text = plain_text(name);
    action->setToolTip(keys.isEmpty() ? text : tr("%1 (%2)", "action, shortcut").arg(text, keys));
  }
}

QKeySequence Actions::usual(const QString& name) const { return entries_.value(name).usual; }

void Actions::apply(const QMap<QString, QKeySequence>& overrides) {
  for (const Entry& entry : std::as_const(entries_)) {
    entry.action->setShortcut(overrides.value(entry.action->objectName(), entry.usual));
  }
  show_tool_tips();
}

QMap<QString, QKeySequence> Actions::overrides() const {
  QMap<QString, QKeySequence> out;
  for (auto it = entries_.cbegin(); it != entries_.cend(); ++it) {
    if (it->action->shortcut() != it->usual) out[it.key()] = it->action->shortcut();
  }
  return out;
}

QStringList Actions::conflicts(const QString& name, const QKeySequence& wanted) const {
  QMap<QString, QKeySequence> now;
  for (auto it = entries_.cbegin(); it != entries_.cend(); ++it) now[it.key()] = it->action->shortcut();
  return shortcut_conflicts(now, name, wanted);
}

// Text fields keep the keys that are typed into them. Buttons, check boxes and lists do not keep the space bar: without
// this, a shortcut on it (freeze) would take it away from users who work without a mouse.
bool Actions::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && watched == QApplication::focusWidget()) {
    auto* key = static_cast<QKeyEvent*>(event);
    const bool pressed_by_space =
        qobject_cast<QAbstractButton*>(watched) != nullptr || qobject_cast<QComboBox*>(watched) != nullptr ||
        qobject_cast<QAbstractItemView*>(watched) != nullptr || qobject_cast<QGroupBox*>(watched) != nullptr;
    if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier && pressed_by_space) {
      key->accept();
      return true;
    }
  }
  return QObject::eventFilter(watched, event);
}

QString without_mnemonic(QString text) {
  if (const auto behind = text.indexOf("(&"); behind > 0) text.remove(behind, 4);
  return text.remove('&').trimmed();
}

QStringList shortcut_conflicts(const QMap<QString, QKeySequence>& shortcuts, const QString& name,
                               const QKeySequence& wanted) {
  QStringList out;
  if (wanted.isEmpty()) return out;
  for (auto it = shortcuts.cbegin(); it != shortcuts.cend(); ++it) {
    if (it.key() == name || it->isEmpty()) continue;
    if (wanted.matches(*it) != QKeySequence::NoMatch || it->matches(wanted) != QKeySequence::NoMatch) out << it.key();
  }
  return out;
}

}  // namespace dualsight
