#include "ui/main_window.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QDesktopServices>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLocale>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTextBrowser>
#include <QTimer>
#include <QToolBar>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/recording/segment_names.h"
#include "app/records/read_records.h"
#include "app/session/model_lookup.h"
#include "app/system/redact.h"
#include "app/system/version.h"
#include "ui/live/run_marker.h"
#include "ui/live/video_view.h"
#include "ui/panels/camera_list.h"
#include "ui/panels/detections_dock.h"
#include "ui/panels/detector_settings_dock.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/model_list.h"
#include "ui/panels/sources_dock.h"
#include "ui/panels/stats_panel.h"
#include "ui/panels/zones_dock.h"
#include "ui/review/review_widget.h"
#include "ui/settings/actions.h"
#include "ui/settings/preferences_dialog.h"
#include "ui/widgets/language.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/overlay_painter.h"
#include "ui/widgets/status_widgets.h"
#include "ui/widgets/theme.h"

namespace dualsight {
namespace {

constexpr int told_for_ms = 6000;                // in the status bar
constexpr int look_at_settings_every_ms = 2000;  // and saved once they rest that long

RecordWhat parse_what(const QString& what) {
  if (what == "raw") return RecordWhat::raw;
  return what == "both" ? RecordWhat::both : RecordWhat::annotated;
}

std::vector<std::string> strings(const QStringList& list) {
  std::vector<std::string> out;
  for (const QString& text : list) out.push_back(text.toStdString());
  return out;
}

}  // namespace

MainWindow::MainWindow(WindowOptions options)
    : options_(std::move(options)),
      store_(options_.settings_file),
      settings_(options_.settings    ? *options_.settings
                : options_.safe_mode ? Settings()
                                     : store_.load()),
      saved_(settings_),
      settings_timer_(new QTimer(this)),
      actions_(new Actions(this)),
      cameras_(new CameraList(this)),
      models_(new ModelList(this)),
      notice_(new NoticeBar(this)),
      pages_(new QStackedWidget(this)),
      view_(new VideoView(this)),
      review_(new ReviewWidget(this)),
      sources_(new SourcesPanel(cameras_, this)),
      detection_(new DetectorSettingsPanel(models_, this)),
      detections_(new DetectionsPanel(this)),
      zones_(new ZonesDock(this)),
      events_(new EventsPanel(this)),
      stats_(new StatsPanel(this)),
      status_(new StatusWidgets(this)),
      countdown_(new QTimer(this)) {
  setObjectName("mainWindow");
  review_->setObjectName("reviewWidget");
  setDockNestingEnabled(true);
  auto* live = new QWidget(this);
  auto* column = new QVBoxLayout(live);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(view_, 1);
  pages_->addWidget(live);
  pages_->addWidget(review_);
  auto* middle = new QWidget(this);
  auto* rows = new QVBoxLayout(middle);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(0);
  rows->addWidget(notice_);
  rows->addWidget(pages_, 1);
  setCentralWidget(middle);
  statusBar()->addWidget(status_, 1);
  countdown_->setInterval(500);

  build_docks();
  build_menus();
  connect_session();
  connect_panels();
  connect_actions();
  retranslate();
  resize(1280, 800);
  first_state_ = saveState();
  session_ = std::make_unique<Session>(link_, options_.session);
  apply(settings_);
  settings_timer_->setObjectName("settingsTimer");
  settings_timer_->setInterval(look_at_settings_every_ms);
  connect(settings_timer_, &QTimer::timeout, this, &MainWindow::watch_settings);
  if (!options_.safe_mode) {
    settings_timer_->start();
    restoreGeometry(settings_.geometry);
    restoreState(settings_.state);
    marker_ = std::make_unique<RunMarker>();
    if (const auto crash = marker_->previous_crash()) {
      const QString file = crash->recording;
      notice_->show_notice(file.isEmpty()
                               ? tr("Dualsight did not end cleanly the last time. If it does so again, start it with "
                                    "--safe-mode.")
                               : tr("Dualsight did not end cleanly the last time. The recording up to then is "
                                    "intact: %1")
                                     .arg(file));
    }
  }
  show_waiting(tr("No source is open"), tr("Choose a camera in the Sources panel, or drop a file or an address here."));

  cameras_->refresh();
  models_->load();
  if (options_.model.isEmpty()) {
    detection_->load_model();
  } else {
    const auto found = find_model(options_.model.toStdString(), model_folders());
    if (found) detection_->use_model(QString::fromStdString(found->string()));
    if (!found) notice_->show_notice(QString::fromStdString(found.error().message));
  }
  if (!options_.source.isEmpty()) {
    sources_->open(options_.source);
  } else if (!options_.safe_mode) {
    sources_->open_last();
  }
}

MainWindow::~MainWindow() { session_.reset(); }

// --- what is built

QDockWidget* MainWindow::add_dock(const char* name, QWidget* panel, Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(this);
  dock->setObjectName(name);
  auto* scroll = new QScrollArea(dock);  // small screens
  scroll->setWidget(panel);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  dock->setWidget(scroll);
  addDockWidget(area, dock);
  // For Qt a dock behind another's tab is visible, somewhere beside the screen: Tab would go there.
  connect(dock, &QDockWidget::visibilityChanged, panel, &QWidget::setVisible);
  docks_.insert(name, dock);
  // Ticked while it is seen: of one behind another's tab, the next click brings it to the front.
  connect(dock, &QDockWidget::visibilityChanged, dock->toggleViewAction(), &QAction::setChecked);
  connect(dock->toggleViewAction(), &QAction::triggered, dock, [dock](bool shown) {
    if (shown) dock->raise();
  });
  return dock;
}

void MainWindow::bring_up(const char* name) {
  docks_[name]->show();
  docks_[name]->raise();
}

void MainWindow::build_docks() {
  auto* sources = add_dock("sourcesDock", sources_, Qt::LeftDockWidgetArea);
  auto* zones = add_dock("zonesDock", zones_, Qt::LeftDockWidgetArea);
  auto* detection = add_dock("detectionDock", detection_, Qt::RightDockWidgetArea);
  auto* stats = add_dock("statsDock", stats_, Qt::RightDockWidgetArea);
  auto* detections = add_dock("detectionsDock", detections_, Qt::BottomDockWidgetArea);
  auto* events = add_dock("eventsDock", events_, Qt::BottomDockWidgetArea);
  tabifyDockWidget(sources, zones);
  tabifyDockWidget(detection, stats);
  tabifyDockWidget(detections, events);
  for (QDockWidget* dock : {sources, detection, detections}) dock->raise();
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

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

  QToolBar* bar = addToolBar(QString());
  bar->setObjectName("toolBar");
  for (const char* name : {"open_file", "open_url", "", "freeze", "snapshot", "record", "json", "", "fit",
                           "actual_size", "", "edit_zones", "blur", "", "preferences"}) {
    *name == 0 ? (void)bar->addSeparator() : bar->addAction(actions_->get(name));
  }
  // Shortcuts work in full screen too, where menus are hidden.
  for (QAction* action : findChildren<QAction*>()) {
    if (!action->shortcuts().isEmpty()) addAction(action);
  }
}

void MainWindow::connect_session() {
  connect(&link_, &SessionLink::frame_ready, this, &MainWindow::show_frame);
  connect(&link_, &SessionLink::result_ready, this, &MainWindow::show_looked);
  connect(&link_, &SessionLink::status_came, this, &MainWindow::take_status);
  connect(&link_, &SessionLink::source_ended, this, &MainWindow::take_end);
  connect(&link_, &SessionLink::model_changed, this, &MainWindow::take_model);
  connect(&link_, &SessionLink::output_changed, this, &MainWindow::take_output);
  connect(&link_, &SessionLink::stats_came, this, [this](const SourceStats& stats) {
    sources_->set_stats(stats);
    status_->set_stats(stats);
    stats_->set_stats(stats);
  });
  connect(&link_, &SessionLink::event_came, this, [this](const EventRecord& event, const QImage& thumbnail) {
    zones_->count(event);
    events_->add(event, names_, thumbnail);
  });
  connect(&link_, &SessionLink::event_recorded, events_, &EventsPanel::locate);
  connect(&link_, &SessionLink::snapshot_saved, this,
          [this](const QString& file) { statusBar()->showMessage(tr("Saved %1").arg(file), told_for_ms); });
  connect(&link_, &SessionLink::snapshot_failed, this,
          [this](const QString& problem) { notice_->show_notice(tr("The snapshot was not saved: %1").arg(problem)); });
}

void MainWindow::connect_panels() {
  connect(sources_, &SourcesPanel::open_requested, this, [this](const SourceSettings& source) {
    if (!session_) return;
    pages_->setCurrentIndex(0);
    review_->close_recording();
    const QString name = QString::fromStdString(source_name(source));
    source_open_ = true;
    waiting_.reset();
    last_looked_.reset();
    set_frozen(false);
    status_->set_source(name);
    stats_->clear();
    detections_->clear();
    zones_->set_inside({});
    show_waiting(tr("Opening %1 …").arg(name), {});
    setWindowTitle(name);
    SourceSettings repeated = source;
    repeated.repeat = sources_->repeat();
    session_->open(std::move(repeated));
  });
  connect(sources_, &SourcesPanel::repeat_changed, this, [this] {
    // Only a file is opened anew for it, which would begin again anyway.
    if (source_open_ && last_looked_ && last_looked_->record.source_frames > 0) sources_->reopen();
  });
  connect(sources_, &SourcesPanel::close_requested, this, [this] {
    if (session_) session_->close();
  });
  connect(detection_, &DetectorSettingsPanel::model_requested, this,
          [this](const QString& file, const DetectorOptions& how) {
            if (session_) session_->use_model(file.toStdString(), how);
          });
  connect(detection_, &DetectorSettingsPanel::adjusted, this, &MainWindow::adjust);
  connect(detection_, &DetectorSettingsPanel::colors_changed, this, &MainWindow::apply_look);
  connect(zones_, &ZonesDock::regions_changed, this, &MainWindow::adjust);
  connect(zones_, &ZonesDock::draw_requested, this, [this](bool line) {
    actions_->get("zones")->setChecked(true);
    apply_look();
    view_->draw_region(line);
  });
  connect(zones_, &ZonesDock::edit_requested, view_, &VideoView::edit_region);
  connect(view_, &VideoView::regions_edited, zones_, &ZonesDock::set_regions);
  connect(view_, &VideoView::region_chosen, zones_, &ZonesDock::select);
  connect(view_, &VideoView::edit_ended, this, [this] {
    actions_->get("edit_zones")->setChecked(false);
    zones_->set_editing(false);
  });
  connect(zones_, &ZonesDock::editing_changed, actions_->get("edit_zones"), &QAction::setChecked);
  connect(detections_, &DetectionsPanel::selected, view_, &VideoView::set_selected);
  connect(view_, &VideoView::detection_clicked, this, [this](qint64 track, int) { detections_->select(track); });
  connect(view_, &VideoView::file_dropped, this, &MainWindow::open_source);
  connect(view_, &VideoView::url_dropped, this, &MainWindow::open_source);
  connect(view_, &VideoView::placeholder_action, sources_, &SourcesPanel::reopen);
  connect(events_, &EventsPanel::jump_requested, this, [this](const QString& recording, double seconds) {
    open_recording(recording);
    review_->seek(seconds * 1000);
  });
  connect(events_, &EventsPanel::export_failed, notice_, &NoticeBar::show_notice);
  connect(review_, &ReviewWidget::closed, this, [this] { pages_->setCurrentIndex(0); });
  connect(pages_, &QStackedWidget::currentChanged, this, [this](int page) {
    // What changes the live picture waits until that is in sight again.
    for (const char* name : {"freeze", "zoom_in", "zoom_out", "fit", "actual_size", "mirror", "rotate_left",
                             "rotate_right", "edit_zones"}) {
      actions_->get(name)->setEnabled(page == 0);
    }
  });
  connect(countdown_, &QTimer::timeout, this, [this] {
    if (waiting_) take_status(*waiting_);
  });
}

void MainWindow::connect_actions() {
  const auto on = [this](const char* name, auto call) {
    connect(actions_->get(name), &QAction::triggered, this, call);
  };
  on("open_file", [this] { choose_source_file(); });
  on("open_url", [this] { choose_address(); });
  on("close_source", [this] { sources_->close(); });
  on("open_recording", [this] { choose_recording(); });
  on("quit", [this] { close(); });
  on("freeze", [this](bool frozen) { set_frozen(frozen); });
  on("zoom_in", [this] { view_->zoom_in(); });
  on("zoom_out", [this] { view_->zoom_out(); });
  on("fit", [this] { view_->fit(); });
  on("actual_size", [this] { view_->actual_size(); });
  for (const char* name : {"labels", "coordinates", "tracks", "zones"}) on(name, [this] { apply_look(); });
  on("full_screen", [this](bool full) {
    setWindowState(windowState().setFlag(Qt::WindowFullScreen, full));
    menuBar()->setVisible(!full);
  });
  on("reset_layout", [this] {
    restoreState(first_state_);
    for (QDockWidget* dock : docks_) dock->show();
  });
  on("refresh_cameras", [this] { cameras_->refresh(); });
  on("reconnect", [this] { sources_->reopen(); });
  const auto turn = [this](auto change) {
    sources_->store(settings_);
    change(settings_);
    sources_->set_settings(settings_);
    sources_->reopen();
  };
  on("mirror", [turn](bool mirror) { turn([mirror](Settings& s) { s.mirror = mirror; }); });
  on("rotate_left", [turn] { turn([](Settings& s) { s.rotate = (s.rotate + 270) % 360; }); });
  on("rotate_right", [turn] { turn([](Settings& s) { s.rotate = (s.rotate + 90) % 360; }); });
  const auto detect_otherwise = [this](auto change) {
    detection_->store(settings_);
    change(settings_);
    detection_->set_settings(settings_);
    adjust();
  };
  on("choose_model", [this] {
    bring_up("detectionDock");
    detection_->setFocus();
  });
  const auto confidence = [this, detect_otherwise](double by) {
    detect_otherwise([by](Settings& s) {
      const double now = s.confidence < 0 ? 0.4 : s.confidence;
      s.confidence = std::clamp(now + by, static_cast<double>(Session::lowest_threshold), 0.95);
    });
    statusBar()->showMessage(tr("Confidence from %1").arg(QLocale().toString(settings_.confidence, 'f', 2)), 2000);
  };
  on("confidence_up", [confidence] { confidence(0.05); });
  on("confidence_down", [confidence] { confidence(-0.05); });
  on("tracking", [detect_otherwise](bool track) { detect_otherwise([track](Settings& s) { s.tracking = track; }); });
  on("blur", [this](bool blur) {
    const std::vector<bool> chosen = detection_->blurred();
    const QString choose = tr("Choose what to blur first: tick Blur beside a class in the Detection panel.");
    if (blur && std::find(chosen.begin(), chosen.end(), true) == chosen.end()) {
      actions_->get("blur")->setChecked(false);
      bring_up("detectionDock");
      notice_->show_notice(choose);
      return;
    }
    if (blur && notice_->text() == choose) notice_->hide();
    adjust();
  });
  on("edit_zones", [this](bool edit) {
    if (edit) bring_up("zonesDock");
    zones_->set_editing(edit);
  });
  on("record", [this](bool recording) { set_recording(recording); });
  on("record_on_events", [this](bool on_events) { settings_.record_on_events = on_events; });
  on("json", [this](bool records) { set_records(records); });
  on("snapshot", [this] { save_snapshot(); });
  on("open_record_folder", [this] {
    QDir().mkpath(record_folder());
    QDesktopServices::openUrl(QUrl::fromLocalFile(record_folder()));
  });
  on("stats", [this](bool shown) { shown ? bring_up("statsDock") : docks_["statsDock"]->hide(); });
  const QAction* seen = docks_["statsDock"]->toggleViewAction();
  actions_->get("stats")->setChecked(seen->isChecked());
  connect(seen, &QAction::toggled, actions_->get("stats"), &QAction::setChecked);
  on("preferences", [this] { show_preferences(); });
  on("shortcuts", [this] { show_preferences("shortcuts"); });
  on("reset_settings", [this] {
    if (QMessageBox::question(this, tr("Reset settings"),
                              tr("Forget all settings, zones and shortcuts and begin with those that Dualsight comes "
                                 "with?")) != QMessageBox::Yes) {
      return;
    }
    if (!options_.safe_mode) store_.reset();
    change_to(Settings());
    actions_->get("reset_layout")->trigger();
  });
  on("help", [this] { show_help(); });
  on("about", [this] { show_about(); });
  on("about_qt", [] { QApplication::aboutQt(); });
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::WindowStateChange) {
    actions_->get("full_screen")->setChecked(isFullScreen());
    menuBar()->setVisible(!isFullScreen());
  }
  QMainWindow::changeEvent(event);
}

