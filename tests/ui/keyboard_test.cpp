// The whole window without a mouse.
#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QTabWidget>
#include <QTemporaryDir>
#include <algorithm>

#include "app/recording/video_encoder.h"
#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/ui_test.h"
#include "ui/live/video_view.h"
#include "ui/main_window.h"
#include "ui/settings/actions.h"

namespace dualsight {
namespace {

QString name_of(const QWidget* widget) {
  return widget == nullptr ? QString("nothing")
                           : QString("%1 \"%2\"").arg(widget->metaObject()->className(), widget->objectName());
}

QString names_of(const QList<QWidget*>& widgets) {
  QStringList names;
  for (const QWidget* widget : widgets) names << name_of(widget);
  return names.join(", ");
}

// What Tab has to reach.
QList<QWidget*> controls(const QWidget& window) {
  QList<QWidget*> found;
  for (QWidget* widget : window.findChildren<QWidget*>()) {
    const bool takes_focus = (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->focusProxy() == nullptr;
    if (takes_focus && widget->isEnabled() && widget->isVisible() && widget->window() == &window) found << widget;
  }
  return found;
}

// The widgets that get the focus one after another by `key` (Tab or Backtab), until the first one has it again;
// `unseen`: those of them that are not on the screen when they have it.
QList<QWidget*> walk(Qt::Key key, QList<QWidget*>& unseen) {
  QList<QWidget*> steps;
  QWidget* const first = QApplication::focusWidget();
  for (QWidget* now = first; now != nullptr && steps.size() < 300;) {
    QTest::keyClick(now, key);
    QWidget* const next = QApplication::focusWidget();
    if (next == now || steps.contains(next)) break;  // swallowed, or a circle without the first
    steps << next;
    if (next->visibleRegion().isEmpty()) unseen << next;
    if (next == first) break;
    now = next;
  }
  return steps;
}

// It is pressed, and the finger is taken off elsewhere: nothing is done.
bool answers(QAbstractButton* button) {
  QTest::keyPress(button, Qt::Key_Space);
  const bool down = button->isDown();
  button->clearFocus();
  return down && !button->isDown();
}

bool answers(QAbstractSlider* slider) {
  const int before = slider->value();
  QTest::keyClick(slider, before < slider->maximum() ? Qt::Key_Right : Qt::Key_Left);
  const bool moved = slider->value() != before;
  slider->setValue(before);
  return moved;
}

bool answers(QAbstractItemView* view) {
  if (view->model()->rowCount() == 0) return true;
  const QModelIndex before = view->currentIndex();
  QTest::keyClick(view, before.row() + 1 < view->model()->rowCount() ? Qt::Key_Down : Qt::Key_Up);
  return view->currentIndex().isValid() && (view->model()->rowCount() == 1 || view->currentIndex() != before);
}

}  // namespace

class KeyboardTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<MainWindow> window_;

  QAction* action(const char* name) { return window_->findChild<Actions*>()->get(name); }
  VideoView* view() { return window_->findChild<VideoView*>(); }
  template <typename Widget>
  Widget* find(const char* name) {
    return window_->findChild<Widget*>(name);
  }

  // From where the focus is, both ways round.
  void check_walk() {
    QWidget* const first = QApplication::focusWidget();
    QVERIFY(first != nullptr);
    for (const Qt::Key key : {Qt::Key_Tab, Qt::Key_Backtab}) {
      const QList<QWidget*> before = controls(*window_);
      QList<QWidget*> unseen;
      const QList<QWidget*> reached = walk(key, unseen);
      QVERIFY2(!reached.isEmpty() && reached.last() == first,
               qPrintable(QString("the focus stays at %1").arg(name_of(QApplication::focusWidget()))));
      QVERIFY2(unseen.isEmpty(), qPrintable("not seen: " + names_of(unseen)));
      QList<QWidget*> missed;
      for (QWidget* control : controls(*window_)) {  // a control that was disabled before may be missed
        if (before.contains(control) && !reached.contains(control)) missed << control;
      }
      QVERIFY2(missed.isEmpty(), qPrintable("not reached: " + names_of(missed)));
    }
  }

  void check_answers() {
    QList<QWidget*> deaf;
    int tried = 0;
    for (QWidget* control : controls(*window_)) {
      if (!control->isEnabled()) continue;
      control->setFocus(Qt::TabFocusReason);
      bool well = true;
      if (auto* button = qobject_cast<QAbstractButton*>(control)) {
        well = answers(button);
      } else if (auto* slider = qobject_cast<QAbstractSlider*>(control)) {
        well = answers(slider);
      } else if (auto* table = qobject_cast<QAbstractItemView*>(control)) {
        well = answers(table);
      } else {
        continue;
      }
      ++tried;
      if (!well) deaf << control;
    }
    QVERIFY2(deaf.isEmpty(), qPrintable("no answer: " + names_of(deaf)));
    QVERIFY(tried >= 10);
    QVERIFY(!action("freeze")->isChecked());  // the space bar was theirs
  }

