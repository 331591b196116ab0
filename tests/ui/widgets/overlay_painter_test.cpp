#include "ui/widgets/overlay_painter.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/ui/support/ui_test.h"

namespace dualsight {
namespace {

Detection found(int class_id, float confidence, const Box& box, int64_t track = 0) {
  Detection d;
  d.class_id = class_id;
  d.confidence = confidence;
  d.box = box;
  d.track_id = track;
  return d;
}

QImage painted(const std::vector<Detection>& detections, const VideoStyle& style, const QTransform& transform = {},
               const QColor& background = Qt::gray, const QStringList& names = {"person", "dog"}) {
  QImage image(400, 300, QImage::Format_RGB32);
  image.fill(background);
  QPainter painter(&image);
  paint_detections(painter, transform, image.rect(), detections, names, style);
  return image;
}

// Where pixels of exactly this colour are.
QRect where(const QImage& image, const QColor& color) {
  QRect out;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (image.pixelColor(x, y) == color) out |= QRect(x, y, 1, 1);
    }
  }
  return out;
}

VideoStyle plain(std::vector<ClassStyle> classes = {{true, Qt::red, 0}, {true, Qt::blue, 0}}) {
  VideoStyle style;
  style.labels = false;
  style.classes = std::move(classes);
  return style;
}