void MainWindow::retranslate() {
  const auto title = [this](const char* name, const QString& text) {
    docks_[name]->setWindowTitle(text);
    docks_[name]->setAccessibleName(text);
  };
  title("sourcesDock", tr("Sources"));
  title("zonesDock", tr("Zones"));
  title("detectionDock", tr("Detection"));
  title("detectionsDock", tr("Detections"));
  title("eventsDock", tr("Events"));
  title("statsDock", tr("Statistics"));
  for (const char* menu : {"file", "view", "camera", "detection", "record", "tools", "help"}) {
    findChild<QMenu*>(QString(menu) + "Menu")->setTitle(actions_->menu_text(menu));
  }
  findChild<QMenu*>("recentMenu")->setTitle(tr("Open &recent"));
  auto* bar = findChild<QToolBar*>("toolBar");
  bar->setWindowTitle(tr("Toolbar"));
  bar->setAccessibleName(tr("Toolbar"));
  view_->setAccessibleName(tr("Picture"));
  actions_->retranslate();
}

// --- settings

void MainWindow::apply(const Settings& settings) {
  settings_ = settings;
  actions_->apply(settings.shortcuts);
  const auto check = [this](const char* name, bool on) { actions_->get(name)->setChecked(on); };
  check("labels", settings.labels);
  check("coordinates", settings.coordinates);
  check("tracks", settings.tracks);
  check("zones", settings.zones);
  check("mirror", settings.mirror);
  check("tracking", settings.tracking);
  check("record_on_events", settings.record_on_events);
  sources_->set_settings(settings);
  detection_->set_settings(settings);
  detections_->set_hidden_columns(settings.hidden_columns);
  zones_->set_text(settings.regions);
  status_->set_folder(record_folder());
  apply_look();
}

