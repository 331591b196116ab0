#include "ui/widgets/overlay_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <array>
#include <cmath>

namespace dualsight {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(dualsight::OverlayPainter)
};

const QColor shade(0, 0, 0, 150);  // drawn around lines, so that they stand out from a background of their own colour
const QColor region_color(0xff, 0xd7, 0x00);

// Sizes in the painter's units, all derived from the font's height, so that they suit font and screen.
struct Measures {
  explicit Measures(const QPainter& painter)
      : font(painter.font(), painter.device()),
        dots(painter.device()->devicePixelRatioF()),
        dot(1 / dots),
        line(std::max(1.0, std::round(font.height() / 8 * dots)) / dots),
        padding(std::round(font.height() / 5 * dots) / dots) {}

  double snapped(double value) const { return std::round(value * dots) / dots; }
  QRectF snapped(const QRectF& rect) const {
    return {QPointF(snapped(rect.left()), snapped(rect.top())), QPointF(snapped(rect.right()), snapped(rect.bottom()))};
  }

  QFontMetricsF font;
  double dots;  // screen pixels per unit
  double dot;
  double line;  // width of a box's border
  double padding;
};

bool is_finite(const Box& box) {
  return std::isfinite(box.x1) && std::isfinite(box.y1) && std::isfinite(box.x2) && std::isfinite(box.y2);
}

QRectF rect_of(const Box& box) {
  return {QPointF(static_cast<double>(box.x1), static_cast<double>(box.y1)),
          QPointF(static_cast<double>(box.x2), static_cast<double>(box.y2))};
}

// A frame inside the rectangle, made of four filled rectangles: sharp, and faster than a pen.
void fill_frame(QPainter& painter, const QRectF& rect, double width, const QColor& color) {
  const double across = std::min(width, rect.width() / 2), down = std::min(width, rect.height() / 2);
  painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), down), color);
  painter.fillRect(QRectF(rect.left(), rect.bottom() - down, rect.width(), down), color);
  painter.fillRect(QRectF(rect.left(), rect.top() + down, across, rect.height() - 2 * down), color);
  painter.fillRect(QRectF(rect.right() - across, rect.top() + down, across, rect.height() - 2 * down), color);
}

// A place for a label: above the box, else inside, below or beside it: the first that is inside the field and, if it
// has to be free, overlaps no other label. Null if there is none. `box`: the visible part of the box.
QRectF place_for(const QRectF& box, const QSizeF& size, const QRectF& field, const std::vector<QRectF>& taken,
                 bool free) {
  const double left = std::clamp(box.left(), field.left(), std::max(field.left(), field.right() - size.width()));
  const double right = std::max(field.left(), box.right() - size.width());
  const double above = box.top() - size.height(), bottom = box.bottom() - size.height();
  const std::array<QPointF, 10> places{{{left, above},
                                        {left, box.top()},
                                        {left, box.bottom()},
                                        {right, above},
                                        {right, box.top()},
                                        {right, box.bottom()},
                                        {left, bottom},
                                        {right, bottom},
                                        {box.left() - size.width(), box.top()},
                                        {box.right(), box.top()}}};
  for (const QPointF& corner : places) {
    const QRectF place(corner, size);
    const auto meets = [&](const QRectF& other) { return other.intersects(place); };
    if (field.contains(place) && !(free && std::any_of(taken.begin(), taken.end(), meets))) return place;
  }
  return {};
}

QPointF at(const QRectF& picture, const std::array<double, 2>& point) {
  return {picture.left() + point[0] * picture.width(), picture.top() + point[1] * picture.height()};
}

// From the middle of the line to the right-hand side of the direction a to b, which is forward
// (detector/tracking/zones.h).
void paint_arrow(QPainter& painter, const QLineF& line, double size) {
  if (line.length() <= 0) return;
  const QPointF along = QPointF(line.dx(), line.dy()) / line.length();
  const QPointF right(-along.y(), along.x());
  const QPointF foot = line.center(), tip = foot + right * size, neck = tip - right * size * 0.45;
  painter.drawLine(foot, neck);
  painter.drawPolygon(QPolygonF({tip, neck + along * size * 0.3, neck - along * size * 0.3}));
}

}  // namespace

QColor color_of(int class_id, const VideoStyle& style) {
  const auto c = static_cast<std::size_t>(class_id);  // a negative id becomes one beyond the end
  if (c < style.classes.size() && style.classes[c].color.isValid()) return style.classes[c].color;
  const Rgb rgb = class_color(class_id);
  return {rgb.r, rgb.g, rgb.b};
}

