// Crash detection: a marker file that exists while the program runs. A marker whose process is gone means a crash.
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>

namespace dualsight {

class RunMarker {
 public:
  explicit RunMarker(const QString& folder = {});  // empty: the user's data folder of this program
  ~RunMarker();                                    // a clean end: removes the file
  RunMarker(const RunMarker&) = delete;
  RunMarker& operator=(const RunMarker&) = delete;

  struct Crash {
    QDateTime started;  // UTC; invalid: unknown
    QString recording;  // the video that was being written, if it still exists; empty: none
  };
  // An earlier run that did not end cleanly and was not reported yet; of several, the last one that recorded
  // something. Several windows may run at once: each has its own file.
  const std::optional<Crash>& previous_crash() const { return crash_; }
  void set_recording(const QString& file);  // empty: none

 private:
  void write(const QString& recording) const;

  const QDateTime started_;
  QString file_;
  std::optional<Crash> crash_;
};

}  // namespace dualsight
