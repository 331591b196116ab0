#include "ui/overlay_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "detector/overlay.h"

namespace dualsight {
namespace {

// Black or white, whatever stands out more (relative luminance as in WCAG 2).
QColor ink_on(const QColor& background) {
  const auto linear = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
  const double luminance =
      0.2126 * linear(background.redF()) + 0.7152 * linear(background.greenF()) + 0.0722 * linear(background.blueF());
  return luminance > 0.179 ? Qt::black : Qt::white;
}

QPointF at(const QRectF& picture, const std::array<double, 2>& point) {
  return {picture.left() + point[0] * picture.width(), picture.top() + point[1] * picture.height()};
}

// Where a label may go, best first: above the box, inside its top, below, inside its bottom.
QRectF place_for(const QRectF& box, const QSizeF& size, const QRectF& field, const std::vector<QRectF>& taken) {
  QRectF best;
  for (const double y : {box.top() - size.height(), box.top(), box.bottom(), box.bottom() - size.height()}) {
    QRectF place(QPointF(box.left(), y), size);
    if (place.right() > field.right()) place.moveRight(field.right());
    if (place.left() < field.left()) place.moveLeft(field.left());
    if (place.top() < field.top() || place.bottom() > field.bottom()) continue;
    if (best.isNull()) best = place;
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const QRectF& t) { return t.intersects(place); });
    if (free) return place;
  }
  return best;
}

}  // namespace

QColor color_of(int class_id, const VideoStyle& style) {
  const auto c = static_cast<std::size_t>(class_id);
  if (c < style.classes.size() && style.classes[c].color.isValid()) return style.classes[c].color;
  const Rgb rgb = class_color(class_id);
  return {rgb.r, rgb.g, rgb.b};
}

bool is_shown(const Detection& detection, const VideoStyle& style) {
  const auto c = static_cast<std::size_t>(detection.class_id);
  if (c >= style.classes.size()) return true;
  return style.classes[c].shown && static_cast<double>(detection.confidence) >= style.classes[c].threshold;
}

QString label_of(const Detection& d, const QStringList& class_names, const VideoStyle& style) {
  QString text = d.class_id < class_names.size() ? class_names[d.class_id] : QString("class %1").arg(d.class_id);
  if (style.tracks && d.track_id > 0) text += QString(" #%1").arg(d.track_id);
  text += QString(" %1").arg(static_cast<double>(d.confidence), 0, 'f', 2);
  if (!style.coordinates) return text;
  const auto whole = [](float v) { return QString::number(std::lround(v)); };
  return text + QString("\n%1,%2  %3×%4  ⌖ %5,%6")
                    .arg(whole(d.box.x1), whole(d.box.y1), whole(d.box.width()), whole(d.box.height()),
                         whole(d.box.center_x()), whole(d.box.center_y()));
}

