// Generated tracking sequences whose truth is known: moving boxes, seen through an imagined detector that misses,
// dreams, trembles and doubts. The same kind and seed give the same numbers on every platform.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detector/core/types.h"
#include "detector/tracking/mot_evaluate.h"

namespace dualsight::testing {

struct SequenceFrame {
  double time = 0;                    // seconds
  TrackedFrame truth;                 // also those behind other objects; not those that nothing shows
  std::vector<Detection> detections;  // confidence at or above kThreshold
  std::vector<Detection> candidates;  // weaker, down to half of it
};

struct Sequence {
  std::string name;
  std::vector<SequenceFrame> frames;
};

constexpr float kThreshold = 0.4F;
constexpr int kPictureWidth = 1280, kPictureHeight = 720;  // pixels

// What can be generated, each with a line that says what it is.
struct SequenceKind {
  std::string name;
  std::string what;
};
const std::vector<SequenceKind>& sequence_kinds();

// `name` is one of the kinds'; throws std::out_of_range otherwise.
Sequence make_sequence(const std::string& name, uint64_t seed);

// The truth alone, as evaluate_tracks wants it.
std::vector<TrackedFrame> truth_of(const Sequence& sequence);

}  // namespace dualsight::testing
