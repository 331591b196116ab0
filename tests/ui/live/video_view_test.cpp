#include "ui/live/video_view.h"

#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QWheelEvent>
#include <cmath>
#include <memory>

#include "tests/ui/support/ui_test.h"

namespace dualsight {
namespace {

Detection found(int class_id, float confidence, const Box& box, int64_t track = 0) {
  Detection d;
  d.class_id = class_id;
  d.confidence = confidence;
  d.box = box;
  d.track_id = track;
  return d;
}

// Blue 200 with a red pixel in the middle.
ShownFrame frame_of(int width, int height, std::vector<Detection> detections = {}) {
  ShownFrame frame;
  frame.bgr = cv::Mat(height, width, CV_8UC3, cv::Scalar(200, 0, 0));
  frame.bgr.at<cv::Vec3b>(height / 2, width / 2) = {0, 0, 255};
  frame.detections = std::move(detections);
  return frame;
}

QColor pixel(QWidget& widget, int x, int y) { return widget.grab().toImage().pixelColor(x, y); }

void wheel(QWidget& widget, const QPointF& at, int steps) {
  QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, 120 * steps}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                    false);
  QApplication::sendEvent(&widget, &event);
}

void drag(QWidget& widget, Qt::MouseButton button, const QPoint& from, const QPoint& to) {
  QTest::mousePress(&widget, button, {}, from);
  for (const QPoint& at : {(from + to) / 2, to}) {
    QMouseEvent move(QEvent::MouseMove, at, widget.mapToGlobal(QPointF(at)), Qt::NoButton, button, {});
    QApplication::sendEvent(&widget, &move);
  }
  QTest::mouseRelease(&widget, button, {}, to);
}

