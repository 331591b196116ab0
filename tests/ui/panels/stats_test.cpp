#include <QFile>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QTemporaryDir>
#include <limits>

#include "tests/ui/support/ui_test.h"
#include "ui/panels/stats_panel.h"
#include "ui/widgets/plot_widget.h"
#include "ui/widgets/status_widgets.h"

namespace dualsight {
namespace {

SourceStats stats() {
  SourceStats stats;
  stats.source = "cam0";
  stats.capture_fps = 29.84;
  stats.detect_fps = 12.5;
  stats.age_ms = 84;
  stats.dropped = 412;
  stats.queued = 3;
  return stats;
}

ModelStatus ready() {
  ModelStatus status;
  status.state = ModelStatus::State::ready;
  status.info.name = "Big";
  status.device = "CPU, bf16";
  return status;
}

OutputStatus recording(bool on, const QString& target, const std::string& problem = {}) {
  OutputStatus status;
  status.output = Output::recording;
  status.on = on;
  status.target = target.toStdString();
  status.problem = problem;
  return status;
}

}  // namespace

class StatsTest : public QObject {
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
    QCOMPARE(legend("lossesPlot"), QString("dropped/s 0, waiting 3"));  // those before the window looked do not count
    now.dropped += 17;
    now.queued = 0;
    panel.set_stats(now);
    QCOMPARE(legend("lossesPlot"), QString("dropped/s 17, waiting 0"));
    QCOMPARE(legend("speedPlot"), QString("model -, before -, after -"));  // nothing was looked at
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

  void status_bar_tells_source_and_rates() {
    StatusWidgets status;
    status.resize(1600, 30);
    status.show();
    const auto cell = [&](const char* name) { return status.findChild<QLabel*>(name); };
    QCOMPARE(cell("statusSource")->text(), QString("no source"));
    QCOMPARE(cell("statusCapture")->text(), QString("Capture -/s"));
    status.set_source("Webcam");
    QCOMPARE(cell("statusSource")->text(), QString("Webcam: opening"));
    status.set_stats(stats());
    QCOMPARE(cell("statusSource")->text(), QString("Webcam: running"));
    status.set_frozen(true);
    QCOMPARE(cell("statusSource")->text(), QString("Webcam: picture frozen"));
    status.set_frozen(false);
    QCOMPARE(cell("statusSource")->text(), QString("Webcam: running"));
    QCOMPARE(cell("statusCapture")->text(), QString("Capture 29.8/s"));
    QCOMPARE(cell("statusDetect")->text(), QString("Detect 12.5/s"));
    QCOMPARE(cell("statusAge")->text(), QString("Age 84 ms"));
    QCOMPARE(cell("statusDropped")->text(), QString("Dropped 412"));
    StatusRecord lost;
    lost.source = "Webcam";
    lost.state = State::lost;
    lost.message = "rtsp://me:secret@host/: gone";
    status.set_status(lost);
    QCOMPARE(cell("statusSource")->text(), QString("Webcam: lost"));
    QVERIFY(cell("statusSource")->toolTip().contains("gone"));
    QVERIFY(!cell("statusSource")->toolTip().contains("secret"));
    status.set_source({});
    QCOMPARE(cell("statusSource")->text(), QString("no source"));
    QCOMPARE(cell("statusAge")->text(), QString("Age - ms"));
    status.set_model_status(ready());
    QCOMPARE(cell("statusModel")->text(), QString("Big"));
    QCOMPARE(cell("statusDevice")->text(), QString("CPU, bf16"));
    for (const QLabel* label : status.findChildren<QLabel*>()) {
      QVERIFY2(!label->accessibleName().isEmpty(), qPrintable(label->objectName()));
      if (!label->text().isEmpty()) QVERIFY2(!label->toolTip().isEmpty(), qPrintable(label->objectName()));
    }
  }

