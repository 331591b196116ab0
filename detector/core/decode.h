// From what the network says to detections in the source picture.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "detector/core/nms.h"
#include "detector/core/preprocess.h"
#include "detector/core/types.h"

namespace dualsight {

// Network pixels a cell, of the three levels in which the network looks for objects.
constexpr std::array<int64_t, 3> kStrides = {8, 16, 32};

struct DecodeOptions {
  std::vector<float> thresholds;  // per class, 0..1; > 1: never report the class
  float iou = 0.6F;               // of NMS
  int max_detections = 300;
  bool multi_label = false;  // a cell may report several classes (evaluation), else its best only
};

// What the network says of one picture, wherever it lies. Cells row by row, top to bottom.
struct HeadOutput {
  struct Level {
    const float* logits = nullptr;     // [cells, classes], `logit_step` floats from one cell to the next
    const float* distances = nullptr;  // [cells, 4]: from the cell's centre to the left, top, right, bottom edge
    std::ptrdiff_t logit_step = 0, distance_step = 4;
  };
  std::array<Level, kStrides.size()> levels;
  int64_t classes = 0;
  bool logarithmic = false;  // distances are ln(network pixels / stride), else network pixels
};

// Keeps its memory from one picture to the next. One thread at a time.
class Decoder {
 public:
  explicit Decoder(DecodeOptions options);
  void set_iou(float iou) { options_.iou = iou; }

  // The square of geometry.size pixels. Boxes are clipped to the picture; those left without area, or not finite, are
  // dropped. `detections` is replaced; best first.
  void operator()(const HeadOutput& head, const Letterbox& geometry, std::vector<Detection>& detections);

 private:
  DecodeOptions options_;
  std::vector<float> limits_;  // logits that the thresholds stand for
  Nms nms_;
};

// Once: logits [cells, classes] and distances [cells, 4] in network pixels, contiguous over all levels (NetworkOutput
// of one picture).
std::vector<Detection> decode(const float* logits, const float* distances, int64_t classes, const Letterbox& geometry,
                              const DecodeOptions& options);

// The same two tensors as a HeadOutput, for a square of `size` pixels.
HeadOutput head_output(const float* logits, const float* distances, int64_t classes, int64_t size);

}  // namespace dualsight
