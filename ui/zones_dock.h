// The Zones panel: zones and lines, what they are about and what they counted. A zone can be drawn on the picture or
// written as text, which works by keyboard alone.
#pragma once

#include <QMap>
#include <QStringList>
#include <QWidget>
#include <vector>

#include "app/records.h"
#include "detector/zones.h"

class QLabel;
class QPushButton;
class QTableWidget;

namespace dualsight {

// As the settings keep it: what parse_region() reads, with "line:" in front of lines.
QString region_text(const Region& region);

class ZonesDock : public QWidget {
  Q_OBJECT

 public:
  explicit ZonesDock(QWidget* parent = nullptr);

  std::vector<Region> regions() const { return regions_; }
  QStringList text() const;
  void set_text(const QStringList& text);  // what cannot be read is left out
  void set_class_names(const QStringList& names);
  void count(const EventRecord& event);

  void add(Region region);                  // gets a free name
  void replace(int index, const Region& region);  // keeps name and classes
  void set_editing(bool editing);
  int selected() const;  // -1: none

 Q_SIGNALS:
  void regions_changed();
  void draw_requested(bool line);
  void edit_requested(int index);  // -1: none

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void show_rows();
  void show_counts();
  void cell_edited(int row, int column);
  void remove_selected();
  bool is_free(const QString& name, int except) const;

  struct Counted {
    int64_t in = 0, out = 0;  // entered and left, or forward and backward
  };

  std::vector<Region> regions_;
  QMap<QString, Counted> counts_;
  QStringList class_names_;
  QTableWidget* table_;
  QPushButton *add_zone_, *add_line_, *remove_, *reset_;
  QLabel* hint_;
  bool filling_ = false, editing_ = false;
};

}  // namespace dualsight
