#include "ui/panels/zones_dock.h"

#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTimer>
#include <memory>

#include "tests/ui/support/regions.h"
#include "tests/ui/support/ui_test.h"
#include "ui/live/video_view.h"

namespace dualsight {

class ZonesDockTest : public QObject {
  Q_OBJECT

  std::unique_ptr<ZonesDock> dock_;

  QTableWidget* table() { return dock_->findChild<QTableWidget*>("zonesTable"); }
  QString cell(int row, const QString& header) {
    for (int c = 0; c < table()->columnCount(); ++c) {
      if (table()->horizontalHeaderItem(c)->text() == header) return table()->item(row, c)->text();
    }
    return "no such column";
  }
  void write(int row, int column, const QString& text) { table()->item(row, column)->setText(text); }
  QString hint() { return dock_->findChild<QLabel*>("zonesHint")->text(); }
  void press(const char* button) { dock_->findChild<QPushButton*>(button)->click(); }
  void count(const char* name, Event event, int64_t track, const char* direction = "") {
    EventRecord record;
    record.zone = name;
    record.event = event;
    record.detection.track_id = track;
    record.direction = direction;
    dock_->count(record);
  }

 private Q_SLOTS:
  void init() {
    dock_ = std::make_unique<ZonesDock>();
    dock_->set_class_names({"person", "traffic light", "dog", "a,b"});
    dock_->show();
  }

  void text_goes_there_and_back() {
    const std::vector<Region> all = {
        zone("door", {{0.1, 0.2}, {0.5, 0.2}, {0.5, 0.9}}, {"person", "traffic light"}),
        zone("入口 2", {{0, 0}, {1, 0}, {1.0 / 3, 0.00001}, {0.123456789, 1}}),
        line("kerb", {{0.1, 0.5}, {0.9, 0.45}}),
    };
    QCOMPARE(to_text(all[0]), QString("door=0.1,0.2 0.5,0.2 0.5,0.9;person,traffic light"));
    QCOMPARE(to_text(all[2]), QString("line:kerb=0.1,0.5 0.9,0.45"));
    for (const Region& region : all) {
      const auto read = region_from_text(to_text(region));
      QVERIFY(static_cast<bool>(read));
      QVERIFY(*read == region);
      QVERIFY(can_be_kept(region));
    }
    QVERIFY(!region_from_text("door=0.1,0.2"));
    QVERIFY(!can_be_kept(zone("a=b", square)));
    QVERIFY(!can_be_kept(zone("line:a", square)));
    QVERIFY(!can_be_kept(zone(" a", square)));
    QVERIFY(!can_be_kept(zone("", square)));
    QVERIFY(!can_be_kept(zone("a", square, {"a,b"})));
  }

  void settings_come_and_go() {
    QSignalSpy spy(dock_.get(), &ZonesDock::regions_changed);
    const QStringList text = {"door=0.1,0.2 0.5,0.2 0.5,0.9;person", "line:kerb=0.1,0.5 0.9,0.45"};
    dock_->set_text(text + QStringList{"broken", "door=0,0 1,0 1,1"});  // the second door is left out
    QCOMPARE(dock_->text(), text);
    QCOMPARE(spy.count(), 1);
    dock_->set_text(text);
    QCOMPARE(spy.count(), 1);
    QCOMPARE(table()->rowCount(), 2);
    QCOMPARE(cell(0, "Name"), QString("door"));
    QCOMPARE(cell(0, "Classes"), QString("person"));
    QCOMPARE(cell(1, "Kind"), QString("line"));
    QCOMPARE(cell(1, "Classes"), QString("all"));
    QCOMPARE(cell(1, "Corners"), QString("0.1,0.5 0.9,0.45"));
  }

