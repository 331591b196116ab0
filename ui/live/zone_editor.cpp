#include "ui/live/zone_editor.h"

#include <QKeyEvent>
#include <QLineF>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPolygonF>
#include <QUndoCommand>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/widgets/overlay_painter.h"

namespace dualsight {
namespace {

constexpr int undo_limit = 200;
constexpr double least_move = 3;  // widget pixels: less is a click with an unsteady hand

double rounded(double fraction) { return std::round(std::clamp(fraction, 0.0, 1.0) * 1e5) / 1e5; }

std::size_t least_points(const Region& region) { return region.line ? 2 : 3; }

double distance(const QPointF& p, const QPointF& a, const QPointF& b) {
  const QPointF along = b - a;
  const double length2 = QPointF::dotProduct(along, along);
  const double t = length2 > 0 ? std::clamp(QPointF::dotProduct(p - a, along) / length2, 0.0, 1.0) : 0;
  return QLineF(p, a + t * along).length();
}

// Which way an arrow key leads, in pixels.
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

// All regions before and after: they are few and small. Done already when it is pushed.
class ZoneEditor::Change : public QUndoCommand {
 public:
  Change(ZoneEditor& editor, std::vector<Region> before, std::vector<Region> after, const QString& what, int nudged)
      : QUndoCommand(what), editor_(editor), before_(std::move(before)), after_(std::move(after)), nudged_(nudged) {}

  void undo() override { editor_.take(before_); }
  void redo() override {
    if (std::exchange(done_, true)) editor_.take(after_);
  }
  int id() const override { return nudged_ < 0 ? -1 : 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto& next = static_cast<const Change&>(*other);
    if (next.nudged_ != nudged_) return false;
    after_ = next.after_;
    setObsolete(after_ == before_);
    return true;
  }

