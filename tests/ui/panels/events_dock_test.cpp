#include "ui/panels/events_dock.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>

#include "tests/ui/support/ui_test.h"
#include "ui/panels/events_model.h"

namespace dualsight {
namespace {

const QStringList names = {"person", "car"};

EventRecord record_of(Event kind, int class_id, qint64 track, int64_t frame = 0) {
  EventRecord record;
  record.source = "cam0";
  record.frame = frame;
  record.timestamp = UtcTime(std::chrono::seconds(1'700'000'000));  // 2023-11-14T22:13:20Z
  record.event = kind;
  record.detection = {class_id, 0.5F, {0, 0, 10, 10}, track};
  return record;
}

struct Desk {
  Desk() {
    panel.resize(800, 300);
    panel.show();
    table = panel.findChild<QTableView*>("eventsTable");
  }
  int rows() const { return table->model()->rowCount(); }
  QString text(int row, int column) const { return table->model()->index(row, column).data().toString(); }
  void add(const EventRecord& record, const QString& recording = {}, double seconds = 0) {
    panel.add(record, names, {});
    if (!recording.isEmpty()) panel.locate(record, recording, seconds);
  }
  void choose(const char* combo, const QString& text) {
    auto* box = panel.findChild<QComboBox*>(combo);
    QVERIFY2(box->findText(text) >= 0, qPrintable(text));
    box->setCurrentIndex(box->findText(text));
  }

  EventsPanel panel;
  QTableView* table = nullptr;
};

}  // namespace

class EventsDockTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void newest_is_on_top() {
    Desk desk;
    desk.add(record_of(Event::appeared, 0, 7));
    EventRecord left = record_of(Event::left, 1, 8);
    left.zone = "gate";
    left.seconds = 12.44;
    desk.add(left);
    EventRecord crossed = record_of(Event::crossed, 0, 9);
    crossed.zone = "line";
    crossed.direction = "backward";
    desk.add(crossed);
    QCOMPARE(desk.rows(), 3);
    QCOMPARE(desk.text(0, EventsModel::event), QString("crossed"));
    QCOMPARE(desk.text(0, EventsModel::details), QString("backward"));
    QCOMPARE(desk.text(1, EventsModel::event), QString("left"));
    QCOMPARE(desk.text(1, EventsModel::name), QString("car"));
    QCOMPARE(desk.text(1, EventsModel::track), QString("8"));
    QCOMPARE(desk.text(1, EventsModel::zone), QString("gate"));
    QCOMPARE(desk.text(1, EventsModel::details), QString("after 12.4 s"));
    QCOMPARE(desk.text(2, EventsModel::event), QString("appeared"));
    QCOMPARE(desk.panel.findChild<QLabel*>("eventCount")->text(), QString("3 events"));
  }

  void keeps_two_thousand() {
    Desk desk;
    for (int i = 1; i <= 2005; ++i) desk.add(record_of(Event::appeared, 0, i));
    QCOMPARE(desk.rows(), 2000);
    QCOMPARE(desk.text(0, EventsModel::track), QString("2005"));
    QCOMPARE(desk.text(1999, EventsModel::track), QString("6"));
  }

  void shows_small_pictures() {
    Desk desk;
    QImage large(800, 600, QImage::Format_RGB32);
    large.fill(Qt::red);
    desk.panel.add(record_of(Event::appeared, 0, 1), names, large);
    const auto thumbnail = desk.table->model()->index(0, EventsModel::picture).data(Qt::DecorationRole).value<QImage>();
    QVERIFY(!thumbnail.isNull());
    QVERIFY(thumbnail.height() <= desk.table->rowHeight(0));
    QCOMPARE(thumbnail.pixelColor(0, 0), QColor(Qt::red));
    QCOMPARE(qRound(3.0 * thumbnail.width() / thumbnail.height()), 4);
  }

  void filters_by_kind_and_class() {
    Desk desk;
    desk.add(record_of(Event::appeared, 0, 1));
    desk.add(record_of(Event::appeared, 1, 2));
    desk.add(record_of(Event::ended, 1, 2));
    desk.choose("eventKinds", "appeared");
    QCOMPARE(desk.rows(), 2);
    desk.choose("eventClasses", "car");
    QCOMPARE(desk.rows(), 1);
    QCOMPARE(desk.text(0, EventsModel::track), QString("2"));
    QCOMPARE(desk.panel.findChild<QLabel*>("eventCount")->text(), QString("1 of 3 events"));
    desk.add(record_of(Event::appeared, 1, 5));  // those that come are filtered, too
    desk.add(record_of(Event::appeared, 0, 6));
    QCOMPARE(desk.rows(), 2);
    desk.choose("eventKinds", "All");
    desk.choose("eventClasses", "All");
    QCOMPARE(desk.rows(), 5);
  }

  void jumps_into_a_recording() {
    Desk desk;
    QSignalSpy jumped(&desk.panel, &EventsPanel::jump_requested);
    desk.add(record_of(Event::appeared, 0, 1, 120), "/videos/a.mkv", 4.5);
    desk.add(record_of(Event::appeared, 0, 2, 240));
    const auto double_click = [&](int row) {
      const QPoint place = desk.table->visualRect(desk.table->model()->index(row, EventsModel::event)).center();
      QTest::mouseClick(desk.table->viewport(), Qt::LeftButton, {}, place);
      QTest::mouseDClick(desk.table->viewport(), Qt::LeftButton, {}, place);
    };
    double_click(0);
    QCOMPARE(jumped.count(), 0);  // nothing was recorded then
    double_click(1);
    QCOMPARE(jumped.count(), 1);
    QCOMPARE(jumped.last().at(0).toString(), QString("/videos/a.mkv"));
    QCOMPARE(jumped.last().at(1).toDouble(), 4.5);
    desk.table->setFocus();
    QTest::keyClick(desk.table, Qt::Key_Return);
    QCOMPARE(jumped.count(), 2);
  }

  void is_told_later_where_it_was_recorded() {
    Desk desk;
    const EventRecord entered = record_of(Event::entered, 0, 1, 120);
    desk.add(entered);
    EventRecord later = entered;  // the same file once more
    later.timestamp += std::chrono::seconds(10);
    desk.add(later);
    desk.panel.locate(entered, "/videos/a.mkv", 4.5);
    QCOMPARE(desk.text(0, EventsModel::recording), QString());
    QCOMPARE(desk.text(1, EventsModel::recording), QString("a.mkv"));
    desk.panel.locate(later, "/videos/b.mkv", 1);
    QCOMPARE(desk.text(0, EventsModel::recording), QString("b.mkv"));
    desk.panel.locate(record_of(Event::ended, 0, 1, 120), "/videos/c.mkv", 2);  // of none of them
    QCOMPARE(desk.text(0, EventsModel::recording), QString("b.mkv"));
    QCOMPARE(desk.text(1, EventsModel::recording), QString("a.mkv"));
  }

  void is_cleared() {
    Desk desk;
    auto* clear = desk.panel.findChild<QPushButton*>("clearEvents");
    QVERIFY(!clear->isEnabled());
    desk.add(record_of(Event::appeared, 0, 1));
    QTest::mouseClick(clear, Qt::LeftButton);
    QCOMPARE(desk.rows(), 0);
    QVERIFY(!clear->isEnabled());
  }

  void csv_is_for_machines() {
    Desk desk;
    EventRecord left = record_of(Event::left, 0, 3);
    left.zone = "gate, \"north\"";
    left.seconds = 1.5;
    desk.add(left, "/videos/a.mkv");
    desk.add(record_of(Event::appeared, 1, 4));
    const QString expected =
        "Time,Event,Class,Track,Zone or line,Details,Recording\n"
        "2023-11-14T22:13:20.000Z,new,car,4,,,\n"
        "2023-11-14T22:13:20.000Z,leave,person,3,\"gate, \"\"north\"\"\",1.500,/videos/a.mkv\n";
    QCOMPARE(desk.panel.csv(), expected);

    QTemporaryDir folder;
    QTest::mouseClick(desk.panel.findChild<QPushButton*>("exportEvents"), Qt::LeftButton);
    auto* dialog = desk.panel.findChild<QFileDialog*>("exportDialog");
    QVERIFY(dialog != nullptr);
    Q_EMIT dialog->fileSelected(folder.filePath("events.csv"));
    dialog->close();
    QFile file(folder.filePath("events.csv"));
    QTRY_VERIFY(file.exists());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), expected);
  }

