#include "ui/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>
#include <cmath>

namespace dualsight {
namespace {

// On a field of 16 x 16 units.
QPainterPath outline(const QString& name) {
  QPainterPath p;
  if (name == "folder") {
    p.addPolygon(QPolygonF({{2, 13}, {2, 3.5}, {6.5, 3.5}, {8, 5.5}, {14, 5.5}, {14, 13}, {2, 13}}));
  } else if (name == "link") {
    p.addRoundedRect(1.5, 5.5, 7.5, 5, 2.5, 2.5);
    p.addRoundedRect(7, 5.5, 7.5, 5, 2.5, 2.5);
  } else if (name == "freeze") {
    p.addRect(4, 3, 2.5, 10);
    p.addRect(9.5, 3, 2.5, 10);
  } else if (name == "play") {
    p.addPolygon(QPolygonF({{4, 3}, {13, 8}, {4, 13}, {4, 3}}));
  } else if (name == "zoom_in" || name == "zoom_out") {
    p.addEllipse(2, 2, 9, 9);
    p.moveTo(10, 10);
    p.lineTo(14, 14);
    p.moveTo(4.5, 6.5);
    p.lineTo(8.5, 6.5);
    if (name == "zoom_in") {
      p.moveTo(6.5, 4.5);
      p.lineTo(6.5, 8.5);
    }
  } else if (name == "fit") {
    for (const auto& [x, y] : {std::pair(2.0, 2.0), {14.0, 2.0}, {14.0, 14.0}, {2.0, 14.0}}) {
      p.moveTo(x, y < 8 ? y + 4 : y - 4);
      p.lineTo(x, y);
      p.lineTo(x < 8 ? x + 4 : x - 4, y);
    }
  } else if (name == "actual_size") {
    p.addRect(1.5, 3, 13, 10);
    for (const double x : {5.0, 11.0}) {
      p.moveTo(x, 5.5);
      p.lineTo(x, 10.5);
    }
    p.addEllipse(7.7, 6.2, 0.6, 0.6);
    p.addEllipse(7.7, 9.2, 0.6, 0.6);
  } else if (name == "blur") {
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 3; ++x) p.addRect(2.5 + 4 * x, 2.5 + 4 * y, 3, 3);
    }
  } else if (name == "zones") {
    p.addPolygon(QPolygonF({{2, 5}, {9, 2}, {14, 8}, {10, 14}, {4, 12}, {2, 5}}));
  } else if (name == "record") {
    p.addEllipse(3, 3, 10, 10);
  } else if (name == "json") {
    for (const double side : {-1.0, 1.0}) {
      p.moveTo(8 + side * 3, 2);
      p.cubicTo(8 + side * 6, 2, 8 + side * 3, 8, 8 + side * 6.5, 8);
      p.cubicTo(8 + side * 3, 8, 8 + side * 6, 14, 8 + side * 3, 14);
    }
  } else if (name == "snapshot") {
    p.addRoundedRect(1.5, 4.5, 13, 9, 1.5, 1.5);
    p.addEllipse(5.5, 6.5, 5, 5);
    p.addRect(5.5, 2.5, 5, 2);
  } else if (name == "settings") {
    p.addEllipse(5.5, 5.5, 5, 5);
    for (int i = 0; i < 8; ++i) {
      const double a = i * 3.14159265 / 4;
      p.moveTo(8 + 4 * std::cos(a), 8 + 4 * std::sin(a));
      p.lineTo(8 + 6.5 * std::cos(a), 8 + 6.5 * std::sin(a));
    }
  }
  return p;
}

class Engine : public QIconEngine {
 public:
  explicit Engine(QString name) : name_(std::move(name)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
    QColor color = QApplication::palette().color(group, QPalette::ButtonText);
    if (name_ == "record" && mode != QIcon::Disabled) color = QColor(0xd0, 0x30, 0x30);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    painter->scale(rect.width() / 16.0, rect.height() / 16.0);
    painter->setPen(QPen(color, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (name_ == "record" || name_ == "freeze" || name_ == "play" || name_ == "blur") painter->setBrush(color);
    painter->drawPath(outline(name_));
    painter->restore();
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap out(size);
    out.fill(Qt::transparent);
    QPainter painter(&out);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return out;
  }

  QIconEngine* clone() const override { return new Engine(name_); }

 private:
  QString name_;
};

}  // namespace

QIcon icon(const QString& name) { return QIcon(new Engine(name)); }

}  // namespace dualsight
