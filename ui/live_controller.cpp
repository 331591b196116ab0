#include "ui/live_controller.h"

#include <QAction>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cmath>

#include "app/records/read_records.h"
#include "ui/live/video_view.h"
#include "ui/panels/detections_dock.h"
#include "ui/panels/detector_settings_dock.h"
#include "ui/panels/events_dock.h"
#include "ui/panels/sources_dock.h"
#include "ui/panels/stats_panel.h"
#include "ui/panels/zones_dock.h"
#include "ui/settings/actions.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/overlay_painter.h"
#include "ui/widgets/status_widgets.h"

namespace dualsight {
namespace {

constexpr int kCountdownIntervalMs = 500;

}  // namespace

LiveController::LiveController(const LiveWidgets& widgets, const SessionOptions& options, QObject* parent)
    : QObject(parent), widgets_(widgets), countdown_(new QTimer(this)) {
  countdown_->setInterval(kCountdownIntervalMs);
  connect(countdown_, &QTimer::timeout, this, [this] {
    if (retry_) show_status(*retry_);
  });
  connect_session();
  connect_panels();
  connect_zones();
  session_ = std::make_unique<Session>(link_, options);
}

LiveController::~LiveController() = default;

void LiveController::end_session() { session_.reset(); }

std::string LiveController::source_name() const { return last_result_ ? last_result_->record.source : "dualsight"; }

bool LiveController::is_checked(const char* action) const { return widgets_.actions->get(action)->isChecked(); }

// --- connections

void LiveController::connect_session() {
  connect(&link_, &SessionLink::frame_ready, this, &LiveController::show_frame);
  connect(&link_, &SessionLink::result_ready, this, &LiveController::show_result);
  connect(&link_, &SessionLink::status_came, this, &LiveController::show_status);
  connect(&link_, &SessionLink::source_ended, this, &LiveController::show_end);
  connect(&link_, &SessionLink::model_changed, this, &LiveController::show_model);
  connect(&link_, &SessionLink::stats_came, widgets_.sources, &SourcesPanel::set_stats);
  connect(&link_, &SessionLink::stats_came, widgets_.status, &StatusWidgets::set_stats);
  connect(&link_, &SessionLink::stats_came, widgets_.stats, &StatsPanel::set_stats);
  connect(&link_, &SessionLink::event_came, this, [this](const EventRecord& event, const QImage& thumbnail) {
    widgets_.zones->count(event);
    widgets_.events->add(event, class_names_, thumbnail);
  });
  connect(&link_, &SessionLink::event_recorded, widgets_.events, &EventsPanel::locate);
}

void LiveController::connect_panels() {
  connect(widgets_.sources, &SourcesPanel::open_requested, this, &LiveController::open);
  connect(widgets_.sources, &SourcesPanel::close_requested, this, [this] {
    if (session_) session_->close();
  });
  connect(widgets_.sources, &SourcesPanel::repeat_changed, this, [this] {
    // The session takes "repeat" when it opens a source. Only for a file it matters, and that starts again anyway.
    if (source_open_ && last_result_ && last_result_->record.source_frames > 0) widgets_.sources->reopen();
  });
  connect(widgets_.view, &VideoView::placeholder_action, widgets_.sources, &SourcesPanel::reopen);
  connect(widgets_.detector_settings, &DetectorSettingsPanel::model_requested, this,
          [this](const QString& file, const DetectorOptions& options) {
            if (session_) session_->use_model(file.toStdString(), options);
          });
  connect(widgets_.detector_settings, &DetectorSettingsPanel::adjusted, this, &LiveController::adjust);
  connect(widgets_.detector_settings, &DetectorSettingsPanel::colors_changed, this, &LiveController::apply_style);
  connect(widgets_.detections, &DetectionsPanel::selected, widgets_.view, &VideoView::set_selected);
  connect(widgets_.view, &VideoView::detection_clicked, this,
          [this](qint64 track, int) { widgets_.detections->select(track); });
}

// The panel and the picture edit the same zones: each follows the other.
void LiveController::connect_zones() {
  connect(widgets_.zones, &ZonesDock::regions_changed, this, &LiveController::adjust);
  connect(widgets_.zones, &ZonesDock::draw_requested, this, [this](bool line) {
    widgets_.actions->get("zones")->setChecked(true);
    apply_style();
    widgets_.view->draw_region(line);
  });
  connect(widgets_.zones, &ZonesDock::edit_requested, widgets_.view, &VideoView::edit_region);
  connect(widgets_.zones, &ZonesDock::editing_changed, widgets_.actions->get("edit_zones"), &QAction::setChecked);
  connect(widgets_.view, &VideoView::regions_edited, widgets_.zones, &ZonesDock::set_regions);
  connect(widgets_.view, &VideoView::region_chosen, widgets_.zones, &ZonesDock::select);
  connect(widgets_.view, &VideoView::edit_ended, this, [this] {
    widgets_.actions->get("edit_zones")->setChecked(false);
    widgets_.zones->set_editing(false);
  });
}

// --- from the panels to the session

void LiveController::open(const SourceSettings& source) {
  if (!session_) return;
  const QString name = QString::fromStdString(dualsight::source_name(source));
  Q_EMIT source_opening(name);
  source_open_ = true;
  retry_.reset();
  last_result_.reset();
  set_frozen(false);
  widgets_.status->set_source(name);
  widgets_.stats->clear();
  widgets_.detections->clear();
  widgets_.zones->set_inside({});
  show_placeholder(tr("Opening %1 …").arg(name), {});
  SourceSettings repeated = source;
  repeated.repeat = widgets_.sources->repeat();
  session_->open(std::move(repeated));
}

void LiveController::adjust() {
  if (!session_) return;
  Adjustments to;
  to.thresholds = widgets_.detector_settings->thresholds();
  to.iou = widgets_.detector_settings->iou();
  to.tracking = widgets_.detector_settings->tracking();
  to.regions = widgets_.zones->regions();
  to.blur = widgets_.detector_settings->blurred();
  // "Off" has to name every class: the session ignores an empty list once it knows its classes, and blurs on.
  if (!is_checked("blur")) to.blur.assign(to.blur.size(), false);
  widgets_.actions->get("tracking")->setChecked(to.tracking);
  session_->adjust(std::move(to));
  apply_style();
}

// --- the picture

OverlayStyle LiveController::overlay_style() const {
  OverlayStyle style;
  style.labels = is_checked("labels");
  style.coordinates = is_checked("coordinates");
  style.tracks = is_checked("tracks");
  style.colors = to_rgb(widgets_.detector_settings->colors());
  return style;
}

bool LiveController::moved_since_freezing(const std::vector<float>& thresholds, std::size_t class_id) const {
  return class_id < std::min(thresholds.size(), thresholds_when_frozen_.size()) &&
         thresholds[class_id] != thresholds_when_frozen_[class_id];
}

void LiveController::apply_style() {
  VideoStyle style;
  style.labels = is_checked("labels");
  style.coordinates = is_checked("coordinates");
  style.tracks = is_checked("tracks");
  style.zones = is_checked("zones");
  const std::vector<float> thresholds = widgets_.detector_settings->thresholds();
  const std::vector<QColor> colors = widgets_.detector_settings->colors();
  const bool frozen = is_checked("freeze");
  for (std::size_t c = 0; c < thresholds.size(); ++c) {
    // The session has applied the thresholds already (and a track may go on below its threshold), so the picture
    // filters nothing, unless a threshold was moved after the picture was frozen.
    const double threshold = frozen && moved_since_freezing(thresholds, c) ? static_cast<double>(thresholds[c]) : 0.0;
    style.classes.push_back({thresholds[c] <= 1, c < colors.size() ? colors[c] : QColor(), threshold});
  }
  widgets_.view->set_style(style);
  if (frozen && last_result_) show_frozen_frame(thresholds);
  widgets_.view->set_regions(widgets_.zones->regions());
}

// The detections that were shown live. For classes whose threshold was moved since, the new threshold decides, also
// among the weaker candidates.
void LiveController::show_frozen_frame(const std::vector<float>& thresholds) {
  RecordedFrame frame;
  frame.detections = last_result_->record.detections;
  frame.candidates = last_result_->record.candidates;
  DetectionFilter filter(std::max(thresholds.size(), thresholds_when_frozen_.size()), -1);
  for (std::size_t c = 0; c < filter.confidence.size(); ++c) {
    if (moved_since_freezing(thresholds, c)) filter.confidence[c] = thresholds[c];
  }
  widgets_.view->set_frozen_frame(filter_detections(frame, filter), last_result_->bgr);
}

void LiveController::set_frozen(bool frozen) {
  widgets_.actions->get("freeze")->setChecked(frozen);
  thresholds_when_frozen_ = widgets_.detector_settings->thresholds();
  widgets_.view->set_frozen(frozen);
  widgets_.status->set_frozen(frozen);
  apply_style();
}

// --- from the session to the widgets

void LiveController::show_frame() {
  const auto frame = link_.take_frame();
  if (!frame || !source_open_) return;
  if (retry_) {
    retry_.reset();
    countdown_->stop();
  }
  show_placeholder({}, {});
  if (!is_checked("freeze")) widgets_.view->set_frame(*frame);
}

void LiveController::show_result() {
  auto result = link_.take_result();
  if (!result || !source_open_) return;
  widgets_.stats->add(result->record);
  widgets_.zones->set_inside(result->record.inside);
  if (is_checked("freeze")) return;
  widgets_.detections->update(result->record, class_names_);
  widgets_.detector_settings->set_counts(widgets_.detections->counts());
  QStringList occupied;
  for (const std::string& zone : result->record.zones) occupied << QString::fromStdString(zone);
  widgets_.view->set_occupied(occupied);
  last_result_ = std::move(result);
}

void LiveController::show_status(const StatusRecord& status) {
  const bool counts_down = retry_ && retry_->timestamp == status.timestamp;  // the same status once more
  if (!counts_down) {
    widgets_.sources->set_status(status);
    widgets_.status->set_status(status);
  }
  const QString message = QString::fromStdString(status.message);
  switch (status.state) {
    case State::retrying:
      show_retry(status);
      break;
    case State::lost:
      show_placeholder(tr("The connection is lost"), message);
      break;
    case State::connected:
      retry_.reset();
      countdown_->stop();
      break;
    case State::skipped:
    case State::resized:
    case State::truncated:
      widgets_.notice->show_notice(message);
      break;
    default:
      break;
  }
}

void LiveController::show_retry(const StatusRecord& status) {
  retry_ = status;
  countdown_->start();
  const std::chrono::duration<double> passed = std::chrono::system_clock::now() - status.timestamp;
  const int left = std::max(0, static_cast<int>(std::ceil(status.retry_in_s.value_or(0) - passed.count())));
  show_placeholder(tr("Reconnecting in %n s (attempt %1)", "", left).arg(status.attempt.value_or(1)),
                   tr("%1\nCheck the cable, the network and that no other program uses it.")
                       .arg(QString::fromStdString(status.message)),
                   tr("Try now"));
}

void LiveController::show_end(const SummaryRecord& summary) {
  if (summary.interrupted && !summary.error && widgets_.sources->is_open()) return;  // replaced by another source
  source_open_ = false;
  retry_.reset();
  countdown_->stop();
  widgets_.sources->ended();
  widgets_.status->set_source({});
  widgets_.detections->clear();
  widgets_.zones->set_inside({});
  Q_EMIT source_ended();
  if (summary.error) {
    show_source_error(QString::fromStdString(summary.error->message));
  } else if (summary.interrupted) {
    show_no_source();
  } else {
    show_placeholder(tr("The end"), tr("Press Play again, or tick Repeat in the Sources panel."), tr("Play again"));
  }
}

void LiveController::show_no_source() {
  show_placeholder(tr("No source is open"),
                   tr("Choose a camera in the Sources panel, or drop a file or an address here."));
}

void LiveController::show_source_error(const QString& problem) {
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
  show_placeholder(title, problem + "\n" + remedy, tr("Try again"));
}

void LiveController::show_model(const ModelStatus& status) {
  if (!status.info.class_names.empty()) {
    class_names_.clear();
    for (const std::string& name : status.info.class_names) class_names_ << QString::fromStdString(name);
    widgets_.view->set_class_names(class_names_);
    widgets_.zones->set_class_names(class_names_);
  }
  widgets_.detector_settings->set_model_status(status);
  widgets_.status->set_model_status(status);
  if (status.state == ModelStatus::State::failed) {
    widgets_.notice->show_notice(
        tr("The model cannot be used: %1. The picture goes on without detections; choose another "
           "model in the Detection panel.")
            .arg(QString::fromStdString(status.problem)));
  }
  adjust();
}

void LiveController::show_placeholder(const QString& title, const QString& text, const QString& button) {
  widgets_.view->set_placeholder(title, text, button);
}

}  // namespace dualsight