  void make_recording(const QString& file) {
    auto encoder = VideoEncoder::create((file + ".mkv").toStdString(), 160, 120, {});
    QVERIFY(static_cast<bool>(encoder));
    QByteArray lines = "{\"schema\":\"dualsight/1\",\"type\":\"header\",\"class_names\":[\"dog\",\"cat\"]}\n";
    for (int i = 0; i < 25; ++i) {
      QVERIFY(static_cast<bool>(encoder->write(cv::Mat(120, 160, CV_8UC3, cv::Scalar::all(100)), int64_t{40} * i)));
      lines += "{\"schema\":\"dualsight/1\",\"type\":\"frame\",\"source\":\"yard\",\"frame\":" + QByteArray::number(i) +
               ",\"pts_ms\":" + QByteArray::number(40 * i) +
               ",\"timestamp\":\"2026-11-25T10:00:00.000Z\",\"image\":{\"width\":160,\"height\":120},\"detections\":["
               "{\"class\":0,\"confidence\":0.9,\"box\":{\"x1\":10,\"y1\":20,\"x2\":40,\"y2\":60},\"track_id\":1},"
               "{\"class\":1,\"confidence\":0.8,\"box\":{\"x1\":80,\"y1\":20,\"x2\":140,\"y2\":60},\"track_id\":2}]}\n";
    }
    QVERIFY(static_cast<bool>(encoder->close()));
    QFile sidecar(file + ".ndjson");
    QVERIFY(sidecar.open(QIODevice::WriteOnly));
    sidecar.write(lines);
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    finding_takes_ms = 5;
    Settings settings;
    settings.record_folder = folder_->filePath("videos");
    settings.snapshot_folder = folder_->filePath("pictures");
    settings.confidence = 0.25;  // disc and square
    settings.regions = QStringList{"door=0.1,0.1 0.4,0.1 0.4,0.4", "line:gate=0.5,0.1 0.5,0.9"};
    settings.classes["disc"].blurred = true;
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    WindowOptions options;
    options.settings_file = folder_->filePath("settings.ini");
    options.session = fakes();
    options.source = "rtsp://camera/front";
    options.model = DUALSIGHT_TEST_MODEL;  // disc, square, cross
    window_ = std::make_unique<MainWindow>(std::move(options));
    window_->show();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    QTRY_COMPARE_WITH_TIMEOUT(find<QAbstractItemView>("detectionsTable")->model()->rowCount(), 2, 5000);
    QTRY_COMPARE_WITH_TIMEOUT(find<QAbstractItemView>("eventsTable")->model()->rowCount(), 2, 5000);
    view()->setFocus();
    QVERIFY(view()->hasFocus());
  }
  void cleanup() { window_.reset(); }

  void tab_reaches_every_control_that_is_seen() {
    check_walk();
    for (const char* dock : {"zonesDock", "statsDock", "eventsDock"}) find<QDockWidget>(dock)->raise();
    QTRY_VERIFY(!find<QWidget>("eventsTable")->visibleRegion().isEmpty());
    check_walk();
  }

  void panels_scroll_to_where_tab_goes() {
    window_->resize(800, 500);
    auto* last = find<QWidget>("closeSource");  // of another panel, far below
    QTRY_VERIFY(last->visibleRegion().isEmpty());
    find<QWidget>("model")->setFocus();
    QTest::keyClick(find<QWidget>("model"), Qt::Key_Backtab);
    QVERIFY(last->hasFocus());
    QVERIFY(!last->visibleRegion().isEmpty());
    view()->setFocus();
    check_walk();
  }

  void what_stands_for_the_picture_is_reached() {
    window_->open_source("rtsp://camera/gone");
    auto* again = find<QAbstractButton>("placeholderButton");
    QTRY_VERIFY_WITH_TIMEOUT(again->isVisible() && again->text() == "Try now", 5000);
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_Tab);
    QVERIFY(again->hasFocus());
    QVERIFY(answers(again));
    view()->setFocus();
    check_walk();
  }

  void with_all_panels_side_by_side() {
    window_->resize(1600, 1400);
    for (const char* dock : {"zonesDock", "statsDock", "eventsDock"}) {
      auto* panel = find<QDockWidget>(dock);
      window_->addDockWidget(window_->dockWidgetArea(panel), panel);
    }
    for (const char* table : {"zonesTable", "classTable", "detectionsTable", "eventsTable", "cameraList"}) {
      if (!find<QWidget>(table)->isHidden()) QTRY_VERIFY(!find<QWidget>(table)->visibleRegion().isEmpty());
    }
    check_walk();
    check_answers();
  }

