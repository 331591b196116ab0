#include "ui/actions.h"

#include <QAction>

#include "ui/icons.h"

namespace dualsight {

Actions::Actions(QObject* parent) : QObject(parent) {
  add("open_file", QKeySequence("Ctrl+O"), "folder");
  add("open_url", QKeySequence("Ctrl+U"), "link");
  add("close_source", QKeySequence("Ctrl+W"));
  add("open_recording", QKeySequence("Ctrl+Shift+O"));
  add("quit", QKeySequence("Ctrl+Q"));
  add("freeze", QKeySequence("Space"), "freeze", true);
  add("zoom_in", QKeySequence("Ctrl++"), "zoom_in");
  add("zoom_out", QKeySequence("Ctrl+-"), "zoom_out");
  add("fit", QKeySequence("Ctrl+0"), "fit");
  add("actual_size", QKeySequence("Ctrl+1"), "actual_size");
  add("labels", QKeySequence("L"), nullptr, true);
  add("coordinates", QKeySequence("C"), nullptr, true);
  add("tracks", QKeySequence("T"), nullptr, true);
  add("zones", QKeySequence("Z"), nullptr, true);
  add("full_screen", QKeySequence("F11"), nullptr, true);
  add("reset_layout", {});
  add("refresh_cameras", QKeySequence("F5"));
  add("reconnect", QKeySequence("Ctrl+F5"));
  add("mirror", QKeySequence("M"), nullptr, true);
  add("rotate_left", QKeySequence("Ctrl+Shift+L"));
  add("rotate_right", QKeySequence("Ctrl+Shift+R"));
  add("choose_model", {});
  add("confidence_up", QKeySequence("]"));
  add("confidence_down", QKeySequence("["));
  add("tracking", {}, nullptr, true);
  add("blur", QKeySequence("B"), "blur", true);
  add("edit_zones", QKeySequence("Shift+Z"), "zones", true);
  add("record", QKeySequence("Ctrl+R"), "record", true);
  add("record_on_events", {}, nullptr, true);
  add("json", QKeySequence("Ctrl+J"), "json", true);
  add("snapshot", QKeySequence("S"), "snapshot");
  add("open_record_folder", {});
  add("stats", QKeySequence("Ctrl+I"));
  add("preferences", QKeySequence("Ctrl+,"), "settings");
  add("shortcuts", {});
  add("reset_settings", {});
  add("help", QKeySequence("F1"));
  add("about", {});
  add("about_qt", {});
  retranslate();
}

void Actions::add(const char* name, const QKeySequence& usual, const char* symbol, bool checkable) {
  auto* action = new QAction(this);
  action->setObjectName(name);
  action->setCheckable(checkable);
  if (symbol != nullptr) action->setIcon(icon(symbol));
  action->setShortcut(usual);
  names_ << name;
  actions_[name] = action;
  usual_[name] = usual;
}

QAction* Actions::get(const QString& name) const {
  const auto found = actions_.find(name);
  if (found == actions_.end()) qFatal("no action %s", qPrintable(name));
  return *found;
}

void Actions::retranslate() {
  const auto say = [this](const char* name, const QString& text, const QString& tip = {}) {
    QAction* action = actions_[name];
    action->setText(text);
    action->setStatusTip(tip);
  };
  say("open_file", tr("&Open a file …"), tr("A video or a picture"));
  say("open_url", tr("Open an &address …"), tr("A network camera or stream"));
  say("close_source", tr("&Close the source"));
  say("open_recording", tr("Open a reco&rding …"), tr("Look at a recording again, with other thresholds"));
  say("quit", tr("&Quit"));
  say("freeze", tr("&Freeze"), tr("Keep the picture as it is; camera and recording go on"));
  say("zoom_in", tr("Zoom &in"));
  say("zoom_out", tr("Zoom &out"));
  say("fit", tr("&Fit to the window"));
  say("actual_size", tr("&Actual size"));
  say("labels", tr("&Labels"), tr("Class and confidence beside the boxes"));
  say("coordinates", tr("&Coordinates"), tr("Position and size in pixels beside the boxes"));
  say("tracks", tr("&Track numbers"));
  say("zones", tr("&Zones"));
  say("full_screen", tr("F&ull screen"));
  say("reset_layout", tr("&Reset the layout"));
  say("refresh_cameras", tr("&Look for cameras"));
  say("reconnect", tr("&Reconnect"));
  say("mirror", tr("&Mirror"));
  say("rotate_left", tr("Rotate to the l&eft"));
  say("rotate_right", tr("Rotate to the &right"));
  say("choose_model", tr("Choose the &model"));
  say("confidence_up", tr("&Higher confidence"), tr("Fewer boxes"));
  say("confidence_down", tr("&Lower confidence"), tr("More boxes"));
  say("tracking", tr("&Tracking"));
  say("blur", tr("&Blur"), tr("Make the chosen classes unrecognisable, in everything that is written, too"));
  say("edit_zones", tr("Edit &zones"));
  say("record", tr("&Record"));
  say("record_on_events", tr("Record around &events only"));
  say("json", tr("Write &JSON"), tr("What is detected, line by line"));
  say("snapshot", tr("&Snapshot"));
  say("open_record_folder", tr("Open the &folder of recordings"));
  say("stats", tr("&Statistics"));
  say("preferences", tr("&Preferences …"));
  say("shortcuts", tr("&Shortcuts …"));
  say("reset_settings", tr("&Reset settings …"));
  say("help", tr("&Help"));
  say("about", tr("&About Dualsight"));
  say("about_qt", tr("About &Qt"));
}

QKeySequence Actions::usual(const QString& name) const { return usual_.value(name); }

void Actions::apply(const QMap<QString, QKeySequence>& overrides) {
  for (const QString& name : names_) actions_[name]->setShortcut(overrides.value(name, usual_[name]));
}

QMap<QString, QKeySequence> Actions::overrides() const {
  QMap<QString, QKeySequence> out;
  for (const QString& name : names_) {
    if (actions_[name]->shortcut() != usual_[name]) out[name] = actions_[name]->shortcut();
  }
  return out;
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
