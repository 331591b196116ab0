// The standard measures of multiple object tracking, from ground truth and result boxes of a sequence of frames. IoU is
// the similarity throughout. Classes are ignored: pass one class at a time, or all as one.
//
// MOTA  Bernardin and Stiefelhagen 2008, "Evaluating multiple object tracking performance: the CLEAR MOT metrics":
//       1 - (FN + FP + IDSW) / truth boxes. In each frame pairs of IoU >= 0.5 are matched; those that were matched in
//       the frame before stay matched first, then the most pairs and the largest sum of IoU are sought. A truth matched
//       to another id than at its last match, however long ago, is one identity switch. At most 1, may be negative.
// IDF1  Ristani et al. 2016, "Performance measures and a data set for multi-target, multi-camera tracking":
//       truth tracks and result tracks are paired one to one over the whole sequence so that IDTP, the number of frames
//       in which a pair overlaps by IoU >= 0.5, is largest; IDF1 = 2 IDTP / (truth boxes + result boxes).
// HOTA  Luiten et al. 2021, "HOTA: a higher order metric for evaluating multi-object tracking": the
//       square root of DetA * AssA, DetA = TP / (TP + FN + FP), AssA = the mean over true positives of TPA / (TPA + FNA
//       + FPA), each the mean over the 19 localisation thresholds alpha = 0.05, 0.10 .. 0.95.
// Details as in the authors' TrackEval.
#pragma once

#include <cstdint>
#include <vector>

#include "detector/core/types.h"

namespace dualsight {

struct TrackedBox {
  int64_t id = 0;  // of the truth or of the result track: each counts for itself
  Box box;
};

using TrackedFrame = std::vector<TrackedBox>;  // any order, each id at most once

struct MotScore {
  // Ratios are 0 where there is no truth.
  double mota = 0, idf1 = 0;
  double hota = 0, det_a = 0, ass_a = 0;  // means over alpha

  int truth_boxes = 0, result_boxes = 0;
  // At IoU 0.5, by the matching of MOTA.
  int true_positives = 0, false_negatives = 0, false_positives = 0, id_switches = 0;
};

// `truth[i]` and `result[i]` are of the same frame. Throws std::invalid_argument if the two differ in length, or if an
// id comes twice in a frame. Any thread.
MotScore evaluate_tracks(const std::vector<TrackedFrame>& truth, const std::vector<TrackedFrame>& result);

}  // namespace dualsight