// Compares relative luminances (WCAG 2): the contrast is at least 4.58.
std::vector<Rgb> to_rgb(const std::vector<QColor>& colors) {
  std::vector<Rgb> out;
  for (const QColor& color : colors) {
    out.push_back(
        {static_cast<uint8_t>(color.red()), static_cast<uint8_t>(color.green()), static_cast<uint8_t>(color.blue())});
  }
  return out;
}

QColor ink_on(const QColor& background) {
  const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
  const double luminance =
      0.2126 * linear(background.redF()) + 0.7152 * linear(background.greenF()) + 0.0722 * linear(background.blueF());
  return luminance > 0.179 ? Qt::black : Qt::white;
}

bool is_shown(const Detection& detection, const VideoStyle& style) {
  const auto c = static_cast<std::size_t>(detection.class_id);
  if (c >= style.classes.size()) return true;
  return style.classes[c].shown && static_cast<double>(detection.confidence) >= style.classes[c].threshold;
}

QString class_name(int class_id, const QStringList& class_names) {
  const QString name = class_id >= 0 && class_id < class_names.size() ? class_names[class_id].simplified() : QString();
  return name.isEmpty() ? Words::tr("class %1").arg(class_id) : name;
}

QString label_of(const Detection& d, const QStringList& class_names, const VideoStyle& style) {
  QString text = class_name(d.class_id, class_names);
  if (text.isRightToLeft())
    text = QChar(0x2068) + text + QChar(0x2069);  // isolated, so that the numbers stay behind the name
  if (style.tracks && d.track_id > 0) text += QString(" #%1").arg(d.track_id);
  text += QString(" %1").arg(static_cast<double>(d.confidence), 0, 'f', 2);
  if (!style.coordinates) return text;
  const auto whole = [](float v) { return QString::number(std::lround(v)); };
  return text + '\n' +
         QString("%1,%2  %3×%4  ").arg(whole(d.box.x1), whole(d.box.y1), whole(d.box.width()), whole(d.box.height())) +
         Words::tr("centre %1,%2").arg(whole(d.box.center_x()), whole(d.box.center_y()));
}

void paint_detections(QPainter& painter, const QTransform& to_widget, const QRectF& field,
                      const std::vector<Detection>& detections, const QStringList& class_names, const VideoStyle& style,
                      int64_t selected, int selected_index) {
  struct Item {
    const Detection* detection;
    QRectF box;
    bool chosen;
  };
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  const Measures m(painter);
  std::vector<Item> items;
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const Detection& d = detections[i];
    if (!is_shown(d, style) || !is_finite(d.box)) continue;
    const QRectF box = m.snapped(to_widget.mapRect(rect_of(d.box)));
    if (!box.intersects(field)) continue;
    const bool chosen =
        d.track_id > 0 ? d.track_id == selected : selected_index >= 0 && static_cast<int>(i) == selected_index;
    items.push_back({&d, box, chosen});
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return a.chosen != b.chosen ? a.chosen : a.detection->confidence > b.detection->confidence;
  });

  for (auto item = items.rbegin(); item != items.rend();
       ++item) {  // the best last, so in front; all boxes before the labels
    // An outline in black or white makes it stand out from a background of its own colour. Opaque, since that is
    // faster.
    const QColor color = color_of(item->detection->class_id, style), ink = ink_on(color);
    const double line = (item->chosen ? 2 : 1) * m.line;
    fill_frame(painter, item->box.adjusted(-m.dot, -m.dot, m.dot, m.dot), m.dot, ink);
    fill_frame(painter, item->box, line, color);
    fill_frame(painter, item->box.adjusted(line, line, -line, -line), item->chosen ? m.line : m.dot, ink);
  }

  struct Label {
    QRectF place;
    QStringList lines;
    QColor color;
  };
  std::vector<Label> labels;
  std::vector<QRectF> taken;
  const auto size_of = [&](const QStringList& lines) {
    double width = 0;
    for (const QString& line : lines) width = std::max(width, m.font.horizontalAdvance(line));
    return QSizeF(std::ceil((width + 2 * m.padding) * m.dots) / m.dots,
                  std::ceil((m.font.height() * static_cast<double>(lines.size()) + m.padding) * m.dots) / m.dots);
  };
  if (style.labels || style.coordinates) {
    for (const Item& item : items) {  // the best get their places first
      Label label{{}, label_of(*item.detection, class_names, style).split('\n'), {}};
      if (!style.labels) label.lines.removeFirst();
      const QRectF seen = item.box.intersected(field);
      const auto try_place = [&](bool free) {
        if (label.place.isNull()) label.place = place_for(seen, size_of(label.lines), field, taken, free);
        return !label.place.isNull();
      };
      if (!try_place(true) && label.lines.size() > 1) label.lines.removeLast();  // without the coordinates
      if (!try_place(true) && !try_place(false)) {
        label.lines[0] = m.font.elidedText(label.lines[0], Qt::ElideMiddle, field.width() - 2 * m.padding);
        try_place(false);
      }
      if (label.place.isNull()) continue;  // no room at all
      label.place.moveTopLeft({m.snapped(label.place.left()), m.snapped(label.place.top())});
      label.color = color_of(item.detection->class_id, style);
      taken.push_back(label.place);
      labels.push_back(std::move(label));
    }
  }
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    painter.fillRect(label->place, label->color);
    painter.setPen(ink_on(label->color));
    double baseline = label->place.top() + m.padding / 2 + m.font.ascent();
    for (const QString& line : label->lines) {
      painter.drawText(QPointF(label->place.left() + m.padding, baseline), line);
      baseline += m.font.height();
    }
  }
  painter.restore();
}

