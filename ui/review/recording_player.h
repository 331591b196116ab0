// Plays a recording: files are read and pictures decoded on a thread of its own, and handed over on the window's.
#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "app/recording/playback.h"

namespace dualsight {

struct PlayedPicture {
  QImage image;  // null: none yet
  std::size_t index = 0;
  double time_ms = 0;
  std::vector<Detection> detections;
};

// All calls from the window's thread; all return at once.
class RecordingPlayer : public QObject {
  Q_OBJECT

 public:
  explicit RecordingPlayer(QObject* parent = nullptr);
  ~RecordingPlayer() override;

  void open(const QString& video, const QString& sidecar = {});
  void close();
  const std::shared_ptr<const Recording>& recording() const { return recording_; }  // nullptr: none is open

  void seek(double time_ms);  // of several the newest wins
  void step(int frames);      // stops playing
  void play();                // at the end: from the start
  void pause();
  void set_speed(double speed);  // 1: as it was; frames for which there is no time are passed over
  bool playing() const { return playing_; }

  void set_filter(const DetectionFilter& filter);
  const DetectionFilter& filter() const { return filter_; }
  const PlayedPicture& picture() const { return picture_; }  // shown now

 Q_SIGNALS:
  void opened();
  void failed(const QString& message);  // it could not be opened, or a picture of it not be read
  void shown();                         // another picture, or others of its detections
  void playing_changed(bool playing);

 private:
  class Worker;
  void take();  // what the worker has put out
  void seek_index(std::size_t index);
  void find_detections();
  void set_playing(bool playing);

  std::unique_ptr<Worker> worker_;
  std::shared_ptr<const Recording> recording_;
  DetectionFilter filter_;
  PlayedPicture picture_;
  std::size_t wanted_ = 0;  // the frame that was asked for last
  bool playing_ = false;
};

}  // namespace dualsight