  void a_failed_export_is_told() {
    Desk desk;
    QSignalSpy failed(&desk.panel, &EventsPanel::export_failed);
    desk.add(record_of(Event::appeared, 0, 1));
    QTest::mouseClick(desk.panel.findChild<QPushButton*>("exportEvents"), Qt::LeftButton);
    auto* dialog = desk.panel.findChild<QFileDialog*>("exportDialog");
    Q_EMIT dialog->fileSelected("/nonexistent/events.csv");
    dialog->close();
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(failed.last().at(0).toString().startsWith("/nonexistent/events.csv: "));
  }

  void selected_rows_are_copied() {
    Desk desk;
    desk.add(record_of(Event::appeared, 0, 1));
    desk.add(record_of(Event::ended, 1, 2));
    desk.table->selectRow(1);
    QVERIFY(QTest::qWaitForWindowActive(&desk.panel));
    desk.table->setFocus();
    QTest::keyClick(desk.table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QString("Time\tEvent\tClass\tTrack\tZone or line\tDetails\tRecording\n"
                                                        "2023-11-14T22:13:20.000Z\tnew\tperson\t1\t\t\t\n"));
  }

  void who_reads_further_down_goes_on_reading() {
    Desk desk;
    for (int i = 1; i <= 50; ++i) desk.add(record_of(Event::appeared, 0, i));
    QApplication::processEvents();
    const auto topmost = [&] { return desk.text(desk.table->rowAt(2), EventsModel::track); };
    QCOMPARE(topmost(), QString("50"));
    desk.add(record_of(Event::appeared, 0, 51));
    QApplication::processEvents();
    QCOMPARE(topmost(), QString("51"));  // a view at the top follows the newest row
    desk.table->verticalScrollBar()->setValue(desk.table->rowHeight(0) * 10);
    QCOMPARE(topmost(), QString("41"));
    for (int i = 52; i <= 60; ++i) desk.add(record_of(Event::appeared, 0, i));
    QApplication::processEvents();
    QCOMPARE(topmost(), QString("41"));
  }
};

DUALSIGHT_UI_TEST(EventsDockTest);

}  // namespace dualsight

#include "events_dock_test.moc"
