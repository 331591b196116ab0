// What is written of the live source: recordings, records and snapshots. They are begun with the settings given, and
// their buttons show what the session reports, not what was pressed. All on the GUI thread.
#pragma once

#include <QObject>
#include <QString>

#include "app/session/session.h"

namespace dualsight {

class Actions;
class LiveController;
class NoticeBar;
class StatusWidgets;
struct Settings;

// Where the settings name no folder: "Dualsight" in the user's videos or pictures.
QString record_folder(const Settings& settings);
QString snapshot_folder(const Settings& settings);

class OutputController : public QObject {
  Q_OBJECT

 public:
  // All of them outlive the controller.
  OutputController(LiveController& live, Actions& actions, NoticeBar& notice, StatusWidgets& status, QObject* parent);

  void set_recording(bool on, const Settings& settings);
  void set_records(bool on, const Settings& settings);
  void save_snapshot(const Settings& settings);

 Q_SIGNALS:
  void message(const QString& text);                 // worth a few seconds in the status bar
  void recording_file_changed(const QString& file);  // the video that is being written; empty: none
  void recording_choice_missing();                   // nothing was chosen that starts recordings on events

 private:
  void show_status(const StatusRecord& status);
  void show_output(const OutputStatus& status);
  QString file_name(const QString& folder, const QString& extension) const;

  LiveController& live_;
  Actions& actions_;
  NoticeBar& notice_;
  StatusWidgets& status_;
  bool is_recording_ = false, writes_records_ = false;  // as the session reported last
};

}  // namespace dualsight
