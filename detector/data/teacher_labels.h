// A detector's boxes beside people's labels: what a picture does not label, a teacher can.
#pragma once

#include <cstdint>
#include <vector>

#include "detector/core/types.h"
#include "detector/data/dataset.h"

namespace dualsight {

struct TeacherLabels {
  int64_t objects = 0;     // labels added that are learnt
  int64_t ignored = 0;     // labels added that are neither object nor background
  int64_t not_needed = 0;  // boxes of scores high enough, but of a class or an object that people had labelled
  int pictures = 0;        // that the teacher had a result for
};

// Merges a teacher's detections, `detections[i]` those of `dataset.pictures[i]`, with people's labels:
// - A class that people labelled exhaustively stays as they left it.
// - A class in a picture's `not_exhaustive` takes the teacher's boxes, by their score as dataset.h has it: objects,
//   neither object nor background, or dropped. A box that overlaps a label of people's by half (IoU) is that object: of
//   the same class it adds nothing, of another class it is neither object nor background.
// - The class then counts as labelled: outside of what was added there is background. It stays unlabelled where the
//   teacher does not know it (no box of it in any picture) or has not seen the picture (no box in it, of whatever
//   class and score).
// Boxes are clipped to the picture. Labels that are crowds or have a score below 1 already are no people's labels.
TeacherLabels merge_teacher_labels(Dataset& dataset, const std::vector<std::vector<Detection>>& detections);

}  // namespace dualsight
