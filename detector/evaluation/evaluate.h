// COCO's detection metric, after pycocotools' cocoeval.py:
// - average precision, interpolated at 101 recalls (0, 0.01 .. 1), mean over IoU thresholds 0.50:0.05:0.95;
// - area ranges small <= 32^2 <= medium <= 96^2 <= large, by the label's `area`; exactly 32^2 or 96^2 is in both, as in
//   pycocotools. Unmatched detections whose box area is outside the range are ignored;
// - at most 100 detections a picture and class (maxDets = 100);
// - a detection on a crowd region is ignored, and a crowd may take any number of them.
// And LVIS's rule for classes that are not labelled exhaustively: in a picture that lists a class in not_exhaustive, an
// unmatched detection of that class counts neither as right nor as wrong.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "detector/core/types.h"
#include "detector/data/dataset.h"

namespace dualsight {

// NaN where there was nothing to find (no label of that class or size). Means leave NaN out, as pycocotools does -1.
struct AveragePrecision {
  double ap = std::numeric_limits<double>::quiet_NaN();    // 0.50:0.95
  double ap50 = std::numeric_limits<double>::quiet_NaN();  // at IoU 0.50
  double ap75 = std::numeric_limits<double>::quiet_NaN();
  double small = std::numeric_limits<double>::quiet_NaN();
  double medium = std::numeric_limits<double>::quiet_NaN();
  double large = std::numeric_limits<double>::quiet_NaN();
};

struct ClassScore {
  std::string name;
  int labels = 0;  // not counting crowd
  AveragePrecision score;
  float best_f1_threshold = 0;  // confidence that gives the best F1 at IoU 0.50; 0 where undefined
  double best_f1 = std::numeric_limits<double>::quiet_NaN();
};

struct Evaluation {
  AveragePrecision mean;  // over classes
  std::vector<ClassScore> classes;
  int pictures = 0;
  int labels = 0;
  int detections = 0;
};

// `detections[i]` belongs to `dataset.pictures[i]`, in any order. Equal confidences keep the order given (of pictures,
// then within the picture), as a stable sort does. Throws std::invalid_argument if the two
// differ in length or a class id is not an index into class_names.
Evaluation evaluate(const Dataset& dataset, const std::vector<std::vector<Detection>>& detections);

// A table for people: a line for all, then one for each class.
std::string to_table(const Evaluation& evaluation);

}  // namespace dualsight
