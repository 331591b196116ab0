#include "ui/live/zone_editor.h"

#include <QCheckBox>
#include <QMenu>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <memory>

#include "tests/ui/support/regions.h"
#include "tests/ui/support/ui_test.h"
#include "ui/live/video_view.h"

namespace dualsight {

// The picture is 400 x 300, as is the view: pixels of one are pixels of the other.
class ZoneEditorTest : public QObject {
  Q_OBJECT

  std::unique_ptr<VideoView> view_;
  std::vector<Region> last_;  // of the last regions_edited()

  void click(int x, int y) { QTest::mouseClick(view_.get(), Qt::LeftButton, {}, {x, y}); }
  void key(int code, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(view_.get(), Qt::Key(code), modifiers); }
  void move(int x, int y, Qt::MouseButtons buttons = Qt::LeftButton) {
    QMouseEvent event(QEvent::MouseMove, QPointF(x, y), view_->mapToGlobal(QPointF(x, y)), Qt::NoButton, buttons, {});
    QApplication::sendEvent(view_.get(), &event);
  }
  void drag(const QPoint& from, const QPoint& to) {
    QTest::mousePress(view_.get(), Qt::LeftButton, {}, from);
    move((from.x() + to.x()) / 2, (from.y() + to.y()) / 2);
    move(to.x(), to.y());
    QTest::mouseRelease(view_.get(), Qt::LeftButton, {}, to);
  }
  const std::vector<Region>& regions() { return view_->editor().regions(); }
  const Points& points(std::size_t region = 0) { return regions().at(region).points; }
  int chosen() { return view_->editor().chosen(); }

 private Q_SLOTS:
  void init() {
    view_ = std::make_unique<VideoView>();
    view_->resize(400, 300);
    ShownFrame frame;
    frame.bgr = cv::Mat(300, 400, CV_8UC3, cv::Scalar(60, 60, 60));
    view_->set_frame(frame);
    view_->show();
    last_.clear();
    connect(view_.get(), &VideoView::regions_edited, this, [this](const std::vector<Region>& now) { last_ = now; });
  }

  void corners_are_clicked_and_enter_ends_it() {
    QSignalSpy ended(view_.get(), &VideoView::drawing_ended);
    view_->draw_region(false);
    click(100, 60);
    click(300, 60);
    key(Qt::Key_Return);  // two corners are no zone
    QVERIFY(view_->drawing());
    click(200, 240);
    key(Qt::Key_Return);
    QVERIFY(!view_->drawing());
    QCOMPARE(ended.count(), 1);
    QCOMPARE(last_, std::vector{zone("Zone 1", {{0.25, 0.2}, {0.75, 0.2}, {0.5, 0.8}})});
    QCOMPARE(regions(), last_);
  }

  void a_double_click_ends_it() {
    view_->draw_region(false);
    click(100, 60);
    click(300, 60);
    click(200, 240);  // the first half of the double click
    QTest::mouseDClick(view_.get(), Qt::LeftButton, {}, {200, 240});
    QVERIFY(!view_->drawing());
    QCOMPARE(points(), (Points{{0.25, 0.2}, {0.75, 0.2}, {0.5, 0.8}}));
    QCOMPARE(view_->zoom(), 1.0);  // it does not do what it does elsewhere, too
  }

  void a_click_on_the_first_corner_ends_it() {
    view_->draw_region(false);
    click(100, 60);
    click(300, 60);
    click(200, 240);
    click(102, 59);
    QVERIFY(!view_->drawing());
    QCOMPARE(points(), (Points{{0.25, 0.2}, {0.75, 0.2}, {0.5, 0.8}}));
    // Its second half, when it was a double click.
    QMouseEvent second(QEvent::MouseButtonDblClick, {102, 59}, view_->mapToGlobal(QPointF(102, 59)), Qt::LeftButton,
                       Qt::LeftButton, {});
    QApplication::sendEvent(view_.get(), &second);
    QCOMPARE(view_->zoom(), 1.0);
  }

