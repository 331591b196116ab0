#include "ui/live/zone_editor.h"

#include <QLineF>
#include <QPainter>
#include <QPolygonF>
#include <QUndoCommand>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/widgets/overlay_painter.h"

namespace dualsight {
namespace {

constexpr int kUndoLimit = 200;

// A fraction of the picture: within it, with as many digits as settings keep.
double rounded(double fraction) { return std::round(std::clamp(fraction, 0.0, 1.0) * 1e5) / 1e5; }

// From p to the segment a b.
double distance(const QPointF& p, const QPointF& a, const QPointF& b) {
  const QPointF along = b - a;
  const double length2 = QPointF::dotProduct(along, along);
  const double t = length2 > 0 ? std::clamp(QPointF::dotProduct(p - a, along) / length2, 0.0, 1.0) : 0;
  return QLineF(p, a + t * along).length();
}

}  // namespace

// One undoable change: all regions before and after it, since they are few and small. The change has been made already
// when it is pushed, so the first redo(), which QUndoStack::push() calls, does nothing.
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

ZoneEditor::ZoneEditor(QObject* parent) : QObject(parent) { stack_.setUndoLimit(kUndoLimit); }

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

// After undo or redo: chooses the region that changed, so that the user sees it.
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
  if (corner_ >= 0 && chosen->points.size() > fewest_corners(*chosen)) {
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
  Point room = by;  // limited so that all corners stay in the picture
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
  if (keep && drawn_.points.size() < fewest_corners(drawn_)) return;  // too few corners: drawing goes on
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

// --- geometry

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

// Returns the corner at which the edge begins; -1: none.
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

// The chosen one comes first; among the others the one that was drawn last, since it is painted in front.
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
