#include "ui/video_view.h"

#include <QAccessible>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMap>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace dualsight {
namespace {

constexpr double most_zoom = 32;      // widget pixels a picture pixel
constexpr int described_every_ms = 2000;

}  // namespace

VideoView::VideoView(QWidget* parent)
    : QWidget(parent), placeholder_(new QWidget(this)), title_(new QLabel(placeholder_)), text_(new QLabel(placeholder_)),
      button_(new QPushButton(placeholder_)) {
  setObjectName("videoView");
  setFocusPolicy(Qt::StrongFocus);
  setAcceptDrops(true);
  setMouseTracking(true);
  setMinimumSize(160, 120);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAttribute(Qt::WA_OpaquePaintEvent);

  placeholder_->setObjectName("placeholder");
  placeholder_->setAutoFillBackground(true);
  title_->setObjectName("placeholderTitle");
  text_->setObjectName("placeholderText");
  button_->setObjectName("placeholderButton");
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  large.setBold(true);
  title_->setFont(large);
  for (QLabel* label : {title_, text_}) {
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignCenter);
    label->setTextFormat(Qt::PlainText);
  }
  auto* column = new QVBoxLayout(placeholder_);
  column->addStretch();
  column->addWidget(title_);
  column->addWidget(text_);
  column->addWidget(button_, 0, Qt::AlignHCenter);
  column->addStretch();
  placeholder_->hide();
  connect(button_, &QPushButton::clicked, this, &VideoView::placeholder_action);
}

// --- what is shown

void VideoView::take_image(const cv::Mat& bgr) {
  const QSize before = image_.size();
  bgr_ = bgr;
  image_ = QImage(bgr_.data, bgr_.cols, bgr_.rows, static_cast<qsizetype>(bgr_.step[0]), QImage::Format_BGR888);
  if (image_.size() != before) keep_in_sight();
  describe();
  update();
}

void VideoView::set_frame(const ShownFrame& frame) {
  if (frozen_ || frame.bgr.empty()) return;
  detections_ = frame.detections;
  take_image(frame.bgr);
}

void VideoView::set_frozen_frame(const FrameRecord& record, const cv::Mat& bgr) {
  detections_ = record.detections;
  detections_.insert(detections_.end(), record.candidates.begin(), record.candidates.end());
  take_image(bgr);
}

void VideoView::set_frozen(bool frozen) { frozen_ = frozen; }

void VideoView::set_class_names(const QStringList& names) {
  names_ = names;
  update();
}

void VideoView::set_style(const VideoStyle& style) {
  style_ = style;
  update();
}

void VideoView::set_regions(const std::vector<Region>& regions) {
  regions_ = regions;
  if (edited_ >= static_cast<int>(regions_.size())) edited_ = -1;
  update();
}

void VideoView::set_occupied(const QStringList& zones) { occupied_ = zones; }

void VideoView::set_selected(qint64 track_id) {
  selected_ = track_id;
  update();
}

void VideoView::set_placeholder(const QString& title, const QString& text, const QString& button) {
  if (title.isEmpty()) {
    placeholder_->hide();
    return;
  }
  const bool fresh = title_->text() != title || placeholder_->isHidden();
  title_->setText(title);
  text_->setText(text);
  text_->setVisible(!text.isEmpty());
  button_->setText(button);
  button_->setVisible(!button.isEmpty());
  placeholder_->setGeometry(rect());
  placeholder_->show();
  if (fresh) {
    setAccessibleDescription(title + ". " + text);
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
  }
}

QString VideoView::placeholder_title() const { return placeholder_->isHidden() ? QString() : title_->text(); }

