// The picture with what was found on it: zoomed, panned, frozen; with a message over it while there is none; zones are
// drawn on it with the mouse.
#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QPointF>
#include <QStringList>
#include <QWidget>
#include <opencv2/core.hpp>
#include <vector>

#include "app/records.h"
#include "ui/overlay_painter.h"

class QLabel;
class QPushButton;

namespace dualsight {

class VideoView : public QWidget {
  Q_OBJECT

 public:
  explicit VideoView(QWidget* parent = nullptr);

  void set_frame(const ShownFrame& frame);  // the pixels are shared, not copied
  void set_class_names(const QStringList& names);
  void set_style(const VideoStyle& style);
  void set_regions(const std::vector<Region>& regions);
  void set_occupied(const QStringList& zones);
  void set_selected(qint64 track_id);  // 0: none
  // Frozen: one frame that was looked at, with its candidates, so that lower thresholds show more of them.
  void set_frozen_frame(const FrameRecord& record, const cv::Mat& bgr);
  void set_frozen(bool frozen);

  void zoom_in() { zoom_by(1.25, rect().center()); }
  void zoom_out() { zoom_by(0.8, rect().center()); }
  void fit();
  void actual_size();  // a pixel of the picture is one of the screen
  double zoom() const;  // screen pixels a picture pixel

  // A message over the picture, with a button if it has a text; an empty title takes it away.
  void set_placeholder(const QString& title, const QString& text, const QString& button);
  QString placeholder_title() const;

  // Zones: the corners of one may be dragged (-1: of none); or a new one is drawn by clicks, a double click or Enter
  // ends it, Escape takes it back.
  void edit_region(int index);
  void draw_region(bool line);
  bool drawing() const { return drawing_; }

  QSize frame_size() const { return image_.size(); }
  QPointF to_picture(const QPointF& widget) const;  // pixels of the picture
  QPointF to_widget(const QPointF& picture) const;

 Q_SIGNALS:
  void zoom_changed(double zoom);
  void detection_clicked(qint64 track_id, int index);
  void file_dropped(const QString& file);
  void url_dropped(const QString& url);
  void placeholder_action();
  void region_drawn(const dualsight::Region& region);  // without a name
  void region_edited(int index, const dualsight::Region& region);
  void drawing_ended();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QRectF picture_rect() const;  // where the whole picture is, in the widget
  double fitting() const;
  void zoom_by(double factor, const QPointF& around);
  void keep_in_sight();
  void take_image(const cv::Mat& bgr);
  void describe();
  int detection_at(const QPointF& position) const;
  int corner_at(const QPointF& position) const;
  void end_drawing(bool keep);
  std::array<double, 2> fraction_at(const QPointF& position) const;

  cv::Mat bgr_;   // keeps the pixels of image_
  QImage image_;
  std::vector<Detection> detections_;
  QStringList names_, occupied_;
  VideoStyle style_;
  std::vector<Region> regions_;
  qint64 selected_ = 0;
  bool frozen_ = false;
  double zoom_ = 0;    // widget pixels a picture pixel; 0: fitted
  QPointF center_{0.5, 0.5};  // what is in the middle, as fractions of the picture
  QPointF pressed_at_, center_then_;
  bool panning_ = false, moved_ = false;

  int edited_ = -1, corner_ = -1;
  bool drawing_ = false;
  Region drawn_;
  QPointF pointer_;

  QWidget* placeholder_;
  QLabel *title_, *text_;
  QPushButton* button_;
  QElapsedTimer described_;
};

}  // namespace dualsight
