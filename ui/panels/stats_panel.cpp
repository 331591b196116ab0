#include "ui/panels/stats_panel.h"

#include <unistd.h>

#include <QEvent>
#include <QFile>
#include <QGridLayout>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "ui/widgets/plot_widget.h"

namespace dualsight {

// Reading /proc takes microseconds and never waits for a disk, so it is done on the GUI thread.
std::optional<ProcessUse> process_use() {
  QFile stat("/proc/self/stat"), statm("/proc/self/statm");
  if (!stat.open(QIODevice::ReadOnly) || !statm.open(QIODevice::ReadOnly)) return std::nullopt;
  // The program's name, in brackets, may hold spaces; user and system time are the 12th and 13th field after it.
  const QByteArray all = stat.readAll();
  const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
  const QList<QByteArray> pages = statm.readAll().split(' ');
  if (fields.size() < 13 || pages.size() < 2) return std::nullopt;
  ProcessUse use;
  use.cpu_seconds = (fields[11].toDouble() + fields[12].toDouble()) / static_cast<double>(sysconf(_SC_CLK_TCK));
  use.memory_mib = pages[1].toDouble() * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
  return use;
}

StatsPanel::StatsPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("statsPanel");
  auto* area = new QScrollArea;  // so that the plots fit into a low window
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);
  auto* inner = new QWidget;
  grid_ = new QGridLayout(inner);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(area);
  grid_->setSpacing(fontMetrics().averageCharWidth() * 2);
  const auto plot = [this](const char* name, int decimals) {
    auto* made = new PlotWidget;
    made->setObjectName(name);
    made->set_decimals(decimals);
    plots_.push_back(made);
    return made;
  };
  rates_ = plot("ratesPlot", 1);
  age_ = plot("agePlot", 0);
  speed_ = plot("speedPlot", 1);
  losses_ = plot("lossesPlot", 0);
  memory_ = plot("memoryPlot", 0);
  cpu_ = plot("cpuPlot", 0);
  clock_.start();
  use_before_ = process_use();
  auto* timer = new QTimer(this);
  connect(timer, &QTimer::timeout, this, &StatsPanel::tick);
  timer->start(1000);
  retranslate();
  arrange();
  area->setWidget(inner);
  setMinimumWidth(plots_.front()->minimumSizeHint().width() * 5 / 4);
}

void StatsPanel::add(const FrameRecord& record) {
  sum_.preprocess += record.speed.preprocess;
  sum_.inference += record.speed.inference;
  sum_.postprocess += record.speed.postprocess;
  ++summed_;
}

void StatsPanel::set_stats(const SourceStats& stats) {
  const double now = seconds();
  rates_->append(now, {stats.capture_fps, stats.detect_fps});
  age_->append(now, {stats.age_ms});
  const double dropped = static_cast<double>(stats.dropped - dropped_before_.value_or(stats.dropped));
  dropped_before_ = stats.dropped;
  losses_->append(now, {std::max(0.0, dropped), static_cast<double>(stats.queued)});
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto mean = [&](double sum) { return summed_ > 0 ? sum / summed_ : none; };
  speed_->append(now, {mean(sum_.inference), mean(sum_.preprocess), mean(sum_.postprocess)});
  sum_ = {};
  summed_ = 0;
}

void StatsPanel::clear() {
  for (PlotWidget* plot : {rates_, age_, speed_, losses_}) plot->clear();
  dropped_before_.reset();
  sum_ = {};
  summed_ = 0;
}

void StatsPanel::tick() {
  const double now = seconds();
  if (const auto use = process_use()) {
    memory_->append(now, {use->memory_mib});
    if (use_before_ && now > ticked_) {
      cpu_->append(now, {100 * (use->cpu_seconds - use_before_->cpu_seconds) / (now - ticked_)});
    }
    use_before_ = use;
  }
  ticked_ = now;
  for (PlotWidget* plot : plots_) plot->set_now(now);
}

// As many columns as fit.
void StatsPanel::arrange() {
  const int wanted = plots_.front()->minimumSizeHint().width() * 3 / 2;
  const int columns = width() >= 3 * wanted ? 3 : width() >= 2 * wanted ? 2 : 1;
  if (columns == columns_) return;
  columns_ = columns;
  for (int i = 0; i < static_cast<int>(plots_.size()); ++i) {
    grid_->addWidget(plots_[static_cast<std::size_t>(i)], i / columns, i % columns);
  }
}

void StatsPanel::resizeEvent(QResizeEvent* event) {
  arrange();
  QWidget::resizeEvent(event);
}

void StatsPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void StatsPanel::retranslate() {
  rates_->set_texts(tr("Frames"), tr("1/s", "per second"), {tr("captured"), tr("looked at")});
  rates_->setToolTip(tr("Frames that came from the source, and frames that the detector looked at"));
  age_->set_texts(tr("Age of results"), tr("ms"), {QString()});
  age_->setToolTip(tr("From the capture of a frame until its detections were there"));
  speed_->set_texts(tr("Detection"), tr("ms"), {tr("model"), tr("before"), tr("after")});
  speed_->setToolTip(tr("Per frame: the model itself, preparing the picture, and making boxes of the result"));
  losses_->set_texts(tr("Losses"), QString(), {tr("dropped/s"), tr("waiting")});
  losses_->setToolTip(
      tr("Frames not looked at because a newer one was there, per second; frames that wait to be "
         "recorded"));
  memory_->set_texts(tr("Memory"), tr("MiB"), {QString()});
  memory_->setToolTip(tr("Of this program"));
  cpu_->set_texts(tr("CPU"), tr("%"), {QString()});
  cpu_->setToolTip(tr("Of this program; 100 % is one core"));
}

}  // namespace dualsight
