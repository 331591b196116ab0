#include "ui/widgets/plot_widget.h"

#include <QLocale>
#include <QPaintEvent>
#include <QPainter>
#include <QPen>
#include <algorithm>
#include <array>
#include <cmath>

namespace dualsight {
namespace {

// The next larger one of 1, 2, 5, 10, 20, 50 ...
double nice_above(double value) {
  if (!(value > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 5.0, 10.0}) {
    if (step * power >= value) return step * power;
  }
  return 10 * power;
}

// Lines differ in dash pattern as well as in colour.
constexpr std::array<Qt::PenStyle, 4> kStrokes = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

}  // namespace

PlotWidget::PlotWidget(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::TabFocus);  // for screen readers, which read out the legend
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PlotWidget::set_texts(const QString& title, const QString& unit, const QStringList& names) {
  title_ = title;
  unit_ = unit;
  names_ = names;
  setAccessibleName(title);
  setAccessibleDescription(legend());
  update();
}

void PlotWidget::append(double seconds, std::vector<double> values) {
  samples_.push_back({seconds, std::move(values)});
  set_now(seconds);
  setAccessibleDescription(legend());
}

void PlotWidget::set_now(double seconds) {
  now_ = seconds;
  // One sample beyond the left edge is kept, so that the lines reach it.
  while (samples_.size() > 1 && samples_[1].seconds < now_ - kSpanS) samples_.pop_front();
  update();
}

void PlotWidget::clear() {
  samples_.clear();
  setAccessibleDescription(legend());
  update();
}

QString PlotWidget::value_text(std::size_t line) const {
  if (samples_.empty() || line >= samples_.back().values.size()) return "-";
  const double value = samples_.back().values[line];
  return std::isfinite(value) ? QLocale().toString(value, 'f', decimals_) : QString("-");
}

QString PlotWidget::legend() const {
  QStringList parts;
  for (int i = 0; i < names_.size(); ++i) {
    const QString value = value_text(static_cast<std::size_t>(i));
    parts.append(names_[i].isEmpty() ? value : names_[i] + ' ' + value);
  }
  return parts.join(", ");
}

double PlotWidget::top() const {
  double most = 0;
  for (const Sample& sample : samples_) {
    for (const double value : sample.values) {
      if (std::isfinite(value)) most = std::max(most, value);
    }
  }
  return nice_above(most);
}

// The palette's highlight colour first, then hues far from it and from each other, in a lightness that stands out from
// the background.
QColor PlotWidget::line_color(std::size_t line) const {
  const bool dark = palette().color(QPalette::Base).lightness() < 128;
  constexpr std::array<int, 4> hues = {205, 28, 155, 300};
  return QColor::fromHsl(hues[line % hues.size()], 190, dark ? 160 : 95);
}

QSize PlotWidget::sizeHint() const {
  const QFontMetrics metrics = fontMetrics();
  return {metrics.averageCharWidth() * 40, metrics.lineSpacing() * 10};
}

QSize PlotWidget::minimumSizeHint() const {
  const QFontMetrics metrics = fontMetrics();
  return {metrics.averageCharWidth() * 24, metrics.lineSpacing() * 8};
}

void PlotWidget::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QFontMetrics metrics = fontMetrics();
  const int line_height = metrics.lineSpacing(), gap = metrics.averageCharWidth() / 2;
  const double high = top();
  const QColor text = palette().color(QPalette::WindowText);
  QColor faint = text;
  faint.setAlphaF(0.65F);
  QColor grid = text;
  grid.setAlphaF(0.15F);