// While it goes on: with what is not the panels' as well.
void MainWindow::change_to(const Settings& wanted) {
  const Settings now = settings();
  if (wanted.theme != now.theme) apply_theme(*qApp, wanted.theme);
  if (wanted.language != now.language) apply_language(wanted.language);
  apply(wanted);
  if (wanted.model != now.model || wanted.device != now.device || wanted.precision != now.precision ||
      wanted.input_size != now.input_size) {
    detection_->load_model();
  }
  adjust();
}

Settings MainWindow::settings() const {
  Settings now = settings_;
  sources_->store(now);
  detection_->store(now);
  now.hidden_columns = detections_->hidden_columns();
  now.regions = zones_->text();
  now.shortcuts = actions_->overrides();
  const auto checked = [this](const char* name) { return actions_->get(name)->isChecked(); };
  now.labels = checked("labels");
  now.coordinates = checked("coordinates");
  now.tracks = checked("tracks");
  now.zones = checked("zones");
  now.geometry = saveGeometry();
  now.state = saveState();
  return now;
}

void MainWindow::save_settings() {
  if (options_.safe_mode) return;
  saved_ = settings();  // those of a failure, too: it is told once
  if (!store_.save(saved_)) {
    notice_->show_notice(tr("The settings could not be saved: %1 is not writable.").arg(store_.file()));
  }
}

