#include "ui/panels/stats_panel.h"

#include <QElapsedTimer>

#include "tests/ui/support/stats.h"
#include "tests/ui/support/ui_test.h"
#include "ui/widgets/plot_widget.h"

namespace dualsight {

class StatsPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_panel_tells_all() {
    StatsPanel panel;
    panel.resize(800, 400);
    panel.show();
    const auto legend = [&](const char* name) { return panel.findChild<PlotWidget*>(name)->legend(); };
    FrameRecord record;
    record.speed = {2, 40, 1};
    panel.add(record);
    record.speed = {4, 60, 2};
    panel.add(record);
    SourceStats now = stats();
    panel.set_stats(now);
    QCOMPARE(legend("ratesPlot"), QString("captured 29.8, looked at 12.5"));
    QCOMPARE(legend("agePlot"), QString("84"));
    QCOMPARE(legend("speedPlot"), QString("model 50.0, before 3.0, after 1.5"));
    QCOMPARE(legend("lossesPlot"),
             QString("dropped/s 0, waiting 3"));  // frames dropped before the first report do not count
    now.dropped += 17;
    now.queued = 0;
    panel.set_stats(now);
    QCOMPARE(legend("lossesPlot"), QString("dropped/s 17, waiting 0"));
    QCOMPARE(legend("speedPlot"), QString("model -, before -, after -"));  // no frame was detected on
    QTRY_VERIFY_WITH_TIMEOUT(legend("cpuPlot") != "-", 4000);
    QVERIFY(legend("memoryPlot") != "-");
    panel.clear();
    QCOMPARE(legend("ratesPlot"), QString("captured -, looked at -"));
  }

  void process_use_is_plausible() {
    const auto before = process_use();
    QVERIFY(before.has_value());
    QVERIFY(before->memory_mib > 5);
    QVERIFY(before->memory_mib < 4000);
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < 300) {
    }
    const double used = process_use()->cpu_seconds - before->cpu_seconds;
    QVERIFY(used > 0.05);
    QVERIFY(used < 5);
  }

  void plots_stand_side_by_side_where_there_is_room() {
    StatsPanel panel;
    panel.show();
    auto *first = panel.findChild<PlotWidget*>("ratesPlot"), *second = panel.findChild<PlotWidget*>("agePlot");
    panel.resize(first->minimumSizeHint().width() * 6, 500);
    QTRY_VERIFY(second->x() > first->x());
    QCOMPARE(second->y(), first->y());
    panel.resize(first->minimumSizeHint().width() * 5 / 4, 1200);
    QTRY_VERIFY(second->y() > first->y());
  }
};
DUALSIGHT_UI_TEST(StatsPanelTest);

}  // namespace dualsight

#include "stats_panel_test.moc"
