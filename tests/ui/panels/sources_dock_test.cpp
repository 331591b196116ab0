#include "ui/panels/sources_dock.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>
#include <atomic>
#include <memory>
#include <mutex>

#include "tests/ui/support/translators.h"
#include "tests/ui/support/ui_test.h"
#include "ui/panels/camera_list.h"
#include "ui/settings/settings.h"

namespace dualsight {
namespace {

const char* const webcam_path = "/dev/v4l/by-id/usb-test_webcam-index0";

CameraInfo webcam() {
  return {"/dev/video7",
          "Webcam",
          webcam_path,
          "",
          {{"MJPG", 1280, 720, {30, 15}}, {"MJPG", 640, 480, {60}}, {"YUYV", 640, 480, {30, 7.5}}}};
}

CameraInfo locked() { return {"/dev/video9", "Locked", "", "Permission denied", {}}; }

// What is plugged in, changed by the test, asked on the list's own thread.
struct Plugs {
  std::mutex mutex;
  std::vector<CameraInfo> cameras;
  std::atomic<int> asked = 0;
  std::atomic<bool> on_gui_thread = false;

  void set(std::vector<CameraInfo> now) {
    const std::lock_guard lock(mutex);
    cameras = std::move(now);
  }
};

CameraList::Lister lister(const std::shared_ptr<Plugs>& plugs) {
  return [plugs] {
    ++plugs->asked;
    if (QThread::currentThread() == QCoreApplication::instance()->thread()) plugs->on_gui_thread = true;
    const std::lock_guard lock(plugs->mutex);
    return plugs->cameras;
  };
}

// A panel with a list of cameras that has been read.
struct Desk {
  explicit Desk(std::vector<CameraInfo> cameras) {
    plugs->set(std::move(cameras));
    list = std::make_unique<CameraList>(nullptr, lister(plugs), folder.path());
    panel = std::make_unique<SourcesPanel>(list.get());
    opened = std::make_unique<QSignalSpy>(panel.get(), &SourcesPanel::open_requested);
    closed = std::make_unique<QSignalSpy>(panel.get(), &SourcesPanel::close_requested);
    panel->show();
  }

  template <typename Widget>
  Widget* find(const char* name) {
    return panel->findChild<Widget*>(name);
  }
  QListWidget* cameras() { return find<QListWidget>("cameraList"); }
  SourceSettings last() { return opened->last().at(0).value<SourceSettings>(); }

  QTemporaryDir folder;
  std::shared_ptr<Plugs> plugs = std::make_shared<Plugs>();
  std::unique_ptr<CameraList> list;
  std::unique_ptr<SourcesPanel> panel;
  std::unique_ptr<QSignalSpy> opened, closed;
};

QStringList texts(const QComboBox* combo) {
  QStringList texts;
  for (int i = 0; i < combo->count(); ++i) texts.append(combo->itemText(i));
  return texts;
}

}  // namespace

class SourcesDockTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void shows_cameras_by_name() {
    Desk desk({webcam(), locked()});
    QTRY_COMPARE(desk.cameras()->count(), 2);
    QCOMPARE(desk.cameras()->item(0)->text(), QString("Webcam"));
    QCOMPARE(desk.cameras()->item(1)->text(), QString("Locked\nPermission denied"));
    QVERIFY(!desk.plugs->on_gui_thread);
    QVERIFY(!desk.find<QLabel>("noCameras")->isVisible());
  }

  void says_that_there_are_none() {
    Desk desk({});
    QTRY_VERIFY(desk.list->listed());
    QVERIFY(desk.find<QLabel>("noCameras")->isVisible());
    QVERIFY(!desk.find<QPushButton>("openCamera")->isEnabled());
  }

