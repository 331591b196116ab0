// What training minimises: task-aligned assignment, a quality-aware classification loss and GIoU.
#pragma once

#include <torch/types.h>

#include "detector/network/network.h"

namespace dualsight {

// Labels of a batch, padded to the picture with most objects (N). Network pixels.
struct Targets {
  torch::Tensor boxes;    // [B, N, 4] float32
  torch::Tensor classes;  // [B, N] int64
  torch::Tensor valid;    // [B, N] bool: false for padding
  // [B, A, C] bool: class c may be there unlabelled, so take no background loss for it, but in the cells of labelled
  // objects: those are of their class and of no other.
  torch::Tensor unknown;
  torch::Tensor scores;  // [B, N] float32, 0..1: how sure each label is
};

struct LabelAssignment {
  torch::Tensor scores;    // [B, A, C]: what each cell should say of each class, 0..1
  torch::Tensor boxes;     // [B, A, 4]: the object of each positive cell
  torch::Tensor weight;    // [B, A]: sum of scores over classes; 0 for background
  torch::Tensor positive;  // [B, A] bool
};

// Task-aligned assignment (TOOD, Feng et al. 2021, 3.2): of the cells whose centre lies in an object, the `top_k` with
// the largest score^alpha * IoU^beta learn it; a cell wanted by several objects takes the one it overlaps most. Targets
// are scaled so that an object's best cell is told its IoU times the score of the label. An object too small to hold a
// centre of the finest level is treated as one stride wide. `scores`: sigmoid of the logits. No gradient flows through
// it.
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
// sum of target scores (at least 1) and added 1 : 2.
Loss detection_loss(const NetworkOutput& output, const torch::Tensor& cells, const Targets& targets);

// How far a network's features are from those of another that knows the task, its teacher: Pearson knowledge
// distillation (Cao et al. 2022, PKD, eq. 5). Of each channel of each level, 1 - r, where r is the correlation of the
// two over all places and pictures of the batch; the mean over channels, added over levels: 0 (the same but for scale
// and offset) to 6. A channel that is constant in one of them counts 1 / 2 and teaches nothing.
torch::Tensor feature_distance(const Pyramid& student, const Pyramid& teacher);

}  // namespace dualsight
