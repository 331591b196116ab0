#include "ui/review/review_widget.h"

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFile>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>

#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/review_fixture.h"
#include "tests/ui/support/ui_test.h"
#include "ui/main_window.h"
#include "ui/review/export_panel.h"
#include "ui/review/recording_player.h"
#include "ui/review/timeline_widget.h"
#include "ui/widgets/notice_bar.h"

namespace dualsight {

class ReviewWidgetTest : public ReviewFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { apply_language("en"); }
  void initTestCase() { make_recording(); }

  void opensAndShowsTheFirstPicture() {
    ReviewWidget review;
    review.resize(900, 600);
    review.show();
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    QCOMPARE(time(review), QString("0:00.000 of 0:04.000"));
    QCOMPARE(child<QLabel>(review, "reviewTitle")->text(), QString("yard.mkv"));
    QCOMPARE(child<QLabel>(review, "confidenceLabel")->text(), QString("as recorded"));
    QVERIFY(child<QCheckBox>(review, "class0") != nullptr);
    QVERIFY(child<QCheckBox>(review, "class1") != nullptr);
    QVERIFY(child<QCheckBox>(review, "class2") == nullptr);  // there never was a kite
    QVERIFY(child<NoticeBar>(review, "noticeBar")->isHidden());
    const auto* timeline = child<TimelineWidget>(review, "timeline");
    QCOMPARE(timeline->rows().size(), std::size_t{2});
    QCOMPARE(timeline->rows()[0].spans.size(), std::size_t{1});
    QCOMPARE(timeline->rows()[1].spans[0].to_ms, 1100.0);
    QCOMPARE(timeline->marks().size(), std::size_t{1});
    QCOMPARE(timeline->marks()[0].text, QString("cat #2 left lawn"));
    QCOMPARE(timeline->accessibleDescription(), QString("0:00.000 of 0:04.000"));
  }

  void seeksByTimeAndKey() {
    ReviewWidget review;
    review.show();
    review.open(video());
    review.seek(3010);  // before it is open
    QTRY_COMPARE(time(review), QString("0:03.000 of 0:04.000"));
    auto* timeline = child<TimelineWidget>(review, "timeline");
    QTest::keyClick(timeline, Qt::Key_Left);
    QTRY_COMPARE(time(review), QString("0:02.960 of 0:04.000"));
    QTest::keyClick(timeline, Qt::Key_Home);
    QTRY_COMPARE(time(review), QString("0:00.000 of 0:04.000"));
    QTest::keyClick(timeline, Qt::Key_Right, Qt::ShiftModifier);
    QTRY_COMPARE(time(review), QString("0:01.000 of 0:04.000"));
    QTest::keyClick(timeline, Qt::Key_End);
    QTRY_COMPARE(time(review), QString("0:03.960 of 0:04.000"));
    QTest::mouseClick(timeline, Qt::LeftButton, {}, {timeline->x_of(2000), 5});
    QTRY_VERIFY(std::abs(timeline->position() - 2000) < 45);
    QTest::mouseClick(child<QToolButton>(review, "stepForward"), Qt::LeftButton);
  }

  void thresholdsAndClassesChangeWhatIsShown() {
    ReviewWidget review;
    review.show();
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    auto* slider = child<QSlider>(review, "confidenceSlider");
    auto* timeline = child<TimelineWidget>(review, "timeline");
    slider->setValue(70);
    QCOMPARE(objects(review), QString("1 dog"));
    QCOMPARE(child<QLabel>(review, "confidenceLabel")->text(), QString("70 %"));
    QTRY_VERIFY(timeline->rows()[1].spans.empty());
    slider->setValue(95);
    QCOMPARE(objects(review), QString("nothing found"));
    review.seek(3000);
    QTRY_COMPARE(time(review), QString("0:03.000 of 0:04.000"));
    slider->setValue(15);
    QCOMPARE(objects(review), QString("1 dog, 1 cat"));  // the weak one
    QTRY_COMPARE(timeline->rows()[1].spans.size(), std::size_t{2});
    QCOMPARE(timeline->rows()[1].spans[1].from_ms, 2900.0);
    QTest::mouseClick(child<QPushButton>(review, "asRecorded"), Qt::LeftButton);
    QCOMPARE(objects(review), QString("1 dog"));
    child<QCheckBox>(review, "class0")->click();
    QCOMPARE(objects(review), QString("nothing found"));
    QTRY_COMPARE(timeline->rows().size(), std::size_t{1});
  }

