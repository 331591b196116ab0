#include "ui/live_controller.h"

#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QTimer>
#include <algorithm>

#include "tests/ui/support/ui_test.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/live/video_view.h"

namespace dualsight {

class LiveControllerTest : public WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { reset_fixture(); }

  void shows_what_the_camera_sees() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    QVERIFY(!window->findChild<VideoView*>()->frame_size().isEmpty());
  }

  void a_lower_threshold_shows_more() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    for (int i = 0; i < 3; ++i) action(*window, "confidence_down")->trigger();  // from 0.4 to 0.25
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 2, 2000);
    for (int i = 0; i < 6; ++i) action(*window, "confidence_up")->trigger();  // to 0.55
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 0, 2000);
  }

  // The detector takes a second a frame: the picture moves on, and the window answers within 50 ms.
  void a_slow_detector_freezes_nothing() {
    finding_takes_ms = 1000;
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 8000);
    qint64 longest = 0;
    int turns = 0;
    QElapsedTimer since;
    QTimer timer;
    timer.setInterval(5);
    connect(&timer, &QTimer::timeout, &timer, [&] {
      if (turns++ > 0) longest = std::max(longest, since.elapsed());
      since.restart();
      if (turns % 40 == 0) action(*window, turns % 80 == 0 ? "confidence_up" : "confidence_down")->trigger();
    });
    for (int attempt = 0; attempt < 3; ++attempt) {  // another program may have taken the processor
      longest = turns = 0;
      timer.start();
      QTest::qWait(3000);
      timer.stop();
      if (longest < 50) break;
    }
    QVERIFY(turns > 100);
    QVERIFY2(longest < 50, qPrintable(QString("%1 ms").arg(longest)));
    QElapsedTimer closing;
    closing.start();
    window->close();
    QVERIFY(closing.elapsed() < 2000);
  }

  void freezing_keeps_the_picture() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    action(*window, "freeze")->trigger();
    auto* view = window->findChild<VideoView*>();
    QTest::qWait(100);
    const QImage before = view->grab().toImage();
    QTest::qWait(300);
    QCOMPARE(view->grab().toImage(), before);
    action(*window, "freeze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(view->grab().toImage() != before, 3000);
  }

  // A track that continues below the threshold (0.4) is shown frozen as it was live. Once the threshold is moved, the
  // threshold alone decides.
  void a_frozen_picture_is_the_live_one() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    QTest::qWait(500);  // tracked for a while
    disc_confidence = 0.35F;
    const auto seen = [&] { return window->findChild<VideoView*>()->accessibleDescription(); };
    const auto* table = window->findChild<QTableView*>("detectionsTable")->model();
    QTRY_COMPARE_WITH_TIMEOUT(table->index(0, 1).data().toString(), QString("0.35"), 3000);
    action(*window, "freeze")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(seen(), QString("One object: 1 disc"), 5000);
    action(*window, "confidence_up")->trigger();  // 0.45
    QTRY_COMPARE_WITH_TIMEOUT(seen(), QString("Nothing found"), 5000);
    for (int i = 0; i < 4; ++i) action(*window, "confidence_down")->trigger();  // 0.25
    QTRY_COMPARE_WITH_TIMEOUT(seen(), QString("2 objects: 1 disc, 1 square"), 5000);
  }

  void a_busy_camera_is_explained() {
    auto window = make_window("rtsp://camera/gone");
    auto* view = window->findChild<VideoView*>();
    QTRY_VERIFY_WITH_TIMEOUT(
        view->placeholder_title().contains("busy") || view->placeholder_title().contains("Reconnecting"), 5000);
  }

  // The title counts down; the text below gives the reason, without a second countdown.
  void a_countdown_is_said_once() {
    auto window = make_window("rtsp://camera/gone");
    auto* view = window->findChild<VideoView*>();
    QTRY_VERIFY_WITH_TIMEOUT(view->placeholder_title().startsWith("Reconnecting in"), 5000);
    QVERIFY(view->placeholder_title().contains("(attempt "));
    QCOMPARE(view->findChild<QLabel*>("placeholderText")->text(),
             QString("/dev/video7: the camera is in use by another program\n"
                     "Check the cable, the network and that no other program uses it."));
    QVERIFY(window->findChild<QLabel*>("sourceState")->text().endsWith("in use by another program"));
  }

  void a_damaged_model_is_told() {
    QFile file(folder_->filePath("damaged.safetensors"));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("not a model");
    file.close();
    WindowOptions options;
    options.settings_file = folder_->filePath("settings.ini");
    options.session = fakes();
    options.source = "rtsp://camera/front";
    options.model = file.fileName();
    MainWindow window(std::move(options));
    window.show();
    QTRY_VERIFY_WITH_TIMEOUT(notice(window).contains("damaged.safetensors"), 5000);
    QTRY_VERIFY_WITH_TIMEOUT(!window.findChild<VideoView*>()->frame_size().isEmpty(), 5000);
  }
};
DUALSIGHT_UI_TEST(LiveControllerTest);

}  // namespace dualsight

#include "live_controller_test.moc"
