// A recording's time line: one row per class with the spans in which it is seen, marks of events, the play head and a
// range for exports. Dragging scrubs, with Shift it chooses a range; the wheel zooms; everything works by keyboard,
// too.
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

#include "app/recording/playback.h"

namespace dualsight {

struct TimelineRow {
  QString name;
  QColor color;
  std::vector<TimeSpan> spans;  // in order of time
};

struct TimelineMark {
  double ms = 0;
  QColor color;
  QString text;  // for tool tips
};

// "1:02:03.456", "2:03.456"; `decimals` 0 to 3.
QString time_text(double ms, int decimals = 3);

class TimelineWidget : public QWidget {
  Q_OBJECT

 public:
  explicit TimelineWidget(QWidget* parent = nullptr);

  void set_duration(double ms);  // shows all of it, without a range
  void set_rows(std::vector<TimelineRow> rows);
  void set_marks(std::vector<TimelineMark> marks);  // in order of time
  void set_position(double ms);
  void set_range(std::optional<TimeSpan> range);  // none: the whole recording

  double duration() const { return duration_; }
  double position() const { return position_; }
  const std::optional<TimeSpan>& range() const { return range_; }
  const std::vector<TimelineRow>& rows() const { return rows_; }
  const std::vector<TimelineMark>& marks() const { return marks_; }
  TimeSpan visible_span() const { return {view_from_, view_from_ + view_length_}; }
  int x_of(double ms) const;
  double ms_at(int x) const;  // within the recording

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 public Q_SLOTS:
  void zoom_in();
  void zoom_out();
  void show_all();

 Q_SIGNALS:
  void sought(double ms);
  void stepped(int frames);
  void play_toggled();
  void range_changed();

 protected:
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum class Drag { none, head, range, range_begin, range_end };

  void retranslate();
  void describe();
  void seek(double ms);
  void zoom(double factor, double around_ms);
  void scroll_to(double from_ms);
  void choose_range(double from_ms, double to_ms);
  Drag handle_at(const QPoint& place) const;
  QString tip_at(const QPoint& place) const;
  int line_height() const;
  int gutter() const;   // width of the column of names
  QRect track() const;  // the area beside it, where x is time
  QRect row_rect(int row) const;
  int axis_height() const;
  void paint_axis(QPainter& painter) const;
  void paint_row(QPainter& painter, int row) const;
  void paint_marks(QPainter& painter) const;
  void paint_range(QPainter& painter) const;
  void paint_head(QPainter& painter) const;

  std::vector<TimelineRow> rows_;
  std::vector<TimelineMark> marks_;
  double duration_ = 0, position_ = 0;
  double view_from_ = 0, view_length_ = 0;  // the visible span, ms
  std::optional<TimeSpan> range_;
  Drag drag_ = Drag::none;
  double drag_start_ = 0;  // ms
};

}  // namespace dualsight
