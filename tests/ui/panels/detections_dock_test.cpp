#include "ui/panels/detections_dock.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>

#include "tests/ui/support/ui_test.h"
#include "ui/panels/detections_model.h"

namespace dualsight {
namespace {

const QStringList names = {"person", "car"};

FrameRecord frame(double seconds, std::vector<Detection> detections) {
  FrameRecord record;
  record.source = "cam0";
  record.pts_ms = seconds * 1000;
  record.detections = std::move(detections);
  return record;
}

Detection person(qint64 id, float x = 10, float confidence = 0.5F) { return {0, confidence, {x, 20, x + 30, 60}, id}; }
Detection car(qint64 id) { return {1, 0.875F, {100, 200, 300, 350}, id}; }

struct Desk {
  Desk() {
    panel.resize(700, 300);
    panel.show();
    table = panel.findChild<QTableView*>("detectionsTable");
    summary = panel.findChild<QLabel*>("detectionsSummary");
  }
  QString text(int row, int column) const { return table->model()->index(row, column).data().toString(); }
  QStringList column(int column) const {
    QStringList texts;
    for (int row = 0; row < table->model()->rowCount(); ++row) texts.append(text(row, column));
    return texts;
  }
  QString selected_track() const {
    const QModelIndexList rows = table->selectionModel()->selectedRows(DetectionsModel::id);
    return rows.size() == 1 ? rows.front().data().toString() : QString();
  }
  void click(int row) {
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(row, 0)).center());
  }

  DetectionsPanel panel;
  QTableView* table = nullptr;
  QLabel* summary = nullptr;
};

}  // namespace

class DetectionsDockTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void shows_what_where_and_how_big() {
    Desk desk;
    desk.panel.update(frame(10, {car(4)}), names);
    desk.panel.update(frame(12.5, {car(4), person(0)}), names);
    QCOMPARE(desk.table->model()->rowCount(), 2);
    QStringList row;
    for (int column = 0; column < DetectionsModel::columns; ++column) row.append(desk.text(0, column));
    QCOMPARE(row, QStringList({"car", "0.88", "100", "200", "200", "150", "200, 275", "4", "2.5 s"}));
    QCOMPARE(desk.text(1, DetectionsModel::name), QString("person"));
    QCOMPARE(desk.text(1, DetectionsModel::id), QString());  // not tracked
    QCOMPARE(desk.text(1, DetectionsModel::age), QString());
    QCOMPARE(desk.panel.counts(), std::vector<int>({1, 1}));
  }

  void rows_stay_with_their_objects() {
    Desk desk;
    desk.panel.update(frame(1, {person(1), car(2), person(3)}), names);
    QSignalSpy reset(desk.table->model(), &QAbstractItemModel::modelReset);
    QSignalSpy inserted(desk.table->model(), &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(desk.table->model(), &QAbstractItemModel::rowsRemoved);
    desk.panel.update(frame(1.1, {person(3, 50), car(2), person(1, 70)}), names);  // in another order
    QCOMPARE(reset.count() + inserted.count() + removed.count(), 0);
    QCOMPARE(desk.column(DetectionsModel::id), QStringList({"1", "2", "3"}));
    QCOMPARE(desk.column(DetectionsModel::x), QStringList({"70", "100", "50"}));
    desk.panel.update(frame(1.2, {person(3), person(5)}), names);
    QCOMPARE(desk.column(DetectionsModel::id), QStringList({"3", "5"}));
    QCOMPARE(reset.count(), 0);
  }

  void untracked_objects_do_not_flicker_either() {
    Desk desk;
    desk.panel.update(frame(1, {person(0, 10), person(0, 20), car(0)}), names);
    QSignalSpy inserted(desk.table->model(), &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(desk.table->model(), &QAbstractItemModel::rowsRemoved);
    desk.panel.update(frame(1.1, {car(0), person(0, 11), person(0, 21)}), names);
    QCOMPARE(inserted.count() + removed.count(), 0);
    desk.panel.update(frame(1.2, {person(0, 12)}), names);
    QCOMPARE(desk.table->model()->rowCount(), 1);
  }

  void selection_stays_with_the_object() {
    Desk desk;
    QSignalSpy selected(&desk.panel, &DetectionsPanel::selected);
    desk.panel.update(frame(1, {person(1, 10, 0.9F), car(2), person(3, 10, 0.3F)}), names);
    desk.click(2);
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.last().at(0).toLongLong(), 3);
    desk.table->sortByColumn(DetectionsModel::confidence, Qt::DescendingOrder);
    for (int i = 0; i < 10; ++i) {  // two of them overtake each other, another goes
      desk.panel.update(frame(1.1 + i / 10.0, {person(1, 10, i % 2 == 0 ? 0.2F : 0.9F), person(3, 10, 0.5F)}), names);
      QCOMPARE(desk.selected_track(), QString("3"));
    }
    desk.panel.update(frame(3, {person(1)}), names);  // unseen for a frame
    QCOMPARE(desk.selected_track(), QString());
    desk.panel.update(frame(3.1, {person(1), person(3)}), names);
    QCOMPARE(desk.selected_track(), QString("3"));
    QCOMPARE(selected.count(), 1);  // the user has chosen nothing else
  }

  void is_selected_from_outside() {
    Desk desk;
    QSignalSpy selected(&desk.panel, &DetectionsPanel::selected);
    desk.panel.update(frame(1, {person(1), car(2)}), names);
    desk.panel.select(2);
    QCOMPARE(desk.selected_track(), QString("2"));
    desk.panel.select(0);
    QCOMPARE(desk.selected_track(), QString());
    QCOMPARE(selected.count(), 0);
  }

  void sorts_numbers_as_numbers() {
    Desk desk;
    desk.panel.update(frame(1, {person(9, 100), person(10, 20), person(0, 3)}), names);
    QCOMPARE(desk.column(DetectionsModel::id), QStringList({"9", "10", ""}));
    desk.table->sortByColumn(DetectionsModel::x, Qt::AscendingOrder);
    QCOMPARE(desk.column(DetectionsModel::x), QStringList({"3", "20", "100"}));
  }

  void age_begins_anew_with_a_file_that_begins_again() {
    Desk desk;
    desk.panel.update(frame(0, {person(1)}), names);
    desk.panel.update(frame(65, {person(1)}), names);
    QCOMPARE(desk.text(0, DetectionsModel::age), QString("65 s"));
    desk.panel.update(frame(0.5, {person(1)}), names);
    QCOMPARE(desk.text(0, DetectionsModel::age), QString("0.0 s"));
  }

  void copies_text_and_csv() {
    Desk desk;
    desk.panel.update(frame(1, {person(1), {0, 0.5F, {0, 0, 8, 9}, 2}}), {"person, sitting", "car"});
    desk.click(1);
    QVERIFY(QTest::qWaitForWindowActive(&desk.panel));
    desk.table->setFocus();
    QTest::keyClick(desk.table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(),
             QString("Class\tConfidence\tX\tY\tWidth\tHeight\tCentre\tTrack\tAge\n"
                     "person, sitting\t0.500\t0.0\t0.0\t8.0\t9.0\t4.0 4.5\t2\t0.0\n"));
    desk.table->clearSelection();
    desk.panel.findChild<QAction*>("copyDetectionsCsv")->trigger();
    QCOMPARE(QApplication::clipboard()->text(),
             QString("Class,Confidence,X,Y,Width,Height,Centre,Track,Age\n"
                     "\"person, sitting\",0.500,10.0,20.0,30.0,40.0,25.0 40.0,1,0.0\n"
                     "\"person, sitting\",0.500,0.0,0.0,8.0,9.0,4.0 4.5,2,0.0\n"));
  }

  void screen_readers_are_told_now_and_then() {
    Desk desk;
    QTest::qWait(2400);  // what was said at the beginning is past
    desk.panel.update(frame(1, {person(1), person(2), car(3)}), names);
    QCOMPARE(desk.summary->text(), QString("3 objects: person 2, car 1"));
    QCOMPARE(desk.summary->accessibleName(), QString("3 objects: person 2, car 1"));
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < 15; ++i) {
      desk.panel.update(frame(1.1 + i / 10.0, std::vector<Detection>(static_cast<std::size_t>(i % 3), car(0))), names);
      QTest::qWait(100);
      if (clock.elapsed() < 1800) QCOMPARE(desk.summary->accessibleName(), QString("3 objects: person 2, car 1"));
    }
    desk.panel.update(frame(3, {}), names);
    QCOMPARE(desk.summary->text(), QString("No objects"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.summary->accessibleName(), QString("No objects"), 2500);
  }

  void is_empty_when_the_source_was_closed() {
    Desk desk;
    desk.panel.update(frame(1, {person(1)}), names);
    desk.panel.clear();
    QCOMPARE(desk.table->model()->rowCount(), 0);
    QCOMPARE(desk.summary->text(), QString("No objects"));
  }

  void a_class_without_a_name_has_a_number() {
    Desk desk;
    desk.panel.update(frame(1, {{7, 0.5F, {0, 0, 1, 1}, 0}}), names);
    QCOMPARE(desk.text(0, DetectionsModel::name), QString("class 7"));
    QCOMPARE(desk.panel.counts(), std::vector<int>({0, 0}));
  }

  void many_objects_ten_times_a_second_are_no_burden() {
    Desk desk;
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < 20; ++i) {
      std::vector<Detection> crowd;
      for (int id = 1; id <= 300; ++id) crowd.push_back(person(id + i, static_cast<float>(id)));
      desk.panel.update(frame(i / 10.0, std::move(crowd)), names);
      QApplication::processEvents();
    }
    QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));  // 100 ms each
  }
};

DUALSIGHT_UI_TEST(DetectionsDockTest);

}  // namespace dualsight

#include "detections_dock_test.moc"
