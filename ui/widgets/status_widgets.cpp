#include "ui/widgets/status_widgets.h"

#include <QDir>
#include <QEvent>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QResizeEvent>
#include <QStorageInfo>
#include <QTimer>
#include <algorithm>
#include <numeric>

#include "app/system/redact.h"
#include "ui/widgets/background.h"

namespace dualsight {
namespace {

constexpr int kDiskEveryMs = 10000;

struct Measured {
  QMap<QString, qint64> files;  // bytes
  qint64 disk_bytes = -1;
};

// Both may block on a network disk. For a folder that does not exist yet, its parent is used.
Measured measure_now(const QStringList& files, QString folder) {
  Measured measured;
  for (const QString& file : files) {
    if (const QFileInfo info(file); info.isFile()) measured.files[file] = info.size();
  }
  if (folder.isEmpty()) return measured;
  while (!QFileInfo::exists(folder) && QFileInfo(folder).path() != folder) folder = QFileInfo(folder).path();
  const QStorageInfo disk(folder);
  if (disk.isValid()) measured.disk_bytes = disk.bytesAvailable();
  return measured;
}

QString duration(qint64 ms) {
  const qint64 seconds = ms / 1000;
  return QString("%1:%2:%3")
      .arg(seconds / 3600)
      .arg(seconds / 60 % 60, 2, 10, QChar('0'))
      .arg(seconds % 60, 2, 10, QChar('0'));
}

QString shown(const std::string& text) { return QString::fromStdString(redact(text)); }

}  // namespace

StatusWidgets::StatusWidgets(QWidget* parent) : QWidget(parent) {
  setObjectName("statusWidgets");
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSizeConstraint(QLayout::SetNoConstraint);  // fit() hides labels in narrow windows
  layout->setSpacing(fontMetrics().averageCharWidth() * 2);
  source_ = cell("statusSource");
  capture_ = cell("statusCapture");
  detect_ = cell("statusDetect");
  age_ = cell("statusAge");
  dropped_ = cell("statusDropped");
  recording_ = cell("statusRecording");
  disk_ = cell("statusDisk");
  device_ = cell("statusDevice");
  model_ = cell("statusModel");
  layout->insertStretch(6);
  least_needed_ = {model_, device_, disk_, dropped_, age_, capture_, detect_};
  second_ = new QTimer(this);
  second_->setInterval(1000);
  connect(second_, &QTimer::timeout, this, [this] {
    measure();
    if (is_recording_) show_recording();
  });
  second_->start();
  retranslate();
}

QLabel* StatusWidgets::cell(const char* name) {
  auto* label = new QLabel(this);
  label->setObjectName(name);
  label->setTextFormat(Qt::PlainText);
  layout()->addWidget(label);
  return label;
}

// `text` is short; `spoken`, for screen readers and the tool tip, names the value.
void StatusWidgets::say(QLabel* label, const QString& text, const QString& spoken) {
  if (label->text() == text && label->accessibleName() == spoken) return;
  label->setText(text);
  label->setAccessibleName(spoken);
  fit();
}

void StatusWidgets::set_source(const QString& name) {
  open_ = !name.isEmpty();
  name_ = shown(name.toStdString());
  has_stats_ = false;
  status_ = {};
  show_source();
  show_rates();
}

void StatusWidgets::set_stats(const SourceStats& stats) {
  stats_ = stats;
  has_stats_ = open_ = true;
  if (name_.isEmpty()) name_ = shown(stats.source);
  show_source();
  show_rates();
  if (is_recording_) show_recording();
}

void StatusWidgets::set_status(const StatusRecord& status) {
  switch (status.state) {
    case State::recording:
      files_[QString::fromStdString(status.file)] = 0;
      measure();
      return;
    case State::recorded:
      closed_bytes_ += files_.take(QString::fromStdString(status.file));
      return;
    case State::recording_failed:
    case State::skipped:
      return;
    default:
      status_ = status;
      if (name_.isEmpty()) name_ = shown(status.source);
      open_ = status.state != State::failed;
      show_source();
  }
}

void StatusWidgets::set_frozen(bool frozen) {
  frozen_ = frozen;
  show_source();
}

void StatusWidgets::set_model_status(const ModelStatus& status) {
  model_status_ = status;
  show_model();
}

void StatusWidgets::set_output(const OutputStatus& status) {
  if (status.output != Output::recording) return;
  if (status.on) {
    is_recording_ = true;
    recording_time_.start();
    closed_bytes_ = 0;
    files_ = {{QString::fromStdString(status.target), 0}};  // if this is a folder, status records name the files
  } else {
    is_recording_ = false;
  }
  recording_problem_ = QString::fromStdString(status.problem);
  show_recording();
  since_disk_.invalidate();
  measure();
}

void StatusWidgets::set_folder(const QString& folder) {
  folder_ = folder;
  disk_bytes_ = -1;
  since_disk_.invalidate();
  measure();
}

void StatusWidgets::measure() {
  if (measuring_) return;  // a measurement that hangs must not pile up others
  const bool disk_due = !folder_.isEmpty() && (!since_disk_.isValid() || since_disk_.hasExpired(kDiskEveryMs));
  const QStringList files = is_recording_ ? files_.keys() : QStringList();
  if (!disk_due && files.isEmpty()) return;
  if (disk_due) since_disk_.start();
  measuring_ = true;
  in_background(
      this, [files, folder = disk_due ? folder_ : QString()] { return measure_now(files, folder); },
      [this](const Measured& measured) {
        measuring_ = false;
        for (auto file = measured.files.cbegin(); file != measured.files.cend(); ++file) {
          if (files_.contains(file.key())) files_[file.key()] = file.value();
        }
        if (measured.disk_bytes >= 0) disk_bytes_ = measured.disk_bytes;
        show_disk();
        if (is_recording_) show_recording();
      });
}

void StatusWidgets::show_source() {
  QString state;
  if (!open_) {
    state = status_.state == State::failed ? tr("failed") : tr("no source");
  } else {
    switch (status_.state) {
      case State::lost:
        state = tr("lost");
        break;
      case State::retrying:
        state = tr("trying again");
        break;
      case State::truncated:
        state = tr("ended early");
        break;
      default:
        state = !has_stats_ ? tr("opening") : frozen_ ? tr("picture frozen") : tr("running");
    }
  }
  const QString name = name_.contains("://") ? name_ : name_.section('/', -1);
  const QString all = name.isEmpty() ? state : tr("%1: %2", "source and its state").arg(name, state);
  const QString brief =
      name.isEmpty()
          ? state
          : tr("%1: %2", "source and its state")
                .arg(fontMetrics().elidedText(name, Qt::ElideMiddle, fontMetrics().averageCharWidth() * 24), state);
  QFont font = this->font();
  font.setBold(status_.state == State::lost || status_.state == State::retrying || status_.state == State::failed);
  source_->setFont(font);
  source_->setToolTip(status_.message.empty() ? all : all + '\n' + shown(status_.message));
  say(source_, brief, tr("Source %1").arg(all));
}

void StatusWidgets::show_rates() {
  const bool known = open_ && has_stats_;
  const auto number = [&](double value, int decimals) {
    return known ? QLocale().toString(value, 'f', decimals) : QString("-");
  };
  const QString capture = tr("Capture %1/s").arg(number(stats_.capture_fps, 1));
  say(capture_, capture, capture);
  const QString detect = tr("Detect %1/s").arg(number(stats_.detect_fps, 1));
  say(detect_, detect, detect);
  const QString age = tr("Age %1 ms").arg(number(stats_.age_ms, 0));
  say(age_, age, age);
  const QString dropped = tr("Dropped %1").arg(number(static_cast<double>(stats_.dropped), 0));
  say(dropped_, dropped, dropped);
  // Cells only grow, so that they do not jitter with their digits.
  for (QLabel* label : {capture_, detect_, age_, dropped_}) {
    label->setMinimumWidth(std::max(label->minimumWidth(), label->sizeHint().width()));
  }
}

qint64 StatusWidgets::recorded_bytes() const { return std::accumulate(files_.cbegin(), files_.cend(), closed_bytes_); }

void StatusWidgets::show_recording() {
  QString text;
  if (is_recording_) {
    text = tr("● %1, %2", "recording: time and size")
               .arg(duration(recording_time_.elapsed()), QLocale().formattedDataSize(recorded_bytes()));
    if (stats_.record_dropped > 0) text += tr(", %n lost", "", static_cast<int>(stats_.record_dropped));
  } else {
    text = recording_problem_.isEmpty() ? QString() : tr("Recording ended");
  }
  recording_->setToolTip(is_recording_ ? tr("Recording: time, size, frames lost\n%1").arg(files_.keys().join('\n'))
                                       : recording_problem_);
  QFont font = this->font();
  font.setBold(is_recording_ || !recording_problem_.isEmpty());
  recording_->setFont(font);
  QString spoken = tr("Not recording");
  if (is_recording_) {
    spoken = tr("Recording: %1").arg(text.mid(2));
  } else if (!recording_problem_.isEmpty()) {
    spoken = tr("Recording ended: %1").arg(recording_problem_);
  }
  say(recording_, text, spoken);
}

void StatusWidgets::show_disk() {
  const QString room = disk_bytes_ < 0 ? QString("-") : QLocale().formattedDataSize(disk_bytes_, 1);
  const QString text = tr("Disk %1").arg(room);
  say(disk_, text, tr("Room on the disk for recordings: %1").arg(room));
  disk_->setToolTip(tr("Room left on the disk for recordings\n%1").arg(folder_));
}

void StatusWidgets::show_model() {
  const QString file = QFileInfo(QFile::decodeName(model_status_.file.c_str())).completeBaseName();
  const QString name = model_status_.info.name.empty() ? file : QString::fromStdString(model_status_.info.name);
  QString device, model;
  switch (model_status_.state) {
    case ModelStatus::State::none:
      model = tr("No model");
      break;
    case ModelStatus::State::loading:
      model = tr("Loading %1 ...").arg(name);
      break;
    case ModelStatus::State::ready:
      model = name;
      device = QString::fromStdString(model_status_.device);
      break;
    case ModelStatus::State::failed:
      model = tr("Model failed");
      break;
  }
  const QString brief = fontMetrics().elidedText(model, Qt::ElideRight, fontMetrics().averageCharWidth() * 28);
  say(model_, brief, tr("Model: %1").arg(model));
  model_->setToolTip(model_status_.problem.empty() ? tr("Model: %1").arg(model)
                                                   : QString::fromStdString(model_status_.problem));
  say(device_, device, tr("Device: %1").arg(device.isEmpty() ? QString("-") : device));
  device_->setToolTip(tr("What runs the model, and its precision"));
}

QSize StatusWidgets::minimumSizeHint() const {
  return {source_->sizeHint().width(), QWidget::minimumSizeHint().height()};
}

// In a narrow window the least important labels are hidden; tool tips and panels show everything.
void StatusWidgets::fit() {
  const int spacing = layout()->spacing();
  int needed = 0;
  for (QLabel* label : findChildren<QLabel*>(Qt::FindDirectChildrenOnly)) {
    if (!label->text().isEmpty()) needed += label->sizeHint().width() + spacing;
  }
  for (QLabel* label : {source_, recording_}) label->setVisible(!label->text().isEmpty());
  for (QLabel* label : least_needed_) {
    const bool room = needed <= width() || width() == 0;
    label->setVisible(!label->text().isEmpty() && room);
    if (!room && !label->text().isEmpty()) needed -= label->sizeHint().width() + spacing;
  }
}

void StatusWidgets::resizeEvent(QResizeEvent* event) {
  fit();
  QWidget::resizeEvent(event);
}

void StatusWidgets::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void StatusWidgets::retranslate() {
  capture_->setToolTip(tr("Frames per second that come from the source"));
  detect_->setToolTip(tr("Frames per second that the detector looks at"));
  age_->setToolTip(tr("From the capture of a frame until its detections were there"));
  dropped_->setToolTip(tr("Frames not looked at because a newer one was there"));
  for (QLabel* label : {capture_, detect_, age_, dropped_}) label->setMinimumWidth(0);
  show_source();
  show_rates();
  show_recording();
  show_disk();
  show_model();
}

}  // namespace dualsight
