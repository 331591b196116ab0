#include "ui/widgets/status_widgets.h"

#include <QFile>
#include <QLabel>
#include <QTemporaryDir>

#include "tests/ui/support/stats.h"
#include "tests/ui/support/ui_test.h"

namespace dualsight {
namespace {

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

class StatusWidgetsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
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
DUALSIGHT_UI_TEST(StatusWidgetsTest);

}  // namespace dualsight

#include "status_widgets_test.moc"
