#include "ui/live/video_view.h"

#include <QAccessible>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMap>
#include <QMenu>
#include <QMimeData>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPinchGesture>
#include <QUrl>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ui/widgets/placeholder.h"

namespace dualsight {
namespace {

constexpr double kMostZoom = 32;    // screen pixels per picture pixel
constexpr double kSmoothBelow = 3;  // from this zoom on, pixels are shown as squares
constexpr int kDescribedEveryMs = 2000;
constexpr double kClickReach = 4;  // widget pixels; a longer move with the button down is a drag

// The first file or address among dropped data; empty: there is none.
QUrl dropped_url(const QMimeData& data) {
  if (data.hasUrls() && !data.urls().isEmpty()) return data.urls().first();
  const QString text = data.text().trimmed();
  if (text.isEmpty() || text.contains('\n')) return {};
  if (QFileInfo(text).isAbsolute()) return QUrl::fromLocalFile(text);
  const QUrl url(text);
  return url.isValid() && text.contains("://") ? url : QUrl();
}

}  // namespace

VideoView::VideoView(QWidget* parent) : QWidget(parent), placeholder_(new Placeholder(this)) {
  setObjectName("videoView");
  setFocusPolicy(Qt::StrongFocus);
  setAcceptDrops(true);
  setMouseTracking(true);
  setMinimumSize(24 * fontMetrics().averageCharWidth(), 8 * fontMetrics().height());
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAttribute(Qt::WA_OpaquePaintEvent);
  grabGesture(Qt::PinchGesture);
  describing_.setSingleShot(true);
  connect(&describing_, &QTimer::timeout, this, &VideoView::describe);
  connect(placeholder_, &Placeholder::action, this, &VideoView::placeholder_action);
  connect(&editor_, &ZoneEditor::changed, this, [this] {
    show_placeholder();
    update();
  });
  connect(&editor_, &ZoneEditor::regions_edited, this, &VideoView::regions_edited);
  connect(&editor_, &ZoneEditor::chosen_changed, this, &VideoView::region_chosen);
  connect(&editor_, &ZoneEditor::drawing_ended, this, &VideoView::drawing_ended);
  connect(&editor_, &ZoneEditor::edit_ended, this, &VideoView::edit_ended);
}

// --- content

void VideoView::take_picture(const cv::Mat& bgr, std::vector<Detection> detections) {
  const bool other_size = bgr.size() != bgr_.size();
  bgr_ = bgr;
  detections_ = std::move(detections);
  selected_index_ = -1;
  stale_ = true;
  if (other_size) {
    keep_in_sight();
    look_changed();
  }
  if (!describing_.isActive()) describe();
  update();
}

void VideoView::set_frame(const ShownFrame& frame) {
  if (!frozen_ && !frame.bgr.empty()) take_picture(frame.bgr, frame.detections);
}

void VideoView::set_frozen_frame(std::vector<Detection> detections, const cv::Mat& bgr) {
  take_picture(bgr, std::move(detections));
}

void VideoView::set_frozen(bool frozen) { frozen_ = frozen; }

void VideoView::set_class_names(const QStringList& names) {
  names_ = names;
  update();
}

void VideoView::set_style(const VideoStyle& style) {
  style_ = style;
  if (!describing_.isActive()) describe();
  update();
}

void VideoView::set_regions(const std::vector<Region>& regions) { editor_.set_regions(regions); }

void VideoView::set_occupied(const QStringList& zones) {
  if (occupied_ == zones) return;
  occupied_ = zones;
  update();
}

void VideoView::set_selected(qint64 track_id) {
  selected_ = track_id;
  if (track_id != 0) selected_index_ = -1;
  update();
}

void VideoView::set_placeholder(const QString& title, const QString& text, const QString& button, const QIcon& icon) {
  if (title.isEmpty() && !has_message_) return;
  const bool is_new = title != placeholder_title();
  has_message_ = !title.isEmpty();
  if (has_message_) placeholder_->set(title, text, button, icon);
  show_placeholder();
  if (is_new || !describing_.isActive()) describe();
  update();
}

QString VideoView::placeholder_title() const { return has_message_ ? placeholder_->title() : QString(); }

// Hidden while zones are drawn or edited on the last picture, where it would be in the way.
void VideoView::show_placeholder() {
  const bool drawn_on = !bgr_.empty() && (editor_.drawing() || editor_.editing());
  placeholder_->setVisible(has_message_ && !drawn_on);
}

QString VideoView::description() const {
  if (has_message_) return QString("%1. %2").arg(placeholder_->title(), placeholder_->text());
  QMap<QString, int> counts;
  int all = 0;
  for (const Detection& d : detections_) {
    if (!is_shown(d, style_)) continue;
    ++counts[class_name(d.class_id, names_)];
    ++all;
  }
  if (all == 0) return bgr_.empty() ? tr("No picture") : tr("Nothing found");
  std::vector<std::pair<int, QString>> most_first;
  for (auto it = counts.cbegin(); it != counts.cend(); ++it) most_first.emplace_back(-it.value(), it.key());
  std::sort(most_first.begin(), most_first.end());
  QStringList parts;
  for (const auto& [count, name] : most_first) parts << QString("%1 %2").arg(-count).arg(name);
  const QString what = parts.join(", ");
  return all == 1 ? tr("One object: %1").arg(what) : tr("%n objects: %1", "", all).arg(what);
}

// For screen readers; the timer keeps it from changing faster than they can read it out.
void VideoView::describe() {
  const QString text = description();
  if (text == accessibleDescription()) return;
  describing_.start(kDescribedEveryMs);
  setAccessibleDescription(text);
  QAccessibleEvent event(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
}

// --- zoom and position

double VideoView::fitting() const {
  if (bgr_.empty()) return 1;
  return std::min(static_cast<double>(width()) / bgr_.cols, static_cast<double>(height()) / bgr_.rows);
}

double VideoView::zoom() const { return scale() * devicePixelRatioF(); }

QRectF VideoView::picture_rect() const {
  const QSizeF size(bgr_.cols * scale(), bgr_.rows * scale());
  const QPointF middle = zoom_ > 0 ? center_ : QPointF(0.5, 0.5);
  return {QPointF(width() / 2.0 - middle.x() * size.width(), height() / 2.0 - middle.y() * size.height()), size};
}

QPointF VideoView::to_picture(const QPointF& widget) const { return (widget - picture_rect().topLeft()) / scale(); }

QPointF VideoView::to_widget(const QPointF& picture) const { return picture_rect().topLeft() + picture * scale(); }

bool VideoView::can_pan() const {
  const QRectF picture = picture_rect();
  return zoom_ > 0 && (picture.width() > width() + 0.5 || picture.height() > height() + 0.5);
}

// The picture, or its visible part, has moved.
void VideoView::look_changed() {
  stale_ = true;
  editor_.set_picture(picture_rect(), frame_size(), 1.5 * handle_radius(fontMetrics()));
  Q_EMIT zoom_changed(zoom());
  update();
}

void VideoView::zoom_by(double factor, const QPointF& around) {
  if (bgr_.empty()) return;
  const QPointF there = to_picture(around);
  if (zoom_ <= 0) center_ = {0.5, 0.5};
  zoom_ = scale() * factor;
  const QPointF moved = around - to_widget(there);  // the point under the pointer stays there
  center_ -= QPointF(moved.x() / (bgr_.cols * zoom_), moved.y() / (bgr_.rows * zoom_));
  keep_in_sight();
  look_changed();
}

void VideoView::fit() {
  zoom_ = 0;
  look_changed();
}

void VideoView::actual_size() {
  if (zoom_ <= 0) center_ = {0.5, 0.5};
  zoom_ = 1 / devicePixelRatioF();
  keep_in_sight();
  look_changed();
}

void VideoView::pan_by(const QPointF& way) {
  center_ += QPointF(way.x() / (bgr_.cols * scale()), way.y() / (bgr_.rows * scale()));
  keep_in_sight();
  look_changed();
}

// Limits zoom and centre. The picture is never smaller than fitted to the widget or, if that is smaller, than actual
// size. A side that is longer than the widget leaves no gap at its edges, one that is shorter is centred.
void VideoView::keep_in_sight() {
  if (zoom_ <= 0 || bgr_.empty()) return;
  const double least = std::min(fitting(), 1 / devicePixelRatioF());
  const double most = std::max(kMostZoom / devicePixelRatioF(), fitting());
  const double wanted = std::clamp(zoom_, least, most);
  const bool fits = wanted <= fitting() && least == fitting();
  zoom_ = fits ? 0 : wanted;
  if (fits) return;
  const auto kept = [](double center, double shown) {  // both are fractions of the picture
    return shown >= 1 ? 0.5 : std::clamp(center, shown / 2, 1 - shown / 2);
  };
  center_ = {kept(center_.x(), width() / (bgr_.cols * zoom_)), kept(center_.y(), height() / (bgr_.rows * zoom_))};
}

// --- painting

// Scaled by OpenCV, several times faster than QPainter, which then only copies. Whole pixels of the picture become
// whole pixels of the screen, so the picture is off by less than half a pixel.
void VideoView::paint_picture(QPainter& painter, const QRectF& picture) {
  const double dots = devicePixelRatioF();
  const double factor = scale() * dots;
  const QRectF part = QRectF(rect()).intersected(picture);
  if (part.isEmpty()) return;
  const QPointF from = to_picture(part.topLeft()), to = to_picture(part.bottomRight());
  const QRect of =
      QRect(QPoint(static_cast<int>(std::floor(from.x() + 1e-6)), static_cast<int>(std::floor(from.y() + 1e-6))),
            QPoint(static_cast<int>(std::ceil(to.x() - 1e-6)) - 1, static_cast<int>(std::ceil(to.y() - 1e-6)) - 1))
          .intersected(QRect(QPoint(), frame_size()));
  if (of.isEmpty()) return;
  const auto dot_of = [&](const QPointF& point) { return (to_widget(point) * dots).toPoint(); };
  const QPoint corner = dot_of(of.topLeft()), end = dot_of(QPointF(of.right() + 1, of.bottom() + 1));
  const QRect where(corner, QSize(std::max(1, end.x() - corner.x()), std::max(1, end.y() - corner.y())));
  if (stale_ || of != seen_of_ || where != seen_at_) {
    const cv::Mat source = bgr_(cv::Rect(of.x(), of.y(), of.width(), of.height()));
    if (seen_.size() != where.size()) seen_ = QImage(where.size(), QImage::Format_RGB32);
    cv::Mat target(where.height(), where.width(), CV_8UC4, seen_.bits(),
                   static_cast<std::size_t>(seen_.bytesPerLine()));
    if (where.size() == of.size()) {
      cv::cvtColor(source, target, cv::COLOR_BGR2BGRA);
    } else {
      const int how = factor >= kSmoothBelow ? cv::INTER_NEAREST : factor > 0.6 ? cv::INTER_LINEAR : cv::INTER_AREA;
      cv::resize(source, scaled_, target.size(), 0, 0, how);
      cv::cvtColor(scaled_, target, cv::COLOR_BGR2BGRA);
    }
    seen_of_ = of;
    seen_at_ = where;
    stale_ = false;
  }
  seen_.setDevicePixelRatio(dots);
  painter.drawImage(QPointF(where.topLeft()) / dots, seen_);
}

void VideoView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF picture = bgr_.empty() ? QRectF() : picture_rect();
  if (!picture.contains(rect()))
    painter.fillRect(rect(), palette().brush(bgr_.empty() ? QPalette::Base : QPalette::Dark));
  if (bgr_.empty()) return;
  paint_picture(painter, picture);
  if (!placeholder_->isHidden()) {  // dimmed: the picture is not the present one
    QColor veil = palette().color(QPalette::Window);
    veil.setAlphaF(0.7F);
    painter.fillRect(rect(), veil);
    return;
  }
  editor_.paint(painter, rect(), occupied_, style_.zones);
  const QTransform transform = QTransform::fromTranslate(picture.left(), picture.top()).scale(scale(), scale());
  paint_detections(painter, transform, rect(), detections_, names_, style_, selected_, selected_index_);
}

// --- events

bool VideoView::event(QEvent* event) {
  switch (event->type()) {
    case QEvent::ShortcutOverride:
      if (editor_.wants(*static_cast<QKeyEvent*>(event))) event->accept();
      break;
    case QEvent::Gesture:
      if (auto* pinch = static_cast<QPinchGesture*>(static_cast<QGestureEvent*>(event)->gesture(Qt::PinchGesture))) {
        pressed_ = panning_ = false;
        zoom_by(pinch->scaleFactor(), mapFromGlobal(pinch->centerPoint()));
        event->accept();
        return true;
      }
      break;
    case QEvent::NativeGesture: {
      const auto* gesture = static_cast<QNativeGestureEvent*>(event);
      if (gesture->gestureType() != Qt::ZoomNativeGesture) break;
      zoom_by(1 + gesture->value(), gesture->position());
      event->accept();
      return true;
    }
    default:
      break;
  }
  return QWidget::event(event);
}

void VideoView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) describe();
  if (event->type() == QEvent::FontChange) look_changed();
  QWidget::changeEvent(event);
}