// A crash loses no more than the last seconds. They are looked at, since not all that changes them tells (a dock that
// is made wider, a column that is hidden).
void MainWindow::watch_settings() {
  Settings now = settings();
  if (now != saved_ && now == seen_) save_settings();
  seen_ = std::move(now);
}

void MainWindow::apply_look() {
  const auto checked = [this](const char* name) { return actions_->get(name)->isChecked(); };
  VideoStyle style;
  style.labels = checked("labels");
  style.coordinates = checked("coordinates");
  style.tracks = checked("tracks");
  style.zones = checked("zones");
  const std::vector<float> thresholds = detection_->thresholds();
  const std::vector<QColor> colors = detection_->colors();
  const bool frozen = actions_->get("freeze")->isChecked();
  const auto moved = [&](std::size_t c) {  // since the picture is frozen
    return frozen && c < std::min(thresholds.size(), thresholds_when_frozen_.size()) &&
           thresholds[c] != thresholds_when_frozen_[c];
  };
  for (std::size_t c = 0; c < thresholds.size(); ++c) {
    // The session has parted what is reported from what is not (a track may go on below the threshold).
    const double threshold = moved(c) ? static_cast<double>(thresholds[c]) : 0.0;
    style.classes.push_back({thresholds[c] <= 1, c < colors.size() ? colors[c] : QColor(), threshold});
  }
  view_->set_style(style);
  if (frozen && last_looked_) {  // as it was seen; weaker candidates join where a threshold is moved
    RecordedFrame look;
    look.detections = last_looked_->record.detections;
    look.candidates = last_looked_->record.candidates;
    DetectionFilter filter(std::max(thresholds.size(), thresholds_when_frozen_.size()), -1);
    for (std::size_t c = 0; c < filter.confidence.size(); ++c) {
      if (moved(c)) filter.confidence[c] = thresholds[c];
    }
    view_->set_frozen_frame(filter_detections(look, filter), last_looked_->bgr);
  }
  review_->set_colors(detection_->chosen_colors());
  view_->set_regions(zones_->regions());
}

