#include "ui/panels/sources_dock.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>

#include "app/system/redact.h"

namespace dualsight {
namespace {

constexpr int most_recent = 12;
constexpr int identity_role = Qt::UserRole;

QString shown(const QString& spec) { return QString::fromStdString(redact(spec.toStdString())); }

QString rate_text(double rate) { return QLocale().toString(rate, 'f', rate == static_cast<int>(rate) ? 0 : 1); }

bool is_camera(const QString& spec) { return spec.startsWith("/dev/"); }

void set_mode(SourceSettings& source, const CameraMode& mode) {
  source.camera_format = mode.format;
  source.camera_width = mode.width;
  source.camera_height = mode.height;
  source.camera_fps = mode.rates.empty() ? 0 : mode.rates.front();
}

QLabel* label_for(QWidget* buddy) {
  auto* label = new QLabel;
  label->setBuddy(buddy);
  return label;
}

QComboBox* narrow_combo(const char* name) {
  auto* combo = new QComboBox;
  combo->setObjectName(name);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(8);
  return combo;
}

// The entry with `data`, or the first, "Automatic".
void choose(QComboBox* combo, const QVariant& data) { combo->setCurrentIndex(std::max(0, combo->findData(data))); }

}  // namespace

SourcesPanel::SourcesPanel(CameraList* cameras, QWidget* parent) : QWidget(parent), cameras_(cameras) {
  setObjectName("sourcesPanel");
  camera_box_ = new QGroupBox;
  list_ = new QListWidget;
  list_->setObjectName("cameraList");
  list_->setWordWrap(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setTextElideMode(Qt::ElideRight);
  list_->setMinimumHeight(fontMetrics().lineSpacing() * 5);
  list_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  no_cameras_ = new QLabel;
  no_cameras_->setObjectName("noCameras");
  no_cameras_->setWordWrap(true);
  format_ = narrow_combo("cameraFormat");
  size_ = narrow_combo("cameraSize");
  rate_ = narrow_combo("cameraRate");
  format_label_ = label_for(format_);
  size_label_ = label_for(size_);
  rate_label_ = label_for(rate_);
  open_camera_ = new QPushButton;
  open_camera_->setObjectName("openCamera");

  auto* modes = new QFormLayout;
  modes->addRow(format_label_, format_);
  modes->addRow(size_label_, size_);
  modes->addRow(rate_label_, rate_);
  auto* camera_layout = new QVBoxLayout(camera_box_);
  camera_layout->addWidget(list_, 1);
  camera_layout->addWidget(no_cameras_);
  camera_layout->addLayout(modes);
  camera_layout->addWidget(open_camera_);

  file_box_ = new QGroupBox;
  address_ = narrow_combo("address");
  address_->setEditable(true);
  address_->setInsertPolicy(QComboBox::NoInsert);
  address_->setCompleter(nullptr);  // it would finish an address with an older one, unasked
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
    list_cameras_anew();
    if (open_when_listed_) open_last();
  });
  connect(list_, &QListWidget::currentItemChanged, this, [this] {
    if (!filling_) list_formats();
  });
  connect(list_, &QListWidget::itemActivated, this, [this] { open(chosen_spec()); });
  connect(open_camera_, &QPushButton::clicked, this, [this] { open(chosen_spec()); });
  connect(format_, &QComboBox::currentIndexChanged, this, [this] {
    if (filling_) return;
    list_sizes();
    mode_chosen();
  });
  connect(size_, &QComboBox::currentIndexChanged, this, [this] {
    if (filling_) return;
    list_rates();
    mode_chosen();
  });
  connect(rate_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) mode_chosen();
  });
  typed_ = new QTimer(this);
  typed_->setSingleShot(true);
  typed_->setInterval(0);
  connect(typed_, &QTimer::timeout, this, &SourcesPanel::open_typed);
  connect(address_->lineEdit(), &QLineEdit::returnPressed, typed_, qOverload<>(&QTimer::start));
  connect(address_, &QComboBox::activated, typed_, qOverload<>(&QTimer::start));
  for (QComboBox* combo : {format_, size_, rate_, rotate_, address_}) {
    combo->setFocusPolicy(Qt::StrongFocus);
    combo->installEventFilter(this);
  }
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
  list_cameras_anew();
}

