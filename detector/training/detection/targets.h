// What the detection loss compares the network's output with.
#pragma once

#include <torch/types.h>

#include <vector>

#include "detector/training/augment.h"
#include "detector/training/training_task.h"

namespace dualsight {

// Labels of a batch of B pictures, padded to the picture with most objects (N). A = cells, C = classes. Network pixels.
struct Targets {
  torch::Tensor boxes;    // [B, N, 4] float32
  torch::Tensor classes;  // [B, N] int64
  torch::Tensor valid;    // [B, N] bool: false for padding
  // [B, A, C] bool: class c may be there unlabelled, so the cell takes no background loss for it. The cells of labelled
  // objects are excepted: their class is known.
  torch::Tensor unknown;
  torch::Tensor scores;  // [B, N] float32, 0..1: how sure each label is (LabelledObject::score)
};

// `num_classes` = C of Targets::unknown. Crowds become unknown cells, not objects.
Targets collate(const std::vector<TrainingSample>& samples, int64_t num_classes);

// As the trainer carries them, and back.
inline Tensors to_tensors(const Targets& t) { return {t.boxes, t.classes, t.valid, t.unknown, t.scores}; }
inline Targets to_targets(const Tensors& t) { return {t[0], t[1], t[2], t[3], t[4]}; }

}  // namespace dualsight
