#include "ui/review/export_panel.h"

#include <QCheckBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMetaObject>
#include <QProgressBar>
#include <QPushButton>
#include <exception>
#include <stop_token>
#include <utility>

#include "ui/review/recording_player.h"
#include "ui/review/timeline_widget.h"
#include "ui/widgets/overlay_painter.h"

namespace dualsight {
namespace {

// The first of `name(1)`, `name(2)`, ... that does not exist in the folder.
template <typename Name>
QString free_name(const QDir& folder, Name name) {
  int number = 1;
  while (QFileInfo::exists(folder.filePath(name(number)))) ++number;
  return name(number);
}

QFileInfo video_of(const RecordingPlayer& player) {
  return QFileInfo(QString::fromStdString(player.recording()->video()));
}

}  // namespace

ExportPanel::ExportPanel(RecordingPlayer& player, TimelineWidget& timeline, QWidget* parent)
    : QWidget(parent), player_(player), timeline_(timeline) {
  setObjectName(QStringLiteral("exportPanel"));
  make_page();
  make_progress_line();
  connect(&timeline_, &TimelineWidget::range_changed, this, &ExportPanel::show_state);
  retranslate();
}

ExportPanel::~ExportPanel() {
  thread_ = {};  // joined while the members that it reports to still exist
}

void ExportPanel::make_page() {
  range_ = new QLabel;
  range_->setObjectName(QStringLiteral("rangeLabel"));
  draw_boxes_ = new QCheckBox;
  draw_boxes_->setObjectName(QStringLiteral("drawBoxes"));
  draw_boxes_->setChecked(true);
  every_label_ = new QLabel;
  every_ = new QDoubleSpinBox;
  every_->setObjectName(QStringLiteral("pictureEvery"));
  every_->setDecimals(1);
  every_->setRange(0, 3600);
  every_->setValue(1);
  every_label_->setBuddy(every_);
  auto* grid = new QGridLayout(this);
  grid->addWidget(range_, 0, 0, 1, 2);
  grid->addWidget(draw_boxes_, 1, 0, 1, 2);
  grid->addWidget(every_label_, 2, 0);
  grid->addWidget(every_, 2, 1);
  const auto add = [grid](const char* name, int row, int column) {
    auto* button = new QPushButton;
    button->setObjectName(QLatin1String(name));
    grid->addWidget(button, row, column);
    return button;
  };
  clip_ = add("exportClip", 3, 0);
  pictures_ = add("exportPictures", 3, 1);
  table_ = add("exportTable", 4, 0);
  training_ = add("exportTraining", 4, 1);
  grid->setRowStretch(5, 1);
  connect(clip_, &QPushButton::clicked, this, [this] {
    ask_for_file(tr("Save clip"), QStringLiteral("-clip.mkv"), tr("Videos (*.mkv *.mp4 *.avi)"),
                 &ExportPanel::export_clip);
  });
  connect(pictures_, &QPushButton::clicked, this, [this] {
    ask_for_folder(tr("Save pictures in a new folder"), QStringLiteral("-pictures"), &ExportPanel::export_pictures);
  });
  connect(table_, &QPushButton::clicked, this, [this] {
    ask_for_file(tr("Save table"), QStringLiteral(".csv"), tr("Tables (*.csv)"), &ExportPanel::export_table);
  });
  connect(training_, &QPushButton::clicked, this, [this] {
    ask_for_folder(tr("Save training data in a new folder"), QStringLiteral("-coco"),
                   &ExportPanel::export_training_data);
  });
}

void ExportPanel::make_progress_line() {
  progress_line_ = new QWidget;
  target_ = new QLabel;
  target_->setObjectName(QStringLiteral("exportLabel"));
  target_->setTextFormat(Qt::PlainText);
  target_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  target_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  progress_ = new QProgressBar;
  progress_->setObjectName(QStringLiteral("exportProgress"));
  progress_->setRange(0, 100);
  cancel_ = new QPushButton;
  cancel_->setObjectName(QStringLiteral("cancelExport"));
  auto* layout = new QHBoxLayout(progress_line_);
  layout->setContentsMargins({});
  layout->addWidget(target_, 1);
  layout->addWidget(progress_);
  layout->addWidget(cancel_);
  connect(cancel_, &QPushButton::clicked, this, [this] { thread_.request_stop(); });
  progress_line_->hide();
}

void ExportPanel::set_draw_boxes(bool draw) { draw_boxes_->setChecked(draw); }

void ExportPanel::set_colors(std::vector<QColor> colors) { colors_ = std::move(colors); }

void ExportPanel::show_state() {
  const Recording* recording = player_.recording().get();
  const bool has_records = recording != nullptr && !recording->sidecar().empty();
  const bool annotated = recording != nullptr && recording->annotated();
  setEnabled(recording != nullptr && !running_);
  draw_boxes_->setEnabled(has_records);
  table_->setEnabled(has_records);
  training_->setEnabled(has_records && !annotated);
  training_->setToolTip(annotated ? tr("Boxes are drawn into these pictures: only a raw recording can be learned from")
                                  : tr("Pictures with their boxes in COCO's format, to be corrected and trained on"));
  const auto& range = timeline_.range();
  range_->setText(range ? tr("From %1 to %2").arg(time_text(range->from_ms), time_text(range->to_ms))
                        : tr("The whole recording"));
  progress_->setVisible(running_);
  cancel_->setVisible(running_);
}

// --- names

void ExportPanel::ask_for_file(const QString& title, const QString& ending, const QString& filter, Export then) {
  const QFileInfo video = video_of(player_);
  const QFileInfo usual(video.completeBaseName() + ending);
  auto* dialog = new QFileDialog(window(), title, video.absolutePath());
  dialog->setNameFilter(filter);
  dialog->setDefaultSuffix(usual.suffix());
  ask(dialog,
      free_name(video.dir(),
                [&](int number) {
                  return number == 1
                             ? usual.filePath()
                             : QStringLiteral("%1-%2.%3").arg(usual.completeBaseName()).arg(number).arg(usual.suffix());
                }),
      then);
}

void ExportPanel::ask_for_folder(const QString& title, const QString& ending, Export then) {
  const QFileInfo video = video_of(player_);
  const QString usual = video.completeBaseName() + ending;
  auto* dialog = new QFileDialog(window(), title, video.absolutePath());
  dialog->setOption(QFileDialog::DontConfirmOverwrite);  // exports refuse a folder that exists
  ask(dialog,
      free_name(video.dir(),
                [&](int number) { return number == 1 ? usual : QStringLiteral("%1-%2").arg(usual).arg(number); }),
      then);
}

void ExportPanel::ask(QFileDialog* dialog, const QString& proposed, Export then) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->selectFile(proposed);
  connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString& chosen) { (this->*then)(chosen); });
  dialog->open();
}

