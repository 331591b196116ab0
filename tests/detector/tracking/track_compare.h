// Runs the project's tracker and the baseline over sequences and scores both.
#pragma once

#include <algorithm>
#include <vector>

#include "detector/tracking/mot_evaluate.h"
#include "detector/tracking/tracker.h"
#include "tests/detector/tracking/iou_tracker.h"
#include "tests/detector/tracking/mot_sequences.h"

namespace dualsight::testing {

struct Comparison {
  MotScore baseline, ours;
};

// Several sequences scored as one, as benchmarks do: each has ids of its own.
class Runs {
 public:
  void add(const Sequence& sequence) {
    IouTracker baseline;
    Tracker ours;
    for (const SequenceFrame& frame : sequence.frames) {
      truth_.push_back(offset(frame.truth));
      baseline_.push_back(offset(baseline.update(frame.detections)));
      TrackedFrame mine;
      for (const Track& track : ours.update(frame.time, frame.detections, frame.candidates)) {
        mine.push_back({track.id, track.box});
      }
      ours_.push_back(offset(std::move(mine)));
    }
    offset_ += 1'000'000;
  }

  Comparison compare() const { return {evaluate_tracks(truth_, baseline_), evaluate_tracks(truth_, ours_)}; }

 private:
  TrackedFrame offset(TrackedFrame frame) const {
    for (TrackedBox& one : frame) one.id += offset_;
    return frame;
  }

  int64_t offset_ = 0;
  std::vector<TrackedFrame> truth_, baseline_, ours_;
};

}  // namespace dualsight::testing
