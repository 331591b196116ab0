// The picture of a recording, as large as the room allows, with its boxes drawn over it.
#pragma once

#include <QColor>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <string>
#include <vector>

#include "ui/widgets/overlay_painter.h"

namespace dualsight {

class RecordingPlayer;

class ReviewPicture : public QWidget {
  Q_OBJECT

 public:
  explicit ReviewPicture(const RecordingPlayer& player, QWidget* parent = nullptr);  // shows player.picture()

  void set_class_names(const std::vector<std::string>& names);
  void set_colors(const std::vector<QColor>& colors);  // per class
  void set_boxes_shown(bool shown);
  void set_hint(const QString& hint);  // shown while there is no picture

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const RecordingPlayer& player_;
  VideoStyle style_;
  QStringList class_names_;
  bool boxes_ = true;
  QString hint_;
};

}  // namespace dualsight
