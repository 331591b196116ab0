// The window: the picture in the middle (live, or a recording under review), panels around it. It builds the widgets
// and their menus and remembers the settings; LiveController and OutputController connect them with the session.
#pragma once

#include <QMainWindow>
#include <QMap>
#include <functional>
#include <memory>
#include <optional>

#include "app/session/session.h"
#include "ui/settings/settings.h"

class QDockWidget;
class QMenu;
class QStackedWidget;
class QTimer;

namespace dualsight {

class Actions;
class CameraList;
class DetectionsPanel;
class DetectorSettingsPanel;
class EventsPanel;
class LiveController;
class ModelList;
class NoticeBar;
class OutputController;
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
  bool safe_mode = false;            // default settings, nothing is opened, nothing is remembered
  QString settings_file;             // empty: the usual one
  std::optional<Settings> settings;  // that file's content, if the caller has read it already
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
  // main_window.cpp: pages, docks, and what is open
  void build_pages();
  QDockWidget* add_dock(const char* name, QWidget* panel, Qt::DockWidgetArea area);
  void build_docks();
  void bring_to_front(const char* dock);
  void connect_controllers();
  void connect_pages();
  void show_previous_crash();
  void open_what_was_open();
  void retranslate();

  // main_window_actions.cpp: menus, and what each action does
  void build_menus();
  void build_tool_bar();
  void retranslate_menus();
  void connect_actions();
  void connect_picture_actions();
  void connect_detection_actions();
  void connect_output_actions();
  void connect_tool_actions();
  template <typename Call>
  void on_triggered(const char* action, Call call);
  void turn_picture(const std::function<void(Settings&)>& change);
  void change_detection(const std::function<void(Settings&)>& change);
  void change_confidence(double by);
  void set_blurring(bool on);
  void choose_source_file();
  void choose_address();
  void choose_recording();
  void show_recent();
  void show_preferences(const QString& page = {});
  void show_about();

  // main_window_settings.cpp: what is remembered
  void apply(const Settings& settings);
  void change_to(const Settings& wanted);
  void save_settings();
  void save_settings_once_they_rest();
  void ask_to_reset_settings();

  const WindowOptions options_;
  SettingsStore store_;
  Settings settings_;      // as last loaded or applied; settings() adds what panels and actions have changed since
  Settings saved_;         // as the file has them
  Settings last_watched_;  // as they were when the timer fired last
  QTimer* settings_timer_;
  std::unique_ptr<RunMarker> marker_;  // none in safe mode

  Actions* actions_;
  CameraList* cameras_;
  ModelList* models_;
  NoticeBar* notice_;
  QStackedWidget* pages_;
  VideoView* view_;
  ReviewWidget* review_;
  SourcesPanel* sources_;
  DetectorSettingsPanel* detector_settings_;
  DetectionsPanel* detections_;
  ZonesDock* zones_;
  EventsPanel* events_;
  StatsPanel* stats_;
  StatusWidgets* status_;
  QMap<QString, QDockWidget*> docks_;
  QByteArray first_state_;  // docks and toolbar as they come

  LiveController* live_;
  OutputController* outputs_;
};

}  // namespace dualsight
