// Boxes, labels and zones over a picture, in widget coordinates: lines and letters stay as large whatever the zoom.
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
  QColor color;          // invalid: the class's usual one (class_color)
  double threshold = 0;  // less confident ones are left out
};

struct VideoStyle {
  bool labels = true, coordinates = false, tracks = false, zones = true;
  std::vector<ClassStyle> classes;  // those beyond its end are shown as usual
};

QColor color_of(int class_id, const VideoStyle& style);
std::vector<Rgb> to_rgb(const std::vector<QColor>& colors);  // for pictures that are written
QColor ink_on(const QColor& background);                     // black or white, whichever stands out more
bool is_shown(const Detection& detection, const VideoStyle& style);

// "dog", in one line whatever the model calls it; "class 12" without a name.
QString class_name(int class_id, const QStringList& class_names);

// "dog 0.91", or "dog #7 0.91" where tracks are shown; with coordinates, a second line "x,y  w×h  centre x,y" in pixels
// of the picture.
QString label_of(const Detection& detection, const QStringList& class_names, const VideoStyle& style);

// `to_widget` maps the picture's pixels to the painter's. Labels stay inside `field` and, where there is room, out of
// each other's way; one that is too long is shortened. The better a detection, the further in front. Predicted boxes
// look like all others: what changes its look with every second frame would flicker. `selected` is a track; of those
// that are not tracked, `selected_index` tells which.
void paint_detections(QPainter& painter, const QTransform& to_widget, const QRectF& field,
                      const std::vector<Detection>& detections, const QStringList& class_names, const VideoStyle& style,
                      int64_t selected = 0, int selected_index = -1);

// What of a region is shown more than usual.
struct RegionMarks {
  bool occupied = false;  // something is in it
  bool chosen = false;    // it is edited: its corners can be taken hold of
  int corner = -1;        // likewise: this one was chosen
  bool open = false;      // it is being drawn
};

// `picture`: the whole picture in the painter's coordinates. The name stays inside `field`. Of a line, the arrow shows
// where forward is.
void paint_region(QPainter& painter, const QRectF& picture, const QRectF& field, const Region& region,
                  const RegionMarks& marks = {});
double handle_radius(const QFontMetricsF& metrics);  // of the corners' handles

// All of them; `occupied` are names.
void paint_regions(QPainter& painter, const QRectF& picture, const QRectF& field, const std::vector<Region>& regions,
                   const QStringList& occupied);

}  // namespace dualsight
