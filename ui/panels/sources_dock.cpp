#include "ui/panels/sources_dock.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "app/system/redact.h"
#include "ui/panels/camera_chooser.h"
#include "ui/panels/camera_list.h"
#include "ui/settings/settings.h"
#include "ui/widgets/form_fields.h"

namespace dualsight {
namespace {

constexpr int kMostRecent = 12;

QString shown(const QString& spec) { return QString::fromStdString(redact(spec.toStdString())); }

bool is_camera(const QString& spec) { return spec.startsWith("/dev/"); }

void set_mode(SourceSettings& source, const CameraMode& mode) {
  source.camera_format = mode.format;
  source.camera_width = mode.width;
  source.camera_height = mode.height;
  source.camera_fps = mode.rates.empty() ? 0 : mode.rates.front();
}

}  // namespace

SourcesPanel::SourcesPanel(CameraList* cameras, QWidget* parent) : QWidget(parent), cameras_(cameras) {
  setObjectName("sourcesPanel");
  camera_box_ = new CameraChooser(cameras_);
  file_box_ = new QGroupBox;
  address_ = narrow_combo("address");
  address_->setEditable(true);
  address_->setInsertPolicy(QComboBox::NoInsert);
  address_->setCompleter(nullptr);  // it would complete a typed address to an older one
  open_file_ = new QPushButton;
  open_file_->setObjectName("openFile");
  open_address_ = new QPushButton;
  open_address_->setObjectName("openAddress");
  hint_ = new QLabel;
  hint_->setObjectName("addressHint");
  hint_->setWordWrap(true);
  hint_->hide();
  repeat_ = new QCheckBox;
  repeat_->setObjectName("repeat");
  auto* file_buttons = new QHBoxLayout;
  file_buttons->addWidget(open_address_);
  file_buttons->addWidget(open_file_);
  auto* file_layout = new QVBoxLayout(file_box_);
  file_layout->addWidget(address_);
  file_layout->addWidget(hint_);
  file_layout->addLayout(file_buttons);
  file_layout->addWidget(repeat_);

  picture_box_ = new QGroupBox;
  mirror_ = new QCheckBox;
  mirror_->setObjectName("mirror");
  rotate_ = narrow_combo("rotate");
  rotate_label_ = label_for(rotate_);
  auto* picture_layout = new QHBoxLayout(picture_box_);
  picture_layout->addWidget(mirror_);
  picture_layout->addStretch();
  picture_layout->addWidget(rotate_label_);
  picture_layout->addWidget(rotate_);

  state_ = new QLabel;
  state_->setObjectName("sourceState");
  state_->setWordWrap(true);
  state_->setTextFormat(Qt::PlainText);
  rates_ = new QLabel;
  rates_->setObjectName("sourceRates");
  rates_->setWordWrap(true);
  close_ = new QPushButton;
  close_->setObjectName("closeSource");
  auto* state_layout = new QHBoxLayout;
  state_layout->addWidget(state_, 1);
  state_layout->addWidget(close_, 0, Qt::AlignTop);

  auto* layout = new QVBoxLayout(this);
  layout->addWidget(camera_box_, 1);
  layout->addWidget(file_box_);
  layout->addWidget(picture_box_);
  layout->addLayout(state_layout);
  layout->addWidget(rates_);

  connect(cameras_, &CameraList::changed, this, [this] {
    if (open_when_listed_) open_last();
  });
  connect(camera_box_, &CameraChooser::open_requested, this, &SourcesPanel::open);
  connect(camera_box_, &CameraChooser::mode_chosen, this, [this] {
    if (chosen_is_open()) apply();
  });
  typed_ = new QTimer(this);
  typed_->setSingleShot(true);
  typed_->setInterval(0);
  connect(typed_, &QTimer::timeout, this, &SourcesPanel::open_typed);
  connect(address_->lineEdit(), &QLineEdit::returnPressed, typed_, qOverload<>(&QTimer::start));
  connect(address_, &QComboBox::activated, typed_, qOverload<>(&QTimer::start));
  ignore_wheel_without_focus(rotate_);
  address_->setFocusPolicy(Qt::StrongFocus);
  address_->installEventFilter(this);
  connect(open_address_, &QPushButton::clicked, this, &SourcesPanel::open_typed);
  connect(address_->lineEdit(), &QLineEdit::textEdited, hint_, &QWidget::hide);
  connect(open_file_, &QPushButton::clicked, this, &SourcesPanel::choose_file);
  connect(mirror_, &QCheckBox::toggled, this, &SourcesPanel::apply);
  connect(rotate_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) apply();
  });
  connect(repeat_, &QCheckBox::toggled, this, &SourcesPanel::repeat_changed);
  connect(close_, &QPushButton::clicked, this, &SourcesPanel::close);

  retranslate();
}

