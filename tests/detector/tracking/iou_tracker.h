// The baseline: the plain greedy IoU tracker (Bochinski et al. 2017, "High-speed tracking-by-detection without using
// image information"), run online, so that it knows no more than a live tracker: a track is reported from its second
// detection on, in the first frame at once.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "detector/core/types.h"
#include "detector/tracking/mot_evaluate.h"

namespace dualsight::testing {

class IouTracker {
 public:
  explicit IouTracker(float min_iou = 0.3F) : min_iou_(min_iou) {}

  // The tracks with a detection in this frame.
  TrackedFrame update(std::vector<Detection> detections) {
    TrackedFrame reported;
    std::vector<Live> next;
    for (Live& track : live_) {  // oldest first, each takes what overlaps it most
      auto best = detections.end();
      float most = min_iou_;
      for (auto it = detections.begin(); it != detections.end(); ++it) {
        if (iou(track.box, it->box) < most) continue;
        most = iou(track.box, it->box);
        best = it;
      }
      if (best == detections.end()) continue;  // ends
      track.box = best->box;
      detections.erase(best);
      reported.push_back({track.id, track.box});
      next.push_back(track);
    }
    for (const Detection& one : detections) {
      next.push_back({next_id_++, one.box});
      if (first_frame_) reported.push_back({next.back().id, one.box});
    }
    live_ = std::move(next);
    first_frame_ = false;
    return reported;
  }

 private:
  struct Live {
    int64_t id = 0;
    Box box;
  };
  float min_iou_;
  std::vector<Live> live_;
  int64_t next_id_ = 1;
  bool first_frame_ = true;
};

}  // namespace dualsight::testing
