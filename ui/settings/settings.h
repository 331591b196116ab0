// All that the window remembers from one run to the next.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QKeySequence>
#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace dualsight {

struct ClassSettings {
  bool shown = true;
  bool blurred = false;
  std::optional<double> threshold;  // none: the threshold of all classes
  QColor color;                     // invalid: the default one, class_color()

  bool operator==(const ClassSettings&) const = default;
};

struct Settings {
  // Look
  QString language;                                                       // "", as the system's; "en", "zh_CN"
  QString theme = "system";                                               // "system", "light", "dark"
  QByteArray geometry, state;                                             // of the main window
  bool labels = true, coordinates = false, tracks = false, zones = true;  // what is drawn over the picture
  QStringList hidden_columns;  // of the table of detections, as DetectionsModel::key() calls them

  // Source. Cameras are remembered by their path by serial number, if they have one.
  QString source;              // empty: none yet, the first camera
  QStringList recent_sources;  // files and addresses, newest first; saved without passwords
  QString camera_format;       // FOURCC; empty: the driver's choice
  int camera_width = 0, camera_height = 0;
  double camera_fps = 0;
  int rotate = 0;  // 0, 90, 180, 270
  bool mirror = false;
  bool repeat = true;  // files begin again at their end

  // Detection
  QString model;           // path; empty: the best shipped one
  double confidence = -1;  // of all classes; < 0: the model's own, per class
  double iou = 0.6;
  int input_size = 0;  // 0: the model's
  QString device = "auto", precision = "auto";
  bool tracking = true;
  QMap<QString, ClassSettings> classes;  // by name
  QStringList regions;                   // as parse_region() reads them, lines with "line:" in front

  // Outputs
  QString record_folder, snapshot_folder;  // empty: the user's videos and pictures folders
  QString record_what = "annotated";       // "annotated", "raw", "both"
  QString container = ".mkv";
  bool record_on_events = false;  // clips around the classes and zones below
  QStringList record_classes, record_zones;
  double pre_roll_s = 5, post_roll_s = 10;
  double segment_minutes = 0;  // 0: one file
  double quota_gib = 0;        // 0: none

  QMap<QString, QKeySequence> shortcuts;  // by action name; only those that differ from the defaults

  bool operator==(const Settings&) const = default;
};

// Input sizes that are offered, in pixels. A settings file may hold others.
inline constexpr int kSmallestInput = 160, kLargestInput = 1280, kInputStep = 32;

// The settings file: dualsight.ini in the user's configuration folder for this program, or `file`. Passwords are not
// saved. A value that is missing, damaged or out of range falls back to its default; the others are kept.
class SettingsStore {
 public:
  explicit SettingsStore(const QString& file = {});

  Settings load() const;
  bool save(const Settings& settings) const;  // replaces the file as a whole, or (false) leaves it as it was
  void reset() const;                         // removes the file
  QString file() const { return file_; }

 private:
  QString file_;
};

}  // namespace dualsight
