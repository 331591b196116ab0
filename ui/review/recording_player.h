// Plays a recording: opening and decoding happen on a worker thread, results arrive on the GUI thread.
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

// All calls on the GUI thread; all return at once.
class RecordingPlayer : public QObject {
  Q_OBJECT

 public:
  explicit RecordingPlayer(QObject* parent = nullptr);
  ~RecordingPlayer() override;

  void open(const QString& video, const QString& sidecar = {});
  void close();
  const std::shared_ptr<const Recording>& recording() const { return recording_; }  // nullptr: none is open

  void seek(double time_ms);  // replaces a seek that is not done yet
  void step(int frames);      // stops playing
  void play();                // at the end: from the start
  void pause();
  void set_speed(double speed);  // 1: real time; frames for which there is no time are skipped
  bool playing() const { return playing_; }

  void set_filter(const DetectionFilter& filter);
  const DetectionFilter& filter() const { return filter_; }
  const PlayedPicture& picture() const { return picture_; }  // shown now

 Q_SIGNALS:
  void opened();
  void failed(const QString& message);  // the recording could not be opened, or a picture not be read
  void shown();                         // picture() has changed, or its detections
  void playing_changed(bool playing);

 private:
  class Worker;
  void take();  // the worker's output
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
