#include "ui/main_window.h"

#include <QAction>
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QProcess>
#include <QSlider>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>

#include "app/recording/playback.h"
#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/ui_test.h"
#include "ui/live/video_view.h"
#include "ui/panels/events_model.h"
#include "ui/review/timeline_widget.h"
#include "ui/settings/actions.h"
#include "ui/settings/settings.h"
#include "ui/widgets/language.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/theme.h"

namespace dualsight {

class MainWindowTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  std::unique_ptr<MainWindow> make_window(const QString& source = "rtsp://camera/front", bool safe_mode = false) {
    WindowOptions options;
    options.settings_file = folder_->filePath("settings.ini");
    options.session = fakes();
    options.source = source;
    options.model = DUALSIGHT_TEST_MODEL;  // disc, square, cross; thresholds 0.4
    options.safe_mode = safe_mode;
    auto window = std::make_unique<MainWindow>(std::move(options));
    window->show();
    return window;
  }

  static int rows(MainWindow& window) {
    return window.findChild<QWidget*>("detectionsDock")->findChild<QTableView*>()->model()->rowCount();
  }
  static QAction* action(MainWindow& window, const char* name) { return window.findChild<Actions*>()->get(name); }
  static QString notice(MainWindow& window) { return window.findChild<NoticeBar*>()->text(); }
  static void look_at_settings_often(MainWindow& window) {
    window.findChild<QTimer*>("settingsTimer")->setInterval(50);
  }
  static int frames_of(const QString& video) {
    QProcess ffprobe;
    ffprobe.start("ffprobe", {"-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                              "stream=nb_read_frames", "-of", "csv=p=0", video});
    if (!ffprobe.waitForFinished() || !ffprobe.readAllStandardError().isEmpty()) return -1;
    return ffprobe.readAllStandardOutput().trimmed().split(',').first().toInt();
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    finding_takes_ms = 5;
    disc_confidence = 0.5F;
    Settings settings;
    settings.record_folder = folder_->filePath("videos");
    settings.snapshot_folder = folder_->filePath("pictures");
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
  }

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

  // A track that goes on below the threshold (0.4) is in the frozen picture as it was in the live one; from when the
  // threshold is moved, that alone counts.
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

  void records_and_plays_back() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(action(*window, "record")->isChecked(), 3000);
    action(*window, "json")->trigger();
    QTest::qWait(1500);
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!action(*window, "record")->isChecked(), 5000);
    const QStringList videos = QDir(folder_->filePath("videos")).entryList({"*.mkv"});
    QCOMPARE(videos.size(), 1);
    const QString video = folder_->filePath("videos/" + videos.first());
    const int frames = frames_of(video);
    QVERIFY2(frames >= 20 && frames <= 45, qPrintable(QString::number(frames)));  // about 37
    QVERIFY(QFile::exists(QString(video).replace(".mkv", ".ndjson")));
    window->open_recording(video);
    QTest::qWait(800);
    QVERIFY(window->findChild<QWidget*>("reviewWidget")->isVisible());
  }

