// The Zones panel: a table of zones and lines with their classes and counts. They are drawn on the picture; corners can
// be typed as numbers, too.
#pragma once

#include <QMap>
#include <QStringList>
#include <QWidget>
#include <map>
#include <string>
#include <vector>

#include "app/records/records.h"
#include "backbone/result.h"
#include "detector/tracking/zones.h"

class QLabel;
class QPushButton;
class QTableWidget;

namespace dualsight {

// The form in the settings: as parse_region() reads it, with "line:" in front of lines. Reading it back gives the same
// region, unless a name contains characters of the syntax: see can_be_kept().
QString to_text(const Region& region);
Result<Region> region_from_text(const QString& text);
bool can_be_kept(const Region& region);

class ZonesDock : public QWidget {
  Q_OBJECT

 public:
  explicit ZonesDock(QWidget* parent = nullptr);

  const std::vector<Region>& regions() const { return regions_; }
  void set_regions(const std::vector<Region>& regions);
  QStringList text() const;
  void set_text(const QStringList& text);  // what cannot be read is left out
  void set_class_names(const QStringList& names);
  void count(const EventRecord& event);
  void set_inside(const std::map<std::string, int64_t>& inside);  // objects in each zone now; 0 in zones not named

  void set_editing(bool editing);
  void select(int index);
  int selected() const;  // -1: none

 Q_SIGNALS:
  void regions_changed();
  void draw_requested(bool line);
  void edit_requested(int index);      // on the picture; -1: none
  void editing_changed(bool editing);  // by the Edit button, or because a region is being drawn

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Counted {
    qint64 in = 0, out = 0;  // zones: entered and left; lines: forward and backward
  };

  void retranslate();
  void show_rows();
  void show_counts();
  void show_buttons();
  void row_chosen();
  void cell_edited(int row, int column);
  bool replace(int row, Region region);  // false: the hint says why not
  void remove_selected();
  void flip_selected();
  void reset_counts();
  void choose_classes(int row);
  QString classes_text(const Region& region) const;
  void say(const QString& problem);
  void changed();

  std::vector<Region> regions_;
  QMap<QString, Counted> counts_;
  std::map<std::string, int64_t> inside_;  // by zone; 0 where there is no entry
  QStringList class_names_;
  QTableWidget* table_;
  QPushButton *add_zone_, *add_line_, *edit_, *flip_, *remove_, *reset_;
  QLabel* hint_;
  bool filling_ = false;
};

}  // namespace dualsight
