#include "ui/panels/camera_chooser.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>

#include "ui/panels/camera_list.h"
#include "ui/widgets/form_fields.h"

namespace dualsight {
namespace {

constexpr int kIdentityRole = Qt::UserRole;

QString identity_of(const QListWidgetItem* item) {
  return item == nullptr ? QString() : item->data(kIdentityRole).toString();
}

}  // namespace

QString rate_text(double rate) { return QLocale().toString(rate, 'f', rate == static_cast<int>(rate) ? 0 : 1); }

CameraChooser::CameraChooser(CameraList* cameras, QWidget* parent) : QGroupBox(parent), cameras_(cameras) {
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
  open_ = new QPushButton;
  open_->setObjectName("openCamera");

  auto* modes = new QFormLayout;
  modes->addRow(format_label_, format_);
  modes->addRow(size_label_, size_);
  modes->addRow(rate_label_, rate_);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(list_, 1);
  layout->addWidget(no_cameras_);
  layout->addLayout(modes);
  layout->addWidget(open_);

  connect(cameras_, &CameraList::changed, this, &CameraChooser::list_cameras);
  connect(list_, &QListWidget::currentItemChanged, this, [this] {
    if (!filling_) list_formats();
  });
  connect(list_, &QListWidget::itemActivated, this, [this] { Q_EMIT open_requested(chosen()); });
  connect(open_, &QPushButton::clicked, this, [this] { Q_EMIT open_requested(chosen()); });
  connect(format_, &QComboBox::currentIndexChanged, this, [this] {
    if (filling_) return;
    list_sizes();
    take_mode();
  });
  connect(size_, &QComboBox::currentIndexChanged, this, [this] {
    if (filling_) return;
    list_rates();
    take_mode();
  });
  connect(rate_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) take_mode();
  });
  for (QComboBox* combo : {format_, size_, rate_}) ignore_wheel_without_focus(combo);
  retranslate();
  list_cameras();
}

// --- cameras

QString CameraChooser::chosen() const { return identity_of(list_->currentItem()); }

QString CameraChooser::first() const { return identity_of(list_->item(0)); }

const CameraInfo* CameraChooser::chosen_camera() const {
  const auto& cameras = cameras_->cameras();
  const auto found = std::find_if(cameras.begin(), cameras.end(), [camera = chosen()](const CameraInfo& one) {
    return CameraList::identity(one) == camera;
  });
  return found == cameras.end() ? nullptr : &*found;
}

int CameraChooser::row_of(const QString& camera) const {
  for (int row = 0; row < list_->count(); ++row) {
    if (identity_of(list_->item(row)) == camera) return row;
  }
  return -1;
}

void CameraChooser::prefer(const QString& camera) { preferred_ = camera; }

bool CameraChooser::choose(const QString& camera) {
  prefer(camera);
  const int row = row_of(camera);
  if (row >= 0) list_->setCurrentRow(row);
  return row >= 0;
}

void CameraChooser::mark_open(const QString& camera) {
  open_camera_ = camera;
  show_rows();
}

void CameraChooser::list_cameras() {
  filling_ = true;
  const QString wanted = list_->count() > 0 ? chosen() : preferred_;
  list_->clear();
  for (const CameraInfo& camera : cameras_->cameras()) {
    (new QListWidgetItem(list_))->setData(kIdentityRole, CameraList::identity(camera));
  }
  const bool any = list_->count() > 0;
  list_->setCurrentRow(any ? std::max(0, row_of(wanted)) : -1);
  filling_ = false;
  list_->setVisible(any);
  no_cameras_->setVisible(!any);
  show_rows();
  list_formats();
}

void CameraChooser::show_rows() {
  const auto& cameras = cameras_->cameras();
  for (int row = 0; row < list_->count(); ++row) {
    QListWidgetItem* item = list_->item(row);
    const CameraInfo& camera = cameras[static_cast<std::size_t>(row)];
    const bool is_open = identity_of(item) == open_camera_;
    // The camera that this program has open answers "busy" to others: for that one it is no problem.
    const bool has_problem = !camera.problem.empty() && !is_open;
    const QString name = QString::fromStdString(camera.name.empty() ? camera.device : camera.name);
    QString text = is_open ? tr("%1 (open)", "a camera").arg(name) : name;  // in words, not by colour alone
    if (has_problem) text += '\n' + QString::fromStdString(camera.problem);
    item->setText(text);
    item->setToolTip(QString::fromStdString(camera.device) + (camera.by_id.empty() ? "" : "\n") +
                     QString::fromStdString(camera.by_id));
    QFont font = list_->font();
    font.setBold(is_open);
    item->setFont(font);
    item->setIcon(style()->standardIcon(has_problem ? QStyle::SP_MessageBoxWarning
                                        : is_open   ? QStyle::SP_MediaPlay
                                                    : QStyle::SP_ComputerIcon));
  }
  open_->setEnabled(list_->currentItem() != nullptr);
}

// --- modes

void CameraChooser::set_wanted_mode(const CameraMode& mode) {
  wanted_mode_ = mode;
  list_formats();
}

CameraMode CameraChooser::shown_mode() const {
  const QSize size = size_->currentData().toSize();
  return {
      format_->currentData().toString().toStdString(), size.width(), size.height(), {rate_->currentData().toDouble()}};
}

void CameraChooser::take_mode() {
  wanted_mode_ = shown_mode();
  Q_EMIT mode_chosen();
}

// The three boxes are filled one after another, each with what the camera offers under the choices before. Where the
// wanted value is not offered, "Automatic" is shown.
void CameraChooser::list_formats() {
  filling_ = true;
  format_->clear();
  format_->addItem(tr("Automatic"), QString());
  if (const CameraInfo* camera = chosen_camera()) {
    for (const CameraMode& mode : camera->modes) {
      const QString format = QString::fromStdString(mode.format);
      if (format_->findData(format) < 0) format_->addItem(format, format);
    }
  }
  select_data(format_, QString::fromStdString(wanted_mode_.format));
  format_->setEnabled(format_->count() > 1);
  filling_ = false;
  list_sizes();
}

void CameraChooser::list_sizes() {
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
  select_data(size_, QSize(wanted_mode_.width, wanted_mode_.height));
  size_->setEnabled(size_->count() > 1);
  filling_ = false;
  list_rates();
}

void CameraChooser::list_rates() {
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
  select_data(rate_, wanted_mode_.rates.empty() ? 0.0 : wanted_mode_.rates.front());
  rate_->setEnabled(rate_->count() > 1);
  filling_ = false;
}

// --- texts

void CameraChooser::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QGroupBox::changeEvent(event);
}

void CameraChooser::retranslate() {
  setTitle(tr("Cameras"));
  list_->setAccessibleName(tr("Cameras"));
  no_cameras_->setText(tr("No camera is plugged in. One that is plugged in appears here."));
  format_label_->setText(tr("Format:"));
  size_label_->setText(tr("Size:"));
  rate_label_->setText(tr("Rate:"));
  open_->setText(tr("Open camera"));
  open_->setToolTip(tr("Opens the chosen camera; so does Enter or a double click"));
  show_rows();
  list_formats();
}

}  // namespace dualsight
