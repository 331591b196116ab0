// From detections to tracks, and to their events: appeared, ended, entered a zone, crossed a line.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/pipeline/controls.h"
#include "app/records/records.h"
#include "detector/tracking/tracker.h"
#include "detector/tracking/zones.h"

namespace dualsight {

struct TrackingOptions {
  bool enabled = true;
  std::vector<Region> regions;  // zones and lines; they need tracking
};

// What tracking makes of one result of the detector.
struct TrackingResult {
  std::vector<Detection>
      detections;  // by falling confidence, with track ids; includes candidates that continue a track
  std::vector<Detection> candidates;      // those that continue no track
  std::vector<Detection> unseen;          // predicted boxes of tracks without a detection in this frame: for blurring
  std::vector<EventRecord> events;        // source, frame and times are left to the caller
  std::vector<std::string> occupied;      // zones with something in them
  std::map<std::string, int64_t> inside;  // those zones, and how many are in each
};

class TrackingStage {
 public:
  // `thresholds` per class, of being reported. A candidate of at least half of that may continue a track.
  TrackingStage(const TrackingOptions& options, std::vector<float> thresholds,
                const std::vector<std::string>& class_names)
      : tracking_(options.enabled), thresholds_(std::move(thresholds)), zones_(options.regions, class_names) {}

  // Applies from the next update on. The events are those of tracks that end because tracking is switched off.
  std::vector<EventRecord> adjust(const Adjustments& to);

  // `seconds`: the frame's capture; never falls. The size is the picture's, in pixels.
  TrackingResult update(double seconds, int width, int height, const DetectionResult& found);
  std::vector<Detection> predict(double seconds) const;  // the boxes of the last update, moved on
  std::vector<EventRecord> finish();                     // the source has ended or is lost: all tracks end

  int64_t tracks() const { return count_; }  // so far
  std::vector<ZoneSummary> regions() const;

 private:
  void add_region_events(const std::vector<ZoneEvent>& zone_events, std::vector<EventRecord>& events) const;
  std::vector<EventRecord> end(const std::vector<Track>& ended);
  float threshold_of(int class_id) const { return thresholds_.at(static_cast<std::size_t>(class_id)); }

  bool tracking_;
  std::vector<float> thresholds_;
  Tracker tracker_;
  Zones zones_;
  std::map<int64_t, Detection> alive_;  // by track id, as last seen
  std::set<int64_t> confident_;         // tracks that were above the threshold, as it is now, at least once
  double seconds_ = 0;                  // of the last update
  std::vector<Detection> last_;         // without tracking: as they were
  int64_t count_ = 0;
};

}  // namespace dualsight
