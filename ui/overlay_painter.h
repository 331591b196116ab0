// Boxes, labels and zones over a picture, in widget coordinates: lines and letters stay as large whatever the zoom.
#pragma once

#include <QColor>
#include <QRectF>
#include <QStringList>
#include <QTransform>
#include <vector>

#include "detector/types.h"
#include "detector/zones.h"

class QPainter;

namespace dualsight {

struct ClassStyle {
  bool shown = true;
  QColor color;          // invalid: the class's usual one (class_color)
  double threshold = 0;  // less confident ones are left out
};

struct VideoStyle {
  bool labels = true, coordinates = false, tracks = false, zones = true;
  std::vector<ClassStyle> classes;  // those beyond its end are shown as usual
};

QColor color_of(int class_id, const VideoStyle& style);
bool is_shown(const Detection& detection, const VideoStyle& style);

// "dog 0.91", with "#7" where tracks are shown; with coordinates, a second line "x,y  w×h  centre x,y" in pixels of the
// picture.
QString label_of(const Detection& detection, const QStringList& class_names, const VideoStyle& style);

// `to_widget` maps the picture's pixels to the painter's; labels stay inside `field` and, where there is room, out of
// each other's way. The better a detection, the further in front.
void paint_detections(QPainter& painter, const QTransform& to_widget, const QRectF& field,
                      const std::vector<Detection>& detections, const QStringList& class_names,
                      const VideoStyle& style, int64_t selected = 0);

// `picture`: the whole picture in the painter's coordinates. `edited`: index of the one whose corners are shown, or -1.
void paint_regions(QPainter& painter, const QRectF& picture, const std::vector<Region>& regions,
                   const QStringList& occupied, int edited = -1);

}  // namespace dualsight