  void a_line_has_two_ends() {
    view_->draw_region(true);
    click(40, 150);
    click(40, 150);  // the same place is no end
    QVERIFY(view_->drawing());
    click(360, 150);
    QVERIFY(!view_->drawing());
    QCOMPARE(last_, std::vector{line("Line 1", {{0.1, 0.5}, {0.9, 0.5}})});
  }

  void escape_takes_back_all_and_backspace_one() {
    view_->draw_region(false);
    click(100, 60);
    click(300, 60);
    click(20, 20);
    key(Qt::Key_Backspace);
    click(200, 240);
    key(Qt::Key_Enter);
    QCOMPARE(points(), (Points{{0.25, 0.2}, {0.75, 0.2}, {0.5, 0.8}}));
    view_->draw_region(false);
    click(100, 60);
    key(Qt::Key_Escape);
    QVERIFY(!view_->drawing());
    QCOMPARE(regions().size(), std::size_t(1));
  }

  void clicks_beside_the_picture_are_at_its_edge() {
    view_->resize(500, 300);  // 50 to its left and right
    view_->draw_region(true);
    click(10, 150);
    click(490, 0);
    QCOMPARE(points(), (Points{{0, 0.5}, {1, 0}}));
  }

  void zones_are_drawn_while_zoomed() {
    view_->zoom_in();  // by 1.25 around the middle: 500 x 375, from -50, -37.5
    view_->draw_region(true);
    click(50, 150);   // 100 of 500, 187.5 of 375
    click(350, 150);  // 400 of 500
    QCOMPARE(points(), (Points{{0.2, 0.5}, {0.8, 0.5}}));
  }

  void without_a_mouse() {
    view_->draw_region(true);  // the cross hair is in the middle
    key(Qt::Key_Space);
    for (int i = 0; i < 4; ++i) key(Qt::Key_Right, Qt::ShiftModifier);
    for (int i = 0; i < 3; ++i) key(Qt::Key_Down);
    key(Qt::Key_Space);
    QCOMPARE(points(), (Points{{0.5, 0.5}, {0.6, 0.51}}));  // 40 of 400, 3 of 300
  }

  void names_are_free_ones() {
    view_->set_regions({zone("Zone 1", square), line("Line 2", {{0, 0}, {1, 1}})});
    for (const bool is_line : {false, true}) {
      view_->draw_region(is_line);
      for (const QPoint& at : {QPoint(10, 10), QPoint(60, 10), QPoint(60, 60)}) {
        if (view_->drawing()) click(at.x(), at.y());
      }
      key(Qt::Key_Return);
    }
    QCOMPARE(regions().at(2).name, std::string("Zone 2"));
    QCOMPARE(regions().at(3).name, std::string("Line 1"));
  }

  void corners_are_dragged() {
    view_->set_regions({zone("a", square)});
    drag({100, 75}, {40, 30});
    QCOMPARE(points(), square);  // not while it is not edited
    view_->edit_region(0);
    drag({100, 75}, {40, 30});
    QCOMPARE(points(), (Points{{0.1, 0.1}, {0.5, 0.25}, {0.5, 0.5}, {0.25, 0.5}}));
    QCOMPARE(last_, regions());
    drag({40, 30}, {-200, -200});
    QCOMPARE(points()[0], (std::array<double, 2>{0, 0}));
  }

  void the_whole_is_dragged_and_stays_in_the_picture() {
    view_->set_regions({zone("a", square)});
    view_->edit_region(0);
    drag({150, 110}, {190, 140});  // by 0.1, 0.1
    QCOMPARE(points(), (Points{{0.35, 0.35}, {0.6, 0.35}, {0.6, 0.6}, {0.35, 0.6}}));
    drag({190, 140}, {2000, 140});
    QCOMPARE(points(), (Points{{0.75, 0.35}, {1, 0.35}, {1, 0.6}, {0.75, 0.6}}));
  }

