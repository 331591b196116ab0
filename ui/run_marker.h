// A file that is there while the program runs. Found without its program, it tells of a crash.
#pragma once

#include <QString>
#include <optional>

namespace dualsight {

class RunMarker {
 public:
  explicit RunMarker(const QString& folder = {});  // empty: in the user's state of this program
  ~RunMarker();                                    // a clean end

  struct Crash {
    QString recording;  // what was being recorded; empty: nothing
  };
  // Of an earlier run, of which nobody was told yet. Several windows may be open: each has a file of its own.
  std::optional<Crash> previous_crash() const { return crash_; }
  void set_recording(const QString& file);  // empty: none

 private:
  void write(const QString& recording) const;

  QString file_;
  std::optional<Crash> crash_;
};

}  // namespace dualsight