  void names_are_unique_and_can_be_kept() {
    dock_->set_regions({zone("a", square), zone("b", square)});
    QSignalSpy spy(dock_.get(), &ZonesDock::regions_changed);
    for (const char* bad : {"b", "", "x=y", "line:x"}) {
      write(0, 0, bad);
      QCOMPARE(cell(0, "Name"), QString("a"));
      QVERIFY(!hint().isEmpty());
    }
    QCOMPARE(spy.count(), 0);
    write(0, 0, "  入口  ");
    QCOMPARE(spy.count(), 1);
    QVERIFY(hint().isEmpty());
    QCOMPARE(dock_->regions()[0], zone("入口", square));
  }

  void corners_can_be_written() {
    dock_->set_regions({zone("a", square)});
    write(0, 4, "0,0 1,0 0.5,1");
    QCOMPARE(dock_->regions()[0], zone("a", {{0, 0}, {1, 0}, {0.5, 1}}));
    write(0, 4, "0,0 2,0 0.5,1");
    QVERIFY(hint().contains("from 0 to 1"));
    QCOMPARE(cell(0, "Corners"), QString("0,0 1,0 0.5,1"));
  }

  void it_counts() {
    dock_->set_regions({zone("door", square), line("kerb", {{0, 0}, {1, 1}})});
    count("door", Event::entered, 1);
    count("door", Event::entered, 2);
    count("door", Event::left, 1);
    count("kerb", Event::crossed, 1, "forward");
    count("kerb", Event::crossed, 1, "backward");
    count("kerb", Event::crossed, 2, "forward");
    count("", Event::appeared, 3);
    dock_->set_inside({{"door", 3}});  // two were there when it was drawn
    QCOMPARE(cell(0, "Counts"), QString("3 now (2 in, 1 out)"));
    QCOMPARE(cell(1, "Counts"), QString("2 forward, 1 back"));
    press("resetCounts");
    QCOMPARE(cell(0, "Counts"), QString("3 now (0 in, 0 out)"));  // objects inside stay counted
    QCOMPARE(cell(1, "Counts"), QString("0 forward, 0 back"));
    count("door", Event::left, 2);
    dock_->set_inside({});
    QCOMPARE(cell(0, "Counts"), QString("0 now (0 in, 1 out)"));
  }

  void counts_go_with_a_new_name() {
    dock_->set_regions({zone("door", square)});
    count("door", Event::entered, 1);
    write(0, 0, "gate");
    QCOMPARE(cell(0, "Counts"), QString("0 now (1 in, 0 out)"));  // until set_inside() tells how many are inside
    dock_->set_inside({{"gate", 1}});
    QCOMPARE(cell(0, "Counts"), QString("1 now (1 in, 0 out)"));
  }

  void classes_are_ticked() {
    dock_->set_regions({zone("a", square, {"dog", "zebra"})});
    dock_->select(0);
    table()->setCurrentCell(0, 3);
    QTimer::singleShot(0, dock_.get(), [this] {
      auto* menu = dock_->findChild<QMenu*>("classesMenu");
      auto* list = menu->findChild<QListWidget*>("classesList");
      QCOMPARE(list->count(), 5);  // the model's four, and zebra of another model
      QCOMPARE(list->item(0)->checkState(), Qt::Unchecked);
      QCOMPARE(list->item(2)->checkState(), Qt::Checked);
      QVERIFY(!(list->item(3)->flags() & Qt::ItemIsEnabled));  // "a,b" cannot be kept
      list->item(1)->setCheckState(Qt::Checked);
      list->setCurrentRow(0);
      QTest::keyClick(list, Qt::Key_Space);
      menu->close();
    });
    QTest::keyClick(table(), Qt::Key_F4);
    QCOMPARE(dock_->regions()[0].classes, (std::vector<std::string>{"person", "traffic light", "dog", "zebra"}));
    QCOMPARE(cell(0, "Classes"), QString("person, traffic light, dog, zebra"));
    QTimer::singleShot(0, dock_.get(), [this] {
      auto* menu = dock_->findChild<QMenu*>("classesMenu");
      menu->setActiveAction(menu->actions().last());
      QTest::keyClick(menu, Qt::Key_Return);
    });
    QTest::keyClick(table(), Qt::Key_F4);
    QCOMPARE(cell(0, "Classes"), QString("all"));
  }

