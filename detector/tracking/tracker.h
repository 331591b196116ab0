// Multiple object tracking: which detections of successive frames are the same object. After ByteTrack (Zhang et al.
// 2022, "ByteTrack: Multi-object tracking by associating every detection box"): confident detections are matched first,
// weak ones may then go on a track that found none, by optimal assignment on the overlap with the predicted box. It is
// adapted in three ways to detectors that run only a few times a second, at varying intervals:
//  - Time is in seconds. Motion is a Kalman filter with constant velocity that decays slowly; its noise is a
//    white acceleration relative to the object's size (Bar-Shalom et al. 2001, "Estimation with applications to
//    tracking and navigation", section 6.2), so that steps of any length are handled alike.
//  - A track that was matched in the previous update and finds no detection now is matched more generously: both boxes
//    are grown before their IoU is computed, by the distance an object may move in the time between (growing boxes:
//    Yang et al. 2023, "Hard to track objects with irregular motions and similar appearances? Make it easier by
//    buffering the matching space"). So small, fast objects are tracked although their boxes do not overlap from one
//    frame to the next.
//  - A detection may match a track of another class at a lower similarity, since detectors confuse classes such as cat
//    and dog; the class of a track is the vote of all its detections, each weighted by its confidence.
//
// A Tracker belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "detector/core/types.h"

namespace dualsight {

struct TrackerOptions {
  double lost_seconds = 2.0;    // a track without a detection for longer than this ends
  double coast_seconds = 0.35;  // predict() goes on showing a track without a detection for this long
};

struct Track {
  int64_t id = 0;                        // from 1; never used again by the same Tracker
  int class_id = 0;                      // the vote so far
  float confidence = 0;                  // of its last detection
  Box box;                               // source-picture pixels; measured or filtered, see below
  double first_seen = 0, last_seen = 0;  // seconds, of its first and last detection
  // Its detection in the last update: an index into `detections`, or detections.size() + an index into `candidates`;
  // -1 if it had none.
  int detection = -1;

  bool matched() const { return detection >= 0; }
};

class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options = {}) : options_(options) {}

  // A frame's detections. `time` is the frame's capture in seconds on any clock; one that does not rise (or is not
  // finite) is taken for the time of the update before. `detections` are those that are reported; `candidates` are
  // weaker, down to about half the threshold: they may go on a confirmed track, never start one. Both in any order;
  // those with a number that is not finite, or without area, are ignored.
  //
  // Returns the confirmed tracks that have a detection in this frame, by id, each with the box of that detection as it
  // was measured: reported boxes are measured ones (predict(time) has the filtered ones). A track is confirmed by a
  // second detection in the update after its first; those of the first update, and of the first after a pause of more
  // than lost_seconds, at once. A detection that lies on a more confident one, or on a matched track (IoU above 0.75:
  // the same object, detected as another class), starts no track.
  std::vector<Track> update(double time, const std::vector<Detection>& detections,
                            const std::vector<Detection>& candidates = {});

  // The confirmed tracks at `time` (seconds, not before the last update; at most one second beyond it is extrapolated),
  // by id, for drawing between detections: those that had a detection at the last update or within coast_seconds before
  // it. Boxes are filtered and predicted, and may reach out of the picture.
  std::vector<Track> predict(double time) const;

  // The same for all confirmed tracks without a detection at the last update, also those that predict() no longer
  // returns: where lost objects may be.
  std::vector<Track> lost(double time) const;

  // The confirmed tracks that ended in the last update, by id: their last detection is more than lost_seconds ago.
  // Boxes as last measured.
  const std::vector<Track>& ended() const { return ended_; }

  // Ends all tracks, as at the end of a source; returns the confirmed ones, by id. Ids go on.
  std::vector<Track> finish();

 private:
  // Position and velocity along one axis, and their covariance.
  struct Axis {
    double position = 0, velocity = 0;                        // pixels, pixels/s
    double variance = 0, covariance = 0, speed_variance = 0;  // px^2, px^2/s, px^2/s^2

    void start(double at, double noise, double speed_noise);
    void predict(double seconds, double acceleration, double memory);
    void correct(double measured, double noise);
  };

  struct Live {
    Track track;  // box: as measured
    bool confirmed = false;
    bool recent = false;                        // had a detection in the update before this one
    Axis x, y, width, height;                   // x, y: of the center
    std::vector<std::pair<int, double>> votes;  // class, sum of confidences

    double size() const;  // pixels: the side of a square of the same area
    Box filtered() const;
    void predict(double seconds);
    double share_of_votes(int class_id) const;  // 0..1
  };

  // A detection that is to be matched, and its index as Track::detection has it.
  struct Found {
    Detection detection;
    int index = 0;
  };

  // How tracks and detections are matched.
  struct Pass {
    double min_likeness;       // 0..1, see likeness()
    bool weigh_confidence;     // the more confident detection is preferred
    double reach_seconds = 0;  // boxes grow by the distance an object may move in this time
  };

  static double likeness(const Live& live, const Detection& detection, const Pass& pass);
  // Matches tracks and detections; matched ones are removed from both lists.
  void match(std::vector<Live*>& tracks, std::vector<Found>& found, const Pass& pass);
  void see(Live& live, const Found& found, bool confirm);
  Track predicted(const Live& live, double time) const;
  Live start(const Found& found, bool confirm);
  void end_lost();

  TrackerOptions options_;
  std::vector<Live> live_;  // confirmed ones by id, then the others
  std::vector<Track> ended_;
  double now_ = 0;  // seconds, of the last update
  bool started_ = false;
  int64_t next_id_ = 1;
};

}  // namespace dualsight
