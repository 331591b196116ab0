#include "ui/output_controller.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QProcess>

#include "app/recording/playback.h"
#include "tests/ui/support/ui_test.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/panels/events_model.h"
#include "ui/review/timeline_widget.h"

namespace dualsight {

class OutputControllerTest : public WindowFixture {
  Q_OBJECT

  static int frames_of(const QString& video) {
    QProcess ffprobe;
    ffprobe.start("ffprobe", {"-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                              "stream=nb_read_frames", "-of", "csv=p=0", video});
    if (!ffprobe.waitForFinished() || !ffprobe.readAllStandardError().isEmpty()) return -1;
    return ffprobe.readAllStandardOutput().trimmed().split(',').first().toInt();
  }

 private Q_SLOTS:
  void init() { reset_fixture(); }

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
};
DUALSIGHT_UI_TEST(OutputControllerTest);

}  // namespace dualsight

#include "output_controller_test.moc"