 private:
  ZoneEditor& editor_;
  std::vector<Region> before_, after_;
  int nudged_;
  bool done_ = false;
};

ZoneEditor::ZoneEditor(QObject* parent) : QObject(parent) { stack_.setUndoLimit(undo_limit); }

void ZoneEditor::set_regions(const std::vector<Region>& regions) {
  if (regions == (dragging_ ? before_ : regions_)) return;
  cancel_drag();
  std::vector<Region> before = std::exchange(regions_, regions);
  if (editing() || stack_.count() > 0) stack_.push(new Change(*this, std::move(before), regions, {}, -1));
  if (chosen_ >= static_cast<int>(regions_.size())) chosen_ = static_cast<int>(regions_.size()) - 1;
  corner_ = -1;
  Q_EMIT changed();
}

void ZoneEditor::edit(int region) {
  if (region >= static_cast<int>(regions_.size())) region = -1;
  if (region == chosen_) return;
  cancel_drag();
  chosen_ = std::max(region, -1);
  corner_ = -1;
  ++nudges_;
  Q_EMIT changed();
}

void ZoneEditor::draw(bool line) {
  cancel_drag();
  drawing_ = true;
  drawn_ = {};
  drawn_.line = line;
  pointer_ = picture_.center();
  corner_ = -1;
  Q_EMIT changed();
}

// --- changing

void ZoneEditor::push(std::vector<Region> regions, const QString& what, int nudged) {
  if (nudged < 0) ++nudges_;
  std::vector<Region> before = std::exchange(regions_, std::move(regions));
  stack_.push(new Change(*this, std::move(before), regions_, what, nudged));
  Q_EMIT regions_edited(regions_);
  Q_EMIT changed();
}

// Undone or done again: what differs is chosen, so that one sees it.
void ZoneEditor::take(std::vector<Region> regions) {
  const std::vector<Region> before = std::exchange(regions_, std::move(regions));
  const int last = static_cast<int>(regions_.size()) - 1;
  const auto differs = std::mismatch(before.begin(), before.end(), regions_.begin(), regions_.end()).second;
  const bool was_editing = editing();
  const int next = std::min(static_cast<int>(differs - regions_.begin()), last);
  const int corner = next == chosen_ ? corner_ : -1;
  ++nudges_;
  chosen_ = std::min(chosen_, last);
  Q_EMIT regions_edited(regions_);
  if (was_editing) choose(next, corner);
  Q_EMIT changed();
}

void ZoneEditor::choose(int region, int corner) {
  const bool other = std::exchange(chosen_, region) != region;
  const int count = region < 0 ? 0 : static_cast<int>(regions_[static_cast<std::size_t>(region)].points.size());
  if (corner >= count) corner = -1;
  if (std::exchange(corner_, corner) == corner && !other) return;
  ++nudges_;
  if (other) Q_EMIT chosen_changed(chosen_);
  Q_EMIT changed();
}

void ZoneEditor::undo() {
  if (can_undo()) stack_.undo();
}

void ZoneEditor::redo() {
  if (can_redo()) stack_.redo();
}

void ZoneEditor::flip() {
  if (busy() || region() == nullptr || !region()->line) return;
  std::vector<Region> next = regions_;
  auto& points = next[static_cast<std::size_t>(chosen_)].points;
  std::reverse(points.begin(), points.end());
  push(std::move(next), tr("Turn the direction"));
}

void ZoneEditor::remove() {
  if (busy() || region() == nullptr) return;
  std::vector<Region> next = regions_;
  const auto chosen = next.begin() + chosen_;
  if (corner_ >= 0 && chosen->points.size() > least_points(*chosen)) {
    chosen->points.erase(chosen->points.begin() + corner_);
    const int corner = std::min(corner_, static_cast<int>(chosen->points.size()) - 1);
    push(std::move(next), tr("Remove a corner"));
    choose(chosen_, corner);
    return;
  }
  next.erase(chosen);
  const int last = static_cast<int>(next.size()) - 1;
  const int now = std::min(chosen_, last);
  chosen_ = corner_ = -1;
  push(std::move(next), tr("Remove"));
  chosen_ = now;
  Q_EMIT chosen_changed(chosen_);
  Q_EMIT changed();
}

bool ZoneEditor::shift(const Point& by) {
  Region* chosen = region();
  if (chosen == nullptr) return false;
  auto& points = chosen->points;
  if (corner_ >= 0) {
    Point& corner = points[static_cast<std::size_t>(corner_)];
    const Point moved = {rounded(corner[0] + by[0]), rounded(corner[1] + by[1])};
    if (chosen->line && moved == points[corner_ == 0 ? 1 : 0]) return false;
    return std::exchange(corner, moved) != moved;
  }
  Point room = by;  // all corners stay in the picture
  for (const Point& point : points) {
    for (std::size_t i : {0U, 1U}) room[i] = std::clamp(room[i], -point[i], 1 - point[i]);
  }
  if (room[0] == 0 && room[1] == 0) return false;
  for (Point& point : points) point = {rounded(point[0] + room[0]), rounded(point[1] + room[1])};
  return true;
}

void ZoneEditor::nudge(const Point& by) {
  const std::vector<Region> before = regions_;
  if (!shift({by[0] / std::max(1, pixels_.width()), by[1] / std::max(1, pixels_.height())})) return;
  std::vector<Region> after = std::exchange(regions_, before);
  push(std::move(after), tr("Move"), nudges_);
}

void ZoneEditor::insert_corner(const QPointF& position) {
  const int edge = region() == nullptr || region()->line ? -1 : edge_at(*region(), position);
  if (edge < 0) return;
  std::vector<Region> next = regions_;
  auto& points = next[static_cast<std::size_t>(chosen_)].points;
  points.insert(points.begin() + edge + 1, fraction_at(position));
  push(std::move(next), tr("Add a corner"));
  choose(chosen_, edge + 1);
}

QString ZoneEditor::free_name(bool line) const {
  for (int i = 1;; ++i) {
    const QString name = line ? tr("Line %1").arg(i) : tr("Zone %1").arg(i);
    const std::string text = name.toStdString();
    if (std::none_of(regions_.begin(), regions_.end(), [&](const Region& r) { return r.name == text; })) return name;
  }
}

void ZoneEditor::add_corner(const Point& point) {
  if (!drawn_.points.empty() && drawn_.points.back() == point) return;
  drawn_.points.push_back(point);
  if (drawn_.line && drawn_.points.size() == 2) end_drawing(true);
  Q_EMIT changed();
}

void ZoneEditor::end_drawing(bool keep) {
  if (keep && drawn_.points.size() < least_points(drawn_)) return;  // it goes on
  drawing_ = false;
  if (keep) {
    drawn_.name = free_name(drawn_.line).toStdString();
    std::vector<Region> next = regions_;
    next.push_back(std::exchange(drawn_, {}));
    push(std::move(next), tr("Add"));
    const int added = static_cast<int>(regions_.size()) - 1;
    editing() ? choose(added, -1) : Q_EMIT chosen_changed(added);
  }
  Q_EMIT drawing_ended();
  Q_EMIT changed();
}

void ZoneEditor::cancel_drag() {
  if (!std::exchange(dragging_, false)) return;
  regions_ = before_;
  Q_EMIT changed();
}

// --- where things are

void ZoneEditor::set_picture(const QRectF& picture, const QSize& pixels, double reach) {
  picture_ = picture;
  pixels_ = pixels;
  reach_ = reach;
}

QPointF ZoneEditor::at(const Point& point) const {
  return {picture_.left() + point[0] * picture_.width(), picture_.top() + point[1] * picture_.height()};
}

ZoneEditor::Point ZoneEditor::fraction_at(const QPointF& position) const {
  return {rounded((position.x() - picture_.left()) / picture_.width()),
          rounded((position.y() - picture_.top()) / picture_.height())};
}

int ZoneEditor::corner_at(const Region& region, const QPointF& position) const {
  int nearest = -1;
  double least = reach_;
  for (std::size_t i = 0; i < region.points.size(); ++i) {
    const double away = QLineF(at(region.points[i]), position).length();
    if (away <= least) nearest = static_cast<int>(i), least = away;
  }
  return nearest;
}

// The one that begins at the corner that is returned.
int ZoneEditor::edge_at(const Region& region, const QPointF& position) const {
  const std::size_t count = region.points.size(), edges = region.line ? count - 1 : count;
  int nearest = -1;
  double least = reach_;
  for (std::size_t i = 0; i < edges; ++i) {
    const double away = distance(position, at(region.points[i]), at(region.points[(i + 1) % count]));
    if (away <= least) nearest = static_cast<int>(i), least = away;
  }
  return nearest;
}

// The chosen one before others, then the one that was drawn last, which is in front.
int ZoneEditor::region_at(const QPointF& position) const {
  const auto is_there = [&](int index) {
    const Region& one = regions_[static_cast<std::size_t>(index)];
    if (one.points.empty()) return false;
    if (edge_at(one, position) >= 0 || one.line) return edge_at(one, position) >= 0;
    QPolygonF polygon;
    for (const Point& point : one.points) polygon << at(point);
    return polygon.containsPoint(position, Qt::OddEvenFill);
  };
  if (chosen_ >= 0 && is_there(chosen_)) return chosen_;
  for (int i = static_cast<int>(regions_.size()) - 1; i >= 0; --i) {
    if (is_there(i)) return i;
  }
  return -1;
}

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
  if (!moved_ && by.manhattanLength() < least_move) return true;
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
    end->setEnabled(drawn_.points.size() >= least_points(drawn_));
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
    if (corner >= 0 && region()->points.size() > least_points(*region())) {
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

// --- painting

void ZoneEditor::paint(QPainter& painter, const QRectF& field, const QStringList& occupied, bool all) const {
  for (int i = 0; i < static_cast<int>(regions_.size()); ++i) {
    const Region& one = regions_[static_cast<std::size_t>(i)];
    if (i == chosen_ || !(all || editing())) continue;
    paint_region(painter, picture_, field, one,
                 {occupied.contains(QString::fromStdString(one.name)), false, -1, false});
  }
  if (region() != nullptr) {
    const bool lit = occupied.contains(QString::fromStdString(region()->name));
    paint_region(painter, picture_, field, *region(), {lit, !drawing_, corner_, false});
  }
  if (!drawing_) return;
  Region so_far = drawn_;
  so_far.points.push_back(fraction_at(pointer_));
  paint_region(painter, picture_, field, so_far, {false, true, static_cast<int>(so_far.points.size()) - 1, true});
}

}  // namespace dualsight