// What the panels say now goes to the session.
void MainWindow::adjust() {
  if (!session_) return;  // it is being closed
  Adjustments to;
  to.thresholds = detection_->thresholds();
  to.iou = detection_->iou();
  to.tracking = detection_->tracking();
  to.regions = zones_->regions();
  to.blur = detection_->blurred();
  // Said of each class: a session that knows its classes takes an empty list for an old word, and goes on blurring.
  if (!actions_->get("blur")->isChecked()) to.blur.assign(to.blur.size(), false);
  actions_->get("tracking")->setChecked(to.tracking);
  session_->adjust(std::move(to));
  apply_look();
}

// --- what happens

void MainWindow::show_frame() {
  const auto frame = link_.take_frame();
  if (!frame || !source_open_) return;
  if (waiting_) {
    waiting_.reset();
    countdown_->stop();
  }
  view_->set_placeholder({}, {}, {});
  if (!actions_->get("freeze")->isChecked()) view_->set_frame(*frame);
}

void MainWindow::show_looked() {
  auto looked = link_.take_result();
  if (!looked || !source_open_) return;
  stats_->add(looked->record);
  zones_->set_inside(looked->record.inside);
  if (!actions_->get("freeze")->isChecked()) {
    detections_->update(looked->record, names_);
    detection_->set_counts(detections_->counts());
    QStringList occupied;
    for (const std::string& zone : looked->record.zones) occupied << QString::fromStdString(zone);
    view_->set_occupied(occupied);
    last_looked_ = std::move(looked);
  }
}

