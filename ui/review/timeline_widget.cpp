#include "ui/review/timeline_widget.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace dualsight {
namespace {

constexpr double kClosest = 200;  // ms: the shortest visible span
constexpr double kSecond = 1000;

}  // namespace

QString time_text(double ms, int decimals) {
  decimals = std::clamp(decimals, 0, 3);
  constexpr std::array<qint64, 4> units{1000, 100, 10, 1};  // ms of the last digit
  const qint64 unit = units[static_cast<std::size_t>(decimals)];
  const qint64 t = static_cast<qint64>(std::llround(std::max(0.0, ms) / static_cast<double>(unit))) * unit;
  const qint64 hours = t / 3'600'000, minutes = t / 60'000 % 60, seconds = t / 1000 % 60;
  QString text = hours > 0 ? QStringLiteral("%1:%2:%3")
                                 .arg(hours)
                                 .arg(minutes, 2, 10, QLatin1Char('0'))
                                 .arg(seconds, 2, 10, QLatin1Char('0'))
                           : QStringLiteral("%1:%2").arg(minutes).arg(seconds, 2, 10, QLatin1Char('0'));
  if (decimals > 0)
    text += QLatin1Char('.') + QString::number(t % 1000 / unit).rightJustified(decimals, QLatin1Char('0'));
  return text;
}

TimelineWidget::TimelineWidget(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("timeline"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  retranslate();
}

void TimelineWidget::retranslate() {
  setAccessibleName(tr("Time line"));
  describe();
}

// The description for screen readers.
void TimelineWidget::describe() {
  QString text = tr("%1 of %2").arg(time_text(position_), time_text(duration_));
  if (range_)
    text += QStringLiteral("; ") + tr("range from %1 to %2").arg(time_text(range_->from_ms), time_text(range_->to_ms));
  setAccessibleDescription(text);
}

void TimelineWidget::set_duration(double ms) {
  duration_ = std::max(0.0, ms);
  position_ = 0;
  range_.reset();
  show_all();
  describe();
}

void TimelineWidget::set_rows(std::vector<TimelineRow> rows) {
  rows_ = std::move(rows);
  updateGeometry();
  update();
}

void TimelineWidget::set_marks(std::vector<TimelineMark> marks) {
  marks_ = std::move(marks);
  update();
}

void TimelineWidget::set_position(double ms) {
  position_ = std::clamp(ms, 0.0, duration_);
  const TimeSpan in_sight = visible_span();
  if (position_ < in_sight.from_ms || position_ > in_sight.to_ms) scroll_to(position_ - 0.1 * view_length_);
  describe();
  update();
}

void TimelineWidget::set_range(std::optional<TimeSpan> range) {
  if (range == range_) return;
  range_ = range;
  describe();
  update();
  Q_EMIT range_changed();
}

void TimelineWidget::choose_range(double from_ms, double to_ms) {
  if (from_ms > to_ms) std::swap(from_ms, to_ms);
  set_range(TimeSpan{from_ms, to_ms});
}

// --- geometry

int TimelineWidget::line_height() const { return fontMetrics().height() + fontMetrics().height() / 3; }
int TimelineWidget::axis_height() const { return 2 * line_height(); }  // times, and marks below

int TimelineWidget::gutter() const {
  int widest = 0;
  for (const TimelineRow& row : rows_) widest = std::max(widest, fontMetrics().horizontalAdvance(row.name) + 1);
  const int margin = fontMetrics().averageCharWidth();
  return std::min(widest, 18 * margin) + 2 * margin;
}

QRect TimelineWidget::track() const {
  const int margin = fontMetrics().averageCharWidth();  // room for the play head at both ends
  QRect area = rect().adjusted(gutter(), 0, -margin, 0);
  if (isRightToLeft()) area = rect().adjusted(margin, 0, -gutter(), 0);
  return area;
}

QRect TimelineWidget::row_rect(int row) const {
  return {track().left(), axis_height() + row * line_height(), track().width(), line_height()};
}

int TimelineWidget::x_of(double ms) const {
  const QRect area = track();
  if (view_length_ <= 0) return area.left();
  // Times far outside the visible span: clamped to a range that QPainter can handle.
  const double x = std::clamp((ms - view_from_) / view_length_, -1.0, 2.0) * (area.width() - 1);
  return area.left() + static_cast<int>(std::lround(x));
}

double TimelineWidget::ms_at(int x) const {
  const QRect area = track();
  const double share = static_cast<double>(x - area.left()) / std::max(1, area.width() - 1);
  return std::clamp(view_from_ + share * view_length_, 0.0, duration_);
}

QSize TimelineWidget::sizeHint() const {
  const int rows = std::max(1, static_cast<int>(rows_.size()));
  return {60 * fontMetrics().averageCharWidth(), axis_height() + rows * line_height() + line_height() / 4};
}

QSize TimelineWidget::minimumSizeHint() const { return {30 * fontMetrics().averageCharWidth(), sizeHint().height()}; }

// --- zoom

void TimelineWidget::scroll_to(double from_ms) {
  view_from_ = std::clamp(from_ms, 0.0, std::max(0.0, duration_ - view_length_));
  update();
}

void TimelineWidget::zoom(double factor, double around_ms) {
  const double length = std::clamp(view_length_ * factor, std::min(kClosest, duration_), duration_);
  const double share = view_length_ > 0 ? (around_ms - view_from_) / view_length_ : 0;
  view_length_ = length;
  scroll_to(around_ms - share * length);
}

void TimelineWidget::zoom_in() { zoom(0.5, position_); }
void TimelineWidget::zoom_out() { zoom(2, position_); }

void TimelineWidget::show_all() {
  view_length_ = duration_;
  scroll_to(0);
}

// --- input

void TimelineWidget::seek(double ms) {
  ms = std::clamp(ms, 0.0, duration_);
  set_position(ms);
  Q_EMIT sought(ms);
}

TimelineWidget::Drag TimelineWidget::handle_at(const QPoint& place) const {
  if (!range_) return Drag::none;
  const int near = std::max(3, fontMetrics().averageCharWidth() / 2);
  if (std::abs(place.x() - x_of(range_->to_ms)) <= near) return Drag::range_end;
  if (std::abs(place.x() - x_of(range_->from_ms)) <= near) return Drag::range_begin;
  return Drag::none;
}

void TimelineWidget::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || duration_ <= 0) return QWidget::mousePressEvent(event);
  const QPoint place = event->position().toPoint();
  drag_start_ = ms_at(place.x());
  if ((event->modifiers() & Qt::ShiftModifier) != 0) {
    drag_ = Drag::range;
  } else if (const Drag handle = handle_at(place); handle != Drag::none) {
    drag_ = handle;
    drag_start_ = handle == Drag::range_end ? range_->from_ms : range_->to_ms;  // the other end stays
  } else {
    drag_ = Drag::head;
    seek(drag_start_);
  }
}

