// Non-maximum suppression: of many boxes on one object the best stays.
#pragma once

#include <vector>

#include "detector/core/types.h"

namespace dualsight {

// Greedy and class-aware: of two boxes of one class whose IoU exceeds `iou_threshold` (0..1) the more confident stays;
// boxes of different classes never suppress each other. The result is best first, at most `max_detections` long.
// Equal confidences are ordered by class, then x1, y1, x2, y2, so that the result never depends on the order given.
// Candidates with a number that is not finite are dropped. Any thread.
std::vector<Detection> nms(std::vector<Detection> candidates, float iou_threshold, int max_detections);

// The same in place, keeping its memory from one picture to the next. One thread at a time.
class Nms {
 public:
  void operator()(std::vector<Detection>& candidates, float iou_threshold, int max_detections);

 private:
  // Boxes that are kept of one class, side by side, so that comparing with all of them is vector code.
  struct Rivals {
    std::vector<float> x1, y1, x2, y2, area;
    void clear();
    void add(const Box& box);
    bool overlap(const Box& box, float iou_threshold) const;  // any of them by more
  };
  std::vector<Rivals> rivals_;  // by class
};

// Two boxes of different classes that overlap by more than this (IoU) are one object with two names: 14 pairs of labels
// on 8,816 real pictures lie so, but every ninth box that our ResNet-18 reported on 697 of them.
constexpr float kCrossClassIou = 0.7F;

// Whether one of `better` gives another name to what `detection` shows: a box of another class that overlaps it by more
// than `cross_class_iou`.
bool is_cross_class_duplicate(const Detection& detection, const std::vector<Detection>& better,
                              float cross_class_iou = kCrossClassIou);

}  // namespace dualsight