void VideoView::resizeEvent(QResizeEvent*) {
  keep_in_sight();
  look_changed();
  placeholder_->settle();
}

void VideoView::wheelEvent(QWheelEvent* event) {
  zoom_by(std::pow(1.0015, event->angleDelta().y()), event->position());
  event->accept();
}

// The innermost.
int VideoView::detection_at(const QPointF& position) const {
  const QPointF p = to_picture(position);
  int best = -1;
  float least = 0;
  for (std::size_t i = 0; i < detections_.size(); ++i) {
    const Box& box = detections_[i].box;
    const bool inside = p.x() >= static_cast<double>(box.x1) && p.x() < static_cast<double>(box.x2) &&
                        p.y() >= static_cast<double>(box.y1) && p.y() < static_cast<double>(box.y2);
    if (!inside || !is_shown(detections_[i], style_) || (best >= 0 && box.area() >= least)) continue;
    best = static_cast<int>(i);
    least = box.area();
  }
  return best;
}

void VideoView::show_cursor(const QPointF& position) {
  const Qt::CursorShape wanted = panning_ ? Qt::ClosedHandCursor : editor_.cursor(position);
  if (cursor().shape() != wanted) setCursor(wanted);
}

void VideoView::mousePressEvent(QMouseEvent* event) {
  pressed_at_ = event->position();
  pressed_ = moved_ = false;
  if (bgr_.empty() || editor_.press(*event)) return;
  pressed_ = true;
  panning_ = can_pan() && (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton);
  center_then_ = center_;
  show_cursor(event->position());
}

