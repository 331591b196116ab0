// The window: the picture in the middle, panels around it, and one session behind.
#pragma once

#include <QMainWindow>
#include <QMap>
#include <QStringList>
#include <memory>
#include <optional>

#include "app/session/session.h"
#include "ui/live/session_link.h"
#include "ui/settings/settings.h"

class QDockWidget;
class QStackedWidget;
class QTimer;

namespace dualsight {

class Actions;
class CameraList;
class DetectorSettingsPanel;
class DetectionsPanel;
class EventsPanel;
class ModelList;
class NoticeBar;
class ReviewWidget;
class RunMarker;
class SourcesPanel;
class StatsPanel;
class StatusWidgets;
class VideoView;
class ZonesDock;

struct WindowOptions {
  QString source;                    // empty: what was open last, or the first camera
  QString model;                     // empty: what was chosen last, or the best
  bool safe_mode = false;            // settings as they come, nothing is opened, nothing is remembered
  QString settings_file;             // empty: the usual one
  std::optional<Settings> settings;  // what that file holds, by who has read it already
  SessionOptions session;            // what tests replace
};

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(WindowOptions options);
  ~MainWindow() override;

  void open_source(const QString& spec);
  void open_recording(const QString& video);
  Settings settings() const;  // as they are now

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  // What is built
  QDockWidget* add_dock(const char* name, QWidget* panel, Qt::DockWidgetArea area);
  void build_docks();
  void bring_up(const char* name);  // a dock
  void build_menus();
  void connect_session();
  void connect_panels();
  void connect_actions();
  void retranslate();

  void apply(const Settings& settings);
  void change_to(const Settings& wanted);
  void apply_look();
  void save_settings();
  void watch_settings();

  // What happens
  void adjust();
  void show_frame();
  void show_looked();
  void take_status(const StatusRecord& status);
  void take_end(const SummaryRecord& summary);
  void take_model(const ModelStatus& status);
  void take_output(const OutputStatus& status);
  void set_frozen(bool frozen);
  void set_recording(bool on);
  void set_records(bool on);
  void save_snapshot();
  void choose_source_file();
  void choose_address();
  void choose_recording();
  void show_recent();
  void show_preferences(const QString& page = {});
  void show_help();
  void show_about();
  void show_waiting(const QString& title, const QString& text, const QString& button = {});
  OverlayStyle overlay_style() const;
  QString record_folder() const;
  QString snapshot_folder() const;
  QString file_name(const QString& folder, const QString& extension) const;

  const WindowOptions options_;
  SettingsStore store_;
  Settings settings_;  // as last loaded or applied; the panels know better what is theirs
  Settings saved_;     // as the file has them
  Settings seen_;      // as they were at the last look
  QTimer* settings_timer_;
  SessionLink link_;
  std::unique_ptr<RunMarker> marker_;

  Actions* actions_;
  CameraList* cameras_;
  ModelList* models_;
  NoticeBar* notice_;
  QStackedWidget* pages_;
  VideoView* view_;
  ReviewWidget* review_;
  SourcesPanel* sources_;
  DetectorSettingsPanel* detection_;
  DetectionsPanel* detections_;
  ZonesDock* zones_;
  EventsPanel* events_;
  StatsPanel* stats_;
  StatusWidgets* status_;
  QMap<QString, QDockWidget*> docks_;
  QByteArray first_state_;

  QStringList names_;  // of the model's classes
  std::optional<SessionLink::DetectedFrame> last_looked_;
  std::vector<float> thresholds_when_frozen_;
  std::optional<StatusRecord> waiting_;  // retrying
  QTimer* countdown_;
  QString recording_;  // the video that is being written
  bool source_open_ = false, is_recording_ = false, writes_records_ = false;

  std::unique_ptr<Session> session_;  // the last member: it ends before what it tells
};

}  // namespace dualsight
