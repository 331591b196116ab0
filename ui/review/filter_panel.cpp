#include "ui/review/filter_panel.h"

#include <QCheckBox>
#include <QEvent>
#include <QGridLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

namespace dualsight {
namespace {

QIcon swatch(const QColor& color, int size) {
  QPixmap pixmap(size, size);
  pixmap.fill(color);
  QPainter painter(&pixmap);
  painter.setPen(QColor(0, 0, 0, 140));
  painter.drawRect(0, 0, size - 1, size - 1);
  return pixmap;
}

// In per cent, where the slider stands at first: the lowest threshold that the recording was made with.
int first_confidence(const Recording& recording) {
  float lowest = 1;
  for (const float threshold : recording.run().thresholds) lowest = std::min(lowest, threshold);
  return lowest < 1 ? static_cast<int>(std::lround(100 * lowest)) : 30;
}

}  // namespace

FilterPanel::FilterPanel(QWidget* parent) : QWidget(parent) {
  show_boxes_ = new QCheckBox;
  show_boxes_->setObjectName(QStringLiteral("showBoxes"));
  show_boxes_->setChecked(true);
  connect(show_boxes_, &QCheckBox::toggled, this, &FilterPanel::boxes_shown_changed);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(show_boxes_);
  layout->addWidget(make_confidence());
  layout->addWidget(make_classes(), 1);
  retranslate();
}

QWidget* FilterPanel::make_confidence() {
  confidence_group_ = new QGroupBox;
  confidence_slider_ = new QSlider(Qt::Horizontal);
  confidence_slider_->setObjectName(QStringLiteral("confidenceSlider"));
  confidence_slider_->setRange(1, 99);
  confidence_label_ = new QLabel;
  confidence_label_->setObjectName(QStringLiteral("confidenceLabel"));
  as_recorded_ = new QPushButton;
  as_recorded_->setObjectName(QStringLiteral("asRecorded"));
  no_weaker_ = new QLabel;
  no_weaker_->setWordWrap(true);
  auto* grid = new QGridLayout(confidence_group_);
  grid->addWidget(confidence_slider_, 0, 0, 1, 2);
  grid->addWidget(confidence_label_, 1, 0);
  grid->addWidget(as_recorded_, 1, 1);
  grid->addWidget(no_weaker_, 2, 0, 1, 2);
  grid->setColumnStretch(0, 1);
  connect(confidence_slider_, &QSlider::valueChanged, this, [this](int value) {
    confidence_ = static_cast<float>(value) / 100;
    show_confidence();
    Q_EMIT filter_changed();
  });
  connect(as_recorded_, &QPushButton::clicked, this, [this] {
    confidence_.reset();
    show_confidence();
    Q_EMIT filter_changed();
  });
  return confidence_group_;
}

QWidget* FilterPanel::make_classes() {
  class_group_ = new QGroupBox;
  class_list_ = new QWidget;
  new QVBoxLayout(class_list_);
  auto* area = new QScrollArea;
  area->setWidget(class_list_);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setFocusPolicy(Qt::NoFocus);  // its check boxes take the focus
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setMinimumHeight(3 * fontMetrics().height());
  auto* layout = new QVBoxLayout(class_group_);
  layout->setContentsMargins({});
  layout->addWidget(area);
  return class_group_;
}

void FilterPanel::set_recording(std::shared_ptr<const Recording> recording) {
  recording_ = std::move(recording);
  const bool has_records = recording_ && !recording_->sidecar().empty();
  confidence_group_->setEnabled(has_records);
  show_boxes_->setEnabled(has_records);
  confidence_.reset();
  if (recording_) {
    const QSignalBlocker quiet(confidence_slider_);  // until it is moved, detections are shown as recorded
    confidence_slider_->setValue(first_confidence(*recording_));
    const auto& frames = recording_->run().frames;
    no_weaker_->setVisible(!frames.empty() && std::all_of(frames.begin(), frames.end(), [](const RecordedFrame& frame) {
      return frame.candidates.empty();
    }));
  }
  list_classes();
  show_confidence();
}

void FilterPanel::list_classes() {
  for (QCheckBox* box : class_boxes_) delete box;
  class_boxes_.clear();
  auto* layout = static_cast<QVBoxLayout*>(class_list_->layout());
  while (QLayoutItem* item = layout->takeAt(0)) delete item;  // the stretch
  if (recording_) {
    const std::vector<bool> seen = recording_->classes_seen();
    class_boxes_.assign(seen.size(), nullptr);
    QWidget* last = as_recorded_;
    for (std::size_t c = 0; c < seen.size(); ++c) {
      if (!seen[c]) continue;
      const QString name = QString::fromStdString(recording_->run().class_names[c]);
      auto* box = new QCheckBox(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")));
      box->setObjectName(QStringLiteral("class%1").arg(c));
      box->setChecked(true);
      connect(box, &QCheckBox::toggled, this, &FilterPanel::filter_changed);
      layout->addWidget(box);
      setTabOrder(std::exchange(last, box), box);
      class_boxes_[c] = box;
    }
  }
  layout->addStretch(1);
}

void FilterPanel::set_boxes_shown(bool shown) { show_boxes_->setChecked(shown); }

void FilterPanel::set_colors(const std::vector<QColor>& colors) {
  const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
  for (std::size_t c = 0; c < class_boxes_.size() && c < colors.size(); ++c) {
    if (class_boxes_[c] != nullptr) class_boxes_[c]->setIcon(swatch(colors[c], size));
  }
}

bool FilterPanel::lists(std::size_t class_id) const {
  return class_id < class_boxes_.size() && class_boxes_[class_id] != nullptr;
}

bool FilterPanel::shows(std::size_t class_id) const { return !lists(class_id) || class_boxes_[class_id]->isChecked(); }

DetectionFilter FilterPanel::filter() const {
  DetectionFilter filter(class_boxes_.size(), confidence_.value_or(-1.0F));
  for (std::size_t c = 0; c < class_boxes_.size(); ++c) filter.shown[c] = shows(c);
  return filter;
}

void FilterPanel::show_confidence() {
  confidence_label_->setText(confidence_ ? tr("%1 %").arg(std::lround(100 * *confidence_)) : tr("as recorded"));
  as_recorded_->setEnabled(confidence_.has_value());
}

void FilterPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void FilterPanel::retranslate() {
  show_boxes_->setText(tr("Show &boxes"));
  confidence_group_->setTitle(tr("Least confidence"));
  confidence_slider_->setAccessibleName(tr("Least confidence of what is shown"));
  as_recorded_->setText(tr("&As recorded"));
  no_weaker_->setText(tr("Weaker detections were not recorded."));
  class_group_->setTitle(tr("Classes"));
  show_confidence();
}

}  // namespace dualsight