// --- exports

void ExportPanel::export_clip(const QString& file) {
  start(file, [name = file.toStdString()](const Recording& recording, const RecordingExport& options) {
    return dualsight::export_clip(recording, name, options);
  });
}

void ExportPanel::export_pictures(const QString& folder) {
  start(folder, [name = folder.toStdString()](const Recording& recording, const RecordingExport& options) {
    return dualsight::export_pictures(recording, name, ".jpg", options);
  });
}

void ExportPanel::export_table(const QString& file) {
  start(file, [name = file.toStdString()](const Recording& recording, const RecordingExport& options) {
    return export_csv(recording, name, options);
  });
}

void ExportPanel::export_training_data(const QString& folder) {
  start(folder, [name = folder.toStdString()](const Recording& recording, const RecordingExport& options) {
    return export_coco(recording, name, options);
  });
}

RecordingExport ExportPanel::options() const {
  RecordingExport options;
  if (timeline_.range()) options.range = *timeline_.range();
  options.filter = player_.filter();
  options.boxes = draw_boxes_->isChecked() && !player_.recording()->sidecar().empty();
  options.every_s = every_->value();
  options.style.colors = to_rgb(colors_);
  return options;
}

void ExportPanel::start(const QString& target, const Job& job) {
  if (!player_.recording() || running_) return;
  player_.pause();
  RecordingExport options = this->options();
  const int number = ++number_;
  // Called on the export's thread. One message to the GUI thread for each per cent is enough.
  options.progress = [this, number, last = -1](double share) mutable {
    const int now = static_cast<int>(100 * share);
    if (std::exchange(last, now) == now) return;
    QMetaObject::invokeMethod(
        this,
        [this, number, now] {
          if (number == number_) progress_->setValue(now);
        },
        Qt::QueuedConnection);
  };
  running_ = true;
  progress_->setValue(0);
  target_->setText(tr("Saving %1").arg(QDir::toNativeSeparators(target)));
  progress_line_->show();
  show_state();
  Q_EMIT started();
  thread_ = std::jthread([this, number, target, job, options = std::move(options),
                          recording = player_.recording()](const std::stop_token& stop) mutable {
    options.stop = stop;
    Result<void> result;
    try {
      result = job(*recording, options);
    } catch (const std::exception& e) {
      result = Error{ErrorKind::internal, target.toStdString() + ": " + e.what()};
    }
    QMetaObject::invokeMethod(
        this,
        [this, number, target, result] {
          if (number == number_) end(target, result);
        },
        Qt::QueuedConnection);
  });
}

void ExportPanel::end(const QString& target, const Result<void>& result) {
  running_ = false;
  if (result) {
    target_->setText(tr("Saved %1").arg(QDir::toNativeSeparators(target)));
  } else if (result.error().kind == ErrorKind::interrupted) {
    target_->setText(tr("Cancelled"));
  } else {
    progress_line_->hide();
    Q_EMIT failed(tr("Not saved: %1").arg(QString::fromStdString(result.error().message)));
  }
  show_state();
  Q_EMIT ended(static_cast<bool>(result));
}

void ExportPanel::stop() {
  progress_line_->hide();
  if (!std::exchange(running_, false)) return;
  ++number_;
  thread_.request_stop();
}

// --- texts

void ExportPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void ExportPanel::retranslate() {
  draw_boxes_->setText(tr("Dra&w boxes in clip and pictures"));
  every_label_->setText(tr("One pict&ure each"));
  every_->setSuffix(tr(" s"));
  every_->setSpecialValueText(tr("detection"));
  every_->setToolTip(tr("Of pictures and training data: one each so many seconds, or each time the detector looked"));
  clip_->setText(tr("Cl&ip…"));
  pictures_->setText(tr("&Pictures…"));
  table_->setText(tr("Tabl&e…"));
  table_->setToolTip(tr("A line for each detection, as CSV"));
  training_->setText(tr("Trainin&g data…"));
  progress_->setAccessibleName(tr("Progress of the export"));
  cancel_->setText(tr("Ca&ncel"));
  show_state();
}

}  // namespace dualsight