void MainWindow::set_frozen(bool frozen) {
  actions_->get("freeze")->setChecked(frozen);
  thresholds_when_frozen_ = detection_->thresholds();
  view_->set_frozen(frozen);
  status_->set_frozen(frozen);
  apply_look();
}

void MainWindow::take_status(const StatusRecord& status) {
  if (!waiting_ || waiting_->timestamp != status.timestamp) {
    sources_->set_status(status);
    status_->set_status(status);
  }
  const QString message = QString::fromStdString(status.message);
  switch (status.state) {
    case State::retrying: {
      waiting_ = status;
      countdown_->start();
      const std::chrono::duration<double> passed = std::chrono::system_clock::now() - status.timestamp;
      const int left = std::max(0, static_cast<int>(std::ceil(status.retry_in_s.value_or(0) - passed.count())));
      show_waiting(tr("Reconnecting in %n s (attempt %1)", "", left).arg(status.attempt.value_or(1)),
                   tr("%1\nCheck the cable, the network and that no other program uses it.").arg(message),
                   tr("Try now"));
      break;
    }
    case State::lost:
      show_waiting(tr("The connection is lost"), message);
      break;
    case State::connected:
      waiting_.reset();
      countdown_->stop();
      break;
    case State::skipped:
    case State::truncated:
      notice_->show_notice(message);
      break;
    case State::recording:
      recording_ = QString::fromStdString(status.file);
      if (marker_) marker_->set_recording(recording_);
      statusBar()->showMessage(message, told_for_ms);
      break;
    case State::recorded:
      recording_.clear();
      if (marker_) marker_->set_recording({});
      statusBar()->showMessage(message, told_for_ms);
      break;
    case State::recording_failed:
      recording_.clear();
      if (marker_) marker_->set_recording({});
      notice_->show_notice(tr("The recording has ended: %1. What was recorded is kept. Make room or choose another "
                              "folder, then record again.")
                               .arg(message));
      break;
    default:
      break;
  }
}