void TimelineWidget::mouseMoveEvent(QMouseEvent* event) {
  const QPoint place = event->position().toPoint();
  if (drag_ == Drag::none) {
    setCursor(handle_at(place) != Drag::none ? Qt::SplitHCursor : Qt::ArrowCursor);
  } else if (drag_ == Drag::head) {
    seek(ms_at(place.x()));
  } else {
    choose_range(drag_start_, ms_at(place.x()));
  }
}

void TimelineWidget::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) drag_ = Drag::none;
}

void TimelineWidget::wheelEvent(QWheelEvent* event) {
  if (duration_ <= 0) return event->ignore();
  const QPoint turned = event->angleDelta();
  const bool sideways = std::abs(turned.x()) > std::abs(turned.y()) || (event->modifiers() & Qt::ShiftModifier) != 0;
  const double notches = (std::abs(turned.x()) > std::abs(turned.y()) ? turned.x() : turned.y()) / 120.0;
  if (sideways) {
    scroll_to(view_from_ - notches * view_length_ / 10);
  } else {
    zoom(std::pow(0.8, notches), ms_at(event->position().toPoint().x()));
  }
  event->accept();
}

void TimelineWidget::keyPressEvent(QKeyEvent* event) {
  if (duration_ <= 0) return QWidget::keyPressEvent(event);
  const bool shift = (event->modifiers() & Qt::ShiftModifier) != 0;
  if ((event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) != 0) {
    return QWidget::keyPressEvent(event);  // left to the window's shortcuts
  }
  switch (event->key()) {
    case Qt::Key_Left:
      return shift ? seek(position_ - kSecond) : Q_EMIT stepped(-1);
    case Qt::Key_Right:
      return shift ? seek(position_ + kSecond) : Q_EMIT stepped(1);
    case Qt::Key_PageUp:
      return seek(position_ - 10 * kSecond);
    case Qt::Key_PageDown:
      return seek(position_ + 10 * kSecond);
    case Qt::Key_Home:
      return seek(0);
    case Qt::Key_End:
      return seek(duration_);
    case Qt::Key_I:
      return set_range(TimeSpan{position_, range_ && range_->to_ms > position_ ? range_->to_ms : duration_});
    case Qt::Key_O:
      return set_range(TimeSpan{range_ && range_->from_ms < position_ ? range_->from_ms : 0, position_});
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      return set_range(std::nullopt);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom_in();
    case Qt::Key_Minus:
      return zoom_out();
    case Qt::Key_0:
      return show_all();
    case Qt::Key_Space:
      return Q_EMIT play_toggled();
    default:
      QWidget::keyPressEvent(event);
  }
}

