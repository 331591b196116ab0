// Draws boxes, labels and zones over a picture, in widget coordinates: lines and letters keep their size at any zoom.
#pragma once

#include <QColor>
#include <QRectF>
#include <QStringList>
#include <QTransform>
#include <vector>

#include "detector/core/types.h"
#include "detector/drawing/overlay.h"
#include "detector/tracking/zones.h"

class QFontMetricsF;
class QPainter;

namespace dualsight {

struct ClassStyle {
  bool shown = true;
  QColor color;          // invalid: the default one, class_color()
  double threshold = 0;  // detections of lower confidence are not drawn
};

struct VideoStyle {
  bool labels = true, coordinates = false, tracks = false, zones = true;
  std::vector<ClassStyle> classes;  // by class id; classes beyond the end get a default ClassStyle
};

QColor color_of(int class_id, const VideoStyle& style);
std::vector<Rgb> to_rgb(const std::vector<QColor>& colors);  // for pictures that are written
QColor ink_on(const QColor& background);                     // black or white, whichever has more contrast
bool is_shown(const Detection& detection, const VideoStyle& style);

// "dog", on one line; "class 12" for a class without a name.
QString class_name(int class_id, const QStringList& class_names);

// "dog 0.91", or "dog #7 0.91" where tracks are shown; with coordinates, a second line "x,y  w×h  centre x,y" in pixels
// of the picture.
QString label_of(const Detection& detection, const QStringList& class_names, const VideoStyle& style);

// `to_widget` maps the picture's pixels to the painter's. Labels stay inside `field` and, where there is room, do not
// overlap; one that is too long is shortened. Detections of higher confidence are drawn in front. Predicted boxes look
// like detected ones, since they alternate and would flicker. `selected`: a track id; for detections without a track,
// `selected_index` is the index of the selected one.
void paint_detections(QPainter& painter, const QTransform& to_widget, const QRectF& field,
                      const std::vector<Detection>& detections, const QStringList& class_names, const VideoStyle& style,
                      int64_t selected = 0, int selected_index = -1);

// How a region is highlighted.
struct RegionMarks {
  bool occupied = false;  // something is in it
  bool chosen = false;    // it is being edited: handles are drawn at its corners
  int corner = -1;        // of these, the chosen one
  bool open = false;      // it is being drawn: not closed yet
};

// `picture`: the whole picture in the painter's coordinates. The name stays inside `field`. A line has an arrow in its
// forward direction.
void paint_region(QPainter& painter, const QRectF& picture, const QRectF& field, const Region& region,
                  const RegionMarks& marks = {});
double handle_radius(const QFontMetricsF& metrics);  // of the corners' handles

}  // namespace dualsight
