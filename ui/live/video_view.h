// The live picture with its detections and zones: can be zoomed, panned and frozen; shows a message while there is no
// picture; zones are drawn and edited on it (zone_editor.h).
#pragma once

#include <QImage>
#include <QPointF>
#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <opencv2/core.hpp>
#include <vector>

#include "app/records/records.h"
#include "ui/live/zone_editor.h"
#include "ui/widgets/overlay_painter.h"

namespace dualsight {

class Placeholder;

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
  // While frozen: a frame that was detected on, and the detections to show on it.
  void set_frozen_frame(std::vector<Detection> detections, const cv::Mat& bgr);
  void set_frozen(bool frozen);

  void zoom_in() { zoom_by(1.25, QRectF(rect()).center()); }
  void zoom_out() { zoom_by(0.8, QRectF(rect()).center()); }
  void fit();
  void actual_size();   // one screen pixel per picture pixel
  double zoom() const;  // screen pixels per picture pixel

  // A message over the dimmed picture, with a button if its text is not empty; an empty title removes the message.
  void set_placeholder(const QString& title, const QString& text, const QString& button, const QIcon& icon = {});
  QString placeholder_title() const;

  // Edits the region with this index with mouse and keyboard (-1: ends editing), or draws a new one.
  void edit_region(int index) { editor_.edit(index); }
  void draw_region(bool line);
  bool drawing() const { return editor_.drawing(); }
  ZoneEditor& editor() { return editor_; }

  QSize frame_size() const { return {bgr_.cols, bgr_.rows}; }
  QPointF to_picture(const QPointF& widget) const;  // pixels of the picture
  QPointF to_widget(const QPointF& picture) const;

 Q_SIGNALS:
  void zoom_changed(double zoom);
  void detection_clicked(qint64 track_id, int index);  // 0 and -1: no detection was hit
  void file_dropped(const QString& file);
  void url_dropped(const QString& url);
  void placeholder_action();
  void regions_edited(const std::vector<dualsight::Region>& regions);  // all of them, as they are now
  void region_chosen(int index);                                       // -1: none
  void drawing_ended();
  void edit_ended();  // by the user

 protected:
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool focusNextPrevChild(bool next) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QRectF picture_rect() const;  // where the whole picture is, in the widget
  double fitting() const;
  double scale() const { return zoom_ > 0 ? zoom_ : fitting(); }
  bool can_pan() const;
  void zoom_by(double factor, const QPointF& around);
  void pan_by(const QPointF& way);
  void keep_in_sight();
  void look_changed();
  void show_placeholder();
  void take_picture(const cv::Mat& bgr, std::vector<Detection> detections);
  void paint_picture(QPainter& painter, const QRectF& picture);
  void show_cursor(const QPointF& position);
  void describe();
  QString description() const;
  int detection_at(const QPointF& position) const;

  cv::Mat bgr_;
  std::vector<Detection> detections_;
  QStringList names_, occupied_;
  VideoStyle style_;
  qint64 selected_ = 0;
  int selected_index_ = -1;  // in this frame's detections, for those without a track
  bool frozen_ = false;

  double zoom_ = 0;           // widget pixels per picture pixel; 0: fitted to the widget
  QPointF center_{0.5, 0.5};  // the point shown in the middle, as fractions of the picture
  QPointF pressed_at_, center_then_;
  bool pressed_ = false, panning_ = false, moved_ = false;

  // Cache: the visible part of the picture, scaled to screen pixels.
  QImage seen_;
  cv::Mat scaled_;
  QRect seen_of_, seen_at_;  // picture pixels, screen pixels
  bool stale_ = true;

  ZoneEditor editor_;
  Placeholder* placeholder_;
  bool has_message_ = false;  // for the placeholder
  QTimer describing_;
};

}  // namespace dualsight