void VideoView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF by = event->position() - pressed_at_;
  if (pressed_ && by.manhattanLength() > kClickReach) moved_ = true;
  if (panning_) {
    center_ = center_then_;
    if (moved_) pan_by(-by);
  } else {
    editor_.move(*event);
  }
  show_cursor(event->position());
}

void VideoView::mouseReleaseEvent(QMouseEvent* event) {
  const bool clicked = std::exchange(pressed_, false) && !moved_ && event->button() == Qt::LeftButton;
  panning_ = false;
  const bool taken = editor_.release(*event);
  show_cursor(event->position());
  if (taken || !clicked) return;
  const int index = detection_at(event->position());
  set_selected(index < 0 ? 0 : detections_[static_cast<std::size_t>(index)].track_id);
  selected_index_ = selected_ == 0 ? index : -1;
  Q_EMIT detection_clicked(selected_, index);
}

void VideoView::mouseDoubleClickEvent(QMouseEvent* event) {
  pressed_ = false;
  if (editor_.double_click(*event) || event->button() != Qt::LeftButton) return;
  if (zoom_ > 0) return fit();
  // It has its actual size already: double it, so that the double click has an effect.
  const double wanted = fitting() * devicePixelRatioF() < 0.99 ? 1 / devicePixelRatioF() : 2 * fitting();
  zoom_by(wanted / fitting(), event->position());
}