  void notices_cameras_that_come_and_go() {
    Desk desk({});
    QTRY_VERIFY(desk.list->listed());
    desk.plugs->set({webcam()});
    QFile(desk.folder.filePath("video7")).open(QIODevice::WriteOnly);
    QTRY_COMPARE_WITH_TIMEOUT(desk.cameras()->count(), 1, 3000);
    desk.plugs->set({});
    QFile::remove(desk.folder.filePath("video7"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.cameras()->count(), 0, 3000);
  }

  void notices_links_in_a_folder_that_comes_later() {
    Desk desk({});
    QTRY_VERIFY(desk.list->listed());
    QDir(desk.folder.path()).mkpath("v4l/by-id");
    QTRY_VERIFY_WITH_TIMEOUT(desk.plugs->asked >= 2, 3000);
    QTest::qWait(100);
    desk.plugs->set({webcam()});
    QFile(desk.folder.filePath("v4l/by-id/usb-test")).open(QIODevice::WriteOnly);
    QTRY_COMPARE_WITH_TIMEOUT(desk.cameras()->count(), 1, 3000);
  }

  void does_not_wait_for_a_driver_that_hangs() {
    QElapsedTimer clock;
    clock.start();
    {
      auto release = std::make_shared<std::atomic<bool>>(false);
      CameraList list(
          nullptr,
          [release] {
            for (int i = 0; i < 200 && !*release; ++i) QThread::msleep(5);
            return std::vector<CameraInfo>{webcam()};
          },
          "/nonexistent");
      QVERIFY(!list.listed());
      list.refresh();
      *release = true;
    }
    QVERIFY(clock.elapsed() < 300);
    QTest::qWait(50);  // the list is gone when the answer comes
  }

  void opens_a_camera_by_its_lasting_path() {
    Desk desk({webcam(), locked()});
    QTRY_COMPARE(desk.cameras()->count(), 2);
    QTest::mouseClick(desk.find<QPushButton>("openCamera"), Qt::LeftButton);
    QCOMPARE(desk.opened->count(), 1);
    QCOMPARE(desk.last().spec, std::string(webcam_path));
    QVERIFY(desk.last().wait);
    QCOMPARE(desk.last().camera_format, std::string());
    QCOMPARE(desk.cameras()->item(0)->text(), QString("Webcam (open)"));
    QCOMPARE(desk.panel->open_name(), QString("Webcam"));
  }

  void opens_a_camera_with_the_keyboard() {
    Desk desk({webcam(), locked()});
    QTRY_COMPARE(desk.cameras()->count(), 2);
    desk.cameras()->setFocus();
    QTest::keyClick(desk.cameras(), Qt::Key_Down);
    QTest::keyClick(desk.cameras(), Qt::Key_Return);
    QCOMPARE(desk.opened->count(), 1);
    QCOMPARE(desk.last().spec, std::string("/dev/video9"));
  }

  void offers_what_the_camera_can() {
    Desk desk({webcam()});
    QTRY_COMPARE(desk.cameras()->count(), 1);
    auto *format = desk.find<QComboBox>("cameraFormat"), *size = desk.find<QComboBox>("cameraSize"),
         *rate = desk.find<QComboBox>("cameraRate");
    QCOMPARE(texts(format), QStringList({"Automatic", "MJPG", "YUYV"}));
    QCOMPARE(texts(size), QStringList({"Automatic", "1280 x 720", "640 x 480"}));
    QCOMPARE(texts(rate), QStringList({"Automatic", "60 frames/s", "30 frames/s", "15 frames/s", "7.5 frames/s"}));
    format->setCurrentIndex(2);
    QCOMPARE(texts(size), QStringList({"Automatic", "640 x 480"}));
    size->setCurrentIndex(1);
    QCOMPARE(texts(rate), QStringList({"Automatic", "30 frames/s", "7.5 frames/s"}));
    QCOMPARE(desk.opened->count(), 0);  // nothing is open
  }

  void reopens_when_the_picture_is_wanted_otherwise() {
    Desk desk({webcam()});
    QTRY_COMPARE(desk.cameras()->count(), 1);
    QTest::mouseClick(desk.find<QPushButton>("openCamera"), Qt::LeftButton);
    desk.find<QComboBox>("cameraFormat")->setCurrentIndex(1);
    desk.find<QComboBox>("cameraSize")->setCurrentIndex(1);
    desk.find<QComboBox>("cameraRate")->setCurrentIndex(2);
    QCOMPARE(desk.opened->count(), 4);
    QCOMPARE(desk.last().camera_format, std::string("MJPG"));
    QCOMPARE(desk.last().camera_width, 1280);
    QCOMPARE(desk.last().camera_height, 720);
    QCOMPARE(desk.last().camera_fps, 15.0);
    desk.find<QCheckBox>("mirror")->click();
    QVERIFY(desk.last().mirror);
    desk.find<QComboBox>("rotate")->setCurrentIndex(3);
    QCOMPARE(desk.last().rotate, 270);
    QCOMPARE(desk.opened->count(), 6);
    QCOMPARE(desk.last().camera_width, 1280);
  }

  void looking_at_another_camera_leaves_the_open_one_as_it_is() {
    Desk desk({webcam(), locked()});
    QTRY_COMPARE(desk.cameras()->count(), 2);
    desk.find<QComboBox>("cameraFormat")->setCurrentIndex(2);
    QTest::mouseClick(desk.find<QPushButton>("openCamera"), Qt::LeftButton);
    desk.cameras()->setCurrentRow(1);
    QCOMPARE(desk.opened->count(), 1);
    desk.find<QCheckBox>("mirror")->click();
    QCOMPARE(desk.opened->count(), 2);
    QCOMPARE(desk.last().spec, std::string(webcam_path));
    QCOMPARE(desk.last().camera_format, std::string("YUYV"));
  }

  void opens_what_is_typed_and_remembers_it() {
    Desk desk({});
    auto* address = desk.find<QComboBox>("address");
    address->setFocus();
    QTest::keyClicks(address->lineEdit(), "clip.mp4");
    QTest::keyClick(address->lineEdit(), Qt::Key_Return);
    QTRY_COMPARE(desk.opened->count(), 1);
    QCOMPARE(desk.last().spec, std::string("clip.mp4"));
    QVERIFY(!desk.last().wait);  // a missing file is reported at once
    address->setEditText("other.mp4");
    QTest::mouseClick(desk.find<QPushButton>("openAddress"), Qt::LeftButton);
    QCOMPARE(texts(address), QStringList({"other.mp4", "clip.mp4"}));
    Settings settings;
    desk.panel->store(settings);
    QCOMPARE(settings.recent_sources, QStringList({"other.mp4", "clip.mp4"}));
    QCOMPARE(settings.source, QString("other.mp4"));
  }

  void looking_through_recent_sources_opens_none() {
    Desk desk({});
    Settings settings;
    settings.recent_sources = QStringList({"a.mp4", "b.mp4"});
    desk.panel->set_settings(settings);
    auto* address = desk.find<QComboBox>("address");
    address->setFocus();
    QTest::keyClick(address->lineEdit(), Qt::Key_Down);
    QTRY_VERIFY(address->view()->isVisible());
    QTest::keyClick(address->view(), Qt::Key_Down);
    QTest::qWait(50);
    QCOMPARE(desk.opened->count(), 0);
    address->view()->setCurrentIndex(address->model()->index(1, 0));
    QTest::keyClick(address->view(), Qt::Key_Return);
    QTRY_COMPARE(desk.opened->count(), 1);
    QCOMPARE(desk.last().spec, std::string("b.mp4"));
    QCOMPARE(texts(address), QStringList({"b.mp4", "a.mp4"}));
  }

  void passing_through_the_field_opens_nothing() {
    Desk desk({});
    QTRY_VERIFY(desk.list->listed());
    desk.panel->open("rtsp://camera/one");  // now in the field and in its list
    QCOMPARE(desk.opened->count(), 1);
    auto* address = desk.find<QComboBox>("address");
    address->lineEdit()->setFocus();
    desk.find<QPushButton>("openFile")->setFocus();
    QTest::qWait(50);
    QCOMPARE(desk.opened->count(), 1);
  }

  void shows_no_password() {
    Desk desk({});
    auto* address = desk.find<QComboBox>("address");
    address->setEditText("rtsp://me:secret@host/live");
    QTest::keyClick(address->lineEdit(), Qt::Key_Return);
    QTRY_COMPARE(desk.opened->count(), 1);
    QCOMPARE(desk.last().spec, std::string("rtsp://me:secret@host/live"));
    QVERIFY(desk.last().wait);
    QCOMPARE(address->currentText(), QString("rtsp://***@host/live"));
    StatusRecord lost;
    lost.state = State::lost;
    lost.message = "rtsp://me:secret@host/live: no frames";
    desk.panel->set_status(lost);
    for (const QLabel* label : desk.panel->findChildren<QLabel*>()) QVERIFY(!label->text().contains("secret"));
    Settings settings;
    desk.panel->store(settings);
    QVERIFY(!settings.source.contains("secret"));
    QVERIFY(!settings.recent_sources.join(" ").contains("secret"));
    // In this run the password is still known ...
    QTest::keyClick(address->lineEdit(), Qt::Key_Return);
    QTRY_COMPARE(desk.opened->count(), 2);
    QTest::qWait(50);
    QCOMPARE(desk.opened->count(), 2);
    QCOMPARE(desk.last().spec, std::string("rtsp://me:secret@host/live"));
    // ... in the next run it is not known, and the user is asked for it.
    Desk next({});
    QTRY_VERIFY(next.list->listed());
    next.panel->set_settings(settings);
    next.panel->open_last();
    QCOMPARE(next.opened->count(), 0);
    QCOMPARE(next.find<QComboBox>("address")->currentText(), QString("rtsp://***@host/live"));
    QVERIFY(next.find<QLabel>("addressHint")->isVisible());
    QCOMPARE(next.find<QComboBox>("address")->lineEdit()->selectedText(), QString("***"));
  }

  void opens_the_first_camera_at_the_first_start() {
    Desk desk({webcam(), locked()});
    desk.panel->open_last();
    QCOMPARE(desk.opened->count(), 0);  // not known yet
    QTRY_COMPARE(desk.opened->count(), 1);
    QCOMPARE(desk.last().spec, std::string(webcam_path));
  }

  void opens_the_camera_of_last_time_as_it_was() {
    Desk desk({locked(), webcam()});
    Settings settings;
    settings.source = webcam_path;
    settings.camera_format = "MJPG";
    settings.camera_width = 640;
    settings.camera_height = 480;
    settings.camera_fps = 60;
    settings.rotate = 90;
    settings.mirror = true;
    desk.panel->set_settings(settings);
    desk.panel->open_last();
    QTRY_COMPARE(desk.opened->count(), 1);
    const SourceSettings source = desk.last();
    QCOMPARE(source.spec, std::string(webcam_path));
    QCOMPARE(source.camera_format, std::string("MJPG"));
    QCOMPARE(source.camera_width, 640);
    QCOMPARE(source.camera_height, 480);
    QCOMPARE(source.camera_fps, 60.0);
    QCOMPARE(source.rotate, 90);
    QVERIFY(source.mirror);
    QCOMPARE(desk.cameras()->currentRow(), 1);
    Settings stored;
    desk.panel->store(stored);
    settings.recent_sources = stored.recent_sources;
    QVERIFY(stored == settings);
  }

  void waits_for_a_camera_that_is_not_plugged_in() {
    Desk desk({});
    Settings settings;
    settings.source = webcam_path;
    settings.camera_format = "MJPG";
    desk.panel->set_settings(settings);
    desk.panel->open_last();
    QTRY_COMPARE(desk.opened->count(), 1);
    QVERIFY(desk.last().wait);
    QCOMPARE(desk.last().camera_format, std::string("MJPG"));
  }

  void tells_how_the_source_fares() {
    Desk desk({webcam()});
    QTRY_COMPARE(desk.cameras()->count(), 1);
    auto *state = desk.find<QLabel>("sourceState"), *rates = desk.find<QLabel>("sourceRates");
    QCOMPARE(state->text(), QString("Nothing is open"));
    QVERIFY(!desk.find<QPushButton>("closeSource")->isEnabled());
    desk.panel->open(webcam_path);
    QCOMPARE(state->text(), QString("Opening Webcam ..."));
    SourceStats stats;
    stats.claimed_fps = 30;
    stats.capture_fps = 14.96;
    desk.panel->set_stats(stats);
    QCOMPARE(state->text(), QString("Open: Webcam"));
    QCOMPARE(rates->text(), QString("30 frames/s claimed, 15.0 measured"));
    StatusRecord retrying;
    retrying.state = State::retrying;
    retrying.attempt = 3;
    retrying.retry_in_s = 4;
    retrying.message = "no such device";
    desk.panel->set_status(retrying);
    QCOMPARE(state->text(), QString("Webcam: trying again in 4 s (attempt 3)\nno such device"));
    StatusRecord recording;
    recording.state = State::recording;
    desk.panel->set_status(recording);
    QVERIFY(state->text().startsWith("Webcam: trying again"));  // that is another matter
    const auto before = desk.opened->count();
    desk.panel->reopen();
    QCOMPARE(desk.opened->count(), before + 1);
    desk.panel->ended();
    QVERIFY(!desk.panel->is_open());
    desk.find<QCheckBox>("mirror")->click();
    QCOMPARE(desk.opened->count(), before + 1);  // that opens nothing
    desk.panel->reopen();
    QCOMPARE(desk.opened->count(), before + 2);
    QCOMPARE(desk.last().spec, std::string(webcam_path));
    QTest::mouseClick(desk.find<QPushButton>("closeSource"), Qt::LeftButton);
    QCOMPARE(desk.closed->count(), 1);
    QCOMPARE(state->text(), QString("Nothing is open"));
    QCOMPARE(desk.cameras()->item(0)->text(), QString("Webcam"));
  }

  void speaks_another_language_at_once() {
    Desk desk({webcam()});
    QTRY_COMPARE(desk.cameras()->count(), 1);
    desk.find<QComboBox>("rotate")->setCurrentIndex(2);
    desk.find<QComboBox>("cameraFormat")->setCurrentIndex(1);
    desk.panel->open("clip.mp4");
    Desk empty({});
    TildeTranslator marker;
    QCoreApplication::installTranslator(&marker);
    QEvent change(QEvent::LanguageChange);
    for (Desk* each : {&desk, &empty}) QCoreApplication::sendEvent(each->panel.get(), &change);
    QCOMPARE(empty.find<QComboBox>("cameraFormat")->itemText(0), QString("Automatic~"));
    for (const QLabel* label : desk.panel->findChildren<QLabel*>()) {
      if (label->isVisible()) QVERIFY2(label->text().contains('~'), qPrintable(label->text()));
    }
    for (const auto* button : desk.panel->findChildren<QAbstractButton*>()) {
      if (!button->text().isEmpty()) QVERIFY2(button->text().contains('~'), qPrintable(button->text()));
    }
    QCOMPARE(desk.find<QComboBox>("cameraFormat")->itemText(0), QString("Automatic~"));
    QCOMPARE(desk.find<QComboBox>("cameraFormat")->currentText(), QString("MJPG"));
    QCOMPARE(desk.find<QComboBox>("rotate")->currentData().toInt(), 180);
    QCOMPARE(desk.opened->count(), 1);
    QCoreApplication::removeTranslator(&marker);
  }

  void keeps_the_chosen_camera_when_others_come() {
    Desk desk({locked()});
    QTRY_COMPARE(desk.cameras()->count(), 1);
    desk.plugs->set({webcam(), locked()});
    desk.list->refresh();
    QTRY_COMPARE(desk.cameras()->count(), 2);
    QCOMPARE(desk.cameras()->currentRow(), 1);
    QCOMPARE(desk.opened->count(), 0);
  }
};

DUALSIGHT_UI_TEST(SourcesDockTest);

}  // namespace dualsight

#include "sources_dock_test.moc"
