// From detections to tracks, and to what happens to them.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "app/records.h"
#include "detector/tracker.h"

namespace dualsight {

// What a frame that the detector looked at adds.
struct Followed {
  std::vector<Detection> detections;  // by falling confidence, with track ids; those of tracks that a mere candidate
                                      // goes on with, too
  std::vector<Detection> unseen;      // where tracks that were not seen just now should be: for blurring
  std::vector<EventRecord> events;    // source, frame and times are left to the caller
};

class Follower {
 public:
  // `thresholds` per class, of being reported. A candidate of half that may go on a track.
  Follower(bool tracking, std::vector<float> thresholds) : tracking_(tracking), thresholds_(std::move(thresholds)) {}

  // `seconds`: the frame's capture.
  Followed update(double seconds, const DetectionResult& found);
  std::vector<Detection> predict(double seconds) const;  // the boxes of the last update, moved on
  std::vector<EventRecord> finish();                     // the source is gone: all tracks end

  int64_t tracks() const { return count_; }  // told apart so far

 private:
  EventRecord event_of(Event event, const Track& track) const;

  bool tracking_;
  std::vector<float> thresholds_;
  Tracker tracker_;
  std::map<int64_t, int> classes_;  // of the tracks alive, as last reported
  std::vector<Detection> last_;     // without tracking: as they were
  int64_t count_ = 0;
};

}  // namespace dualsight