void VideoView::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  menu.setObjectName("zoneMenu");
  const QPointF position =
      event->reason() == QContextMenuEvent::Mouse ? QPointF(event->pos()) : QRectF(rect()).center();
  if (!editor_.fill_menu(menu, position)) return event->ignore();
  menu.exec(event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(position.toPoint()));
}

void VideoView::keyPressEvent(QKeyEvent* event) {
  if (editor_.key(*event)) return;
  const double step = 0.1;  // per key, as a fraction of the widget
  const QMap<int, QPointF> ways = {{Qt::Key_Left, {-step * width(), 0}},
                                   {Qt::Key_Right, {step * width(), 0}},
                                   {Qt::Key_Up, {0, -step * height()}},
                                   {Qt::Key_Down, {0, step * height()}}};
  if (can_pan() && ways.contains(event->key())) return pan_by(ways[event->key()]);
  QWidget::keyPressEvent(event);
}

bool VideoView::focusNextPrevChild(bool next) { return editor_.next_corner(next) || QWidget::focusNextPrevChild(next); }

void VideoView::dragEnterEvent(QDragEnterEvent* event) {
  if (!dropped_url(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void VideoView::dropEvent(QDropEvent* event) {
  const QUrl url = dropped_url(*event->mimeData());
  if (url.isEmpty()) return;
  event->acceptProposedAction();
  if (url.isLocalFile()) {
    Q_EMIT file_dropped(url.toLocalFile());
  } else {
    Q_EMIT url_dropped(url.toString(QUrl::FullyEncoded));
  }
}

void VideoView::draw_region(bool line) {
  editor_.draw(line);
  setFocus();
}

}  // namespace dualsight
