// Connects one session with the widgets that show it: what the panels choose goes to the session, what the session
// reports goes to the picture, the panels and the status bar. All on the GUI thread.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "app/session/session.h"
#include "ui/live/session_link.h"

class QTimer;

namespace dualsight {

class Actions;
class DetectionsPanel;
class DetectorSettingsPanel;
class EventsPanel;
class NoticeBar;
class SourcesPanel;
class StatsPanel;
class StatusWidgets;
class VideoView;
class ZonesDock;

// Owned by the window; they outlive the controller.
struct LiveWidgets {
  Actions* actions;
  NoticeBar* notice;
  VideoView* view;
  SourcesPanel* sources;
  DetectorSettingsPanel* detector_settings;
  DetectionsPanel* detections;
  ZonesDock* zones;
  EventsPanel* events;
  StatsPanel* stats;
  StatusWidgets* status;
};

class LiveController : public QObject {
  Q_OBJECT

 public:
  LiveController(const LiveWidgets& widgets, const SessionOptions& options, QObject* parent);
  ~LiveController() override;

  void end_session();  // waits two seconds at most, files are closed; nothing can be opened afterwards
  Session* session() { return session_.get(); }  // nullptr once it was ended
  const SessionLink& link() const { return link_; }

  void show_no_source();         // instead of a picture
  void set_frozen(bool frozen);  // the picture only: source, detector and recordings go on
  void adjust();                 // sends thresholds, zones, blurring and tracking of the panels to the session
  void apply_style();            // draws the picture's overlay as actions and panels have it now

  const QStringList& class_names() const { return class_names_; }  // the model's
  OverlayStyle overlay_style() const;                              // as the picture has it, for what is written
  std::string source_name() const;                                 // as records name it; "dualsight" before any

 Q_SIGNALS:
  void source_opening(const QString& name);
  void source_ended();

 private:
  void connect_session();
  void connect_panels();
  void connect_zones();
  void open(const SourceSettings& source);
  void show_frame();
  void show_result();
  void show_status(const StatusRecord& status);
  void show_retry(const StatusRecord& status);
  void show_end(const SummaryRecord& summary);
  void show_source_error(const QString& problem);
  void show_model(const ModelStatus& status);
  void show_frozen_frame(const std::vector<float>& thresholds);
  void show_placeholder(const QString& title, const QString& text, const QString& button = {});
  bool moved_since_freezing(const std::vector<float>& thresholds, std::size_t class_id) const;
  bool is_checked(const char* action) const;

  const LiveWidgets widgets_;
  QStringList class_names_;
  bool source_open_ = false;
  std::optional<SessionLink::DetectedFrame> last_result_;  // as shown: not replaced while the picture is frozen
  std::vector<float> thresholds_when_frozen_;
  std::optional<StatusRecord> retry_;  // the source is lost; it is opened again when the countdown ends
  QTimer* countdown_;

  SessionLink link_;
  std::unique_ptr<Session> session_;  // the last member: it calls link_ until it ends
};

}  // namespace dualsight