void MainWindow::take_end(const SummaryRecord& summary) {
  if (summary.interrupted && !summary.error && sources_->is_open()) return;  // another one is being opened
  source_open_ = false;
  waiting_.reset();
  countdown_->stop();
  sources_->ended();
  status_->set_source({});
  detections_->clear();
  zones_->set_inside({});
  setWindowTitle({});
  if (!summary.error) {
    show_waiting(summary.interrupted ? tr("No source is open") : tr("The end"),
                 summary.interrupted ? tr("Choose a camera in the Sources panel, or drop a file or an address here.")
                                     : tr("Press Play again, or tick Repeat in the Sources panel."),
                 summary.interrupted ? QString() : tr("Play again"));
    return;
  }
  const QString problem = QString::fromStdString(summary.error->message);
  QString title = tr("The source cannot be used"), remedy = tr("Check the name and try again.");
  if (problem.contains("permission denied")) {
    title = tr("No permission for this camera");
    remedy = tr("Add your user to the group “video”, then log in anew.");
  } else if (problem.contains("in use by")) {
    title = tr("The camera is busy");
    remedy = tr("Close the other program that uses it, then try again.");
  } else if (problem.contains("no such camera")) {
    title = tr("The camera is not there");
    remedy = tr("Plug it in, then try again, or choose another one in the Sources panel.");
  }
  show_waiting(title, problem + "\n" + remedy, tr("Try again"));
}

void MainWindow::take_model(const ModelStatus& status) {
  if (!status.info.class_names.empty()) {
    names_.clear();
    for (const std::string& name : status.info.class_names) names_ << QString::fromStdString(name);
    view_->set_class_names(names_);
    zones_->set_class_names(names_);
  }
  detection_->set_model_status(status);
  status_->set_model_status(status);
  if (status.state == ModelStatus::State::failed) {
    notice_->show_notice(tr("The model cannot be used: %1. The picture goes on without detections; choose another "
                            "model in the Detection panel.")
                             .arg(QString::fromStdString(status.problem)));
  }
  adjust();
}

void MainWindow::take_output(const OutputStatus& status) {
  status_->set_output(status);
  const bool recording = status.output == Output::recording;
  (recording ? is_recording_ : writes_records_) = status.on;
  actions_->get(recording ? "record" : "json")->setChecked(status.on);
  const QString problem = QString::fromStdString(status.problem);
  if (!problem.isEmpty()) {
    notice_->show_notice(recording ? tr("Nothing is recorded: %1").arg(problem)
                                   : tr("No records are written: %1").arg(problem));
  } else if (!recording) {
    statusBar()->showMessage((status.on ? tr("Writing %1") : tr("Wrote %1")).arg(QString::fromStdString(status.target)),
                             told_for_ms);
  }
}

QString MainWindow::record_folder() const {
  if (!settings_.record_folder.isEmpty()) return settings_.record_folder;
  return QStandardPaths::writableLocation(QStandardPaths::MoviesLocation) + "/Dualsight";
}

QString MainWindow::snapshot_folder() const {
  if (!settings_.snapshot_folder.isEmpty()) return settings_.snapshot_folder;
  return QStandardPaths::writableLocation(QStandardPaths::PicturesLocation) + "/Dualsight";
}

QString MainWindow::file_name(const QString& folder, const QString& extension) const {
  const std::string source = last_looked_ ? last_looked_->record.source : "dualsight";
  SegmentPaths paths = new_paths(folder.toStdString(), source, std::chrono::system_clock::now(),
                                 extension.toStdString(), RecordWhat::annotated, false);
  return QString::fromStdString(paths.annotated);
}

// As the live picture shows it.
OverlayStyle MainWindow::overlay_style() const {
  OverlayStyle style;
  style.labels = actions_->get("labels")->isChecked();
  style.coordinates = actions_->get("coordinates")->isChecked();
  style.tracks = actions_->get("tracks")->isChecked();
  style.colors = to_rgb(detection_->colors());
  return style;
}

void MainWindow::set_recording(bool on) {
  actions_->get("record")->setChecked(is_recording_);  // until it is known
  if (!on) return session_->stop(Output::recording);
  RecorderOptions options;
  options.target = record_folder().toStdString();
  options.what = parse_what(settings_.record_what);
  options.container = settings_.container.toStdString();
  options.segment_seconds = settings_.segment_minutes * 60;
  options.quota_bytes = static_cast<int64_t>(settings_.quota_gib * 1024 * 1024 * 1024);
  if (settings_.record_on_events) {
    options.on_classes = strings(settings_.record_classes);
    options.on_zones = strings(settings_.record_zones);
    if (options.on_classes.empty() && options.on_zones.empty()) {
      notice_->show_notice(
          tr("Choose in the preferences, under Recording, which classes or zones are to be recorded."));
      return show_preferences("recording");
    }
    options.pre_roll_s = settings_.pre_roll_s;
    options.post_roll_s = settings_.post_roll_s;
  }
  if (!QDir().mkpath(record_folder())) {
    notice_->show_notice(tr("Nothing is recorded: the folder %1 cannot be made. Choose another one in the preferences.")
                             .arg(record_folder()));
    return;
  }
  options.style = overlay_style();
  session_->start(options);
}

