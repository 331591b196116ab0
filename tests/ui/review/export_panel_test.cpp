#include "ui/review/export_panel.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>

#include "tests/ui/support/review_fixture.h"
#include "tests/ui/support/ui_test.h"
#include "ui/review/review_widget.h"
#include "ui/review/timeline_widget.h"
#include "ui/widgets/notice_bar.h"

namespace dualsight {

class ExportPanelTest : public ReviewFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { apply_language("en"); }
  void initTestCase() { make_recording(); }

  void exportsAClip() {
    ReviewWidget review;
    review.show();
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    auto* exports = child<ExportPanel>(review, "exportPanel");
    QSignalSpy ended(exports, &ExportPanel::ended);
    auto* timeline = child<TimelineWidget>(review, "timeline");
    timeline->set_range(TimeSpan{1000, 2000});
    QCOMPARE(child<QLabel>(review, "rangeLabel")->text(), QString("From 0:01.000 to 0:02.000"));
    exports->export_clip(at("clip.mp4"));
    QVERIFY(!child<QPushButton>(review, "exportClip")->isEnabled());
    QVERIFY(child<QPushButton>(review, "cancelExport")->isVisible());
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(ended[0][0].toBool());
    QCOMPARE(child<QLabel>(review, "exportLabel")->text(), "Saved " + at("clip.mp4"));
    QVERIFY(child<QPushButton>(review, "exportClip")->isEnabled());
    QProcess probe;
    probe.start("ffprobe", {"-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0",
                            at("clip.mp4")});
    QVERIFY(probe.waitForFinished());
    QCOMPARE(probe.readAllStandardOutput().trimmed(), QByteArray("26"));  // frames 25 to 50

    exports->export_table(at("table.csv"));
    QTRY_COMPARE(ended.count(), 2);
    QFile table(at("table.csv"));
    QVERIFY(table.open(QIODevice::ReadOnly));
    QCOMPARE(table.readAll().count('\n'), 1 + 7);  // detected on at 1.0, 1.2 ... 2.0 s: six dogs, and a cat
    exports->export_training_data(at("set"));
    QTRY_COMPARE(ended.count(), 3);
    QVERIFY(QFileInfo::exists(at("set/annotations.json")));
    exports->export_pictures(at("set"));
    QTRY_COMPARE(ended.count(), 4);
    QVERIFY(!ended[3][0].toBool());
    QCOMPARE(child<NoticeBar>(review, "noticeBar")->text(),
             "Not saved: " + at("set") + ": is there already: choose a new folder");
  }

  void exportsAreCancelled() {
    ReviewWidget review;
    review.show();
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    auto* exports = child<ExportPanel>(review, "exportPanel");
    QSignalSpy ended(exports, &ExportPanel::ended);
    exports->export_clip(at("cancelled.mkv"));
    QTest::mouseClick(child<QPushButton>(review, "cancelExport"), Qt::LeftButton);
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(!ended[0][0].toBool());
    QCOMPARE(child<QLabel>(review, "exportLabel")->text(), QString("Cancelled"));
    QVERIFY(!QFileInfo::exists(at("cancelled.mkv")));
    // A widget that is destroyed during an export stops it.
    exports->export_clip(at("cancelled.mkv"));
    review.close_recording();
    QVERIFY(!child<QPushButton>(review, "exportClip")->isEnabled());
  }
};
DUALSIGHT_UI_TEST(ExportPanelTest);

}  // namespace dualsight

#include "export_panel_test.moc"