void SourcesPanel::set_settings(const Settings& settings) {
  filling_ = true;
  last_ = settings.source;
  wanted_mode_ = {
      settings.camera_format.toStdString(), settings.camera_width, settings.camera_height, {settings.camera_fps}};
  recent_ = settings.recent_sources;
  {
    const QSignalBlocker quiet_mirror(mirror_), quiet_repeat(repeat_);
    mirror_->setChecked(settings.mirror);
    repeat_->setChecked(settings.repeat);
  }
  choose(rotate_, settings.rotate);
  filling_ = false;
  show_recent();
  list_cameras_anew();
  show_state();
}

void SourcesPanel::store(Settings& settings) const {
  settings.source = shown(last_);
  settings.recent_sources = recent_;
  settings.mirror = mirror_->isChecked();
  settings.repeat = repeat_->isChecked();
  settings.rotate = rotate_->currentData().toInt();
  settings.camera_format = QString::fromStdString(wanted_mode_.format);
  settings.camera_width = wanted_mode_.width;
  settings.camera_height = wanted_mode_.height;
  settings.camera_fps = wanted_mode_.rates.empty() ? 0 : wanted_mode_.rates.front();
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
    remember(last_);
  } else if (const int row = row_of(last_); row >= 0) {
    list_->setCurrentRow(row);
  } else {  // not plugged in, but maybe soon
    set_mode(source, wanted_mode_);
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
  if (last_.isEmpty()) {  // a camera that is plugged in later is not opened unasked
    if (list_->count() > 0) open(list_->item(0)->data(identity_role).toString());
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
  if (chosen_is_open()) set_mode(*open_, mode_in_boxes());
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
      return;  // not of the source itself
    default:
      break;
  }
  status_ = status;
  show_state();
  mark_open();
}

const CameraInfo* SourcesPanel::chosen_camera() const {
  const QString chosen = chosen_spec();
  const auto& cameras = cameras_->cameras();
  const auto found = std::find_if(cameras.begin(), cameras.end(),
                                  [&](const CameraInfo& camera) { return CameraList::identity(camera) == chosen; });
  return found == cameras.end() ? nullptr : &*found;
}

QString SourcesPanel::chosen_spec() const {
  const QListWidgetItem* item = list_->currentItem();
  return item == nullptr ? QString() : item->data(identity_role).toString();
}

int SourcesPanel::row_of(const QString& identity) const {
  for (int row = 0; row < list_->count(); ++row) {
    if (list_->item(row)->data(identity_role).toString() == identity) return row;
  }
  return -1;
}

bool SourcesPanel::is_open_camera(const QString& identity) const {
  return open_ && open_->spec == identity.toStdString();
}

bool SourcesPanel::chosen_is_open() const { return is_open_camera(chosen_spec()); }

void SourcesPanel::list_cameras_anew() {
  filling_ = true;
  const QString chosen = list_->count() > 0 ? chosen_spec() : last_;
  list_->clear();
  int row = 0;
  for (const CameraInfo& camera : cameras_->cameras()) {
    const QString identity = CameraList::identity(camera);
    auto* item = new QListWidgetItem(list_);
    item->setData(identity_role, identity);
    if (identity == chosen) row = list_->count() - 1;
  }
  list_->setCurrentRow(list_->count() > 0 ? row : -1);
  filling_ = false;
  const bool any = list_->count() > 0;
  list_->setVisible(any);
  no_cameras_->setVisible(!any);
  open_camera_->setEnabled(any);
  mark_open();
  list_formats();
}

// Fills the three boxes one after another with what goes with the choices before; what is wished and not there shows
// as "Automatic".
void SourcesPanel::list_formats() {
  filling_ = true;
  format_->clear();
  format_->addItem(tr("Automatic"), QString());
  if (const CameraInfo* camera = chosen_camera()) {
    for (const CameraMode& mode : camera->modes) {
      const QString format = QString::fromStdString(mode.format);
      if (format_->findData(format) < 0) format_->addItem(format, format);
    }
  }
  choose(format_, QString::fromStdString(wanted_mode_.format));
  format_->setEnabled(format_->count() > 1);
  filling_ = false;
  list_sizes();
}

