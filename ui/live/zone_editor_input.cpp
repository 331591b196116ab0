// Mouse, keyboard and context menu of the zone editor.
#include <QKeyEvent>
#include <QLineF>
#include <QMenu>
#include <QMouseEvent>
#include <algorithm>
#include <utility>

#include "ui/live/zone_editor.h"

namespace dualsight {
namespace {

constexpr double kLeastMove = 3;  // widget pixels; a shorter move with the button down is still a click

// The move that an arrow key asks for, in pixels of the picture.
std::array<double, 2> way_of(const QKeyEvent& event) {
  const double step = event.modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
  switch (event.key()) {
    case Qt::Key_Left:
      return {-step, 0};
    case Qt::Key_Right:
      return {step, 0};
    case Qt::Key_Up:
      return {0, -step};
    case Qt::Key_Down:
      return {0, step};
    default:
      return {0, 0};
  }
}

bool is_arrow(int key) {
  return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
}

bool is_enter(int key) { return key == Qt::Key_Return || key == Qt::Key_Enter; }

}  // namespace

// --- mouse

bool ZoneEditor::press(const QMouseEvent& event) {
  just_ended_ = false;
  const QPointF position = event.position();
  if (picture_.isEmpty() || event.button() != Qt::LeftButton) return false;
  if (drawing_) {
    pointer_ = position;
    const bool closes = drawn_.points.size() >= 3 && QLineF(at(drawn_.points[0]), position).length() <= reach_;
    closes ? end_drawing(true) : add_corner(fraction_at(position));
    just_ended_ = !drawing_;
    return true;
  }
  if (!editing()) return false;
  const int corner = corner_at(*region(), position);
  const int found = corner >= 0 ? chosen_ : region_at(position);
  if (found < 0) {
    choose(chosen_, -1);
    return false;
  }
  choose(found, corner);
  dragging_ = true;
  moved_ = false;
  pressed_at_ = position;
  before_ = regions_;
  return true;
}

bool ZoneEditor::move(const QMouseEvent& event) {
  if (drawing_) {
    pointer_ = event.position();
    Q_EMIT changed();
    return true;
  }
  if (!dragging_) return false;
  const QPointF by = event.position() - pressed_at_;
  if (!moved_ && by.manhattanLength() < kLeastMove) return true;
  moved_ = true;
  std::vector<Region> last = std::exchange(regions_, before_);
  const bool possible = shift({by.x() / picture_.width(), by.y() / picture_.height()});
  const bool a_point = region()->line && region()->points[0] == region()->points[1];
  if (!possible && a_point) regions_ = std::move(last);
  Q_EMIT changed();
  return true;
}

bool ZoneEditor::release(const QMouseEvent& event) {
  if (!dragging_ || event.button() != Qt::LeftButton) return drawing_ || just_ended_;
  dragging_ = false;
  if (regions_ == before_) return true;
  std::vector<Region> after = std::exchange(regions_, before_);
  push(std::move(after), tr("Move"));
  return true;
}

bool ZoneEditor::double_click(const QMouseEvent& event) {
  if (just_ended_) return true;  // its first click ended the drawing
  if (event.button() != Qt::LeftButton || (!drawing_ && !editing())) return false;
  if (drawing_) {
    end_drawing(true);  // its first click has set the last corner
    just_ended_ = !drawing_;
    return true;
  }
  if (corner_at(*region(), event.position()) < 0) insert_corner(event.position());
  return region_at(event.position()) >= 0;
}

Qt::CursorShape ZoneEditor::cursor(const QPointF& position) const {
  if (drawing_) return Qt::CrossCursor;
  if (!editing()) return Qt::ArrowCursor;
  if (corner_at(*region(), position) >= 0) return Qt::PointingHandCursor;
  return region_at(position) >= 0 ? Qt::SizeAllCursor : Qt::ArrowCursor;
}

bool ZoneEditor::fill_menu(QMenu& menu, const QPointF& position) {
  if (drawing_) {
    QAction* end = menu.addAction(tr("&Finish"), this, [this] { end_drawing(true); });
    end->setEnabled(drawn_.points.size() >= fewest_corners(drawn_));
    QAction* back = menu.addAction(tr("Take &back the last corner"), this, [this] {
      if (!drawn_.points.empty()) drawn_.points.pop_back();
      Q_EMIT changed();
    });
    back->setEnabled(!drawn_.points.empty());
    menu.addAction(tr("&Cancel"), this, [this] { end_drawing(false); });
    return true;
  }
  if (!editing()) return false;
  const int corner = corner_at(*region(), position);
  const int found = corner >= 0 ? chosen_ : region_at(position);
  if (found >= 0) {
    choose(found, corner);
    if (region()->line) {
      menu.addAction(tr("Turn the &direction"), this, &ZoneEditor::flip);
    } else if (corner < 0 && edge_at(*region(), position) >= 0) {
      menu.addAction(tr("&Add a corner here"), this, [this, position] { insert_corner(position); });
    }
    if (corner >= 0 && region()->points.size() > fewest_corners(*region())) {
      menu.addAction(tr("Remove this &corner"), this, &ZoneEditor::remove);
    }
    menu.addAction(tr("&Remove “%1”").arg(QString::fromStdString(region()->name).replace('&', "&&")), this, [this] {
      corner_ = -1;
      remove();
    });
    menu.addSeparator();
  }
  menu.addAction(tr("Draw a &zone"), this, [this] { draw(false); });
  menu.addAction(tr("Draw a &line"), this, [this] { draw(true); });
  menu.addSeparator();
  menu.addAction(tr("&Undo"), this, &ZoneEditor::undo)->setEnabled(can_undo());
  menu.addAction(tr("R&edo"), this, &ZoneEditor::redo)->setEnabled(can_redo());
  menu.addSeparator();
  menu.addAction(tr("&Stop editing"), this, &ZoneEditor::edit_ended);
  return true;
}

// --- keyboard

bool ZoneEditor::wants(const QKeyEvent& event) const {
  const int key = event.key();
  if (event.matches(QKeySequence::Undo)) return drawing_ || editing() || can_undo();
  if (event.matches(QKeySequence::Redo)) return drawing_ || editing() || can_redo();
  if ((event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) != 0) return false;
  if (!drawing_ && !editing()) return false;
  if (is_arrow(key) || key == Qt::Key_Escape || key == Qt::Key_Backspace) return true;
  return drawing_ ? is_enter(key) || key == Qt::Key_Space : key == Qt::Key_Delete || key == Qt::Key_F;
}

bool ZoneEditor::key(const QKeyEvent& event) {
  if (!wants(event)) return false;
  const int key = event.key();
  if (event.matches(QKeySequence::Redo)) {
    redo();
  } else if (drawing_ && (key == Qt::Key_Backspace || event.matches(QKeySequence::Undo))) {
    if (!drawn_.points.empty()) drawn_.points.pop_back();
    Q_EMIT changed();
  } else if (event.matches(QKeySequence::Undo)) {
    undo();
  } else if (key == Qt::Key_Escape) {
    if (drawing_) {
      end_drawing(false);
    } else if (dragging_) {
      cancel_drag();
    } else if (corner_ >= 0) {
      choose(chosen_, -1);
    } else {
      Q_EMIT edit_ended();
    }
  } else if (drawing_ && is_enter(key)) {
    end_drawing(true);
  } else if (drawing_ && key == Qt::Key_Space) {
    add_corner(fraction_at(pointer_));
  } else if (is_arrow(key)) {
    const Point way = way_of(event);
    if (drawing_) {
      pointer_ += QPointF(way[0] * picture_.width() / std::max(1, pixels_.width()),
                          way[1] * picture_.height() / std::max(1, pixels_.height()));
      pointer_ = {std::clamp(pointer_.x(), picture_.left(), picture_.right()),
                  std::clamp(pointer_.y(), picture_.top(), picture_.bottom())};
      Q_EMIT changed();
    } else if (!dragging_) {
      nudge(way);
    }
  } else if (key == Qt::Key_F) {
    flip();
  } else {
    remove();
  }
  return true;
}

bool ZoneEditor::next_corner(bool forward) {
  if (!editing() || busy()) return false;
  const int count = static_cast<int>(region()->points.size()), last = static_cast<int>(regions_.size()) - 1;
  const int next = corner_ < 0 && !forward ? count - 1 : corner_ + (forward ? 1 : -1);
  if (next >= 0 && next < count) {
    choose(chosen_, next);
    return true;
  }
  const int other = chosen_ + (forward ? 1 : -1);
  if (other < 0 || other > last) {
    choose(chosen_, -1);
    return false;
  }
  choose(other, forward ? 0 : static_cast<int>(regions_[static_cast<std::size_t>(other)].points.size()) - 1);
  return true;
}

}  // namespace dualsight