QString TimelineWidget::tip_at(const QPoint& place) const {
  if (duration_ <= 0 || !track().contains(place)) return {};
  QString text = time_text(ms_at(place.x()));
  if (place.y() < axis_height()) {
    const int near = fontMetrics().averageCharWidth() / 2 + 2;
    int listed = 0;
    for (const TimelineMark& mark : marks_) {
      if (std::abs(x_of(mark.ms) - place.x()) > near || ++listed > 8) continue;
      text += QStringLiteral("\n%1  %2").arg(time_text(mark.ms), mark.text);
    }
    if (listed > 8) text += QStringLiteral("\n…");
    return text;
  }
  for (int row = 0; row < static_cast<int>(rows_.size()); ++row) {
    if (row_rect(row).contains(place)) text += QStringLiteral("\n") + rows_[static_cast<std::size_t>(row)].name;
  }
  return text;
}

bool TimelineWidget::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {  // while it has the focus, its keys are no shortcuts of the window
    const auto* key = static_cast<QKeyEvent*>(event);
    constexpr std::array own{Qt::Key_Left, Qt::Key_Right, Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Home,
                             Qt::Key_End,  Qt::Key_I,     Qt::Key_O,      Qt::Key_Delete,   Qt::Key_Backspace,
                             Qt::Key_Plus, Qt::Key_Equal, Qt::Key_Minus,  Qt::Key_0,        Qt::Key_Space};
    const bool plain = (key->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) == 0;
    if (plain && std::find(own.begin(), own.end(), key->key()) != own.end()) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = tip_at(help->pos());
    if (text.isEmpty()) {
      QToolTip::hideText();
    } else {
      QToolTip::showText(help->globalPos(), text, this);
    }
    return true;
  }
  return QWidget::event(event);
}

void TimelineWidget::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::FontChange) updateGeometry();
  QWidget::changeEvent(event);
}

void TimelineWidget::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  update();
}

// --- painting

void TimelineWidget::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().base());
  if (duration_ > 0) {
    paint_axis(painter);
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row) paint_row(painter, row);
    painter.setClipRect(track().adjusted(-fontMetrics().averageCharWidth(), 0, fontMetrics().averageCharWidth(), 0));
    paint_marks(painter);
    paint_range(painter);
    paint_head(painter);
    painter.setClipping(false);
  }
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
  }
}