  void status_bar_tells_about_the_recording() {
    QTemporaryDir folder;
    const QString path = folder.filePath("a.mkv");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(2048, 'x'));
    file.flush();
    StatusWidgets status;
    status.resize(1600, 30);
    status.show();
    const auto* cell = status.findChild<QLabel*>("statusRecording");
    QVERIFY(cell->text().isEmpty());
    QCOMPARE(cell->accessibleName(), QString("Not recording"));
    status.set_output(recording(true, path));
    QTRY_VERIFY_WITH_TIMEOUT(cell->text().contains("2.00 KiB"), 3000);
    QVERIFY(cell->text().startsWith("● 0:00:0"));
    QTRY_VERIFY_WITH_TIMEOUT(cell->text().startsWith("● 0:00:01"), 2500);
    SourceStats now = stats();
    now.record_dropped = 5;
    status.set_stats(now);
    QVERIFY(cell->text().endsWith(", 5 lost"));
    // The next segment: sizes add up.
    const QString next = folder.filePath("b.mkv");
    QFile second(next);
    QVERIFY(second.open(QIODevice::WriteOnly));
    second.write(QByteArray(1024, 'x'));
    second.flush();
    StatusRecord segment;
    segment.state = State::recording;
    segment.file = next.toStdString();
    status.set_status(segment);
    QTRY_VERIFY_WITH_TIMEOUT(cell->text().contains("3.00 KiB"), 3000);
    // What is closed counts as it was, whatever becomes of it; of two videos at once both count.
    segment.state = State::recorded;
    segment.file = path.toStdString();
    status.set_status(segment);
    QVERIFY(QFile::remove(path));
    QFile raw(folder.filePath("b.raw.mkv"));
    QVERIFY(raw.open(QIODevice::WriteOnly));
    raw.write(QByteArray(4096, 'x'));
    raw.flush();
    segment.state = State::recording;
    segment.file = raw.fileName().toStdString();
    status.set_status(segment);
    QTRY_VERIFY_WITH_TIMEOUT(cell->text().contains("7.00 KiB"), 3000);
    second.write(QByteArray(1024, 'x'));
    second.flush();
    QTRY_VERIFY_WITH_TIMEOUT(cell->text().contains("8.00 KiB"), 3000);
    QVERIFY(cell->toolTip().contains("b.mkv") && cell->toolTip().contains("b.raw.mkv"));
    status.set_output(recording(false, path));
    QVERIFY(cell->text().isEmpty());
    status.set_output(recording(false, path, "a.mkv: no space left"));
    QCOMPARE(cell->text(), QString("Recording ended"));
    QCOMPARE(cell->accessibleName(), QString("Recording ended: a.mkv: no space left"));
  }

  void status_bar_tells_room_on_the_disk() {
    QTemporaryDir folder;
    StatusWidgets status;
    status.resize(1600, 30);
    status.show();
    const auto* cell = status.findChild<QLabel*>("statusDisk");
    QCOMPARE(cell->text(), QString("Disk -"));
    status.set_folder(folder.filePath("not/there/yet"));
    QTRY_VERIFY(cell->text().contains("iB") || cell->text().contains("bytes"));
  }

  void a_narrow_status_bar_keeps_what_matters() {
    StatusWidgets status;
    status.show();
    status.set_source("Webcam");
    status.set_stats(stats());
    status.set_model_status(ready());
    status.set_output(recording(true, "/nonexistent/a.mkv"));
    status.resize(1600, 30);
    for (const QLabel* label : status.findChildren<QLabel*>()) QVERIFY(label->isVisible());
    const int enough = status.findChild<QLabel*>("statusSource")->sizeHint().width() +
                       status.findChild<QLabel*>("statusRecording")->sizeHint().width() + 60;
    status.resize(enough, 30);
    QVERIFY(status.findChild<QLabel*>("statusSource")->isVisible());
    QVERIFY(status.findChild<QLabel*>("statusRecording")->isVisible());
    QVERIFY(!status.findChild<QLabel*>("statusModel")->isVisible());
    QVERIFY(status.minimumSizeHint().width() < enough);
  }
};

DUALSIGHT_UI_TEST(StatsTest);

}  // namespace dualsight

#include "stats_test.moc"
