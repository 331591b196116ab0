#include "ui/widgets/icons.h"

#include <QApplication>
#include <QImage>

#include "tests/ui/support/ui_test.h"
#include "ui/widgets/theme.h"

namespace dualsight {

class IconsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void symbols_fit_the_theme() {
    const QStringList wanted{"camera",    "folder",       "link",        "snapshot",     "record",  "stop",
                             "freeze",    "play",         "zoom_in",     "zoom_out",     "fit",     "actual_size",
                             "zones",     "line",         "labels",      "blur",         "json",    "settings",
                             "stats",     "mirror",       "rotate_left", "rotate_right", "refresh", "help",
                             "step_back", "step_forward", "export",      "warning"};
    for (const QString& theme : {QString("light"), QString("dark")}) {
      apply_theme(*qApp, theme);
      QStringList same;
      for (const QString& name : wanted) {
        QVERIFY2(!icon(name).isNull(), qPrintable(name));
        for (const int size : {16, 24, 48}) {
          const QImage image = icon(name).pixmap(size, size).toImage();
          QCOMPARE(image.size(), QSize(size, size));
          int dark = 0, light = 0, edge = 0;
          for (int y = 0; y < size; ++y) {
            for (int x = 0; x < size; ++x) {
              const QColor pixel = image.pixelColor(x, y);
              if (pixel.alpha() < 128) continue;
              (pixel.lightness() < 128 ? dark : light)++;
              if (x == 0 || y == 0 || x == size - 1 || y == size - 1) ++edge;
            }
          }
          const int drawn = dark + light;
          QVERIFY2(drawn > size * size / 20 && drawn < size * size * 3 / 4, qPrintable(name));
          QVERIFY2(size < 24 || edge == 0, qPrintable(name));  // nothing is cut off
          QVERIFY2(theme == "light" ? light == 0 : dark == 0, qPrintable(name));
        }
        const QImage image = icon(name).pixmap(24, 24).toImage();
        QVERIFY2(image != icon(name).pixmap(QSize(24, 24), QIcon::Disabled).toImage(), qPrintable(name));
        for (const QString& other : wanted) {
          if (other != name && icon(other).pixmap(24, 24).toImage() == image) same << name;
        }
      }
      QCOMPARE(same, QStringList());
    }
    apply_theme(*qApp, "light");
    QVERIFY(icon("nothing").isNull());
    const QImage record = icon("record").pixmap(32, 32).toImage();
    QVERIFY(record.pixelColor(16, 16).red() > 150 && record.pixelColor(16, 16).green() < 80);
    // The same icon, after a switch of the theme.
    const QIcon kept = icon("folder");
    const QImage before = kept.pixmap(32, 32).toImage();
    apply_theme(*qApp, "dark");
    QVERIFY(kept.pixmap(32, 32).toImage() != before);
    apply_theme(*qApp, "light");
  }
};
DUALSIGHT_UI_TEST(IconsTest);

}  // namespace dualsight

#include "icons_test.moc"