void TimelineWidget::paint_axis(QPainter& painter) const {
  // The smallest step whose labels do not touch.
  constexpr std::array<double, 18> steps{100,     200,       500,       1000,      2000,    5000,
                                         10'000,  15'000,    30'000,    60'000,    120'000, 300'000,
                                         600'000, 1'800'000, 3'600'000, 7'200'000, 2.16e7,  8.64e7};
  const double wanted = 1.4 * fontMetrics().horizontalAdvance(time_text(duration_, view_length_ < 5000 ? 1 : 0)) *
                        view_length_ / std::max(1, track().width());
  const auto found = std::find_if(steps.begin(), steps.end(), [&](double each) { return each >= wanted; });
  const double step = found == steps.end() ? steps.back() : *found;
  const QColor text = palette().color(QPalette::Text);
  QColor faint = text;
  faint.setAlphaF(0.15F);
  for (double ms = std::floor(view_from_ / step) * step; ms <= view_from_ + view_length_; ms += step) {
    const int x = x_of(ms);
    if (x < track().left()) continue;
    painter.setPen(faint);
    painter.drawLine(x, 0, x, height());
    const QString label = time_text(ms, step < 1000 ? 1 : 0);
    const int width = fontMetrics().horizontalAdvance(label);
    const int margin = fontMetrics().averageCharWidth() / 2;
    if (x + margin + width > rect().right()) continue;
    painter.setPen(text);
    painter.drawText(QRect(x + margin, 0, width + 1, line_height()), Qt::AlignVCenter | Qt::AlignLeft, label);
  }
}

void TimelineWidget::paint_row(QPainter& painter, int index) const {
  const TimelineRow& row = rows_[static_cast<std::size_t>(index)];
  const QRect area = row_rect(index);
  const int margin = fontMetrics().averageCharWidth();
  if (index % 2 == 0) painter.fillRect(QRect(0, area.top(), width(), area.height()), palette().alternateBase());
  const QRect names = isRightToLeft() ? QRect(area.right() + margin, area.top(), gutter(), area.height())
                                      : QRect(margin, area.top(), gutter() - 2 * margin, area.height());
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(names, Qt::AlignVCenter | Qt::AlignLeading,
                   fontMetrics().elidedText(row.name, Qt::ElideRight, names.width()));

  // Outlined, since some colours hardly stand out from a light background, others from a dark one.
  QColor outline = palette().color(QPalette::Text);
  outline.setAlphaF(0.55F);
  const int inset = std::max(2, area.height() / 5);
  const TimeSpan in_sight = visible_span();
  auto span = std::lower_bound(row.spans.begin(), row.spans.end(), in_sight.from_ms,
                               [](const TimeSpan& each, double ms) { return each.to_ms < ms; });
  for (; span != row.spans.end() && span->from_ms <= in_sight.to_ms; ++span) {
    const int from = std::max(x_of(span->from_ms), area.left());
    const int to = std::min(std::max(x_of(span->to_ms), from + 2), area.right());
    const QRect bar(from, area.top() + inset, std::max(2, to - from + 1), area.height() - 2 * inset);
    painter.fillRect(bar, row.color);
    if (bar.width() < 4) continue;
    painter.setPen(outline);
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
  }
}

void TimelineWidget::paint_marks(QPainter& painter) const {
  const int size = std::max(3, fontMetrics().averageCharWidth() / 2);
  const int bottom = axis_height() - size / 2, top = bottom - 2 * size;
  painter.setRenderHint(QPainter::Antialiasing);
  QColor outline = palette().color(QPalette::Text);
  outline.setAlphaF(0.7F);
  painter.setPen(outline);
  int last = -1;
  for (const TimelineMark& mark : marks_) {
    const int x = x_of(mark.ms);
    if (x < track().left() || x > track().right() || x == last) continue;
    last = x;
    painter.setBrush(mark.color);
    const std::array<QPoint, 3> triangle{QPoint(x - size, top), QPoint(x + size, top), QPoint(x, bottom)};
    painter.drawPolygon(triangle.data(), static_cast<int>(triangle.size()));
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void TimelineWidget::paint_range(QPainter& painter) const {
  if (!range_) return;
  const QRect area = track();
  const int from = x_of(range_->from_ms), to = x_of(range_->to_ms);
  QColor outside = palette().color(QPalette::Base);
  outside.setAlphaF(0.6F);
  painter.fillRect(QRect(QPoint(area.left(), 0), QPoint(from - 1, height())), outside);
  painter.fillRect(QRect(QPoint(to + 1, 0), QPoint(area.right(), height())), outside);
  const QColor edge = palette().color(QPalette::Highlight);
  QColor inside = edge;
  inside.setAlphaF(0.2F);
  painter.fillRect(QRect(QPoint(from, 0), QPoint(to, axis_height() - 1)), inside);
  const int thick = std::max(2, fontMetrics().averageCharWidth() / 3);
  painter.fillRect(QRect(from - thick / 2, 0, thick, height()), edge);
  painter.fillRect(QRect(to - thick / 2, 0, thick, height()), edge);
}

void TimelineWidget::paint_head(QPainter& painter) const {
  const TimeSpan in_sight = visible_span();
  if (position_ < in_sight.from_ms || position_ > in_sight.to_ms) return;
  const int x = x_of(position_), size = fontMetrics().averageCharWidth();
  const QColor color = palette().color(QPalette::Text);
  painter.setPen(QPen(color, 2));
  painter.drawLine(x, 0, x, height());
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  const std::array<QPoint, 3> triangle{QPoint(x - size, 0), QPoint(x + size, 0), QPoint(x, size + size / 2)};
  painter.drawPolygon(triangle.data(), static_cast<int>(triangle.size()));
}

}  // namespace dualsight
