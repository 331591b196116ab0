#include "ui/review/review_picture.h"

#include <QPainter>
#include <QTransform>

#include "ui/review/recording_player.h"

namespace dualsight {

ReviewPicture::ReviewPicture(const RecordingPlayer& player, QWidget* parent) : QWidget(parent), player_(player) {
  setObjectName(QStringLiteral("reviewPicture"));
  style_.tracks = true;
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  // Where room is short, the panels beside it shrink first.
  setMinimumSize(30 * fontMetrics().averageCharWidth(), 20 * fontMetrics().height());
}

void ReviewPicture::set_class_names(const std::vector<std::string>& names) {
  class_names_.clear();
  for (const std::string& name : names) class_names_ << QString::fromStdString(name);
}

void ReviewPicture::set_colors(const std::vector<QColor>& colors) {
  style_.classes.clear();
  for (const QColor& color : colors) style_.classes.push_back({true, color, 0});
  update();
}

void ReviewPicture::set_boxes_shown(bool shown) {
  boxes_ = shown;
  update();
}

void ReviewPicture::set_hint(const QString& hint) {
  hint_ = hint;
  update();
}

void ReviewPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QImage& image = player_.picture().image;
  painter.fillRect(rect(), image.isNull() ? palette().base() : palette().dark());
  if (image.isNull()) {
    painter.setPen(palette().color(QPalette::Text));
    const int margin = fontMetrics().height();
    painter.drawText(rect().adjusted(margin, margin, -margin, -margin), Qt::AlignCenter | Qt::TextWordWrap, hint_);
    return;
  }
  const QSizeF size = QSizeF(image.size()).scaled(QSizeF(rect().size()), Qt::KeepAspectRatio);
  const QRectF place(QPointF((width() - size.width()) / 2, (height() - size.height()) / 2), size);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(place, image);
  if (!boxes_ || !player_.recording()) return;
  const double scale = size.width() / image.width();
  const QTransform to_widget = QTransform::fromTranslate(place.left(), place.top()).scale(scale, scale);
  paint_detections(painter, to_widget, place, player_.picture().detections, class_names_, style_);
}

}  // namespace dualsight