double contrast(const QColor& a, const QColor& b) {
  const auto luminance = [](const QColor& c) {
    const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
  };
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

class OverlayPainterTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_box_lies_where_it_is() {
    // Pixels 100 to 179 and 50 to 89 of the picture.
    const std::vector<Detection> one = {found(0, 0.9F, {100, 50, 180, 90})};
    QCOMPARE(where(painted(one, plain()), Qt::red), QRect(100, 50, 80, 40));
    // Twice as large, and moved by 10.
    QCOMPARE(where(painted(one, plain(), QTransform::fromTranslate(10, 0).scale(2, 2)), Qt::red),
             QRect(210, 100, 160, 80));
  }

  void lines_are_as_wide_whatever_the_zoom() {
    const auto width_at = [](double zoom) {
      const QImage image = painted({found(0, 0.9F, {20, 20, 60, 60})}, plain(), QTransform::fromScale(zoom, zoom));
      const int y = static_cast<int>(40 * zoom);
      int width = 0;
      for (int x = 0; x < image.width() / 2 && x < 40 * zoom; ++x) width += image.pixelColor(x, y) == QColor(Qt::red);
      return width;
    };
    QVERIFY(width_at(1) >= 1);
    QCOMPARE(width_at(3), width_at(1));
  }

  void thresholds_and_hidden_classes_act_at_once() {
    const std::vector<Detection> two = {found(0, 0.5F, {10, 10, 100, 100}), found(1, 0.8F, {200, 10, 300, 100})};
    VideoStyle style = plain();
    QVERIFY(!where(painted(two, style), Qt::red).isEmpty());
    style.classes[0].threshold = 0.6;
    QVERIFY(where(painted(two, style), Qt::red).isEmpty());
    QVERIFY(!where(painted(two, style), Qt::blue).isEmpty());
    style.classes[1].shown = false;
    QVERIFY(where(painted(two, style), Qt::blue).isEmpty());
  }

  void the_better_is_in_front() {
    // The same edge, twice; in either order.
    const Detection worse = found(0, 0.6F, {50, 50, 150, 150}), better = found(1, 0.7F, {50, 50, 150, 150});
    for (const auto& both : {std::vector{worse, better}, std::vector{better, worse}}) {
      const QImage image = painted(both, plain());
      QVERIFY(where(image, Qt::red).isEmpty());
      QCOMPARE(where(image, Qt::blue), QRect(50, 50, 100, 100));
    }
  }

  void what_is_not_a_number_is_left_out() {
    const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    const QImage image = painted(
        {found(0, 0.9F, {nan, 0, 10, 10}), found(0, 0.9F, {0, 0, inf, 10}), found(-3, 0.9F, {500, 400, 510, 410})},
        plain());
    QImage empty(400, 300, QImage::Format_RGB32);
    empty.fill(Qt::gray);
    QCOMPARE(image, empty);
  }

  void labels_say_what_is_asked() {
    const QStringList names = {"person", "行人", "traffic\nlight", ""};
    VideoStyle style;
    const Box box = {10.4F, 20, 74.4F, 148};  // 64 x 128, centre 42.4, 84
    QCOMPARE(label_of(found(0, 0.874F, box, 7), names, style), QString("person 0.87"));
    style.tracks = true;
    QCOMPARE(label_of(found(0, 0.874F, box, 7), names, style), QString("person #7 0.87"));
    QCOMPARE(label_of(found(0, 0.874F, box, 0), names, style), QString("person 0.87"));
    style.coordinates = true;
    QCOMPARE(label_of(found(1, 0.5F, box, 7), names, style), QString("行人 #7 0.50\n10,20  64×128  centre 42,84"));
    style.coordinates = false;
    QCOMPARE(label_of(found(2, 1, box), names, style), QString("traffic light 1.00"));
    QCOMPARE(label_of(found(3, 1, box), names, style), QString("class 3 1.00"));
    QCOMPARE(label_of(found(80, 1, box), names, style), QString("class 80 1.00"));
    QCOMPARE(label_of(found(-1, 1, box), names, style), QString("class -1 1.00"));
  }

  void letters_stand_out_from_every_class_colour() {
    VideoStyle style;
    for (int id = 0; id < 80; ++id) {
      const QColor color = color_of(id, style);
      QVERIFY2(contrast(color, ink_on(color)) >= 4.5, qPrintable(color.name()));
    }
    QCOMPARE(ink_on(Qt::yellow), QColor(Qt::black));
    QCOMPARE(ink_on(QColor(0, 0, 120)), QColor(Qt::white));
  }

  void own_colours_are_used() {
    VideoStyle style;
    const QColor usual = color_of(1, style);
    style.classes = {{true, Qt::magenta, 0}, {}};
    QCOMPARE(color_of(0, style), QColor(Qt::magenta));
    QCOMPARE(color_of(1, style), usual);
    QCOMPARE(color_of(7, style), color_of(7, VideoStyle()));
  }

  // A box in each corner, over an edge, around all: the label is in the field, in its whole height.
  void labels_stay_inside() {
    for (const Box& box :
         {Box{0, 0, 30, 20}, Box{370, 0, 400, 20}, Box{0, 280, 30, 300}, Box{370, 280, 400, 300}, Box{-50, -50, 10, 10},
          Box{390, 290, 450, 350}, Box{0, 0, 400, 300}, Box{-90, -90, 490, 390}}) {
      QImage image(500, 400, QImage::Format_RGB32);
      image.fill(Qt::gray);
      QPainter painter(&image);
      VideoStyle style = plain();
      style.labels = true;
      style.classes[0].color = QColor(200, 90, 10);
      const QRectF field(50, 50, 400, 300);
      const int height = static_cast<int>(QFontMetricsF(painter.font(), &image).height());
      paint_detections(painter, QTransform::fromTranslate(50, 50), field, {found(0, 0.9F, box)}, {"person"}, style);
      painter.end();
      // Only the label fills whole rows with the colour, over the height of its letters.
      int filled = 0;
      for (int y = 50; y < 350; ++y) {
        int run = 0, longest = 0;
        for (int x = 50; x < 450; ++x) {
          run = image.pixelColor(x, y) == QColor(200, 90, 10) ? run + 1 : 0;
          longest = std::max(longest, run);
        }
        filled += longest >= 3;
      }
      QVERIFY(filled >= height);
    }
  }

  // Two boxes on top of each other: both labels can be read.
  void labels_avoid_each_other() {
    VideoStyle style = plain();
    style.labels = true;
    style.classes[0].color = QColor(230, 159, 0);
    style.classes[1].color = QColor(0, 0, 200);
    // White letters on blue, more or less.
    const auto letters = [](const QImage& image) {
      int count = 0;
      for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
          const QColor c = image.pixelColor(x, y);
          count += c.green() > 100 && c.blue() > 210 && c.red() < 250;
        }
      }
      return count;
    };
    const QImage alone = painted({found(1, 0.6F, {100, 100, 200, 200})}, style);
    const QImage both = painted({found(0, 0.9F, {100, 100, 200, 200}), found(1, 0.6F, {100, 100, 200, 200})}, style);
    QVERIFY(letters(alone) > 10);
    QCOMPARE(letters(both), letters(alone));
    // The label of the less confident one gives way.
    QVERIFY(where(both, QColor(0, 0, 200)).top() != where(both, QColor(230, 159, 0)).top());
  }

  // In a field that is narrower than the name, it is shortened, not left out.
  void long_names_are_shortened() {
    QImage image(120, 80, QImage::Format_RGB32);
    image.fill(Qt::gray);
    QPainter painter(&image);
    VideoStyle style = plain();
    style.labels = true;
    style.classes[0].color = QColor(0, 0, 200);
    paint_detections(painter, {}, image.rect(), {found(0, 0.9F, {10, 30, 60, 70})},
                     {"a traffic light that is out of order since Monday"}, style);
    painter.end();
    int ink = 0;
    for (int x = 0; x < 120; ++x) {
      for (int y = 0; y < 30; ++y) ink += image.pixelColor(x, y).blue() > 210;
    }
    QVERIFY(ink > 20);
  }

  // "Forward" goes from the left of a line to its right: from left to right that is down, from top to bottom to the
  // left (detector/tracking/zones.h).
  void the_arrow_shows_forward() {
    const auto yellow_of = [](const std::vector<std::array<double, 2>>& points) {
      QImage image(200, 200, QImage::Format_RGB32);
      image.fill(Qt::black);
      QPainter painter(&image);
      Region line;
      line.line = true;
      line.points = points;
      paint_region(painter, image.rect(), image.rect(), line);
      painter.end();
      return where(image, QColor(0xff, 0xd7, 0x00));
    };
    const QRect down = yellow_of({{0.1, 0.5}, {0.9, 0.5}});
    QVERIFY(down.bottom() > 110 && down.top() >= 95);
    const QRect up = yellow_of({{0.9, 0.5}, {0.1, 0.5}});
    QVERIFY(up.top() < 90 && up.bottom() <= 105);
    const QRect left = yellow_of({{0.5, 0.1}, {0.5, 0.9}});
    QVERIFY(left.left() < 90 && left.right() <= 105);
  }

  void occupied_zones_look_different() {
    const Region zone{"door", false, {{0.1, 0.2}, {0.9, 0.2}, {0.9, 0.9}, {0.1, 0.9}}, {}};
    const auto middle = [&](bool occupied) {
      QImage image(200, 200, QImage::Format_RGB32);
      image.fill(Qt::black);
      QPainter painter(&image);
      RegionMarks marks;
      marks.occupied = occupied;
      paint_region(painter, image.rect(), image.rect(), zone, marks);
      painter.end();
      return image.pixelColor(100, 100).red();
    };
    QVERIFY(middle(false) > 20);  // translucent
    QVERIFY(middle(true) > middle(false) + 30);
    QVERIFY(middle(true) < 200);
  }
};

DUALSIGHT_UI_TEST(OverlayPainterTest);

}  // namespace dualsight

#include "overlay_painter_test.moc"