  void in_review() {
    make_recording(folder_->filePath("yard"));
    window_->open_recording(folder_->filePath("yard.mkv"));
    auto* timeline = find<QWidget>("timeline");
    QTRY_VERIFY_WITH_TIMEOUT(timeline->hasFocus(), 5000);
    auto* side = find<QAbstractButton>("showSide");
    if (!side->isChecked()) {
      side->setFocus();
      QTest::keyClick(side, Qt::Key_Space);
    }
    QTRY_VERIFY(find<QWidget>("class1")->isVisible());
    check_walk();
    check_answers();
    auto* slider = find<QTabWidget>("reviewSide")->findChild<QAbstractSlider*>("confidenceSlider");
    slider->setFocus();
    for (const char* next : {"asRecorded", "class0", "class1"}) {
      QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
      QCOMPARE(QApplication::focusWidget()->objectName(), QString(next));
    }
    find<QTabWidget>("reviewSide")->setCurrentIndex(1);
    QTRY_VERIFY(find<QWidget>("exportClip")->isVisible());
    timeline->setFocus();
    check_walk();
    check_answers();
    // The time line has keys of its own.
    timeline->setFocus();
    const auto time = [&] { return find<QLabel>("timeLabel")->text(); };
    QTest::keyClick(timeline, Qt::Key_Home);
    QTRY_VERIFY(time().startsWith("0:00.000"));
    QTest::keyClick(timeline, Qt::Key_Right);
    QTRY_VERIFY(time().startsWith("0:00.040"));
    // The space bar plays, wherever the focus is on nothing that uses it; it does not freeze the live picture.
    auto* play = find<QAbstractButton>("playPause");
    find<QTabWidget>("reviewSide")->setCurrentIndex(0);
    slider->setFocus();
    for (const char* does : {"Pause", "Play"}) {
      QTest::keyClick(slider, Qt::Key_Space);
      QTRY_COMPARE(play->accessibleName(), QString(does));
    }
    QTest::keyClick(find<QWidget>("detectionsTable"), Qt::Key_M);
    QVERIFY(timeline->isVisible());
    QVERIFY(!action("freeze")->isChecked());
    QVERIFY(!action("mirror")->isChecked());
    find<QWidget>("backToLive")->setFocus();
    QTest::keyClick(find<QWidget>("backToLive"), Qt::Key_Space);
    QVERIFY(view()->isVisible());
    QVERIFY(view()->hasFocus());
    QTest::keyClick(view(), Qt::Key_Space);
    QVERIFY(action("freeze")->isChecked());
  }

  void the_keys_of_the_menus() {
    const auto press = [&](Qt::Key key, Qt::KeyboardModifiers with = {}) { QTest::keyClick(view(), key, with); };
    const auto ticked = [&](const char* name) { return action(name)->isChecked(); };
    press(Qt::Key_Space);
    QVERIFY(ticked("freeze"));
    QTest::qWait(100);
    const QImage frozen = view()->grab().toImage();
    QTest::qWait(300);
    QCOMPARE(view()->grab().toImage(), frozen);
    press(Qt::Key_Space);
    QVERIFY(!ticked("freeze"));
    QTRY_VERIFY(view()->grab().toImage() != frozen);

    for (const auto& [key, name] : {std::pair{Qt::Key_L, "labels"}, {Qt::Key_T, "tracks"}, {Qt::Key_Z, "zones"}}) {
      press(Qt::Key_Space);
      const bool before = ticked(name);
      QTest::qWait(100);
      const QImage picture = view()->grab().toImage();
      press(key);
      QCOMPARE(ticked(name), !before);
      QVERIFY2(view()->grab().toImage() != picture, name);
      press(key);
      QCOMPARE(ticked(name), before);
      press(Qt::Key_Space);
    }

    press(Qt::Key_B);
    QVERIFY(ticked("blur"));
    press(Qt::Key_B);
    QVERIFY(!ticked("blur"));

    press(Qt::Key_F11);
    QTRY_VERIFY(window_->isFullScreen());
    press(Qt::Key_F11);
    QTRY_VERIFY(!window_->isFullScreen());

    press(Qt::Key_S);
    QTRY_COMPARE_WITH_TIMEOUT(QDir(folder_->filePath("pictures")).entryList({"*.png"}).size(), 1, 3000);

    press(Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(ticked("record"), 3000);
    press(Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!ticked("record"), 5000);
    QCOMPARE(QDir(folder_->filePath("videos")).entryList({"*.mkv"}).size(), 1);
  }

  void space_on_a_button_presses_it() {
    auto* mirror = find<QAbstractButton>("mirror");
    mirror->setFocus();
    QTest::keyClick(mirror, Qt::Key_Space);
    QVERIFY(mirror->isChecked());
    QVERIFY(!action("freeze")->isChecked());
  }

  void the_model_can_be_chosen_from_the_menu() {
    find<QDockWidget>("statsDock")->raise();
    action("choose_model")->trigger();
    QTRY_COMPARE(QApplication::focusWidget(), find<QWidget>("model"));
  }
};
DUALSIGHT_UI_TEST(KeyboardTest);

}  // namespace dualsight

#include "keyboard_test.moc"