void drop(QWidget& widget, QMimeData& data, bool taken) {
  QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
  enter.ignore();
  QApplication::sendEvent(&widget, &enter);
  QCOMPARE(enter.isAccepted(), taken);
  if (!taken) return;
  QDropEvent event({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(&widget, &event);
}

// What is seen of the picture, in its pixels.
QRectF seen(VideoView& view) {
  return QRectF(view.to_picture({0, 0}), view.to_picture({double(view.width()), double(view.height())}));
}

}  // namespace

class VideoViewTest : public QObject {
  Q_OBJECT

  std::unique_ptr<VideoView> view_;

 private Q_SLOTS:
  void init() {
    view_ = std::make_unique<VideoView>();
    view_->resize(640, 400);
    view_->set_class_names({"person", "dog"});
    view_->show();
  }

  void a_picture_is_fitted_and_centred() {
    view_->set_frame(frame_of(1280, 720));  // at half its size: 640 x 360, 20 above and below
    QCOMPARE(view_->frame_size(), QSize(1280, 720));
    QCOMPARE(view_->zoom(), 0.5);
    QCOMPARE(view_->to_widget({0, 0}), QPointF(0, 20));
    QCOMPARE(view_->to_picture({320, 200}), QPointF(640, 360));
    QCOMPARE(pixel(*view_, 5, 25), QColor(0, 0, 200));
    QCOMPARE(pixel(*view_, 5, 375), QColor(0, 0, 200));
    QVERIFY(pixel(*view_, 5, 10) != QColor(0, 0, 200));
    view_->resize(320, 400);  // follows the window: 320 x 180
    QCOMPARE(view_->zoom(), 0.25);
  }

  void the_picture_is_never_written_to() {
    const ShownFrame frame = frame_of(300, 200, {found(0, 0.9F, {10, 10, 100, 100}, 1)});
    const cv::Mat before = frame.bgr.clone();
    view_->set_frame(frame);
    view_->grab();
    view_->actual_size();
    view_->grab();
    QCOMPARE(cv::norm(frame.bgr, before, cv::NORM_INF), 0.0);
  }

  void actual_size_shows_each_pixel_as_it_is() {
    view_->set_frame(frame_of(1280, 800));
    view_->actual_size();
    QCOMPARE(view_->zoom(), 1.0);
    QCOMPARE(seen(*view_), QRectF(320, 200, 640, 400));
    const QImage image = view_->grab().toImage();
    QCOMPARE(image.pixelColor(320, 200), QColor(255, 0, 0));
    for (const QPoint& beside : {QPoint(319, 200), QPoint(321, 200), QPoint(320, 199), QPoint(320, 201)}) {
      QCOMPARE(image.pixelColor(beside), QColor(0, 0, 200));
    }
  }

  void a_picture_whose_rows_are_padded_is_shown_right() {
    cv::Mat wide(200, 330, CV_8UC3, cv::Scalar(0, 255, 0));
    wide(cv::Rect(0, 0, 301, 200)).setTo(cv::Scalar(200, 0, 0));
    ShownFrame frame;
    frame.bgr = wide(cv::Rect(0, 0, 301, 200));
    view_->set_frame(frame);
    view_->actual_size();
    const QImage image = view_->grab().toImage();
    for (int x = 0; x < image.width(); ++x) QVERIFY(image.pixelColor(x, 200) != QColor(0, 255, 0));
    QCOMPARE(image.pixelColor(320, 200), QColor(0, 0, 200));
  }

  void the_wheel_zooms_around_the_pointer() {
    view_->set_frame(frame_of(1280, 800));
    QSignalSpy spy(view_.get(), &VideoView::zoom_changed);
    const QPointF at(100, 300), before = view_->to_picture(at);
    wheel(*view_, at, 5);
    QVERIFY(view_->zoom() > 1);
    QVERIFY(spy.count() >= 1);
    QCOMPARE(spy.last().at(0).toDouble(), view_->zoom());
    const QPointF after = view_->to_picture(at);
    QVERIFY(std::hypot(after.x() - before.x(), after.y() - before.y()) < 1e-6);
    wheel(*view_, at, -30);  // no smaller than the window
    QCOMPARE(view_->zoom(), 0.5);
    wheel(*view_, at, 100);  // nor larger than can be of use
    QCOMPARE(view_->zoom(), 32.0);
  }

  void small_pictures_get_no_smaller_than_they_are() {
    view_->set_frame(frame_of(160, 100));  // fitted: four times as large
    QCOMPARE(view_->zoom(), 4.0);
    for (int i = 0; i < 20; ++i) view_->zoom_out();
    QCOMPARE(view_->zoom(), 1.0);
    QCOMPARE(view_->to_widget({80, 50}), QPointF(320, 200));
  }

  void the_picture_never_gets_lost() {
    view_->set_frame(frame_of(1280, 800));
    view_->actual_size();
    drag(*view_, Qt::LeftButton, {100, 100}, {200, 150});
    QCOMPARE(seen(*view_), QRectF(220, 150, 640, 400));
    drag(*view_, Qt::MiddleButton, {10, 10}, {630, 390});
    QCOMPARE(seen(*view_), QRectF(0, 0, 640, 400));
    drag(*view_, Qt::LeftButton, {630, 390}, {10, 10});
    drag(*view_, Qt::LeftButton, {630, 390}, {10, 10});
    QCOMPARE(seen(*view_), QRectF(640, 400, 640, 400));
    view_->resize(800, 500);
    QCOMPARE(seen(*view_), QRectF(480, 300, 800, 500));
    view_->set_frame(frame_of(400, 300));  // smaller than the window: centred
    QCOMPARE(view_->to_widget({200, 150}), QPointF(400, 250));
  }

  void arrows_move_what_is_seen() {
    view_->set_frame(frame_of(1280, 800));
    view_->actual_size();
    QTest::keyClick(view_.get(), Qt::Key_Right);  // a tenth of the window
    QTest::keyClick(view_.get(), Qt::Key_Up);
    QCOMPARE(seen(*view_), QRectF(384, 160, 640, 400));
    view_->fit();
    QTest::keyClick(view_.get(), Qt::Key_Left);
    QCOMPARE(seen(*view_), QRectF(0, 0, 1280, 800));
  }

  void a_double_click_toggles_fit() {
    view_->set_frame(frame_of(1280, 800));
    QTest::mouseDClick(view_.get(), Qt::LeftButton, {}, {320, 200});
    QCOMPARE(view_->zoom(), 1.0);
    QTest::mouseDClick(view_.get(), Qt::LeftButton, {}, {320, 200});
    QCOMPARE(view_->zoom(), 0.5);
  }

  void a_click_tells_the_innermost_object() {
    view_->set_frame(
        frame_of(1280, 800, {found(0, 0.9F, {0, 0, 400, 400}, 7), found(1, 0.5F, {100, 100, 200, 200}, 9)}));
    QSignalSpy spy(view_.get(), &VideoView::detection_clicked);
    QTest::mouseClick(view_.get(), Qt::LeftButton, {}, {75, 75});  // 150,150 of the picture
    QCOMPARE(spy.takeFirst(), QVariantList({qint64(9), 1}));
    QTest::mouseClick(view_.get(), Qt::LeftButton, {}, {20, 20});
    QCOMPARE(spy.takeFirst(), QVariantList({qint64(7), 0}));
    QTest::mouseClick(view_.get(), Qt::LeftButton, {}, {600, 300});
    QCOMPARE(spy.takeFirst(), QVariantList({qint64(0), -1}));
    view_->actual_size();
    drag(*view_, Qt::LeftButton, {300, 300}, {320, 320});
    QCOMPARE(spy.count(), 0);  // that was no click
  }

  void the_selected_one_is_marked() {
    view_->set_frame(frame_of(1280, 800, {found(0, 0.9F, {200, 200, 600, 600}, 7)}));
    const QImage before = view_->grab().toImage();
    view_->set_selected(7);
    QVERIFY(view_->grab().toImage() != before);
    view_->set_selected(8);
    QCOMPARE(view_->grab().toImage(), before);
  }

  void a_frozen_picture_shows_candidates_by_the_threshold() {
    const std::vector<Detection> all = {found(0, 0.8F, {200, 200, 600, 600}), found(1, 0.2F, {700, 200, 1000, 600})};
    VideoStyle style;
    style.classes = {{true, QColor(255, 0, 0), 0.5}, {true, QColor(0, 255, 0), 0.5}};
    view_->set_style(style);
    view_->set_frozen_frame(all, frame_of(1280, 800).bgr);
    view_->set_frozen(true);
    QCOMPARE(pixel(*view_, 100, 200), QColor(255, 0, 0));  // left edges, at half size
    QVERIFY(pixel(*view_, 350, 200) != QColor(0, 255, 0));
    style.classes[1].threshold = 0.1;
    view_->set_style(style);
    QCOMPARE(pixel(*view_, 350, 200), QColor(0, 255, 0));
    ShownFrame other = frame_of(1280, 800);
    other.bgr.setTo(cv::Scalar(0, 0, 0));
    view_->set_frame(other);  // goes by unseen
    QCOMPARE(pixel(*view_, 350, 200), QColor(0, 255, 0));
    view_->set_frozen(false);
    view_->set_frame(other);
    QCOMPARE(pixel(*view_, 350, 200), QColor(0, 0, 0));
  }

  void a_placeholder_tells_what_to_do() {
    view_->set_frame(frame_of(1280, 800));
    const QColor bright = pixel(*view_, 5, 5);
    view_->set_placeholder("Camera busy", "Another program uses it. Close it, then press Retry.", "Retry");
    QCOMPARE(view_->placeholder_title(), QString("Camera busy"));
    QVERIFY(pixel(*view_, 5, 5) != bright);  // dimmed
    QVERIFY(view_->accessibleDescription().contains("Close it"));
    auto* card = view_->findChild<QWidget*>("placeholder");
    for (const QSize& size : {QSize(640, 400), QSize(300, 240), QSize(1200, 800)}) {
      view_->resize(size);
      QVERIFY(card->isVisible());
      QVERIFY(view_->rect().contains(card->geometry()));
      const QPoint off = card->geometry().center() - view_->rect().center();
      QVERIFY(std::abs(off.x()) <= 1 && std::abs(off.y()) <= 1);
      auto* text = card->findChild<QLabel*>("placeholderText");
      QVERIFY(text->height() >= text->heightForWidth(text->width()));  // nothing is cut off
    }
    QSignalSpy spy(view_.get(), &VideoView::placeholder_action);
    auto* button = card->findChild<QPushButton*>("placeholderButton");
    QCOMPARE(button->text(), QString("Retry"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(spy.count(), 1);
    view_->resize(640, 400);
    view_->set_placeholder("Opening", {}, {});
    QVERIFY(!button->isVisible());
    view_->set_placeholder({}, {}, {});
    QVERIFY(!card->isVisible());
    QCOMPARE(view_->placeholder_title(), QString());
    QCOMPARE(pixel(*view_, 5, 5), bright);
  }

  // On the last picture of a video that came to its end, say.
  void zones_are_drawn_though_there_is_a_placeholder() {
    view_->set_frame(frame_of(1280, 800));
    view_->set_placeholder("The end", {}, "Play again");
    auto* card = view_->findChild<QWidget*>("placeholder");
    view_->draw_region(true);
    QVERIFY(!card->isVisible());
    QCOMPARE(view_->placeholder_title(), QString("The end"));
    QTest::mouseClick(view_.get(), Qt::LeftButton, {}, {100, 200});
    QTest::mouseClick(view_.get(), Qt::LeftButton, {}, {500, 200});
    QCOMPARE(view_->editor().regions().size(), std::size_t(1));
    QVERIFY(card->isVisible());
  }

  void files_and_addresses_can_be_dropped() {
    QSignalSpy files(view_.get(), &VideoView::file_dropped), urls(view_.get(), &VideoView::url_dropped);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/videos/a b.mp4"), QUrl::fromLocalFile("/videos/c.mp4")});
    drop(*view_, data, true);
    QCOMPARE(files.takeFirst().first().toString(), QString("/videos/a b.mp4"));
    QMimeData text;
    text.setText(" rtsp://user:p%40ss@camera/front \n");
    drop(*view_, text, true);
    QCOMPARE(urls.takeFirst().first().toString(), QString("rtsp://user:p%40ss@camera/front"));
    QMimeData path;
    path.setText("/videos/d.mp4");
    drop(*view_, path, true);
    QCOMPARE(files.takeFirst().first().toString(), QString("/videos/d.mp4"));
    QMimeData nothing;
    nothing.setText("any words");
    drop(*view_, nothing, false);
  }

  void a_screen_reader_is_told_what_is_seen() {
    QVERIFY(!view_->accessibleDescription().contains("object"));
    view_->set_frame(frame_of(
        1280, 800, {found(1, 0.9F, {0, 0, 9, 9}), found(0, 0.9F, {0, 0, 9, 9}), found(0, 0.9F, {0, 0, 9, 9})}));
    QCOMPARE(view_->accessibleDescription(), QString("3 objects: 2 person, 1 dog"));
    view_->set_frame(frame_of(1280, 800, {found(1, 0.9F, {0, 0, 9, 9})}));
    QCOMPARE(view_->accessibleDescription(), QString("3 objects: 2 person, 1 dog"));  // not twice in two seconds
    QTRY_COMPARE_WITH_TIMEOUT(view_->accessibleDescription(), QString("One object: 1 dog"), 4000);
  }

  void thirty_boxes_are_painted_in_time() {
    std::vector<Detection> many;
    for (int i = 0; i < 30; ++i) {
      const float x = static_cast<float>(40 * i), y = static_cast<float>(i * 157 % 500);
      many.push_back(found(i % 2, 0.9F, {x, y, x + 100, y + 200}, i + 1));
    }
    view_->resize(1280, 720);
    VideoStyle style;
    style.tracks = true;
    view_->set_style(style);
    const ShownFrame frame = frame_of(1280, 720, many);
    QImage target(view_->size(), QImage::Format_RGB32);
    qint64 best = 1'000'000'000;
    for (int i = 0; i < 30; ++i) {
      view_->set_frame(frame);
      QElapsedTimer timer;
      timer.start();
      view_->render(&target);
      best = std::min(best, timer.nsecsElapsed());
    }
    QVERIFY2(best < 15'000'000, qPrintable(QString("%1 ms").arg(static_cast<double>(best) / 1e6)));  // of 33
  }
};

DUALSIGHT_UI_TEST(VideoViewTest);

}  // namespace dualsight

#include "video_view_test.moc"
