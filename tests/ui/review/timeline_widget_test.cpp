#include "ui/review/timeline_widget.h"

#include <QApplication>
#include <QHelpEvent>
#include <QSignalSpy>
#include <QToolTip>

#include "tests/ui/support/ui_test.h"
#include "ui/widgets/language.h"

namespace dualsight {

class TimelineWidgetTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { apply_language("en"); }

  void aRangeIsChosenByMouseAndKeyboard() {
    TimelineWidget timeline;
    timeline.resize(800, 150);
    timeline.set_duration(60'000);
    timeline.set_rows({{"dog", Qt::red, {{1000, 2000}}}});
    timeline.set_marks({{30'000, Qt::blue, "dog #3 entered door"}});
    timeline.show();
    QSignalSpy sought(&timeline, &TimelineWidget::sought);
    QTest::mousePress(&timeline, Qt::LeftButton, Qt::ShiftModifier, {timeline.x_of(40'000), 60});
    QTest::mouseMove(&timeline, {timeline.x_of(20'000), 60});
    QTest::mouseRelease(&timeline, Qt::LeftButton, Qt::ShiftModifier, {timeline.x_of(20'000), 60});
    QVERIFY(timeline.range().has_value());
    QVERIFY(std::abs(timeline.range()->from_ms - 20'000) < 100);
    QVERIFY(std::abs(timeline.range()->to_ms - 40'000) < 100);
    QCOMPARE(sought.count(), 0);
    QTest::mousePress(&timeline, Qt::LeftButton, {}, {timeline.x_of(40'000), 60});  // its handle
    QTest::mouseMove(&timeline, {timeline.x_of(50'000), 60});
    QTest::mouseRelease(&timeline, Qt::LeftButton, {}, {timeline.x_of(50'000), 60});
    QVERIFY(std::abs(timeline.range()->to_ms - 50'000) < 100);
    QCOMPARE(sought.count(), 0);
    timeline.set_position(30'000);
    QTest::keyClick(&timeline, Qt::Key_I);
    QCOMPARE(timeline.range()->from_ms, 30'000.0);
    QTest::keyClick(&timeline, Qt::Key_O);
    QCOMPARE(*timeline.range(), (TimeSpan{0, 30'000}));
    QVERIFY(timeline.accessibleDescription().contains("range from 0:00.000 to 0:30.000"));
    QTest::keyClick(&timeline, Qt::Key_Delete);
    QVERIFY(!timeline.range());

    timeline.zoom_in();
    timeline.zoom_in();  // a quarter, with the head in its middle
    QCOMPARE(timeline.visible_span(), (TimeSpan{22'500, 37'500}));
    QTest::keyClick(&timeline, Qt::Key_0);
    QCOMPARE(timeline.visible_span(), (TimeSpan{0, 60'000}));

    const QPoint mark(timeline.x_of(30'000), timeline.fontMetrics().height() * 2);
    QHelpEvent help(QEvent::ToolTip, mark, timeline.mapToGlobal(mark));
    QApplication::sendEvent(&timeline, &help);
    QVERIFY2(QToolTip::text().contains("0:30.000  dog #3 entered door"), qPrintable(QToolTip::text()));
    QToolTip::hideText();
  }

  void theTimeLineIsSeenWhileItHasTheFocus() {
    TimelineWidget timeline;
    timeline.resize(800, 150);
    timeline.set_duration(60'000);
    timeline.show();
    timeline.activateWindow();
    timeline.setFocus();
    QTRY_VERIFY(timeline.hasFocus());
    QCOMPARE(timeline.grab().toImage().pixelColor(790, 140), timeline.palette().color(QPalette::Base));
  }

  void timesAreWrittenShortly() {
    QCOMPARE(time_text(0), QString("0:00.000"));
    QCOMPARE(time_text(61'500, 1), QString("1:01.5"));
    QCOMPARE(time_text(59'999, 0), QString("1:00"));
    QCOMPARE(time_text(3'723'004), QString("1:02:03.004"));
  }
};
DUALSIGHT_UI_TEST(TimelineWidgetTest);

}  // namespace dualsight

#include "timeline_widget_test.moc"
