// The window's menus and toolbar, and what each action does.
#include <QAction>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QInputDialog>
#include <QLocale>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QStatusBar>
#include <QToolBar>
#include <QUrl>
#include <algorithm>

#include "app/system/version.h"
#include "ui/live/video_view.h"
#include "ui/live_controller.h"
#include "ui/main_window.h"
#include "ui/output_controller.h"
#include "ui/panels/camera_list.h"
#include "ui/panels/detector_settings_dock.h"
#include "ui/panels/sources_dock.h"
#include "ui/panels/zones_dock.h"
#include "ui/settings/actions.h"
#include "ui/settings/help_dialog.h"
#include "ui/settings/preferences_dialog.h"
#include "ui/widgets/notice_bar.h"

namespace dualsight {
namespace {

constexpr double kConfidenceStep = 0.05, kHighestConfidence = 0.95;
constexpr double kFirstConfidence = 0.4;  // where stepping begins while the model's own thresholds are in use
constexpr int kConfidenceMessageMs = 2000;

}  // namespace

// --- menus

void MainWindow::build_menus() {
  const auto fill = [this](QMenu* menu, const QStringList& names) {
    for (const QString& name : names) {
      if (name == "-") {
        menu->addSeparator();
      } else {
        menu->addAction(actions_->get(name));
      }
    }
  };
  const auto add = [&](const char* name, const QStringList& names) {
    QMenu* menu = menuBar()->addMenu(QString());
    menu->setObjectName(name);
    fill(menu, names);
    return menu;
  };
  QMenu* file = add("fileMenu", {"open_file", "open_url"});
  QMenu* recent = file->addMenu(QString());
  recent->setObjectName("recentMenu");
  connect(recent, &QMenu::aboutToShow, this, &MainWindow::show_recent);
  fill(file, {"close_source", "-", "open_recording", "-", "quit"});
  QMenu* view = add("viewMenu", {"freeze", "-", "zoom_in", "zoom_out", "fit", "actual_size", "-", "labels",
                                 "coordinates", "tracks", "zones", "-"});
  for (QDockWidget* dock : docks_) view->addAction(dock->toggleViewAction());
  view->addSeparator();
  fill(view, {"full_screen", "reset_layout"});
  add("cameraMenu", {"refresh_cameras", "reconnect", "-", "mirror", "rotate_left", "rotate_right"});
  add("detectionMenu",
      {"choose_model", "-", "confidence_up", "confidence_down", "tracking", "-", "blur", "edit_zones"});
  add("recordMenu", {"record", "record_on_events", "json", "snapshot", "-", "open_record_folder"});
  add("toolsMenu", {"stats", "preferences", "shortcuts", "-", "reset_settings"});
  add("helpMenu", {"help", "-", "about", "about_qt"});
}

void MainWindow::build_tool_bar() {
  QToolBar* bar = addToolBar(QString());
  bar->setObjectName("toolBar");
  for (const char* name : {"open_file", "open_url", "", "freeze", "snapshot", "record", "json", "", "fit",
                           "actual_size", "", "edit_zones", "blur", "", "preferences"}) {
    *name == 0 ? (void)bar->addSeparator() : bar->addAction(actions_->get(name));
  }
  // In full screen the menus are hidden; the shortcuts work as long as the window itself has the actions.
  for (QAction* action : findChildren<QAction*>()) {
    if (!action->shortcuts().isEmpty()) addAction(action);
  }
}

void MainWindow::retranslate_menus() {
  for (const char* menu : {"file", "view", "camera", "detection", "record", "tools", "help"}) {
    findChild<QMenu*>(QString(menu) + "Menu")->setTitle(actions_->menu_text(menu));
  }
  findChild<QMenu*>("recentMenu")->setTitle(tr("Open &recent"));
  auto* bar = findChild<QToolBar*>("toolBar");
  bar->setWindowTitle(tr("Toolbar"));
  bar->setAccessibleName(tr("Toolbar"));
  actions_->retranslate();
}

void MainWindow::show_recent() {
  auto* menu = findChild<QMenu*>("recentMenu");
  menu->clear();
  Settings now;
  sources_->store(now);
  for (const QString& spec : now.recent_sources) {
    menu->addAction(QString(spec).replace('&', "&&"), this, [this, spec] { open_source(spec); });
  }
  if (menu->isEmpty()) menu->addAction(tr("Nothing yet"))->setEnabled(false);
}

// --- actions

template <typename Call>
void MainWindow::on_triggered(const char* action, Call call) {
  connect(actions_->get(action), &QAction::triggered, this, call);
}

void MainWindow::connect_actions() {
  on_triggered("open_file", [this] { choose_source_file(); });
  on_triggered("open_url", [this] { choose_address(); });
  on_triggered("close_source", [this] { sources_->close(); });
  on_triggered("open_recording", [this] { choose_recording(); });
  on_triggered("quit", [this] { close(); });
  connect_picture_actions();
  connect_detection_actions();
  connect_output_actions();
  connect_tool_actions();
}

void MainWindow::connect_picture_actions() {
  on_triggered("freeze", [this](bool frozen) { live_->set_frozen(frozen); });
  on_triggered("zoom_in", [this] { view_->zoom_in(); });
  on_triggered("zoom_out", [this] { view_->zoom_out(); });
  on_triggered("fit", [this] { view_->fit(); });
  on_triggered("actual_size", [this] { view_->actual_size(); });
  for (const char* name : {"labels", "coordinates", "tracks", "zones"}) {
    on_triggered(name, [this] { live_->apply_style(); });
  }
  on_triggered("full_screen", [this](bool full) {
    setWindowState(windowState().setFlag(Qt::WindowFullScreen, full));
    menuBar()->setVisible(!full);
  });
  on_triggered("reset_layout", [this] {
    restoreState(first_state_);
    for (QDockWidget* dock : docks_) dock->show();
  });
  on_triggered("refresh_cameras", [this] { cameras_->refresh(); });
  on_triggered("reconnect", [this] { sources_->reopen(); });
  on_triggered("mirror", [this](bool mirror) { turn_picture([mirror](Settings& s) { s.mirror = mirror; }); });
  on_triggered("rotate_left", [this] { turn_picture([](Settings& s) { s.rotate = (s.rotate + 270) % 360; }); });
  on_triggered("rotate_right", [this] { turn_picture([](Settings& s) { s.rotate = (s.rotate + 90) % 360; }); });
}

void MainWindow::connect_detection_actions() {
  on_triggered("choose_model", [this] {
    bring_to_front("detectionDock");
    detector_settings_->setFocus();
  });
  on_triggered("confidence_up", [this] { change_confidence(kConfidenceStep); });
  on_triggered("confidence_down", [this] { change_confidence(-kConfidenceStep); });
  on_triggered("tracking", [this](bool track) { change_detection([track](Settings& s) { s.tracking = track; }); });
  on_triggered("blur", [this](bool blur) { set_blurring(blur); });
  on_triggered("edit_zones", [this](bool edit) {
    if (edit) bring_to_front("zonesDock");
    zones_->set_editing(edit);
  });
}

void MainWindow::connect_output_actions() {
  on_triggered("record", [this](bool on) { outputs_->set_recording(on, settings_); });
  on_triggered("record_on_events", [this](bool on_events) { settings_.record_on_events = on_events; });
  on_triggered("json", [this](bool on) { outputs_->set_records(on, settings_); });
  on_triggered("snapshot", [this] { outputs_->save_snapshot(settings_); });
  on_triggered("open_record_folder", [this] {
    const QString folder = record_folder(settings_);
    QDir().mkpath(folder);
    QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
  });
}

void MainWindow::connect_tool_actions() {
  on_triggered("stats", [this](bool shown) { shown ? bring_to_front("statsDock") : docks_["statsDock"]->hide(); });
  const QAction* stats_seen = docks_["statsDock"]->toggleViewAction();
  actions_->get("stats")->setChecked(stats_seen->isChecked());
  connect(stats_seen, &QAction::toggled, actions_->get("stats"), &QAction::setChecked);
  on_triggered("preferences", [this] { show_preferences(); });
  on_triggered("shortcuts", [this] { show_preferences("shortcuts"); });
  on_triggered("reset_settings", [this] { ask_to_reset_settings(); });
  on_triggered("help", [this] { HelpDialog(*actions_, this).exec(); });
  on_triggered("about", [this] { show_about(); });
  on_triggered("about_qt", [] { QApplication::aboutQt(); });
}

void MainWindow::turn_picture(const std::function<void(Settings&)>& change) {
  sources_->store(settings_);
  change(settings_);
  sources_->set_settings(settings_);
  sources_->reopen();
}

void MainWindow::change_detection(const std::function<void(Settings&)>& change) {
  detector_settings_->store(settings_);
  change(settings_);
  detector_settings_->set_settings(settings_);
  live_->adjust();
}

void MainWindow::change_confidence(double by) {
  change_detection([by](Settings& s) {
    const double now = s.confidence < 0 ? kFirstConfidence : s.confidence;
    s.confidence = std::clamp(now + by, static_cast<double>(Session::lowest_threshold), kHighestConfidence);
  });
  statusBar()->showMessage(tr("Confidence from %1").arg(QLocale().toString(settings_.confidence, 'f', 2)),
                           kConfidenceMessageMs);
}

void MainWindow::set_blurring(bool on) {
  const std::vector<bool> chosen = detector_settings_->blurred();
  const QString choose = tr("Choose what to blur first: tick Blur beside a class in the Detection panel.");
  if (on && std::find(chosen.begin(), chosen.end(), true) == chosen.end()) {
    actions_->get("blur")->setChecked(false);
    bring_to_front("detectionDock");
    notice_->show_notice(choose);
    return;
  }
  if (on && notice_->text() == choose) notice_->hide();
  live_->adjust();
}

// --- dialogs

void MainWindow::choose_source_file() {
  const QString file = QFileDialog::getOpenFileName(this, tr("Open a video or a picture"));
  if (!file.isEmpty()) open_source(file);
}

void MainWindow::choose_address() {
  bool ok = false;
  const QString address = QInputDialog::getText(this, tr("Open an address"), tr("Address (rtsp, http or https):"),
                                                QLineEdit::Normal, "rtsp://", &ok);
  if (ok && !address.trimmed().isEmpty()) open_source(address.trimmed());
}

void MainWindow::choose_recording() {
  const QString file = QFileDialog::getOpenFileName(this, tr("Open a recording"), record_folder(settings_),
                                                    tr("Videos (*.mkv *.mp4 *.avi);;All files (*)"));
  if (!file.isEmpty()) open_recording(file);
}

void MainWindow::show_preferences(const QString& page) {
  PreferencesDialog dialog(settings(), *actions_, this);
  dialog.set_class_names(live_->class_names());
  if (!page.isEmpty()) dialog.show_page(page);
  const auto take = [&] {
    change_to(dialog.settings());
    save_settings();
  };
  connect(&dialog, &PreferencesDialog::applied, this, take);
  if (dialog.exec() == QDialog::Accepted) take();
}

void MainWindow::show_about() {
  QMessageBox::about(this, tr("About Dualsight"),
                     tr("<h3>Dualsight %1</h3><p>Sees what is there, where and how big: live, on this computer alone. "
                        "Nothing leaves it.</p>")
                         .arg(program_version));
}

}  // namespace dualsight
