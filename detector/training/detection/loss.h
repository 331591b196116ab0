// The loss of detection: task-aligned assignment of labels to cells, a quality-aware classification loss, GIoU.
#pragma once

#include <torch/types.h>

#include "detector/network/network.h"
#include "detector/training/detection/targets.h"

namespace dualsight {

struct LabelAssignment {
  torch::Tensor scores;    // [B, A, C]: the target score of each cell for each class, 0..1
  torch::Tensor boxes;     // [B, A, 4]: the object of each positive cell
  torch::Tensor weight;    // [B, A]: sum of scores over classes; 0 for background
  torch::Tensor positive;  // [B, A] bool
};

// Task-aligned assignment (TOOD, Feng et al. 2021, 3.2): of the cells whose centre lies in an object, the `top_k` with
// the largest score^alpha * IoU^beta are assigned to it; a cell assigned to several objects keeps the one it overlaps
// most. The target scores are scaled so that an object's best cell gets its IoU times the label's score. An object too
// small to hold a centre of the finest level is treated as one stride wide. `scores`: sigmoid of the logits, [B, A, C];
// `boxes`: [B, A, 4]; `cells`: cell_grid(). No gradient flows through it.
LabelAssignment assign_labels(const torch::Tensor& scores, const torch::Tensor& boxes, const torch::Tensor& cells,
                              const Targets& targets, int64_t top_k = 10, double alpha = 0.5, double beta = 6);

// Generalised IoU (Rezatofighi et al. 2019) of boxes [.., 4] pair by pair: -1 < giou <= 1.
torch::Tensor generalised_iou(const torch::Tensor& a, const torch::Tensor& b);
// IoU of every a [B, N, 4] with every b [B, A, 4]: [B, N, A].
torch::Tensor pairwise_iou(const torch::Tensor& a, const torch::Tensor& b);

struct Loss {
  torch::Tensor total;  // scalar, with gradient
  double box = 0;       // parts, for the log
  double classes = 0;
  int64_t positives = 0;
};

// Classification: quality focal loss, |t - p|^2 * BCE(p, t) (Li et al. 2020, GFL, eq. 2), over all cells and classes
// but the unknown (Targets). Box: 1 - GIoU of positive cells weighted by their target score. Both are divided by the
// sum of target scores (at least 1); the total is classification + 2 * box.
Loss detection_loss(const NetworkOutput& output, const torch::Tensor& cells, const Targets& targets);

// The distance of a network's features from those of a trained one, its teacher: Pearson knowledge distillation (Cao et
// al. 2022, PKD, eq. 5). For each channel of each level it is 1 - r, where r is the correlation of the two over all
// places and pictures of the batch; the mean is taken over channels, the sum over levels. From 0 (equal but for scale
// and offset) to 6. A channel that is constant in one of the two counts 1 / 2 and has no gradient towards the other.
torch::Tensor feature_distance(const Pyramid& student, const Pyramid& teacher);

}  // namespace dualsight