// What a screen reader tells: how many of what.
void VideoView::describe() {
  if (described_.isValid() && described_.elapsed() < described_every_ms) return;
  described_.start();
  QMap<QString, int> counts;
  int all = 0;
  for (const Detection& d : detections_) {
    if (!is_shown(d, style_)) continue;
    ++counts[d.class_id < names_.size() ? names_[d.class_id] : QString::number(d.class_id)];
    ++all;
  }
  QStringList parts;
  for (auto it = counts.cbegin(); it != counts.cend(); ++it) parts << QString("%1 %2").arg(it.value()).arg(it.key());
  const QString text = all == 0 ? tr("Nothing found") : tr("%n object(s): %1", "", all).arg(parts.join(", "));
  if (text == accessibleDescription()) return;
  setAccessibleDescription(text);
  QAccessibleEvent event(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
}

// --- where it is shown

double VideoView::fitting() const {
  if (image_.isNull()) return 1;
  return std::min(static_cast<double>(width()) / image_.width(), static_cast<double>(height()) / image_.height());
}

double VideoView::zoom() const { return (zoom_ > 0 ? zoom_ : fitting()) * devicePixelRatioF(); }

QRectF VideoView::picture_rect() const {
  const double scale = zoom_ > 0 ? zoom_ : fitting();
  const QSizeF size(image_.width() * scale, image_.height() * scale);
  const QPointF middle = zoom_ > 0 ? center_ : QPointF(0.5, 0.5);
  return {QPointF(width() / 2.0 - middle.x() * size.width(), height() / 2.0 - middle.y() * size.height()), size};
}

QPointF VideoView::to_picture(const QPointF& widget) const {
  const QRectF picture = picture_rect();
  if (picture.isEmpty()) return {};
  return {(widget.x() - picture.left()) / picture.width() * image_.width(),
          (widget.y() - picture.top()) / picture.height() * image_.height()};
}

QPointF VideoView::to_widget(const QPointF& point) const {
  const QRectF picture = picture_rect();
  if (image_.isNull()) return {};
  return {picture.left() + point.x() / image_.width() * picture.width(),
          picture.top() + point.y() / image_.height() * picture.height()};
}

void VideoView::zoom_by(double factor, const QPointF& around) {
  if (image_.isNull()) return;
  const QPointF there = to_picture(around);
  const double least = std::min(fitting(), 1 / devicePixelRatioF());
  const double wanted = std::clamp((zoom_ > 0 ? zoom_ : fitting()) * factor, least, most_zoom);
  if (zoom_ <= 0) center_ = {0.5, 0.5};
  zoom_ = wanted;
  const QPointF moved = around - to_widget(there);  // what was under the pointer stays there
  center_ -= QPointF(moved.x() / (image_.width() * zoom_), moved.y() / (image_.height() * zoom_));
  keep_in_sight();
  Q_EMIT zoom_changed(zoom());
  update();
}

void VideoView::fit() {
  zoom_ = 0;
  Q_EMIT zoom_changed(zoom());
  update();
}

void VideoView::actual_size() {
  zoom_ = 1 / devicePixelRatioF();
  keep_in_sight();
  Q_EMIT zoom_changed(zoom());
  update();
}

// The picture fills the widget where it can, and is centred where it cannot.
void VideoView::keep_in_sight() {
  if (zoom_ <= 0 || image_.isNull()) return;
  const auto kept = [](double center, double shown) {  // both as fractions of the picture
    return shown >= 1 ? 0.5 : std::clamp(center, shown / 2, 1 - shown / 2);
  };
  center_ = {kept(center_.x(), width() / (image_.width() * zoom_)),
             kept(center_.y(), height() / (image_.height() * zoom_))};
}

// --- events

void VideoView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), Qt::black);
  if (image_.isNull()) return;
  const QRectF picture = picture_rect();
  const double scale = picture.width() / image_.width();
  painter.setRenderHint(QPainter::SmoothPixmapTransform, scale < 3);
  painter.drawImage(picture, image_);
  painter.setRenderHint(QPainter::Antialiasing);
  QTransform transform;
  transform.translate(picture.left(), picture.top());
  transform.scale(scale, scale);
  if (style_.zones || edited_ >= 0) paint_regions(painter, picture, regions_, occupied_, edited_);
  paint_detections(painter, transform, QRectF(rect()).intersected(picture), detections_, names_, style_, selected_);
  if (drawing_ && !drawn_.points.empty()) {
    Region so_far = drawn_;
    so_far.points.push_back(fraction_at(pointer_));
    paint_regions(painter, picture, {so_far}, {}, 0);
  }
}

void VideoView::resizeEvent(QResizeEvent*) {
  keep_in_sight();
  placeholder_->setGeometry(rect());
}

void VideoView::wheelEvent(QWheelEvent* event) {
  zoom_by(std::pow(1.0015, event->angleDelta().y()), event->position());
  event->accept();
}

int VideoView::detection_at(const QPointF& position) const {
  const QPointF p = to_picture(position);
  int best = -1;
  for (int i = 0; i < static_cast<int>(detections_.size()); ++i) {
    const Detection& d = detections_[static_cast<std::size_t>(i)];
    const auto& b = d.box;
    const bool inside = p.x() >= static_cast<double>(b.x1) && p.x() < static_cast<double>(b.x2) &&
                        p.y() >= static_cast<double>(b.y1) && p.y() < static_cast<double>(b.y2);
    if (!inside || !is_shown(d, style_)) continue;
    if (best < 0 || b.area() < detections_[static_cast<std::size_t>(best)].box.area()) best = i;  // the innermost
  }
  return best;
}

int VideoView::corner_at(const QPointF& position) const {
  if (edited_ < 0) return -1;
  const QRectF picture = picture_rect();
  const auto& points = regions_[static_cast<std::size_t>(edited_)].points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const QPointF corner(picture.left() + points[i][0] * picture.width(), picture.top() + points[i][1] * picture.height());
    if (QLineF(corner, position).length() < fontMetrics().height()) return static_cast<int>(i);
  }
  return -1;
}