  // Title and legend, on one line where there is room.
  painter.setPen(text);
  QFont bold = font();
  bold.setBold(true);
  painter.setFont(bold);
  const QString title = unit_.isEmpty() ? title_ : tr("%1 (%2)", "title and unit").arg(title_, unit_);
  painter.drawText(QRect(0, 0, width(), line_height), Qt::AlignLeft | Qt::AlignVCenter,
                   QFontMetrics(bold).elidedText(title, Qt::ElideRight, width()));
  const int title_width = QFontMetrics(bold).horizontalAdvance(title);
  painter.setFont(font());
  const int swatch = line_height * 5 / 4;
  const auto entry = [&](int i) { return (names_[i] + ' ' + value_text(static_cast<std::size_t>(i))).trimmed(); };
  const auto needed = [&](int i) { return swatch + metrics.horizontalAdvance(entry(i)) + 3 * gap; };
  int legend_width = 0;
  for (int i = 0; i < names_.size(); ++i) legend_width += needed(i);
  const bool one_line = title_width + 4 * gap + legend_width <= width();
  int x = one_line ? width() - legend_width : 0;
  int legend_y = one_line ? 0 : line_height;
  for (int i = 0; i < names_.size(); ++i) {
    if (x > 0 && x + needed(i) > width() + 2 * gap) {
      x = 0;
      legend_y += line_height;
    }
    const auto line = static_cast<std::size_t>(i);
    painter.setPen(QPen(line_color(line), 2, kStrokes[line % kStrokes.size()]));
    painter.drawLine(x, legend_y + line_height / 2, x + swatch, legend_y + line_height / 2);
    painter.setPen(text);
    painter.drawText(QRect(x + swatch + gap, legend_y, needed(i), line_height), Qt::AlignLeft | Qt::AlignVCenter,
                     entry(i));
    x += needed(i);
  }

  const QString high_text = QLocale().toString(high, 'g', 4), middle_text = QLocale().toString(high / 2, 'g', 4);
  const int axis = std::max(metrics.horizontalAdvance(high_text), metrics.horizontalAdvance(middle_text)) + 2 * gap;
  const QRect area(axis, legend_y + line_height + line_height / 2, width() - axis - gap,
                   height() - legend_y - 3 * line_height);
  if (area.width() < 10 || area.height() < 10) return;
  painter.fillRect(area, palette().color(QPalette::Base));
  for (int i = 0; i <= 2; ++i) {
    const int y = area.bottom() - area.height() * i / 2;
    painter.setPen(grid);
    painter.drawLine(area.left(), y, area.right(), y);
    if (i == 1 && area.height() < 3 * line_height) continue;
    painter.setPen(faint);
    const QString value = i == 0 ? QLocale().toString(0) : i == 1 ? middle_text : high_text;
    painter.drawText(QRect(0, y - line_height / 2, axis - gap, line_height), Qt::AlignRight | Qt::AlignVCenter, value);
  }
  for (int ago = 0; ago <= static_cast<int>(kSpanS); ago += 60) {
    const int at = area.right() - static_cast<int>(area.width() * ago / kSpanS);
    painter.setPen(grid);
    painter.drawLine(at, area.top(), at, area.bottom());
    painter.setPen(faint);
    const QString when = ago == 0 ? tr("now") : tr("%1 s", "seconds ago, with a minus").arg(-ago);
    const int wide = metrics.horizontalAdvance(when);
    const int left = std::clamp(at - wide / 2, 0, width() - wide);
    painter.drawText(left, area.bottom() + metrics.ascent() + line_height / 3, when);
  }
  if (hasFocus()) {
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(area.adjusted(0, 0, -1, -1));
  }

  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(area.adjusted(0, -1, 1, 1));
  const auto place = [&](double seconds, double value) {
    return QPointF(area.right() - (now_ - seconds) / kSpanS * area.width(),
                   area.bottom() - std::clamp(value / high, 0.0, 1.0) * area.height());
  };
  for (std::size_t line = static_cast<std::size_t>(names_.size()); line-- > 0;) {  // the first in front
    painter.setPen(QPen(line_color(line), 1.6, kStrokes[line % kStrokes.size()]));
    QPolygonF points;
    for (const Sample& sample : samples_) {
      if (line < sample.values.size() && std::isfinite(sample.values[line])) {
        points.append(place(sample.seconds, sample.values[line]));
      } else {
        painter.drawPolyline(points);
        points.clear();
      }
    }
    painter.drawPolyline(points);
  }
}

}  // namespace dualsight