  void closing_ends_the_recording_well() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(action(*window, "record")->isChecked(), 3000);
    QTest::qWait(1000);
    window->close();
    const QDir videos(folder_->filePath("videos"));
    const int frames = frames_of(videos.filePath(videos.entryList({"*.mkv"}).value(0)));
    QVERIFY2(frames >= 12 && frames <= 35, qPrintable(QString::number(frames)));  // about 25
    QFile records(videos.filePath(videos.entryList({"*.ndjson"}).value(0)));
    QVERIFY(records.open(QIODevice::ReadOnly));
    const QByteArray all = records.readAll();
    QVERIFY(all.endsWith("}\n"));
    for (const QByteArray& line : all.trimmed().split('\n')) QVERIFY(QJsonDocument::fromJson(line).isObject());
  }

  // A key, a menu or a dialog may come late.
  void after_closing_nothing_is_done() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    window->close();
    auto* actions = window->findChild<Actions*>();
    for (const QString& name : actions->names()) actions->get(name)->trigger();
    QCoreApplication::processEvents();
    QVERIFY(!QDir(folder_->filePath("videos")).exists());
    QVERIFY(!QDir(folder_->filePath("pictures")).exists());
  }

  // What came while something was recorded is found again there, by a click, also while it goes on.
  void an_event_leads_into_its_recording() {
    auto window = make_window();
    auto* events = window->findChild<QTableView*>("eventsTable");
    QTRY_COMPARE_WITH_TIMEOUT(events->model()->rowCount(), 1, 5000);  // the disc appeared
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(action(*window, "record")->isChecked(), 3000);
    QTest::qWait(1500);
    action(*window, "tracking")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(events->model()->rowCount(), 2, 3000);  // it was gone
    action(*window, "tracking")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(events->model()->rowCount(), 3, 3000);  // and there again
    const auto recording = [&](int row) {
      return events->model()->index(row, EventsModel::recording).data().toString();
    };
    QTRY_VERIFY_WITH_TIMEOUT(recording(0).endsWith(".mkv"), 3000);
    QCOMPARE(recording(1), recording(0));
    QCOMPARE(recording(2), QString());
    QTest::qWait(2500);  // the writer works in pieces
    events->setCurrentIndex(events->model()->index(0, EventsModel::event));
    QTest::keyClick(events, Qt::Key_Return);
    auto* review = window->findChild<QWidget*>("reviewWidget");
    QVERIFY(review->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(review->findChild<QLabel*>("reviewTitle")->text(), recording(0), 5000);
    // Recording began about 1.6 s before.
    const auto seconds = [&] { return review->findChild<TimelineWidget*>()->position() / 1000; };
    QTRY_VERIFY_WITH_TIMEOUT(seconds() > 1.2, 3000);
    QVERIFY2(seconds() < 3.5, qPrintable(QString::number(seconds())));
    QVERIFY(action(*window, "record")->isChecked());  // it goes on
  }

  void recordings_and_snapshots_have_the_chosen_colours() {
    Settings settings = SettingsStore(folder_->filePath("settings.ini")).load();
    settings.classes["disc"].color = QColor(10, 200, 30);
    settings.labels = false;
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    action(*window, "snapshot")->trigger();
    const QDir pictures(folder_->filePath("pictures"));
    QTRY_COMPARE_WITH_TIMEOUT(pictures.entryList({"*.png"}).size(), 1, 3000);
    QImage picture;
    QTRY_VERIFY(picture.load(pictures.filePath(pictures.entryList({"*.png"}).first())));
    QCOMPARE(picture.pixelColor(40, 80), QColor(10, 200, 30));  // the left edge of the disc's box
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(action(*window, "record")->isChecked(), 3000);
    QTest::qWait(500);
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!action(*window, "record")->isChecked(), 5000);
    const QDir videos(folder_->filePath("videos"));
    auto reader = RecordingReader::open(videos.filePath(videos.entryList({"*.mkv"}).first()).toStdString());
    QVERIFY(static_cast<bool>(reader));
    const auto frame = reader->read(3);
    QVERIFY(static_cast<bool>(frame));
    const cv::Vec3b line = frame->at<cv::Vec3b>(80, 40);  // B, G, R, through the encoder
    QVERIFY2(line[1] > 140 && line[2] < 90 && line[0] < 110,
             qPrintable(QString("%1 %2 %3").arg(line[2]).arg(line[1]).arg(line[0])));
  }

  void snapshots_are_saved() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    action(*window, "snapshot")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(QDir(folder_->filePath("pictures")).entryList({"*.png"}).size(), 1, 3000);
  }

  // Records begin by naming what is blurred.
  void blurring_is_switched_on_and_off() {
    Settings settings = SettingsStore(folder_->filePath("settings.ini")).load();
    settings.classes["disc"].blurred = true;
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    const QDir videos(folder_->filePath("videos"));
    const auto blurred = [&]() -> QByteArray {
      QDir(videos.path()).removeRecursively();
      action(*window, "json")->trigger();
      if (!QTest::qWaitFor([&] { return action(*window, "json")->isChecked(); }, 3000)) return "not begun";
      action(*window, "json")->trigger();
      if (!QTest::qWaitFor([&] { return !action(*window, "json")->isChecked(); }, 3000)) return "not ended";
      QFile file(videos.filePath(videos.entryList({"*.ndjson"}).value(0)));
      if (!file.open(QIODevice::ReadOnly)) return "not written";
      const QJsonObject header = QJsonDocument::fromJson(file.readLine()).object();
      return QJsonDocument(header["settings"].toObject()["blurred"].toArray()).toJson(QJsonDocument::Compact);
    };
    action(*window, "blur")->trigger();
    QCOMPARE(blurred(), QByteArray("[\"disc\"]"));
    action(*window, "blur")->trigger();
    QCOMPARE(blurred(), QByteArray("[]"));
  }

  void an_unwritable_folder_is_told() {
    Settings settings;
    settings.record_folder = "/proc/nowhere";
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    action(*window, "record")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(notice(*window).contains("/proc/nowhere"), 3000);
    QVERIFY(!action(*window, "record")->isChecked());
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 2000);  // it goes on
  }

  void a_busy_camera_is_explained() {
    auto window = make_window("rtsp://camera/gone");
    auto* view = window->findChild<VideoView*>();
    QTRY_VERIFY_WITH_TIMEOUT(
        view->placeholder_title().contains("busy") || view->placeholder_title().contains("Reconnecting"), 5000);
  }

  // The countdown stands above; what is told below it is why.
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

  void settings_come_back() {
    {
      auto window = make_window();
      action(*window, "coordinates")->trigger();
      for (int i = 0; i < 2; ++i) action(*window, "confidence_down")->trigger();
      window->findChild<QDockWidget*>("eventsDock")->hide();
      window->findChild<QTableView*>("detectionsTable")->hideColumn(2);
      window->close();
    }
    auto window = make_window();
    const Settings settings = window->settings();
    QCOMPARE(settings.hidden_columns, QStringList("x"));
    QVERIFY(window->findChild<QTableView*>("detectionsTable")->isColumnHidden(2));
    QVERIFY(!window->findChild<QTableView*>("detectionsTable")->isColumnHidden(3));
    QVERIFY(settings.coordinates);
    QVERIFY(std::abs(settings.confidence - 0.3) < 1e-6);
    QVERIFY(window->findChild<QDockWidget*>("eventsDock")->isHidden());
    action(*window, "reset_layout")->trigger();
    QVERIFY(!window->findChild<QDockWidget*>("eventsDock")->isHidden());
  }

  // Whatever it is, a crash loses it no more.
  void changes_are_saved_soon() {
    const SettingsStore store(folder_->filePath("settings.ini"));
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    look_at_settings_often(*window);
    action(*window, "coordinates")->trigger();
    QTRY_VERIFY(store.load().coordinates);
    QCOMPARE(store.load().recent_sources, QStringList("rtsp://camera/front"));
    action(*window, "confidence_down")->trigger();
    QTRY_VERIFY(std::abs(store.load().confidence - 0.35) < 1e-6);
    auto* table = window->findChild<QTableView*>("detectionsTable");
    table->hideColumn(2);
    QTRY_COMPARE(store.load().hidden_columns, QStringList("x"));
    auto* classes = window->findChild<QTableView*>("classTable")->model();
    classes->setData(classes->index(1, 3), Qt::Checked, Qt::CheckStateRole);  // to be blurred
    QTRY_VERIFY(store.load().classes["square"].blurred);
    window->findChild<QDockWidget*>("eventsDock")->hide();  // as at the end: its state tells
    QTRY_COMPARE(store.load().state, window->saveState());
    window->resizeDocks({window->findChild<QDockWidget*>("detectionDock")}, {420}, Qt::Horizontal);
    QTRY_COMPARE(store.load().state, window->saveState());
    QVERIFY(notice(*window).isEmpty());
  }

  void what_did_not_change_is_not_saved() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    look_at_settings_often(*window);
    QTest::qWait(500);
    SettingsStore(folder_->filePath("settings.ini")).reset();
    QTest::qWait(500);
    QVERIFY(!QFile::exists(folder_->filePath("settings.ini")));
    action(*window, "labels")->trigger();
    QTRY_VERIFY(QFile::exists(folder_->filePath("settings.ini")));
  }

  void settings_that_cannot_be_saved_are_told_once() {
    auto window = make_window();
    QTRY_COMPARE_WITH_TIMEOUT(rows(*window), 1, 5000);
    SettingsStore(folder_->filePath("settings.ini")).reset();
    QVERIFY(QDir(folder_->path()).mkdir("settings.ini"));  // a folder stands there
    look_at_settings_often(*window);
    QTRY_VERIFY(notice(*window).contains("settings.ini"));
    window->findChild<NoticeBar*>()->hide();
    QTest::qWait(500);
    QVERIFY(notice(*window).isEmpty());
  }

  void the_tick_of_the_statistics_follows_their_dock() {
    auto window = make_window();
    auto* dock = window->findChild<QDockWidget*>("statsDock");
    const auto ticked = [&](bool on) {
      return action(*window, "stats")->isChecked() == on && dock->toggleViewAction()->isChecked() == on;
    };
    QTRY_VERIFY(ticked(false));  // behind the Detection panel's tab
    action(*window, "stats")->trigger();
    QTRY_VERIFY(ticked(true));
    QTRY_VERIFY(!dock->visibleRegion().isEmpty());
    dock->close();  // its x
    QTRY_VERIFY(ticked(false));
    dock->toggleViewAction()->trigger();  // in the View menu
    QTRY_VERIFY(ticked(true));
    QTRY_VERIFY(!dock->visibleRegion().isEmpty());
    action(*window, "stats")->trigger();
    QTRY_VERIFY(ticked(false));
    QVERIFY(dock->isHidden());
  }

  void reset_settings_are_seen_at_once() {
    // Whatever this desktop's own are: others.
    apply_theme(*qApp, "system");
    apply_language({});
    const QPalette usual = QApplication::palette();
    Settings settings = SettingsStore(folder_->filePath("settings.ini")).load();
    settings.theme = usual == dark_palette() ? "light" : "dark";
    settings.language = QCoreApplication::translate("dualsight::MainWindow", "Events") == "Events" ? "zh_CN" : "en";
    settings.coordinates = true;
    settings.hidden_columns = QStringList("y");
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    const QString title = make_window()->findChild<QDockWidget*>("eventsDock")->windowTitle();
    apply_theme(*qApp, settings.theme);  // as main() does
    apply_language(settings.language);
    auto window = make_window();
    const auto* dock = window->findChild<QDockWidget*>("eventsDock");
    QVERIFY(dock->windowTitle() != title);
    QVERIFY(QApplication::palette() != usual);
    QTimer::singleShot(200, window.get(), [] {
      auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      QVERIFY(question != nullptr);
      question->button(QMessageBox::Yes)->click();
    });
    window->findChild<QDockWidget*>("eventsDock")->hide();
    action(*window, "reset_settings")->trigger();
    QVERIFY(!window->findChild<QDockWidget*>("eventsDock")->isHidden());
    QVERIFY(!window->settings().coordinates);
    QVERIFY(window->settings().hidden_columns.isEmpty());
    QTRY_COMPARE(dock->windowTitle(), title);
    QCOMPARE(QApplication::palette(), usual);
  }

  void safe_mode_remembers_nothing() {
    Settings settings;
    settings.coordinates = true;
    SettingsStore(folder_->filePath("settings.ini")).save(settings);
    {
      auto window = make_window({}, true);
      QVERIFY(!window->settings().coordinates);
      QVERIFY(!window->findChild<QTimer*>("settingsTimer")->isActive());
      window->close();
    }
    QVERIFY(SettingsStore(folder_->filePath("settings.ini")).load().coordinates);
  }

  void every_control_has_a_name() {
    auto window = make_window();
    for (auto* dock : window->findChildren<QDockWidget*>()) {  // side by side
      window->addDockWidget(window->dockWidgetArea(dock), dock);
    }
    QTRY_VERIFY(!window->findChild<QWidget*>("zonesTable")->visibleRegion().isEmpty());
    QStringList nameless;
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
      if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(window.get())) continue;
      QAccessibleInterface* seen = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
      const bool inner = widget->objectName().startsWith("qt_");
      if (seen != nullptr && seen->text(QAccessible::Name).isEmpty() && !inner) {
        nameless << QString("%1 \"%2\"").arg(widget->metaObject()->className(), widget->objectName());
      }
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(", ")));
  }
};
DUALSIGHT_UI_TEST(MainWindowTest);

}  // namespace dualsight

#include "main_window_test.moc"
