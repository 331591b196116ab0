// A recording that is made for a test, and the widgets that review it.
#pragma once

#include <QFile>
#include <QLabel>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "app/recording/video_encoder.h"
#include "ui/widgets/language.h"

namespace dualsight {

// "yard.mkv" and its records: 4 s, detected on every 200 ms, the camera's frames numbered from 500. A dog of 90 %
// always, a cat of 60 % in the first second (frames 500 to 525), a weak cat of 20 % at 3 s (frame 575).
class ReviewFixture : public QObject {
 protected:
  static constexpr int kWidth = 160, kHeight = 120, kFrames = 100;  // 25 frames a second

  static int grey_of(int number) { return 10 + 8 * (number % 30); }

  QString at(const QString& name) const { return folder_.filePath(name); }
  QString video() const { return at("yard.mkv"); }

  template <typename T>
  static T* child(QWidget& parent, const char* name) {
    return parent.findChild<T*>(QLatin1String(name));
  }
  static QString objects(QWidget& review) { return child<QLabel>(review, "objectsLabel")->text(); }
  static QString time(QWidget& review) { return child<QLabel>(review, "timeLabel")->text(); }

  void make_recording() {
    apply_language("en");
    EncoderOptions options;
    options.fps = 25;
    auto encoder = VideoEncoder::create(video().toStdString(), kWidth, kHeight, options);
    QVERIFY(static_cast<bool>(encoder));
    for (int i = 0; i < kFrames; ++i) {
      QVERIFY(static_cast<bool>(
          encoder->write(cv::Mat(kHeight, kWidth, CV_8UC3, cv::Scalar::all(grey_of(i))), int64_t{40} * i)));
    }
    QVERIFY(static_cast<bool>(encoder->close()));

    QByteArray lines =
        "{\"schema\":\"dualsight/1\",\"type\":\"header\",\"class_names\":[\"dog\",\"cat\",\"kite\"],"
        "\"settings\":{\"thresholds\":[0.4,0.5,0.5]}}\n";
    for (int look = 0; look < 20; ++look) {
      const int ms = 200 * look;
      QByteArray detections = detection(0, "0.9", 5 * look, 1), candidates;
      if (ms <= 1000) detections += "," + detection(1, "0.6", 100, 2);
      if (ms == 3000) candidates = detection(1, "0.2", 100, 0);
      const QByteArray place = "\"source\":\"yard\",\"frame\":" + QByteArray::number(500 + 5 * look) +
                               ",\"pts_ms\":" + QByteArray::number(ms);
      lines += "{\"schema\":\"dualsight/1\",\"type\":\"frame\"," + place +
               ",\"timestamp\":\"2026-11-25T10:00:00.000Z\",\"image\":{\"width\":160,\"height\":120},\"detections\":[" +
               detections + "],\"candidates\":[" + candidates + "]}\n";
      if (ms == 1000) {
        lines += "{\"schema\":\"dualsight/1\",\"type\":\"event\"," + place + ",\"event\":\"leave\",\"zone\":\"lawn\"," +
                 "\"detection\":" + detection(1, "0.6", 100, 2) + "}\n";
      }
    }
    QFile file(at("yard.ndjson"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(lines);
  }

 private:
  static QByteArray detection(int class_id, const char* confidence, int left, int track) {
    QByteArray out = "{\"class\":" + QByteArray::number(class_id) + ",\"confidence\":" + confidence +
                     ",\"box\":{\"x1\":" + QByteArray::number(left) +
                     ",\"y1\":20,\"x2\":" + QByteArray::number(left + 30) + ",\"y2\":60}";
    if (track > 0) out += ",\"track_id\":" + QByteArray::number(track);
    return out + "}";
  }

  QTemporaryDir folder_;
};

}  // namespace dualsight