  void theBoxesAreInThePicture() {
    ReviewWidget review;
    review.resize(900, 600);
    review.show();
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    auto* picture = child<QWidget>(review, "reviewPicture");
    const QImage with = picture->grab().toImage();
    child<QCheckBox>(review, "showBoxes")->click();
    const QImage without = picture->grab().toImage();
    // The dog's left edge at x 0 of 160, y 40 of 120, the picture as large as there is room.
    const QSizeF size = QSizeF(kWidth, kHeight).scaled(QSizeF(picture->size()), Qt::KeepAspectRatio);
    const double scale = size.width() / kWidth;
    const QPoint right_edge(static_cast<int>((picture->width() - size.width()) / 2 + 30 * scale),
                            static_cast<int>((picture->height() - size.height()) / 2 + 40 * scale));
    QVERIFY(with.pixel(right_edge) != without.pixel(right_edge));
    const QPoint inside(right_edge.x() - static_cast<int>(15 * scale), right_edge.y());
    QCOMPARE(with.pixel(inside), without.pixel(inside));
  }

  // In the smallest window that is usual, with all panels: the picture has most of the room, and no text is cut.
  void thereIsRoom_data() {
    QTest::addColumn<QString>("language");
    QTest::addRow("English") << "en";
    QTest::addRow("Chinese") << "zh_CN";
  }
  void thereIsRoom() {
    QFETCH(QString, language);
    apply_language(language);
    const QTemporaryDir folder;
    WindowOptions options;
    options.settings_file = folder.filePath("settings.ini");
    options.session = fakes();
    options.source = "rtsp://camera/front";
    options.model = DUALSIGHT_TEST_MODEL;
    MainWindow window(std::move(options));
    window.resize(1280, 800);
    window.show();
    window.open_recording(video());
    auto* review = child<ReviewWidget>(window, "reviewWidget");
    QTRY_VERIFY_WITH_TIMEOUT(child<TimelineWidget>(*review, "timeline")->isEnabled(), 5000);
    QTest::qWait(200);
    QCOMPARE(window.size(), QSize(1280, 800));
    const auto* picture = child<QWidget>(*review, "reviewPicture");
    const auto share = [&] {
      return static_cast<double>(picture->width()) * picture->height() / (review->width() * review->height());
    };
    QVERIFY2(share() > 0.5, qPrintable(QString::number(share())));
    auto* side = child<QPushButton>(*review, "showSide");
    QVERIFY(!side->isChecked());
    for (const int page : {-1, 0, 1}) {
      if (page == 0) side->click();
      if (page >= 0) child<QTabWidget>(*review, "reviewSide")->setCurrentIndex(page);
      QTest::qWait(200);
      QCOMPARE(window.size(), QSize(1280, 800));
      QStringList cut;
      for (const QWidget* widget : review->findChildren<QWidget*>()) {
        const auto* label = qobject_cast<const QLabel*>(widget);
        const bool has_text = qobject_cast<const QAbstractButton*>(widget) != nullptr ||
                              qobject_cast<const QComboBox*>(widget) != nullptr ||
                              (label != nullptr && !label->wordWrap());
        if (!has_text || !widget->isVisible()) continue;
        if (widget->width() < widget->sizeHint().width()) cut << widget->objectName();
      }
      QVERIFY2(cut.isEmpty(), qPrintable(cut.join(", ")));
    }
    QVERIFY(picture->height() > 200);
  }

