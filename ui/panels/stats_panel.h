// The Stats panel: live plots of frame rates, latency, times per step, lost frames, memory and CPU use.
#pragma once

#include <QElapsedTimer>
#include <QWidget>
#include <optional>
#include <vector>

#include "app/records/records.h"

class QGridLayout;
class QTimer;

namespace dualsight {

class PlotWidget;

// Resources that this process uses, from /proc/self.
struct ProcessUse {
  double memory_mib = 0;   // resident
  double cpu_seconds = 0;  // since the start
};
std::optional<ProcessUse> process_use();

class StatsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit StatsPanel(QWidget* parent = nullptr);

  void add(const FrameRecord& record);       // each frame that was detected on; plotted as means of a second
  void set_stats(const SourceStats& stats);  // once a second
  void clear();                              // another source

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void retranslate();
  void tick();
  void arrange();
  double seconds() const { return static_cast<double>(clock_.elapsed()) / 1000; }

  QGridLayout* grid_;
  PlotWidget *rates_, *age_, *speed_, *losses_, *memory_, *cpu_;
  std::vector<PlotWidget*> plots_;
  QElapsedTimer clock_;
  SpeedMs sum_;
  int summed_ = 0;
  std::optional<int64_t> dropped_before_;
  std::optional<ProcessUse> use_before_;
  double ticked_ = 0;
  int columns_ = 0;
};

}  // namespace dualsight