void SourcesPanel::set_settings(const Settings& settings) {
  filling_ = true;
  last_ = settings.source;
  camera_box_->set_wanted_mode(
      {settings.camera_format.toStdString(), settings.camera_width, settings.camera_height, {settings.camera_fps}});
  recent_ = settings.recent_sources;
  {
    const QSignalBlocker quiet_mirror(mirror_), quiet_repeat(repeat_);
    mirror_->setChecked(settings.mirror);
    repeat_->setChecked(settings.repeat);
  }
  select_data(rotate_, settings.rotate);
  filling_ = false;
  show_recent();
  camera_box_->prefer(last_);
  show_state();
}

void SourcesPanel::store(Settings& settings) const {
  settings.source = shown(last_);
  settings.recent_sources = recent_;
  settings.mirror = mirror_->isChecked();
  settings.repeat = repeat_->isChecked();
  settings.rotate = rotate_->currentData().toInt();
  const CameraMode& mode = camera_box_->wanted_mode();
  settings.camera_format = QString::fromStdString(mode.format);
  settings.camera_width = mode.width;
  settings.camera_height = mode.height;
  settings.camera_fps = mode.rates.empty() ? 0 : mode.rates.front();
}

bool SourcesPanel::repeat() const { return repeat_->isChecked(); }

void SourcesPanel::open(const QString& spec) {
  if (spec.isEmpty()) return;
  open_when_listed_ = false;
  const bool number = std::all_of(spec.begin(), spec.end(), [](QChar c) { return c.isDigit(); });
  SourceSettings source;
  source.spec = lasting_camera_path((number ? "/dev/video" + spec : spec).toStdString());
  source.wait = is_live(source.spec);
  last_ = QString::fromStdString(source.spec);
  status_.reset();
  has_stats_ = false;
  if (!is_camera(last_)) {
    camera_box_->prefer(last_);
    remember(last_);
  } else if (!camera_box_->choose(last_)) {  // not plugged in yet
    set_mode(source, camera_box_->wanted_mode());
  }
  open_ = std::move(source);
  mark_open();
  show_state();
  apply();
}

void SourcesPanel::open_last() {
  if ((last_.isEmpty() || is_camera(last_)) && !cameras_->listed()) {
    open_when_listed_ = true;
    return;
  }
  open_when_listed_ = false;
  if (last_.isEmpty()) {
    open(camera_box_->first());  // nothing, if there is none: a camera that is plugged in later is not opened unasked
    return;
  }
  const QString spec = complete_.value(last_, last_);
  if (spec.contains("***")) {
    address_->setEditText(spec);
    open_typed();
  } else {
    open(spec);
  }
}

void SourcesPanel::reopen() {
  if (open_) {
    apply();
  } else {
    open_last();
  }
}

void SourcesPanel::apply() {
  if (!open_) return;
  if (chosen_is_open()) set_mode(*open_, camera_box_->shown_mode());
  open_->rotate = rotate_->currentData().toInt();
  open_->mirror = mirror_->isChecked();
  Q_EMIT open_requested(*open_);
}

void SourcesPanel::close() {
  if (!open_) return;
  open_.reset();
  status_.reset();
  has_stats_ = false;
  mark_open();
  show_state();
  Q_EMIT close_requested();
}

void SourcesPanel::ended() {
  open_.reset();
  has_stats_ = false;
  mark_open();
  show_state();
}

void SourcesPanel::set_stats(const SourceStats& stats) {
  stats_ = stats;
  has_stats_ = true;
  show_state();
}

void SourcesPanel::set_status(const StatusRecord& status) {
  switch (status.state) {
    case State::skipped:
    case State::recording:
    case State::recorded:
    case State::recording_failed:
      return;  // these do not change the state of the source
    default:
      break;
  }
  status_ = status;
  show_state();
  mark_open();
}

bool SourcesPanel::is_open_camera(const QString& camera) const { return open_ && open_->spec == camera.toStdString(); }

bool SourcesPanel::chosen_is_open() const { return is_open_camera(camera_box_->chosen()); }

void SourcesPanel::mark_open() { camera_box_->mark_open(open_ ? QString::fromStdString(open_->spec) : QString()); }

QString SourcesPanel::open_name() const {
  if (!open_) return {};
  for (const CameraInfo& camera : cameras_->cameras()) {
    if (is_open_camera(CameraList::identity(camera)) && !camera.name.empty())
      return QString::fromStdString(camera.name);
  }
  const QString name = shown(QString::fromStdString(open_->spec));
  return name.contains("://") ? name : name.section('/', -1, -1, QString::SectionSkipEmpty);
}