void paint_detections(QPainter& painter, const QTransform& to_widget, const QRectF& field,
                      const std::vector<Detection>& detections, const QStringList& class_names,
                      const VideoStyle& style, int64_t selected) {
  std::vector<const Detection*> shown;
  for (const Detection& d : detections) {
    if (is_shown(d, style)) shown.push_back(&d);
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const Detection* a, const Detection* b) { return a->confidence > b->confidence; });
  const QFontMetricsF metrics(painter.font(), painter.device());
  const double line = std::max(1.5, metrics.height() / 9);
  const double pad = metrics.height() / 5;
  const auto rect_of = [&](const Detection& d) {
    return to_widget.mapRect(QRectF(QPointF(static_cast<double>(d.box.x1), static_cast<double>(d.box.y1)),
                                    QPointF(static_cast<double>(d.box.x2), static_cast<double>(d.box.y2))));
  };
  painter.setBrush(Qt::NoBrush);
  for (auto it = shown.rbegin(); it != shown.rend(); ++it) {  // the best last, in front
    const Detection& d = **it;
    const QRectF box = rect_of(d);
    const bool chosen = selected != 0 && d.track_id == selected;
    painter.setPen(QPen(QColor(0, 0, 0, 140), (chosen ? 3 : 1) * line + 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(box);
    painter.setPen(QPen(color_of(d.class_id, style), (chosen ? 2 : 1) * line, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(box);
  }
  if (!style.labels && !style.coordinates) return;
  struct Label {
    const Detection* detection;
    QRectF place;
    QString text;
  };
  std::vector<Label> labels;
  std::vector<QRectF> taken;
  for (const Detection* d : shown) {  // the best choose their places first
    const QRectF box = rect_of(*d);
    if (!box.intersects(field)) continue;
    const QString text = label_of(*d, class_names, style);
    const QSizeF size =
        metrics.boundingRect(QRectF(0, 0, 4000, 4000), Qt::AlignLeft, text).size() + QSizeF(2 * pad, pad);
    const QRectF place = place_for(box, size, field, taken);
    if (place.isNull()) continue;
    taken.push_back(place);
    labels.push_back({d, place, text});
  }
  for (auto it = labels.rbegin(); it != labels.rend(); ++it) {
    const QColor color = color_of(it->detection->class_id, style);
    painter.fillRect(it->place, color);
    painter.setPen(ink_on(color));
    painter.drawText(it->place.adjusted(pad, pad / 2, -pad, -pad / 2), Qt::AlignLeft | Qt::AlignVCenter, it->text);
  }
}

void paint_regions(QPainter& painter, const QRectF& picture, const std::vector<Region>& regions,
                   const QStringList& occupied, int edited) {
  const QFontMetricsF metrics(painter.font(), painter.device());
  const double line = std::max(1.5, metrics.height() / 9);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    const QString name = QString::fromStdString(region.name);
    const bool lit = occupied.contains(name);
    const QColor color(0xff, 0xd7, 0x00);
    QPolygonF points;
    for (const auto& point : region.points) points << at(picture, point);
    if (points.isEmpty()) continue;
    painter.setBrush(Qt::NoBrush);
    for (const auto& [pen_color, width] : {std::pair(QColor(0, 0, 0, 150), line + 2), {color, line}}) {
      painter.setPen(QPen(pen_color, width));
      if (region.line || points.size() < 3) {
        painter.drawPolyline(points);
      } else {
        painter.setBrush(pen_color == color ? QColor(0xff, 0xd7, 0x00, lit ? 90 : 35) : QColor(Qt::transparent));
        painter.drawPolygon(points);
      }
    }
    if (region.line && points.size() == 2) {  // an arrow to where "forward" leads: to the right of a -> b
      const QPointF middle = (points[0] + points[1]) / 2;
      const QLineF along(points[0], points[1]);
      const double length = std::max(1.0, along.length());
      const QPointF right(-along.dy() / length, along.dx() / length);
      const QPointF ahead(along.dx() / length, along.dy() / length);
      const double size = metrics.height();
      const QPointF tip = middle + right * size;
      painter.setPen(QPen(color, line));
      painter.drawPolyline(QPolygonF({middle, tip}));
      painter.drawPolyline(QPolygonF({tip - right * size * 0.4 + ahead * size * 0.3, tip,
                                      tip - right * size * 0.4 - ahead * size * 0.3}));
    }
    if (static_cast<int>(i) == edited) {
      painter.setBrush(color);
      painter.setPen(QPen(Qt::black, 1));
      for (const QPointF& corner : points) painter.drawEllipse(corner, line * 2.5, line * 2.5);
    }
    const QRectF label = metrics.boundingRect(name).translated(points[0] + QPointF(line * 3, -line * 3)).adjusted(-3, -1, 3, 1);
    painter.fillRect(label, QColor(0, 0, 0, 170));
    painter.setPen(color);
    painter.drawText(label, Qt::AlignCenter, name);
  }
}

}  // namespace dualsight
