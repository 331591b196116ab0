// From what the network says to detections in the source picture.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "detector/preprocess.h"
#include "detector/types.h"

namespace dualsight {

// Network pixels a cell, of the three levels in which the network looks for objects.
constexpr std::array<int64_t, 3> kStrides = {8, 16, 32};

struct DecodeOptions {
  std::vector<float> thresholds;  // per class, 0..1; > 1: never report the class
  float iou = 0.6F;               // of NMS
  int max_detections = 300;
  bool multi_label = false;  // a cell may report several classes (evaluation), else its best only
};

// logits: [cells, classes]; distances: [cells, 4] (left, top, right, bottom, network pixels), as NetworkOutput of one
// picture, contiguous. Cells of a square of geometry.size pixels, in the order of cell_grid(). Boxes are clipped to the
// picture; those left without area, or not finite, are dropped.
std::vector<Detection> decode(const float* logits, const float* distances, int64_t classes, const Letterbox& geometry,
                              const DecodeOptions& options);

}  // namespace dualsight
