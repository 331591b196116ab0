#include "ui/main_window.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QMenuBar>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

#include "app/session/model_lookup.h"
#include "ui/live/run_marker.h"
#include "ui/live/video_view.h"
#include "ui/live_controller.h"
#include "ui/output_controller.h"
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
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/status_widgets.h"

namespace dualsight {
namespace {

constexpr int kMessageMs = 6000;           // in the status bar
constexpr int kSettingsIntervalMs = 2000;  // between two comparisons with the saved settings
constexpr int kLivePage = 0;

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
      detector_settings_(new DetectorSettingsPanel(models_, this)),
      detections_(new DetectionsPanel(this)),
      zones_(new ZonesDock(this)),
      events_(new EventsPanel(this)),
      stats_(new StatsPanel(this)),
      status_(new StatusWidgets(this)) {
  setObjectName("mainWindow");
  setDockNestingEnabled(true);
  build_pages();
  build_docks();
  build_menus();
  build_tool_bar();
  live_ = new LiveController({.actions = actions_,
                              .notice = notice_,
                              .view = view_,
                              .sources = sources_,
                              .detector_settings = detector_settings_,
                              .detections = detections_,
                              .zones = zones_,
                              .events = events_,
                              .stats = stats_,
                              .status = status_},
                             options_.session, this);
  outputs_ = new OutputController(*live_, *actions_, *notice_, *status_, this);
  connect_controllers();
  connect_pages();
  connect_actions();
  retranslate();
  resize(1280, 800);
  first_state_ = saveState();
  apply(settings_);
  settings_timer_->setObjectName("settingsTimer");
  settings_timer_->setInterval(kSettingsIntervalMs);
  connect(settings_timer_, &QTimer::timeout, this, &MainWindow::save_settings_once_they_rest);
  if (!options_.safe_mode) {
    settings_timer_->start();
    restoreGeometry(settings_.geometry);
    restoreState(settings_.state);
    show_previous_crash();
  }
  live_->show_no_source();
  open_what_was_open();
}

MainWindow::~MainWindow() { live_->end_session(); }  // before the widgets that it reports to

// --- pages and docks

void MainWindow::build_pages() {
  review_->setObjectName("reviewWidget");
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
}

QDockWidget* MainWindow::add_dock(const char* name, QWidget* panel, Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(this);
  dock->setObjectName(name);             // saved window states refer to it
  auto* scroll = new QScrollArea(dock);  // small screens
  scroll->setWidget(panel);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  dock->setWidget(scroll);
  addDockWidget(area, dock);
  // Qt keeps a dock behind another's tab visible, placed off the screen: without this, Tab would move the focus there.
  connect(dock, &QDockWidget::visibilityChanged, panel, &QWidget::setVisible);
  docks_.insert(name, dock);
  // Ticked in the View menu only while it can be seen; for a dock behind another's tab, a click brings it to the front.
  connect(dock, &QDockWidget::visibilityChanged, dock->toggleViewAction(), &QAction::setChecked);
  connect(dock->toggleViewAction(), &QAction::triggered, dock, [dock](bool shown) {
    if (shown) dock->raise();
  });
  return dock;
}

void MainWindow::build_docks() {
  auto* sources = add_dock("sourcesDock", sources_, Qt::LeftDockWidgetArea);
  auto* zones = add_dock("zonesDock", zones_, Qt::LeftDockWidgetArea);
  auto* detector_settings = add_dock("detectionDock", detector_settings_, Qt::RightDockWidgetArea);
  auto* stats = add_dock("statsDock", stats_, Qt::RightDockWidgetArea);
  auto* detections = add_dock("detectionsDock", detections_, Qt::BottomDockWidgetArea);
  auto* events = add_dock("eventsDock", events_, Qt::BottomDockWidgetArea);
  tabifyDockWidget(sources, zones);
  tabifyDockWidget(detector_settings, stats);
  tabifyDockWidget(detections, events);
  for (QDockWidget* dock : {sources, detector_settings, detections}) dock->raise();
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

void MainWindow::bring_to_front(const char* dock) {
  docks_[dock]->show();
  docks_[dock]->raise();
}

// --- connections

void MainWindow::connect_controllers() {
  connect(live_, &LiveController::source_opening, this, [this](const QString& name) {
    pages_->setCurrentIndex(kLivePage);
    review_->close_recording();
    setWindowTitle(name);
  });
  connect(live_, &LiveController::source_ended, this, [this] { setWindowTitle({}); });
  connect(outputs_, &OutputController::message, this,
          [this](const QString& text) { statusBar()->showMessage(text, kMessageMs); });
  connect(outputs_, &OutputController::recording_choice_missing, this, [this] { show_preferences("recording"); });
  connect(outputs_, &OutputController::recording_file_changed, this, [this](const QString& file) {
    if (marker_) marker_->set_recording(file);
  });
  connect(view_, &VideoView::file_dropped, this, &MainWindow::open_source);
  connect(view_, &VideoView::url_dropped, this, &MainWindow::open_source);
}

void MainWindow::connect_pages() {
  connect(events_, &EventsPanel::jump_requested, this, [this](const QString& recording, double seconds) {
    open_recording(recording);
    review_->seek(seconds * 1000);
  });
  connect(events_, &EventsPanel::export_failed, notice_, &NoticeBar::show_notice);
  connect(detector_settings_, &DetectorSettingsPanel::colors_changed, this,
          [this] { review_->set_colors(detector_settings_->chosen_colors()); });
  connect(review_, &ReviewWidget::closed, this, [this] { pages_->setCurrentIndex(kLivePage); });
  connect(pages_, &QStackedWidget::currentChanged, this, [this](int page) {
    // Under review, actions on the live picture are disabled.
    for (const char* name : {"freeze", "zoom_in", "zoom_out", "fit", "actual_size", "mirror", "rotate_left",
                             "rotate_right", "edit_zones"}) {
      actions_->get(name)->setEnabled(page == kLivePage);
    }
  });
}

// --- what is open

void MainWindow::show_previous_crash() {
  marker_ = std::make_unique<RunMarker>();
  const auto crash = marker_->previous_crash();
  if (!crash) return;
  notice_->show_notice(crash->recording.isEmpty()
                           ? tr("Dualsight did not end cleanly the last time. If it does so again, start it with "
                                "--safe-mode.")
                           : tr("Dualsight did not end cleanly the last time. The recording up to then is "
                                "intact: %1")
                                 .arg(crash->recording));
}

// Of the last run, unless the options name something else.
void MainWindow::open_what_was_open() {
  cameras_->refresh();
  models_->load();
  if (options_.model.isEmpty()) {
    detector_settings_->load_model();
  } else if (const auto found = find_model(options_.model.toStdString(), model_folders())) {
    detector_settings_->use_model(QString::fromStdString(found->string()));
  } else {
    notice_->show_notice(QString::fromStdString(found.error().message));
  }
  if (!options_.source.isEmpty()) {
    sources_->open(options_.source);
  } else if (!options_.safe_mode) {
    sources_->open_last();
  }
}

// A video that has records beside it is opened live, too: only open_recording() reviews.
void MainWindow::open_source(const QString& spec) { sources_->open(spec); }

void MainWindow::open_recording(const QString& video) {
  pages_->setCurrentWidget(review_);
  review_->open(video);
}

// --- events

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
  view_->setAccessibleName(tr("Picture"));
  retranslate_menus();
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::WindowStateChange) {
    actions_->get("full_screen")->setChecked(isFullScreen());
    menuBar()->setVisible(!isFullScreen());
  }
  QMainWindow::changeEvent(event);
}

// When Tab enters a panel from another one, Qt does not scroll the control with the focus into view.
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
  for (const QString& name : actions_->names()) actions_->get(name)->setEnabled(false);  // there is no session for them
  live_->end_session();
  marker_.reset();
  event->accept();
  QApplication::quit();
}

}  // namespace dualsight
