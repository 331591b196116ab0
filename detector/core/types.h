// What the detector says. Coordinates are continuous pixels of the source picture: (0,0) is the top-left corner of the
// top-left pixel, x grows right, y grows down, so a box over the whole picture is {0, 0, width, height}.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace dualsight {

struct Box {
  float x1 = 0, y1 = 0, x2 = 0, y2 = 0;

  float width() const { return x2 - x1; }
  float height() const { return y2 - y1; }
  float area() const { return std::max(0.0F, width()) * std::max(0.0F, height()); }
  float center_x() const { return 0.5F * (x1 + x2); }
  float center_y() const { return 0.5F * (y1 + y2); }
};

// Intersection over union, 0 where either box is empty.
inline float iou(const Box& a, const Box& b) {
  const float w = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
  const float h = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
  if (w <= 0 || h <= 0) return 0;
  const float inter = w * h;
  const float uni = a.area() + b.area() - inter;
  return uni > 0 ? inter / uni : 0;
}

struct Detection {
  int class_id = 0;      // index into the model's class names
  float confidence = 0;  // 0..1
  Box box;               // source-picture pixels, inside the picture
  int64_t track_id = 0;  // 0: not tracked
};

}  // namespace dualsight
