#include "ui/output_controller.h"

#include <QAction>
#include <QDir>
#include <QStandardPaths>
#include <chrono>
#include <string>
#include <vector>

#include "app/recording/segment_names.h"
#include "ui/live_controller.h"
#include "ui/settings/actions.h"
#include "ui/settings/settings.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/status_widgets.h"

namespace dualsight {
namespace {

RecordWhat parse_what(const QString& what) {
  if (what == "raw") return RecordWhat::raw;
  return what == "both" ? RecordWhat::both : RecordWhat::annotated;
}

std::vector<std::string> strings(const QStringList& list) {
  std::vector<std::string> out;
  for (const QString& text : list) out.push_back(text.toStdString());
  return out;
}

QString folder_or(const QString& chosen, QStandardPaths::StandardLocation usual) {
  return chosen.isEmpty() ? QStandardPaths::writableLocation(usual) + "/Dualsight" : chosen;
}

}  // namespace

QString record_folder(const Settings& settings) {
  return folder_or(settings.record_folder, QStandardPaths::MoviesLocation);
}

QString snapshot_folder(const Settings& settings) {
  return folder_or(settings.snapshot_folder, QStandardPaths::PicturesLocation);
}

OutputController::OutputController(LiveController& live, Actions& actions, NoticeBar& notice, StatusWidgets& status,
                                   QObject* parent)
    : QObject(parent), live_(live), actions_(actions), notice_(notice), status_(status) {
  const SessionLink* link = &live.link();
  connect(link, &SessionLink::status_came, this, &OutputController::show_status);
  connect(link, &SessionLink::output_changed, this, &OutputController::show_output);
  connect(link, &SessionLink::snapshot_saved, this,
          [this](const QString& file) { Q_EMIT message(tr("Saved %1").arg(file)); });
  connect(link, &SessionLink::snapshot_failed, this,
          [this](const QString& problem) { notice_.show_notice(tr("The snapshot was not saved: %1").arg(problem)); });
}

// "<folder>/<source>_<date and time><extension>", a name that is free.
QString OutputController::file_name(const QString& folder, const QString& extension) const {
  const SegmentPaths paths = new_paths(folder.toStdString(), live_.source_name(), std::chrono::system_clock::now(),
                                       extension.toStdString(), RecordWhat::annotated, false);
  return QString::fromStdString(paths.annotated);
}

void OutputController::set_recording(bool on, const Settings& settings) {
  actions_.get("record")->setChecked(is_recording_);
  if (!on) return live_.session()->stop(Output::recording);
  const QString folder = record_folder(settings);
  RecorderOptions options;
  options.target = folder.toStdString();
  options.what = parse_what(settings.record_what);
  options.container = settings.container.toStdString();
  options.segment_seconds = settings.segment_minutes * 60;
  options.quota_bytes = static_cast<int64_t>(settings.quota_gib * 1024 * 1024 * 1024);
  if (settings.record_on_events) {
    options.on_classes = strings(settings.record_classes);
    options.on_zones = strings(settings.record_zones);
    if (options.on_classes.empty() && options.on_zones.empty()) {
      notice_.show_notice(tr("Choose in the preferences, under Recording, which classes or zones are to be recorded."));
      Q_EMIT recording_choice_missing();
      return;
    }
    options.pre_roll_s = settings.pre_roll_s;
    options.post_roll_s = settings.post_roll_s;
  }
  if (!QDir().mkpath(folder)) {
    notice_.show_notice(
        tr("Nothing is recorded: the folder %1 cannot be made. Choose another one in the preferences.").arg(folder));
    return;
  }
  options.style = live_.overlay_style();
  live_.session()->start(options);
}

void OutputController::set_records(bool on, const Settings& settings) {
  actions_.get("json")->setChecked(writes_records_);
  if (!on) return live_.session()->stop(Output::records);
  const QString folder = record_folder(settings);
  QDir().mkpath(folder);  // if it fails, the session reports that the file cannot be written
  live_.session()->start_records(file_name(folder, ".ndjson").toStdString());
}

void OutputController::save_snapshot(const Settings& settings) {
  SnapshotOptions options;
  options.file = file_name(snapshot_folder(settings), ".png").toStdString();
  options.what = parse_what(settings.record_what);
  options.style = live_.overlay_style();
  live_.session()->save_snapshot(options);
}

void OutputController::show_status(const StatusRecord& status) {
  const QString text = QString::fromStdString(status.message);
  switch (status.state) {
    case State::recording:
      Q_EMIT recording_file_changed(QString::fromStdString(status.file));
      Q_EMIT message(text);
      break;
    case State::recorded:
      Q_EMIT recording_file_changed({});
      Q_EMIT message(text);
      break;
    case State::recording_failed:
      Q_EMIT recording_file_changed({});
      notice_.show_notice(tr("The recording has ended: %1. What was recorded is kept. Make room or choose another "
                             "folder, then record again.")
                              .arg(text));
      break;
    default:
      break;
  }
}

void OutputController::show_output(const OutputStatus& status) {
  status_.set_output(status);
  const bool recording = status.output == Output::recording;
  (recording ? is_recording_ : writes_records_) = status.on;
  actions_.get(recording ? "record" : "json")->setChecked(status.on);
  const QString problem = QString::fromStdString(status.problem);
  if (!problem.isEmpty()) {
    notice_.show_notice(recording ? tr("Nothing is recorded: %1").arg(problem)
                                  : tr("No records are written: %1").arg(problem));
  } else if (!recording) {
    Q_EMIT message((status.on ? tr("Writing %1") : tr("Wrote %1")).arg(QString::fromStdString(status.target)));
  }
}

}  // namespace dualsight