  void theSideComesWhereThereIsRoom() {
    ReviewWidget review;
    review.resize(1400, 600);
    review.show();
    auto* side = child<QPushButton>(review, "showSide");
    QVERIFY(side->isChecked());
    const auto* confidence = child<QWidget>(review, "confidenceSlider");
    QVERIFY(confidence->isVisible());
    review.resize(600, 600);
    QTRY_VERIFY(!confidence->isVisible());
    side->click();
    QVERIFY(confidence->isVisible());
    review.resize(590, 600);  // as it was chosen
    QTest::qWait(50);
    QVERIFY(confidence->isVisible());
  }

  void colorsAreTheWindows() {
    ReviewWidget review;
    review.resize(900, 600);
    review.show();
    review.set_colors({{"dog", QColor(10, 200, 30)}});
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    const auto* timeline = child<TimelineWidget>(review, "timeline");
    QCOMPARE(timeline->rows()[0].color, QColor(10, 200, 30));
    const QColor usual = timeline->rows()[1].color;
    review.set_colors({{"cat", QColor(20, 30, 240)}});
    QVERIFY(timeline->rows()[0].color != QColor(10, 200, 30));
    QCOMPARE(timeline->rows()[1].color, QColor(20, 30, 240));
    QVERIFY(usual != QColor(20, 30, 240));
    // The cat's box is at x 100 to 130, y 20 to 60 of 160 x 120.
    auto* picture = child<QWidget>(review, "reviewPicture");
    const QImage shown = picture->grab().toImage();
    const QSizeF size = QSizeF(kWidth, kHeight).scaled(QSizeF(picture->size()), Qt::KeepAspectRatio);
    const double scale = size.width() / kWidth;
    const QPointF edge((picture->width() - size.width()) / 2 + 100 * scale + 1,
                       (picture->height() - size.height()) / 2 + 50 * scale);
    QCOMPARE(shown.pixelColor(edge.toPoint()), QColor(20, 30, 240));

    auto* exports = child<ExportPanel>(review, "exportPanel");
    QSignalSpy ended(exports, &ExportPanel::ended);
    exports->export_pictures(at("colored"));
    QTRY_COMPARE(ended.count(), 1);
    const QImage exported(at("colored/yard_0h00m00.000s.jpg"));
    QCOMPARE(exported.size(), QSize(kWidth, kHeight));
    const QColor line = exported.pixelColor(130 - 1, 50);  // JPEG blurs it; its usual colour is more green than red
    QVERIFY2(line.blue() > line.red() + 50 && line.blue() > line.green() + 50, qPrintable(line.name()));
  }

  // In annotated recordings boxes are part of the picture: they are not drawn again unless the user asks for it.
  void drawnBoxesAreNotDrawnOver() {
    const auto record = [this](const QString& name, const char* what) {
      QVERIFY(QFile::copy(video(), at(name + ".mkv")));
      QFile from(at("yard.ndjson")), to(at(name + ".ndjson"));
      QVERIFY(from.open(QIODevice::ReadOnly) && to.open(QIODevice::WriteOnly));
      to.write(from.readAll().replace(0, 1, QByteArray("{\"video\":\"") + what + "\","));
    };
    record("drawn", "annotated");
    record("plain", "raw");
    ReviewWidget review;
    review.show();
    auto *boxes = child<QCheckBox>(review, "showBoxes"), *drawn = child<QCheckBox>(review, "drawBoxes");
    review.open(at("drawn.mkv"));
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    QVERIFY(!boxes->isChecked() && !drawn->isChecked());
    QVERIFY(boxes->isEnabled() && drawn->isEnabled());
    auto* training = child<QPushButton>(review, "exportTraining");
    QVERIFY(!training->isEnabled() && training->toolTip().contains("only a raw recording"));
    auto* exports = child<ExportPanel>(review, "exportPanel");
    QSignalSpy ended(exports, &ExportPanel::ended);
    exports->export_training_data(at("drawn-set"));
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(!ended[0][0].toBool());
    QVERIFY(child<NoticeBar>(review, "noticeBar")->text().contains("boxes drawn into its pictures"));
    boxes->click();
    review.open(at("drawn.mkv"));
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    QVERIFY(boxes->isChecked());  // the user's choice stays
    review.open(at("plain.mkv"));
    QTRY_COMPARE(child<QLabel>(review, "reviewTitle")->text(), QString("plain.mkv"));
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    QVERIFY(boxes->isChecked() && drawn->isChecked());
    QVERIFY(training->isEnabled() && training->toolTip().contains("COCO"));
  }