double handle_radius(const QFontMetricsF& metrics) { return metrics.height() * 0.4; }

void paint_region(QPainter& painter, const QRectF& picture, const QRectF& field, const Region& region,
                  const RegionMarks& marks) {
  QPolygonF points;
  for (const auto& point : region.points) points << at(picture, point);
  if (points.isEmpty()) return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const Measures m(painter);
  const double line = (marks.occupied ? 2 : 1) * m.line;
  const bool area = !region.line && points.size() >= 3;
  QColor filling = region_color;
  filling.setAlpha(marks.occupied ? 95 : 40);
  if (area) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(filling);
    painter.drawPolygon(points);
  }
  for (const auto& [color, width] : {std::pair(shade, line + 2 * m.dot), std::pair(region_color, line)}) {
    QPen pen(color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(region.line ? QBrush(color) : QBrush(Qt::NoBrush));
    if (region.line && points.size() == 2) paint_arrow(painter, {points[0], points[1]}, 2 * m.font.height());
    painter.setBrush(Qt::NoBrush);
    if (marks.open && area) {  // without the closing edge
      painter.drawPolyline(points);
      pen.setStyle(Qt::DotLine);
      painter.setPen(pen);
      painter.drawLine(points.last(), points.first());
    } else if (area) {
      painter.drawPolygon(points);
    } else {
      painter.drawPolyline(points);
    }
  }
  if (marks.chosen) {
    const double radius = handle_radius(m.font);
    for (qsizetype i = 0; i < points.size(); ++i) {
      const bool picked = i == marks.corner;
      painter.setPen(QPen(Qt::black, m.dot));
      painter.setBrush(picked ? QColor(Qt::white) : region_color);
      painter.drawEllipse(points[i], radius, radius);
      if (!picked) continue;
      painter.setBrush(Qt::black);
      painter.drawEllipse(points[i], radius / 2, radius / 2);
    }
  }

  // The name at the uppermost corner, moved into the field if necessary; inverted while something is in the zone.
  const bool seen = points.boundingRect().adjusted(-line, -line, line, line).intersects(field);
  const QString name = m.font.elidedText((marks.occupied ? "● " : "") + QString::fromStdString(region.name),
                                         Qt::ElideRight, field.width() - 2 * m.padding);
  if (seen && !region.name.empty()) {
    const QPointF top = *std::min_element(points.begin(), points.end(),
                                          [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); });
    QRectF label(0, 0, m.font.horizontalAdvance(name) + 2 * m.padding, m.font.height() + m.padding);
    label.moveBottomLeft(top + QPointF(m.line * 3, -m.line * 3));
    label.moveLeft(std::clamp(label.left(), field.left(), std::max(field.left(), field.right() - label.width())));
    label.moveTop(std::clamp(label.top(), field.top(), std::max(field.top(), field.bottom() - label.height())));
    label.moveTopLeft({m.snapped(label.left()), m.snapped(label.top())});
    painter.fillRect(label, marks.occupied ? region_color : QColor(0, 0, 0, 190));
    painter.setPen(marks.occupied ? QColor(Qt::black) : region_color);
    painter.drawText(QPointF(label.left() + m.padding, label.top() + m.padding / 2 + m.font.ascent()), name);
  }
  painter.restore();
}

}  // namespace dualsight
