// A file that is there while the program runs. Found without its program, it tells of a crash.
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>

namespace dualsight {

class RunMarker {
 public:
  explicit RunMarker(const QString& folder = {});  // empty: in the user's data of this program
  ~RunMarker();                                    // a clean end
  RunMarker(const RunMarker&) = delete;
  RunMarker& operator=(const RunMarker&) = delete;

  struct Crash {
    QDateTime started;  // UTC; invalid: unknown
    QString recording;  // what was being recorded, if it is there; empty: nothing
  };
  // An earlier run that did not end cleanly and of which nobody was told yet; of several the last that recorded
  // something. Several windows may be open at once: each has a file of its own.
  const std::optional<Crash>& previous_crash() const { return crash_; }
  void set_recording(const QString& file);  // empty: none

 private:
  void write(const QString& recording) const;

  const QDateTime started_;
  QString file_;
  std::optional<Crash> crash_;
};

}  // namespace dualsight