void MainWindow::set_records(bool on) {
  actions_->get("json")->setChecked(writes_records_);
  if (!on) return session_->stop(Output::records);
  QDir().mkpath(record_folder());
  session_->start_records(file_name(record_folder(), ".ndjson").toStdString());
}

void MainWindow::save_snapshot() {
  SnapshotOptions options;
  options.file = file_name(snapshot_folder(), ".png").toStdString();
  options.what = parse_what(settings_.record_what);
  options.style = overlay_style();
  session_->save_snapshot(options);
}

void MainWindow::open_source(const QString& spec) {
  // A recording of ours has its records beside it: that is what review is for, but a video is a source as well.
  sources_->open(spec);
}

void MainWindow::open_recording(const QString& video) {
  pages_->setCurrentWidget(review_);
  review_->open(video);
}

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
  const QString file = QFileDialog::getOpenFileName(this, tr("Open a recording"), record_folder(),
                                                    tr("Videos (*.mkv *.mp4 *.avi);;All files (*)"));
  if (!file.isEmpty()) open_recording(file);
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

void MainWindow::show_preferences(const QString& page) {
  PreferencesDialog dialog(settings(), *actions_, this);
  dialog.set_class_names(names_);
  if (!page.isEmpty()) dialog.show_page(page);
  const auto take = [&] {
    change_to(dialog.settings());
    save_settings();
  };
  connect(&dialog, &PreferencesDialog::applied, this, take);
  if (dialog.exec() == QDialog::Accepted) take();
}

void MainWindow::show_help() {
  QDialog dialog(this);
  dialog.setWindowTitle(tr("Help"));
  dialog.setObjectName("helpDialog");
  auto* text = new QTextBrowser(&dialog);
  QString shortcuts;
  for (const QString& name : actions_->names()) {
    const QAction* action = actions_->get(name);
    if (action->shortcut().isEmpty()) continue;
    shortcuts += QString("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>")
                     .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                          actions_->plain_text(name).toHtmlEscaped());
  }
  text->setHtml(
      tr("<h2>Dualsight</h2><p>Choose a camera in the <b>Sources</b> panel, or drop a video, a picture or an address "
         "on "
         "the picture. What is found is drawn over it and listed in the <b>Detections</b> panel, with position and "
         "size "
         "in pixels of the picture.</p><p>Too many boxes, or too few? Move the confidence in the <b>Detection</b> "
         "panel; each class may have its own.</p><p><b>Zones</b> and lines count what goes in, out and across. "
         "<b>Record</b> keeps a video and what was found; open it again with <i>File, Open a recording</i> and choose "
         "other thresholds afterwards. What is blurred is blurred in everything that is written.</p>"
         "<h3>Keys</h3>") +
      "<table>" + shortcuts + "</table>");
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, &dialog);
  connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
  auto* layout = new QVBoxLayout(&dialog);
  layout->addWidget(text);
  layout->addWidget(buttons);
  dialog.resize(fontMetrics().averageCharWidth() * 90, fontMetrics().height() * 34);
  dialog.exec();
}

void MainWindow::show_about() {
  QMessageBox::about(this, tr("About Dualsight"),
                     tr("<h3>Dualsight %1</h3><p>Sees what is there, where and how big: live, on this computer alone. "
                        "Nothing leaves it.</p>")
                         .arg(program_version));
}

void MainWindow::show_waiting(const QString& title, const QString& text, const QString& button) {
  view_->set_placeholder(title, text, button);
}

// Qt scrolls where Tab goes on within a panel, not where it comes from another one.
bool MainWindow::focusNextPrevChild(bool next) {
  if (!QMainWindow::focusNextPrevChild(next)) return false;
  for (QWidget* around = focusWidget(); around != nullptr; around = around->parentWidget()) {
    if (auto* area = qobject_cast<QScrollArea*>(around)) area->ensureWidgetVisible(focusWidget());
  }
  return true;
}

void MainWindow::closeEvent(QCloseEvent* event) {
  save_settings();
  settings_timer_->stop();
  review_->close_recording();
  for (const QString& name : actions_->names()) actions_->get(name)->setEnabled(false);  // nothing is there to do it
  session_.reset();  // two seconds at the most; files are closed
  marker_.reset();
  event->accept();
  QApplication::quit();
}

}  // namespace dualsight
