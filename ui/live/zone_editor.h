// Drawing and changing zones and lines with mouse and keyboard: a mode of the picture, which hands its events over.
//
// Drawing: a click sets a corner; a double click, Enter or a click on the first corner ends it; Backspace takes the
// last corner back, Escape all. Without a mouse: arrows move the cross hair (with Shift, 10 pixels), Space sets a
// corner. Editing: what is clicked can be dragged, corner by corner or whole. Tab picks the next corner, arrows move
// it, or the whole; Delete takes it away, F turns a line's direction. Everything can be undone.
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

  // A change from outside, while zones are edited, can be undone like others.
  void set_regions(const std::vector<Region>& regions);
  const std::vector<Region>& regions() const { return regions_; }

  void edit(int region);  // -1: none, the end of editing
  bool editing() const { return chosen_ >= 0; }
  int chosen() const { return chosen_; }
  int corner() const { return corner_; }  // of the chosen region; -1: none, the whole of it
  void draw(bool line);
  bool drawing() const { return drawing_; }

  void undo();
  void redo();
  void flip();    // the chosen line's direction
  void remove();  // the chosen corner; the region, if none is chosen or too few would be left
  bool can_undo() const { return stack_.canUndo() && !busy(); }
  bool can_redo() const { return stack_.canRedo() && !busy(); }

  // Where the picture is in the widget, and how many pixels it has; `reach`: how near is on something, in the widget.
  void set_picture(const QRectF& picture, const QSize& pixels, double reach);

  // What the widget was told. True: it was meant for the editor.
  bool press(const QMouseEvent& event);
  bool move(const QMouseEvent& event);
  bool release(const QMouseEvent& event);
  bool double_click(const QMouseEvent& event);
  bool wants(const QKeyEvent& event) const;  // before it becomes a shortcut
  bool key(const QKeyEvent& event);
  bool next_corner(bool forward);  // false: there is none further on
  bool fill_menu(QMenu& menu, const QPointF& position);

  Qt::CursorShape cursor(const QPointF& position) const;  // ArrowCursor: none of its own
  void paint(QPainter& painter, const QRectF& field, const QStringList& occupied, bool all) const;

 Q_SIGNALS:
  void regions_edited(const std::vector<dualsight::Region>& regions);  // by the user, or undone
  void chosen_changed(int region);                                     // by the user
  void drawing_ended();
  void edit_ended();  // the user wants no more of it
  void changed();     // looks different

 private:
  class Change;
  using Point = std::array<double, 2>;

  bool busy() const { return drawing_ || dragging_; }
  Region* region() { return chosen_ < 0 ? nullptr : &regions_[static_cast<std::size_t>(chosen_)]; }
  const Region* region() const { return chosen_ < 0 ? nullptr : &regions_[static_cast<std::size_t>(chosen_)]; }
  QPointF at(const Point& point) const;
  Point fraction_at(const QPointF& position) const;
  int corner_at(const Region& region, const QPointF& position) const;
  int edge_at(const Region& region, const QPointF& position) const;
  int region_at(const QPointF& position) const;
  void choose(int region, int corner);
  void take(std::vector<Region> regions);
  void push(std::vector<Region> regions, const QString& what, int nudged = -1);
  bool shift(const Point& by);  // the chosen corner or region, within the picture; false: it cannot go there
  void nudge(const Point& by);
  void add_corner(const Point& point);
  void insert_corner(const QPointF& position);
  void end_drawing(bool keep);
  void cancel_drag();
  QString free_name(bool line) const;

  std::vector<Region> regions_;
  QUndoStack stack_;
  int chosen_ = -1, corner_ = -1;
  int nudges_ = 0;  // told apart by this: those of one corner, one after another, are one change

  QRectF picture_;
  QSize pixels_;
  double reach_ = 8;

  bool dragging_ = false, moved_ = false;
  QPointF pressed_at_;
  std::vector<Region> before_;  // the drag

  bool drawing_ = false;
  Region drawn_;
  QPointF pointer_;
  bool just_ended_ = false;  // by a press whose double click is still to come
};

}  // namespace dualsight