  void escape_ends_a_drag_as_it_was() {
    view_->set_regions({zone("a", square)});
    view_->edit_region(0);
    QTest::mousePress(view_.get(), Qt::LeftButton, {}, {150, 110});
    move(190, 140);
    QVERIFY(points() != square);
    key(Qt::Key_Escape);
    QTest::mouseRelease(view_.get(), Qt::LeftButton, {}, {190, 140});
    QCOMPARE(points(), square);
    QVERIFY(last_.empty());
  }

  void another_one_is_chosen_by_a_click() {
    view_->set_regions({zone("a", square), line("b", {{0.1, 0.9}, {0.9, 0.9}})});
    view_->edit_region(0);
    QSignalSpy spy(view_.get(), &VideoView::region_chosen);
    click(200, 270);  // on the line
    QCOMPARE(chosen(), 1);
    QCOMPARE(spy.takeFirst().first().toInt(), 1);
    click(200, 220);  // on nothing
    QCOMPARE(chosen(), 1);
    click(150, 110);
    QCOMPARE(chosen(), 0);
  }

  void tab_picks_corners_and_arrows_move_them() {
    view_->set_regions({zone("a", square), line("b", {{0.1, 0.9}, {0.9, 0.9}})});
    view_->edit_region(0);
    view_->setFocus();
    key(Qt::Key_Tab);
    key(Qt::Key_Tab);
    QCOMPARE(view_->editor().corner(), 1);
    key(Qt::Key_Right);                    // 1 of 400
    key(Qt::Key_Down, Qt::ShiftModifier);  // 10 of 300
    QCOMPARE(points()[1], (std::array<double, 2>{0.5025, 0.28333}));
    key(Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(view_->editor().corner(), 0);
    for (int i = 0; i < 4; ++i) key(Qt::Key_Tab);  // three more, then the next one's first
    QCOMPARE(chosen(), 1);
    QCOMPARE(view_->editor().corner(), 0);
    key(Qt::Key_Escape);  // no corner
    key(Qt::Key_Up);      // the whole
    QCOMPARE(points(1), (Points{{0.1, 0.89667}, {0.9, 0.89667}}));
  }

  // Who works by keyboard gets out again.
  void tab_leaves_after_the_last_corner() {
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    column->addWidget(view_.release());  // the window's now
    column->addWidget(new QCheckBox(&window));
    auto* view = window.findChild<VideoView*>();
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    view->set_regions({line("b", {{0.1, 0.9}, {0.9, 0.9}})});
    view->edit_region(0);
    view->setFocus();
    for (int i = 0; i < 2; ++i) QTest::keyClick(view, Qt::Key_Tab);
    QVERIFY(view->hasFocus());
    QTest::keyClick(view, Qt::Key_Tab);
    QVERIFY(!view->hasFocus());
  }

  void delete_takes_a_corner_or_all() {
    view_->set_regions({zone("a", square), line("b", {{0.1, 0.9}, {0.9, 0.9}})});
    view_->edit_region(0);
    click(200, 75);  // the second corner
    key(Qt::Key_Delete);
    QCOMPARE(points(), (Points{{0.25, 0.25}, {0.5, 0.5}, {0.25, 0.5}}));
    key(Qt::Key_Escape);
    key(Qt::Key_Delete);
    QCOMPARE(regions(), std::vector{line("b", {{0.1, 0.9}, {0.9, 0.9}})});
    QCOMPARE(chosen(), 0);
    key(Qt::Key_Delete);
    QVERIFY(regions().empty());
    QCOMPARE(chosen(), -1);
    for (int i = 0; i < 3; ++i) key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(regions(), (std::vector{zone("a", square), line("b", {{0.1, 0.9}, {0.9, 0.9}})}));
  }

  void a_line_is_turned() {
    view_->set_regions({line("b", {{0.1, 0.9}, {0.8, 0.7}})});
    view_->edit_region(0);
    key(Qt::Key_F);
    QCOMPARE(points(), (Points{{0.8, 0.7}, {0.1, 0.9}}));
  }

  void a_double_click_on_an_edge_adds_a_corner() {
    view_->set_regions({zone("a", square)});
    view_->edit_region(0);
    QTest::mouseDClick(view_.get(), Qt::LeftButton, {}, {160, 75});
    QCOMPARE(points(), (Points{{0.25, 0.25}, {0.4, 0.25}, {0.5, 0.25}, {0.5, 0.5}, {0.25, 0.5}}));
    QCOMPARE(view_->zoom(), 1.0);
  }

  void everything_can_be_undone() {
    view_->set_regions({zone("a", square)});
    view_->edit_region(0);
    QVERIFY(!view_->editor().can_undo());
    drag({150, 110}, {190, 140});
    const auto dragged = regions();
    key(Qt::Key_Tab);
    for (int i = 0; i < 5; ++i) key(Qt::Key_Left);  // one change
    const auto nudged = regions();
    auto renamed = nudged;  // from outside, as the panel does
    renamed[0].name = "b";
    view_->set_regions(renamed);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(regions(), nudged);
    QCOMPARE(last_, nudged);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(regions(), dragged);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(points(), square);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(points(), square);
    for (int i = 0; i < 5; ++i) key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(regions(), renamed);
    QCOMPARE(last_, renamed);
  }

  void what_is_loaded_cannot_be_undone() {
    view_->set_regions({zone("a", square)});
    QVERIFY(!view_->editor().can_undo());
  }

  // Sliders and settings tell the regions again and again.
  void the_same_regions_again_disturb_no_drag() {
    const std::vector<Region> all = {zone("a", square)};
    view_->set_regions(all);
    view_->edit_region(0);
    QTest::mousePress(view_.get(), Qt::LeftButton, {}, {100, 75});
    move(60, 60);
    view_->set_regions(all);
    move(40, 30);
    QTest::mouseRelease(view_.get(), Qt::LeftButton, {}, {40, 30});
    QCOMPARE(points()[0], (std::array<double, 2>{0.1, 0.1}));
    view_->editor().undo();
    QCOMPARE(regions(), all);
  }

  void escape_ends_editing_at_last() {
    view_->set_regions({zone("a", square)});
    view_->edit_region(0);
    QSignalSpy spy(view_.get(), &VideoView::edit_ended);
    key(Qt::Key_Tab);
    key(Qt::Key_Escape);
    QCOMPARE(spy.count(), 0);
    key(Qt::Key_Escape);
    QCOMPARE(spy.count(), 1);
  }

  // Edited or not, a zone is highlighted by its name.
  void occupied_zones_are_highlighted() {
    view_->set_regions({zone("door", square)});
    const auto middle = [&](const QStringList& occupied) {
      view_->set_occupied(occupied);
      return view_->grab().toImage().pixelColor(150, 110).red();
    };
    for (const int edited : {-1, 0}) {
      view_->edit_region(edited);
      QCOMPARE(middle({"gate"}), middle({}));
      QVERIFY(middle({"door"}) > middle({}) + 20);
    }
  }

  void the_menu_fits_what_is_under_it() {
    view_->set_regions({zone("a", square), line("b & c", {{0.1, 0.9}, {0.9, 0.9}})});
    const auto texts = [&](const QPointF& at) {
      QMenu menu;
      QStringList out;
      if (!view_->editor().fill_menu(menu, at)) return out;
      for (const QAction* action : menu.actions()) {
        if (!action->isSeparator()) out << action->text();
      }
      return out;
    };
    QVERIFY(texts({150, 110}).isEmpty());  // not edited: none
    view_->edit_region(0);
    QVERIFY(texts({150, 110}).contains("&Remove “a”"));
    QVERIFY(!texts({150, 110}).contains("&Add a corner here"));
    QVERIFY(texts({150, 75}).contains("&Add a corner here"));
    QVERIFY(texts({100, 75}).contains("Remove this &corner"));
    QVERIFY(texts({200, 270}).contains("Turn the &direction"));
    QVERIFY(texts({200, 270}).contains("&Remove “b && c”"));
  }
};

DUALSIGHT_UI_TEST(ZoneEditorTest);

}  // namespace dualsight

#include "zone_editor_test.moc"