  void playsInRealTimeAndFaster() {
    ReviewWidget review;
    review.show();
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    auto* timeline = child<TimelineWidget>(review, "timeline");
    auto* player = review.findChild<RecordingPlayer*>();
    QElapsedTimer clock;
    clock.start();
    QTest::keyClick(timeline, Qt::Key_Space);
    QVERIFY(player->playing());
    QTRY_VERIFY(timeline->position() >= 1000);
    QVERIFY2(clock.elapsed() >= 950 && clock.elapsed() < 2500, qPrintable(QString::number(clock.elapsed())));
    child<QComboBox>(review, "playSpeed")->setCurrentIndex(5);  // 8x
    clock.restart();
    QTRY_VERIFY(!player->playing());  // the end
    QVERIFY2(clock.elapsed() < 2500, qPrintable(QString::number(clock.elapsed())));
    QTRY_COMPARE(time(review), QString("0:03.960 of 0:04.000"));
    child<QToolButton>(review, "playPause")->click();  // again from the start
    QTRY_VERIFY(timeline->position() < 3000);
    review.hide();
    QVERIFY(!player->playing());
  }

  void problemsAreOneLineAndTheNextRecordingWorks() {
    ReviewWidget review;
    review.show();
    const auto* notice = child<NoticeBar>(review, "noticeBar");
    review.open(at("none.mkv"));
    QTRY_COMPARE(notice->text(),
                 at("none.mkv") + ": no such file. Open another recording, or go back to the live picture.");
    QVERIFY(!child<QToolButton>(review, "playPause")->isEnabled());
    QFile damaged(at("damaged.mkv"));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write("no video at all");
    damaged.close();
    review.open(at("damaged.mkv"));
    QTRY_VERIFY(notice->text().startsWith(at("damaged.mkv") + ": cannot be opened as a video"));
    review.open(video(), at("damaged.mkv"));  // records that are none
    QTRY_VERIFY(notice->text().startsWith("Shown without boxes: " + at("damaged.mkv") + ":1: "));
    QTRY_COMPARE(objects(review), QString("nothing found"));
    QVERIFY(!child<QSlider>(review, "confidenceSlider")->isEnabled());
    QVERIFY(QFile::copy(video(), at("alone.mkv")));
    review.open(at("alone.mkv"));
    QTRY_COMPARE(notice->text(), QString("Shown without boxes: there are no records (alone.ndjson) beside the video."));
    review.open(video());
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    QVERIFY(notice->isHidden());
  }

  void closingGoesBackToLive() {
    ReviewWidget review;
    review.show();
    QSignalSpy closed(&review, &ReviewWidget::closed);
    review.open(video());
    review.open(video());  // while the first is being read
    QTRY_COMPARE(objects(review), QString("1 dog, 1 cat"));
    QTest::mouseClick(child<QPushButton>(review, "backToLive"), Qt::LeftButton);
    QCOMPARE(closed.count(), 1);
    QCOMPARE(objects(review), QString());
    QCOMPARE(child<QLabel>(review, "reviewTitle")->text(), QString());
    QVERIFY(!child<TimelineWidget>(review, "timeline")->isEnabled());
    QVERIFY(child<QCheckBox>(review, "class0") == nullptr);
    review.open(video());
    review.close_recording();  // while it is being read
    QTest::qWait(300);
    QCOMPARE(objects(review), QString());
  }
};
DUALSIGHT_UI_TEST(ReviewWidgetTest);

}  // namespace dualsight

#include "review_widget_test.moc"
