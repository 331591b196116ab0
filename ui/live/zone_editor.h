// Drawing and editing zones and lines with mouse and keyboard. VideoView hands its events over.
//
// Drawing: a click sets a corner; a double click, Enter or a click on the first corner ends it; Backspace takes the
// last corner back, Escape all. Without a mouse: arrows move the cross hair (with Shift, 10 pixels), Space sets a
// corner. Editing: a corner, or the region as a whole, is dragged. Tab chooses the next corner, arrows move it, or the
// whole; Delete removes it, F turns a line's direction. Everything can be undone.
//
// Corners are fractions of the picture, x to the right and y down, (0, 0) at the top left. Positions of events are in
// widget coordinates.
#pragma once

#include <QObject>
#include <QPointF>
#include <QRectF>
#include <QSize>
#include <QStringList>
#include <QUndoStack>
#include <array>
#include <vector>

#include "detector/tracking/zones.h"

class QKeyEvent;
class QMenu;
class QMouseEvent;
class QPainter;

namespace dualsight {

class ZoneEditor : public QObject {
  Q_OBJECT

 public:
  explicit ZoneEditor(QObject* parent = nullptr);

  // A change from outside. While zones are edited it can be undone like the user's own.
  void set_regions(const std::vector<Region>& regions);
  const std::vector<Region>& regions() const { return regions_; }

  void edit(int region);  // -1: ends editing
  bool editing() const { return chosen_ >= 0; }
  int chosen() const { return chosen_; }
  int corner() const { return corner_; }  // the chosen corner of the chosen region; -1: the region as a whole
  void draw(bool line);
  bool drawing() const { return drawing_; }

  void undo();
  void redo();
  void flip();    // the chosen line's direction
  void remove();  // the chosen corner; the region, if none is chosen or too few would be left
  bool can_undo() const { return stack_.canUndo() && !busy(); }
  bool can_redo() const { return stack_.canRedo() && !busy(); }

  // Where the picture is in the widget, and how many pixels it has; `reach`: how near a click has to be to a corner or
  // an edge, in widget coordinates.
  void set_picture(const QRectF& picture, const QSize& pixels, double reach);

  // The widget's events. True: the editor has handled it.
  bool press(const QMouseEvent& event);
  bool move(const QMouseEvent& event);
  bool release(const QMouseEvent& event);
  bool double_click(const QMouseEvent& event);
  bool wants(const QKeyEvent& event) const;  // asked before the key is taken for a shortcut
  bool key(const QKeyEvent& event);
  bool next_corner(bool forward);  // false: there is none further on
  bool fill_menu(QMenu& menu, const QPointF& position);

  Qt::CursorShape cursor(const QPointF& position) const;  // ArrowCursor: none of its own
  // `field`: the part of the widget in which names have to stay; `occupied`: names of zones with something in them;
  // `all`: also regions that are not edited.
  void paint(QPainter& painter, const QRectF& field, const QStringList& occupied, bool all) const;

 Q_SIGNALS:
  void regions_edited(const std::vector<dualsight::Region>& regions);  // by the user, or undone
  void chosen_changed(int region);                                     // by the user
  void drawing_ended();
  void edit_ended();  // the user has finished
  void changed();     // has to be painted again

 private:
  class Change;
  using Point = std::array<double, 2>;

  static std::size_t fewest_corners(const Region& region) { return region.line ? 2 : 3; }
  bool busy() const { return drawing_ || dragging_; }
  Region* region() { return chosen_ < 0 ? nullptr : &regions_[static_cast<std::size_t>(chosen_)]; }
  const Region* region() const { return chosen_ < 0 ? nullptr : &regions_[static_cast<std::size_t>(chosen_)]; }
  QPointF at(const Point& point) const;
  Point fraction_at(const QPointF& position) const;
  int corner_at(const Region& region, const QPointF& position) const;  // -1: none
  int edge_at(const Region& region, const QPointF& position) const;
  int region_at(const QPointF& position) const;
  void choose(int region, int corner);
  void take(std::vector<Region> regions);
  void push(std::vector<Region> regions, const QString& what, int nudged = -1);
  bool shift(const Point& by);  // the chosen corner or region, within the picture; false: it cannot go there
  void nudge(const Point& by);  // in pixels of the picture
  void add_corner(const Point& point);
  void insert_corner(const QPointF& position);
  void end_drawing(bool keep);
  void cancel_drag();
  QString free_name(bool line) const;

  std::vector<Region> regions_;
  QUndoStack stack_;
  int chosen_ = -1, corner_ = -1;
  int nudges_ = 0;  // number of the current series of arrow keys on one corner: a series is one undoable change

  QRectF picture_;
  QSize pixels_;
  double reach_ = 8;

  bool dragging_ = false, moved_ = false;
  QPointF pressed_at_;
  std::vector<Region> before_;  // regions as they were before the drag

  bool drawing_ = false;
  Region drawn_;
  QPointF pointer_;
  bool just_ended_ = false;  // by a press that may be the first half of a double click
};

}  // namespace dualsight