void SourcesPanel::show_state() {
  close_->setEnabled(open_.has_value());
  QString text;
  if (open_) {
    const QString name = open_name();
    const State state = status_ ? status_->state : State::connected;
    switch (state) {
      case State::lost:
        text = tr("%1: lost").arg(name);
        break;
      case State::retrying:
        text = tr("%1: trying again in %2 s (attempt %3)")
                   .arg(name, QLocale().toString(status_->retry_in_s.value_or(0), 'f', 0))
                   .arg(status_->attempt.value_or(1));
        break;
      case State::truncated:
        text = tr("%1: ended early").arg(name);
        break;
      case State::failed:
        text = tr("%1: failed").arg(name);
        break;
      default:
        text = has_stats_ || status_ ? tr("Open: %1").arg(name) : tr("Opening %1 ...").arg(name);
    }
  } else {
    text = status_ && status_->state == State::failed ? tr("Failed") : tr("Nothing is open");
  }
  const bool bad = status_ && (status_->state == State::failed || status_->state == State::lost ||
                               status_->state == State::retrying || status_->state == State::truncated);
  if (bad && !status_->message.empty()) text += '\n' + shown(QString::fromStdString(status_->message));
  state_->setText(text);
  rates_->setVisible(open_ && has_stats_);
  if (open_ && has_stats_) {
    const QString measured = QLocale().toString(stats_.capture_fps, 'f', 1);
    rates_->setText(stats_.claimed_fps > 0
                        ? tr("%1 frames/s claimed, %2 measured").arg(rate_text(stats_.claimed_fps), measured)
                        : tr("%1 frames/s measured").arg(measured));
  }
}

void SourcesPanel::open_typed() {
  const QString typed = address_->currentText().trimmed();
  if (typed.isEmpty()) return;
  const QString spec = complete_.value(typed, typed);
  if (spec.contains("***")) {
    // The password was typed in an earlier run and is not kept.
    const auto begin = static_cast<int>(spec.indexOf("***"));
    hint_->setText(tr("Passwords are not kept: type it in place of ***."));
    hint_->show();
    address_->setEditText(spec);
    address_->setFocus();
    address_->lineEdit()->setSelection(begin, 3);
    return;
  }
  hint_->hide();
  open(spec);
}

void SourcesPanel::choose_file() {
  auto* dialog = new QFileDialog(this, tr("Open a video or a picture"));
  dialog->setObjectName("openFileDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setNameFilters({tr("Videos and pictures") +
                              " (*.mp4 *.mkv *.avi *.mov *.webm *.m4v *.ts *.mpg *.jpg *.jpeg *.png *.bmp *.webp "
                              "*.tif *.tiff)",
                          tr("All files") + " (*)"});
  connect(dialog, &QFileDialog::fileSelected, this, &SourcesPanel::open);
  dialog->open();
}

void SourcesPanel::remember(const QString& spec) {
  const QString text = shown(spec);
  if (text != spec) complete_.insert(text, spec);
  recent_.removeAll(text);
  recent_.prepend(text);
  while (recent_.size() > kMostRecent) recent_.removeLast();
  show_recent();
  address_->setEditText(text);
}

void SourcesPanel::show_recent() {
  const QSignalBlocker quiet(address_);
  const QString typed = address_->currentText();
  address_->clear();
  address_->addItems(recent_);
  for (int i = 0; i < address_->count(); ++i) address_->setItemData(i, recent_[i], Qt::ToolTipRole);
  address_->setCurrentIndex(-1);
  address_->setEditText(typed);
}

// The field with the recent sources must open nothing by itself, neither by the wheel nor by arrow keys (they open the
// list) nor when the focus passes by.
bool SourcesPanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && watched == address_) {
    event->ignore();
    return true;
  }
  // A combo box whose field loses the focus signals that its text was chosen.
  if (watched == address_ && event->type() == QEvent::FocusOut) {
    const QSignalBlocker quiet(address_);
    watched->event(event);
    return true;
  }
  if (watched == address_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp || key == Qt::Key_PageDown) {
      if (address_->count() > 0) address_->showPopup();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void SourcesPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void SourcesPanel::retranslate() {
  file_box_->setTitle(tr("File or address"));
  address_->setAccessibleName(tr("File or address"));
  address_->lineEdit()->setAccessibleName(tr("File or address"));
  address_->lineEdit()->setPlaceholderText(tr("rtsp://..., or a file"));
  address_->setToolTip(
      tr("A video, a picture, a folder of pictures, or an address (rtsp, rtsps, http, https). "
         "The list holds the recent ones."));
  open_address_->setText(tr("Open"));
  open_address_->setToolTip(tr("Opens what stands in the field"));
  open_address_->setAccessibleName(tr("Open the file or address in the field"));
  open_file_->setText(tr("File..."));
  open_file_->setToolTip(tr("Chooses a video or picture"));
  repeat_->setText(tr("Repeat files"));
  repeat_->setToolTip(tr("Files begin again at their end"));
  picture_box_->setTitle(tr("Picture"));
  mirror_->setText(tr("Mirror"));
  mirror_->setToolTip(tr("Swaps left and right, after the rotation"));
  rotate_label_->setText(tr("Rotate:"));
  close_->setText(tr("Close"));
  close_->setToolTip(tr("Closes the source"));
  state_->setAccessibleName({});  // its text says it

  filling_ = true;
  const int turned = rotate_->currentIndex();
  rotate_->clear();
  for (const int degrees : {0, 90, 180, 270}) rotate_->addItem(tr("%1°", "degrees").arg(degrees), degrees);
  rotate_->setCurrentIndex(std::max(0, turned));
  filling_ = false;
  show_state();
}

}  // namespace dualsight