  void lines_are_turned_and_rows_removed() {
    dock_->set_regions({zone("a", square), line("b", {{0, 0.5}, {1, 0.5}})});
    auto* flip = dock_->findChild<QPushButton*>("flipLine");
    auto* remove = dock_->findChild<QPushButton*>("removeZone");
    QVERIFY(!remove->isEnabled());
    dock_->select(0);
    QVERIFY(remove->isEnabled() && !flip->isEnabled());
    dock_->select(1);
    flip->click();
    QCOMPARE(dock_->regions()[1], line("b", {{1, 0.5}, {0, 0.5}}));
    remove->click();
    QCOMPARE(dock_->regions(), std::vector{zone("a", square)});
    QCOMPARE(dock_->selected(), 0);
  }

  // As the main window joins them.
  void picture_and_panel_agree() {
    VideoView view;
    view.resize(400, 300);
    ShownFrame frame;
    frame.bgr = cv::Mat(300, 400, CV_8UC3, cv::Scalar(60, 60, 60));
    view.set_frame(frame);
    view.show();
    connect(dock_.get(), &ZonesDock::regions_changed, &view, [&] { view.set_regions(dock_->regions()); });
    connect(dock_.get(), &ZonesDock::draw_requested, &view, &VideoView::draw_region);
    connect(dock_.get(), &ZonesDock::edit_requested, &view, &VideoView::edit_region);
    connect(&view, &VideoView::regions_edited, dock_.get(), &ZonesDock::set_regions);
    connect(&view, &VideoView::region_chosen, dock_.get(), &ZonesDock::select);
    connect(&view, &VideoView::edit_ended, dock_.get(), [&] { dock_->set_editing(false); });
    QSignalSpy editing(dock_.get(), &ZonesDock::editing_changed);
    const auto click = [&](int x, int y) { QTest::mouseClick(&view, Qt::LeftButton, {}, {x, y}); };

    press("addZone");
    QVERIFY(view.drawing());
    QCOMPARE(editing.count(), 1);
    for (const QPoint& at : {QPoint(100, 60), QPoint(300, 60), QPoint(200, 240)}) click(at.x(), at.y());
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(cell(0, "Name"), QString("Zone 1"));
    QCOMPARE(dock_->selected(), 0);
    QCOMPARE(view.editor().chosen(), 0);  // and can be changed at once

    press("addLine");
    click(40, 270);
    click(360, 270);
    QCOMPARE(dock_->text().last(), QString("line:Line 1=0.1,0.9 0.9,0.9"));
    QCOMPARE(dock_->selected(), 1);
    QCOMPARE(view.editor().chosen(), 1);
    click(200, 100);  // in the zone
    QCOMPARE(dock_->selected(), 0);

    write(0, 0, "door");
    press("removeZone");
    QCOMPARE(dock_->text(), QStringList("line:Line 1=0.1,0.9 0.9,0.9"));
    QCOMPARE(view.editor().chosen(), 0);
    QTest::keyClick(&view, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(cell(0, "Name"), QString("door"));
    QCOMPARE(dock_->selected(), 0);
    QTest::keyClick(&view, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(cell(0, "Name"), QString("Zone 1"));
    QTest::keyClick(&view, Qt::Key_Delete);
    QTest::keyClick(&view, Qt::Key_Delete);
    QCOMPARE(table()->rowCount(), 0);
    QCOMPARE(view.editor().chosen(), -1);
    QTest::keyClick(&view, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(dock_->text(), QStringList("line:Line 1=0.1,0.9 0.9,0.9"));
    QCOMPARE(view.editor().chosen(), 0);
    QTest::keyClick(&view, Qt::Key_Escape);
    QCOMPARE(view.editor().chosen(), -1);
    QVERIFY(!dock_->findChild<QPushButton*>("editZones")->isChecked());
  }
};

DUALSIGHT_UI_TEST(ZonesDockTest);

}  // namespace dualsight

#include "zones_dock_test.moc"
