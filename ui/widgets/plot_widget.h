// A small live plot of the last two minutes: lines, and a legend with their newest values.
#pragma once

#include <QColor>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <deque>
#include <vector>

namespace dualsight {

class PlotWidget : public QWidget {
  Q_OBJECT

 public:
  static constexpr double kSpanS = 120;

  explicit PlotWidget(QWidget* parent = nullptr);

  // Texts in the current language; the values stay.
  void set_texts(const QString& title, const QString& unit, const QStringList& names);
  void set_decimals(int decimals) { decimals_ = decimals; }

  // One value per line at a time, on any clock that does not go back; NaN makes a gap.
  void append(double seconds, std::vector<double> values);
  void set_now(double seconds);  // the right edge
  void clear();

  QString legend() const;  // "capture 29.8, detect 12.0"
  double top() const;      // of the axis

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Sample {
    double seconds = 0;
    std::vector<double> values;
  };
  QString value_text(std::size_t line) const;
  QColor line_color(std::size_t line) const;

  QString title_, unit_;
  QStringList names_;
  std::deque<Sample> samples_;
  double now_ = 0;
  int decimals_ = 1;
};

}  // namespace dualsight
