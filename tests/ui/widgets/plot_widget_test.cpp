#include "ui/widgets/plot_widget.h"

#include <QElapsedTimer>
#include <QImage>
#include <limits>

#include "tests/ui/support/ui_test.h"

namespace dualsight {

class PlotWidgetTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void plots_have_a_legend_and_a_round_axis() {
    PlotWidget plot;
    plot.set_texts("Frames", "1/s", {"captured", "looked at"});
    QCOMPARE(plot.legend(), QString("captured -, looked at -"));
    QCOMPARE(plot.top(), 1.0);
    plot.append(0, {30, 12.25});
    QCOMPARE(plot.legend(), QString("captured 30.0, looked at 12.3"));  // 12.25 is exact and rounds up
    QCOMPARE(plot.top(), 50.0);
    QCOMPARE(plot.accessibleName(), QString("Frames"));
    QCOMPARE(plot.accessibleDescription(), plot.legend());
    plot.append(1, {std::numeric_limits<double>::quiet_NaN(), 7});
    QCOMPARE(plot.legend(), QString("captured -, looked at 7.0"));
  }

  void plots_forget_after_two_minutes() {
    PlotWidget plot;
    plot.set_texts("t", "", {"a"});
    plot.append(0, {900});
    plot.append(1, {3});
    plot.append(100, {3});
    QCOMPARE(plot.top(), 1000.0);
    plot.set_now(119);
    QCOMPARE(plot.top(), 1000.0);
    plot.set_now(122);
    QCOMPARE(plot.top(), 5.0);
  }

  void plots_draw_where_values_are() {
    PlotWidget plot;
    plot.resize(300, 150);
    plot.set_texts("t", "", {"a"});
    const auto colours = [&] {
      int found = 0;
      const QImage image = plot.grab().toImage();
      for (int y = 30; y < image.height() - 30; ++y) {  // below the legend
        for (int x = 0; x < image.width(); ++x) found += image.pixelColor(x, y).saturation() > 100 ? 1 : 0;
      }
      return found;
    };
    QCOMPARE(colours(), 0);
    for (int i = 0; i < 120; ++i) plot.append(i, {5.0 + i % 2});
    QVERIFY(colours() > 100);
    plot.clear();
    QCOMPARE(colours(), 0);
  }

  void painting_is_cheap() {
    PlotWidget plot;
    plot.resize(400, 200);
    plot.set_texts("t", "ms", {"a", "b", "c"});
    for (int i = 0; i < 120; ++i) plot.append(i, {5.0 + i % 7, 3.0 + i % 3, 1.0});
    QImage image(400, 200, QImage::Format_ARGB32_Premultiplied);
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < 20; ++i) plot.render(&image);
    QVERIFY2(clock.elapsed() < 20 * 20, qPrintable(QString::number(clock.elapsed())));
  }
};
DUALSIGHT_UI_TEST(PlotWidgetTest);

}  // namespace dualsight

#include "plot_widget_test.moc"
