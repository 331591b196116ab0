#include "ui/widgets/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QMap>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>
#include <cmath>
#include <functional>
#include <utility>

namespace dualsight {
namespace {

constexpr double kField = 16;  // symbols are drawn on a field of 16 x 16 units
constexpr double kLineWidth = 1.3;
constexpr double kPi = 3.14159265358979;

// A symbol: paths that are drawn as lines, and paths that are filled.
struct Drawing {
  QPainterPath lines, areas;
};

void line(QPainterPath& path, const QPolygonF& points) { path.addPolygon(points); }

// The outline of a camera for pictures, with a lens.
void photo_camera(Drawing& d) {
  line(d.lines, {{1.5, 4.5},
                 {4.5, 4.5},
                 {5.5, 2.5},
                 {10.5, 2.5},
                 {11.5, 4.5},
                 {14.5, 4.5},
                 {14.5, 13.5},
                 {1.5, 13.5},
                 {1.5, 4.5}});
  d.lines.addEllipse(QPointF(8, 8.8), 2.7, 2.7);
}

void video_camera(Drawing& d) {
  d.lines.addRoundedRect(1.5, 4, 9, 8, 1.5, 1.5);
  line(d.lines, {{10.5, 7.2}, {14.5, 4.5}, {14.5, 11.5}, {10.5, 8.8}});
}

void magnifier(Drawing& d, bool plus) {
  d.lines.addEllipse(QPointF(6.5, 6.5), 4.7, 4.7);
  line(d.lines, {{10, 10}, {14.2, 14.2}});
  line(d.lines, {{4.5, 6.5}, {8.5, 6.5}});
  if (plus) line(d.lines, {{6.5, 4.5}, {6.5, 8.5}});
}

void corners(Drawing& d) {
  for (const double x : {2.0, 14.0}) {
    for (const double y : {2.0, 14.0}) {
      const double in_x = x < 8 ? 3.5 : -3.5, in_y = y < 8 ? 3.5 : -3.5;
      line(d.lines, {{x, y + in_y}, {x, y}, {x + in_x, y}});
    }
  }
  d.lines.addRect(5.5, 5.5, 5, 5);
}

void one_to_one(Drawing& d) {
  d.lines.addRoundedRect(1.5, 3, 13, 10, 1, 1);
  for (const double x : {5.2, 11.2}) line(d.lines, {{x - 1, 6.4}, {x, 5.7}, {x, 10.3}});
  for (const double y : {6.7, 9.3}) d.areas.addEllipse(QPointF(8, y), 0.7, 0.7);
}

void polygon(Drawing& d) {
  const QPolygonF points{{2.5, 5}, {9, 2.5}, {13.5, 8}, {10.5, 13.5}, {4, 12}};
  d.lines.addPolygon(points);
  d.lines.closeSubpath();
  for (const QPointF& point : points) d.areas.addEllipse(point, 1.3, 1.3);
}

void counting_line(Drawing& d) {
  line(d.lines, {{3, 13}, {13, 3}});
  d.areas.addEllipse(QPointF(3, 13), 1.5, 1.5);
  d.areas.addEllipse(QPointF(13, 3), 1.5, 1.5);
  line(d.lines, {{6, 6}, {11, 11}});
  line(d.lines, {{8, 11}, {11, 11}, {11, 8}});
}

void label(Drawing& d) {
  d.lines.addRect(2, 6.5, 12, 7.5);
  d.areas.addRect(2, 1.8, 7.5, 3.6);
}

void braces(Drawing& d) {
  for (const double side : {-1.0, 1.0}) {
    d.lines.moveTo(8 + side * 2.7, 2);
    d.lines.cubicTo(8 + side * 6, 2, 8 + side * 3, 8, 8 + side * 6.3, 8);
    d.lines.cubicTo(8 + side * 3, 8, 8 + side * 6, 14, 8 + side * 2.7, 14);
  }
  for (const double x : {6.0, 10.0}) d.areas.addEllipse(QPointF(x, 8), 0.8, 0.8);
}

void squares(Drawing& d) {
  for (int i = 0; i < 9; ++i) d.areas.addRect(2 + 4.3 * (i % 3), 2 + 4.3 * (i / 3), 3.4, 3.4);
}

void gear(Drawing& d) {
  constexpr int teeth = 8;
  QPolygonF rim;
  for (int tooth = 0; tooth < teeth; ++tooth) {
    for (const auto& [radius, aside] : {std::pair(4.8, -0.24), {6.7, -0.17}, {6.7, 0.17}, {4.8, 0.24}}) {
      const double angle = 2 * kPi * tooth / teeth + aside;
      rim << QPointF(8 + radius * std::cos(angle), 8 + radius * std::sin(angle));
    }
  }
  d.lines.addPolygon(rim);
  d.lines.closeSubpath();
  d.lines.addEllipse(QPointF(8, 8), 2, 2);
}

void bars(Drawing& d) {
  line(d.lines, {{2, 2}, {2, 14}, {14.5, 14}});
  d.areas.addRect(4, 8.5, 2.2, 4);
  d.areas.addRect(7.6, 5.5, 2.2, 7);
  d.areas.addRect(11.2, 3, 2.2, 9.5);
}

void mirrored(Drawing& d) {
  for (const double y : {2.0, 5.6, 9.2, 12.8}) line(d.lines, {{8, y}, {8, y + 1.4}});
  line(d.lines, {{6, 3.5}, {6, 12.5}, {1.5, 12.5}, {6, 3.5}});
  line(d.areas, {{10, 3.5}, {10, 12.5}, {14.5, 12.5}, {10, 3.5}});
}

// A clockwise arc that ends in an arrow.
void turn(QPainterPath& lines, QPainterPath& areas, double from, double by) {
  const QRectF circle(3, 3, 10, 10);
  lines.arcMoveTo(circle, from);
  lines.arcTo(circle, from, -by);
  const double end = (from - by) * kPi / 180;
  const QPointF tip(8 + 5 * std::cos(end), 8 - 5 * std::sin(end));
  const QPointF ahead(std::sin(end), std::cos(end)), aside(std::cos(end), -std::sin(end));
  line(areas, {tip + 2.6 * ahead, tip + 2.4 * aside - 0.6 * ahead, tip - 2.4 * aside - 0.6 * ahead, tip + 2.6 * ahead});
}

void rotated(Drawing& d, bool left) {
  turn(d.lines, d.areas, 200, 250);
  if (!left) return;
  const QTransform flip(-1, 0, 0, 1, kField, 0);
  d = {flip.map(d.lines), flip.map(d.areas)};
}

void two_turns(Drawing& d) {
  turn(d.lines, d.areas, 170, 125);
  turn(d.lines, d.areas, -10, 125);
}

void question(Drawing& d) {
  d.lines.addEllipse(QPointF(8, 8), 6.3, 6.3);
  d.lines.moveTo(5.9, 6.4);
  d.lines.cubicTo(5.9, 3.2, 10.3, 3.5, 10.1, 6.3);
  d.lines.cubicTo(10, 7.9, 8, 7.8, 8, 9.7);
  d.areas.addEllipse(QPointF(8, 11.8), 0.85, 0.85);
}

void step(Drawing& d, bool forward) {
  const auto x = [forward](double at) { return forward ? at : kField - at; };
  line(d.areas, {{x(4), 3}, {x(10), 8}, {x(4), 13}, {x(4), 3}});
  d.areas.addRect(std::min(x(10.5), x(12.5)), 3, 2, 10);
}

void out_of_a_tray(Drawing& d) {
  line(d.lines, {{2, 9}, {2, 13.8}, {14, 13.8}, {14, 9}});
  line(d.lines, {{8, 10}, {8, 2.2}});
  line(d.lines, {{4.7, 5.4}, {8, 2.1}, {11.3, 5.4}});
}

void danger(Drawing& d) {
  line(d.lines, {{8, 1.8}, {14.8, 13.8}, {1.2, 13.8}, {8, 1.8}});
  line(d.lines, {{8, 6}, {8, 9.6}});
  d.areas.addEllipse(QPointF(8, 11.6), 0.85, 0.85);
}

void chain(Drawing& d) {
  QPainterPath flat;
  flat.addRoundedRect(0.3, 5.6, 8.4, 4.8, 2.4, 2.4);
  flat.addRoundedRect(7.3, 5.6, 8.4, 4.8, 2.4, 2.4);
  d.lines = QTransform().translate(8, 8).rotate(-45).scale(0.95, 0.95).translate(-8, -8).map(flat);
}

using Draw = std::function<void(Drawing&)>;
const QMap<QString, Draw>& drawings() {
  static const QMap<QString, Draw> known{
      {"actual_size", one_to_one},
      {"blur", squares},
      {"camera", video_camera},
      {"export", out_of_a_tray},
      {"fit", corners},
      {"folder",
       [](Drawing& d) {
         line(d.lines, {{1.5, 13}, {1.5, 3.5}, {6.3, 3.5}, {7.8, 5.5}, {14.5, 5.5}, {14.5, 13}, {1.5, 13}});
       }},
      {"freeze", [](Drawing& d) { d.areas.addRect(4, 3, 2.7, 10), d.areas.addRect(9.3, 3, 2.7, 10); }},
      {"help", question},
      {"json", braces},
      {"labels", label},
      {"line", counting_line},
      {"link", chain},
      {"mirror", mirrored},
      {"play",
       [](Drawing& d) {
         line(d.areas, {{4, 2.7}, {13, 8}, {4, 13.3}, {4, 2.7}});
       }},
      {"record", [](Drawing& d) { d.areas.addEllipse(QPointF(8, 8), 5.3, 5.3); }},
      {"refresh", two_turns},
      {"rotate_left", [](Drawing& d) { rotated(d, true); }},
      {"rotate_right", [](Drawing& d) { rotated(d, false); }},
      {"settings", gear},
      {"snapshot", photo_camera},
      {"stats", bars},
      {"step_back", [](Drawing& d) { step(d, false); }},
      {"step_forward", [](Drawing& d) { step(d, true); }},
      {"stop", [](Drawing& d) { d.areas.addRoundedRect(3.5, 3.5, 9, 9, 1, 1); }},
      {"warning", danger},
      {"zones", polygon},
      {"zoom_in", [](Drawing& d) { magnifier(d, true); }},
      {"zoom_out", [](Drawing& d) { magnifier(d, false); }},
  };
  return known;
}

class Engine : public QIconEngine {
 public:
  Engine(QString name, const Draw& draw) : name_(std::move(name)) {
    draw(drawing_);
    drawing_.areas.setFillRule(Qt::WindingFill);
  }

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const double side = std::min(rect.width(), rect.height());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
    painter->scale(side / kField, side / kField);
    const QColor with = color(mode);
    painter->fillPath(drawing_.areas, with);
    painter->strokePath(drawing_.lines, QPen(with, kLineWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->restore();
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap out(size);
    out.fill(Qt::transparent);
    QPainter painter(&out);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return out;
  }

  QIconEngine* clone() const override { return new Engine(*this); }
  QString key() const override { return "dualsight"; }

 private:
  QColor color(QIcon::Mode mode) const {
    const QPalette palette = QApplication::palette();
    if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::ButtonText);
    if (mode == QIcon::Selected) return palette.color(QPalette::Active, QPalette::HighlightedText);
    if (name_ == "record") {
      const bool dark = palette.color(QPalette::Button).lightness() < 128;
      return dark ? QColor(0xff, 0x6b, 0x6b) : QColor(0xc6, 0x28, 0x28);
    }
    return palette.color(QPalette::Active, QPalette::ButtonText);
  }

  QString name_;
  Drawing drawing_;
};

}  // namespace

QIcon icon(const QString& name) {
  const auto draw = drawings().find(name);
  return draw == drawings().end() ? QIcon() : QIcon(new Engine(name, *draw));
}

}  // namespace dualsight