std::array<double, 2> VideoView::fraction_at(const QPointF& position) const {
  const QRectF picture = picture_rect();
  const auto rounded = [](double v) { return std::round(std::clamp(v, 0.0, 1.0) * 1e4) / 1e4; };
  return {rounded((position.x() - picture.left()) / picture.width()),
          rounded((position.y() - picture.top()) / picture.height())};
}

void VideoView::mousePressEvent(QMouseEvent* event) {
  setFocus();
  pressed_at_ = event->position();
  moved_ = false;
  if (image_.isNull()) return;
  if (drawing_ && event->button() == Qt::LeftButton) {
    drawn_.points.push_back(fraction_at(event->position()));
    if (drawn_.line && drawn_.points.size() == 2) end_drawing(true);
    update();
    return;
  }
  if (event->button() == Qt::LeftButton && (corner_ = corner_at(event->position())) >= 0) return;
  panning_ = zoom_ > 0 && (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton);
  center_then_ = center_;
}

void VideoView::mouseMoveEvent(QMouseEvent* event) {
  pointer_ = event->position();
  if ((event->position() - pressed_at_).manhattanLength() > 4) moved_ = true;
  if (drawing_) return update();
  if (corner_ >= 0) {
    regions_[static_cast<std::size_t>(edited_)].points[static_cast<std::size_t>(corner_)] = fraction_at(pointer_);
    return update();
  }
  if (!panning_) return;
  const QPointF by = pointer_ - pressed_at_;
  center_ = center_then_ - QPointF(by.x() / (image_.width() * zoom_), by.y() / (image_.height() * zoom_));
  keep_in_sight();
  update();
}

void VideoView::mouseReleaseEvent(QMouseEvent* event) {
  if (corner_ >= 0) {
    corner_ = -1;
    Q_EMIT region_edited(edited_, regions_[static_cast<std::size_t>(edited_)]);
    return;
  }
  panning_ = false;
  if (moved_ || drawing_ || event->button() != Qt::LeftButton) return;
  const int index = detection_at(event->position());
  set_selected(index < 0 ? 0 : detections_[static_cast<std::size_t>(index)].track_id);
  Q_EMIT detection_clicked(selected_, index);
}

void VideoView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (drawing_) return end_drawing(true);  // its first click has set the last corner
  if (event->button() != Qt::LeftButton) return;
  zoom_ > 0 ? fit() : actual_size();
}

void VideoView::keyPressEvent(QKeyEvent* event) {
  if (drawing_ && (event->key() == Qt::Key_Escape || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
    return end_drawing(event->key() != Qt::Key_Escape);
  }
  const QMap<int, QPointF> ways = {
      {Qt::Key_Left, {-0.1, 0}}, {Qt::Key_Right, {0.1, 0}}, {Qt::Key_Up, {0, -0.1}}, {Qt::Key_Down, {0, 0.1}}};
  if (zoom_ > 0 && ways.contains(event->key())) {
    center_ += QPointF(ways[event->key()].x() * width() / (image_.width() * zoom_),
                       ways[event->key()].y() * height() / (image_.height() * zoom_));
    keep_in_sight();
    return update();
  }
  QWidget::keyPressEvent(event);
}

void VideoView::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls() || event->mimeData()->hasText()) event->acceptProposedAction();
}

void VideoView::dropEvent(QDropEvent* event) {
  const QMimeData* mime = event->mimeData();
  const QUrl url = mime->hasUrls() && !mime->urls().isEmpty() ? mime->urls().first() : QUrl(mime->text().trimmed());
  event->acceptProposedAction();
  if (url.isLocalFile()) {
    Q_EMIT file_dropped(url.toLocalFile());
  } else if (url.isValid() && !url.scheme().isEmpty()) {
    Q_EMIT url_dropped(url.toString());
  } else if (mime->hasText()) {
    Q_EMIT file_dropped(mime->text().trimmed());
  }
}

// --- zones

void VideoView::edit_region(int index) {
  edited_ = index < static_cast<int>(regions_.size()) ? index : -1;
  update();
}

void VideoView::draw_region(bool line) {
  drawing_ = true;
  drawn_ = {};
  drawn_.line = line;
  setCursor(Qt::CrossCursor);
  setFocus();
  update();
}

void VideoView::end_drawing(bool keep) {
  drawing_ = false;
  unsetCursor();
  auto& points = drawn_.points;
  points.erase(std::unique(points.begin(), points.end()), points.end());  // a double click sets its corner twice
  if (keep && points.size() >= (drawn_.line ? 2U : 3U)) Q_EMIT region_drawn(drawn_);
  drawn_ = {};
  Q_EMIT drawing_ended();
  update();
}

}  // namespace dualsight