void SourcesPanel::list_sizes() {
  filling_ = true;
  size_->clear();
  size_->addItem(tr("Automatic"), QSize(0, 0));
  const QString format = format_->currentData().toString();
  if (const CameraInfo* camera = chosen_camera()) {
    std::vector<QSize> sizes;
    for (const CameraMode& mode : camera->modes) {
      const QSize size(mode.width, mode.height);
      if (!format.isEmpty() && format.toStdString() != mode.format) continue;
      if (std::find(sizes.begin(), sizes.end(), size) == sizes.end()) sizes.push_back(size);
    }
    std::stable_sort(sizes.begin(), sizes.end(),
                     [](const QSize& a, const QSize& b) { return a.width() * a.height() > b.width() * b.height(); });
    for (const QSize& size : sizes) {
      size_->addItem(tr("%1 x %2", "size of a picture").arg(size.width()).arg(size.height()), size);
    }
  }
  choose(size_, QSize(wanted_mode_.width, wanted_mode_.height));
  size_->setEnabled(size_->count() > 1);
  filling_ = false;
  list_rates();
}

void SourcesPanel::list_rates() {
  filling_ = true;
  rate_->clear();
  rate_->addItem(tr("Automatic"), 0.0);
  const QString format = format_->currentData().toString();
  const QSize size = size_->currentData().toSize();
  if (const CameraInfo* camera = chosen_camera()) {
    std::vector<double> rates;
    for (const CameraMode& mode : camera->modes) {
      if (!format.isEmpty() && format.toStdString() != mode.format) continue;
      if (!size.isEmpty() && size != QSize(mode.width, mode.height)) continue;
      rates.insert(rates.end(), mode.rates.begin(), mode.rates.end());
    }
    std::sort(rates.begin(), rates.end(), std::greater<>());
    rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
    for (const double rate : rates) rate_->addItem(tr("%1 frames/s").arg(rate_text(rate)), rate);
  }
  choose(rate_, wanted_mode_.rates.empty() ? 0.0 : wanted_mode_.rates.front());
  rate_->setEnabled(rate_->count() > 1);
  filling_ = false;
}

CameraMode SourcesPanel::mode_in_boxes() const {
  const QSize size = size_->currentData().toSize();
  return {
      format_->currentData().toString().toStdString(), size.width(), size.height(), {rate_->currentData().toDouble()}};
}

void SourcesPanel::mode_chosen() {
  wanted_mode_ = mode_in_boxes();
  if (chosen_is_open()) apply();
}

void SourcesPanel::mark_open() {
  const auto& cameras = cameras_->cameras();
  for (int row = 0; row < list_->count(); ++row) {
    QListWidgetItem* item = list_->item(row);
    const CameraInfo& camera = cameras[static_cast<std::size_t>(row)];
    const bool live = is_open_camera(item->data(identity_role).toString());
    const QString name = QString::fromStdString(camera.name.empty() ? camera.device : camera.name);
    // The camera that is open is told by words and by weight, not by colour alone.
    QString text = live ? tr("%1 (open)", "a camera").arg(name) : name;
    // A camera in use answers others with "busy": of the one that this program uses that is no problem.
    if (!camera.problem.empty() && !live) text += '\n' + QString::fromStdString(camera.problem);
    item->setText(text);
    item->setToolTip(QString::fromStdString(camera.device) + (camera.by_id.empty() ? "" : "\n") +
                     QString::fromStdString(camera.by_id));
    QFont font = list_->font();
    font.setBold(live);
    item->setFont(font);
    if (!camera.problem.empty() && !live) {
      item->setIcon(style()->standardIcon(QStyle::SP_MessageBoxWarning));
    } else {
      item->setIcon(style()->standardIcon(live ? QStyle::SP_MediaPlay : QStyle::SP_ComputerIcon));
    }
  }
  open_camera_->setEnabled(list_->currentItem() != nullptr);
}

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
    // Nobody knows the password but the user.
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
  while (recent_.size() > most_recent) recent_.removeLast();
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

// Who scrolls past a box does not mean to open sources; nor does who looks through the recent ones with arrow keys.
bool SourcesPanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && (watched == address_ || !static_cast<QWidget*>(watched)->hasFocus())) {
    event->ignore();
    return true;
  }
  // A combo box whose field loses the focus says that what stands there was chosen: passing by opens nothing.
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
  camera_box_->setTitle(tr("Cameras"));
  list_->setAccessibleName(tr("Cameras"));
  no_cameras_->setText(tr("No camera is plugged in. One that is plugged in appears here."));
  format_label_->setText(tr("Format:"));
  size_label_->setText(tr("Size:"));
  rate_label_->setText(tr("Rate:"));
  open_camera_->setText(tr("Open camera"));
  open_camera_->setToolTip(tr("Opens the chosen camera; so does Enter or a double click"));
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
  mark_open();
  list_formats();
  show_state();
}

}  // namespace dualsight
