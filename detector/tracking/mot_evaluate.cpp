#include "detector/tracking/mot_evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "detector/tracking/hungarian.h"

namespace dualsight {
namespace {

constexpr double kIouThreshold = 0.5;
constexpr std::size_t kAlphas = 19;
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();  // an IoU on the threshold passes
constexpr double kForbidden = std::numeric_limits<double>::infinity();

double alpha(std::size_t index) { return 0.05 * static_cast<double>(index + 1); }

// One frame with ids replaced by indices 0, 1 .. into all tracks, and the IoU of each truth with each result.
struct Frame {
  std::vector<std::size_t> truth, result;
  std::vector<double> overlap;  // truth-major

  double at(std::size_t t, std::size_t r) const { return overlap[t * result.size() + r]; }
};

struct Sequence {
  std::vector<Frame> frames;
  std::vector<double> truth_boxes, result_boxes;  // of each track
};

// A number for each pair of a truth track and a result track.
class PairTable {
 public:
  explicit PairTable(const Sequence& sequence)
      : columns_(sequence.result_boxes.size()), values_(sequence.truth_boxes.size() * columns_, 0) {}
  double& at(std::size_t truth, std::size_t result) { return values_[truth * columns_ + result]; }

 private:
  std::size_t columns_;
  std::vector<double> values_;
};

double overlap(const Box& a, const Box& b) {
  const double w = double{std::min(a.x2, b.x2)} - std::max(a.x1, b.x1);
  const double h = double{std::min(a.y2, b.y2)} - std::max(a.y1, b.y1);
  if (!(w > 0 && h > 0)) return 0;  // also for NaN
  const auto area = [](const Box& box) { return (double{box.x2} - box.x1) * (double{box.y2} - box.y1); };
  return w * h / (area(a) + area(b) - w * h);
}

std::vector<std::size_t> indices(const TrackedFrame& frame, std::map<int64_t, std::size_t>& index_of,
                                 std::vector<double>& boxes) {
  std::vector<std::size_t> result;
  std::set<int64_t> seen;
  for (const TrackedBox& one : frame) {
    if (!seen.insert(one.id).second) {
      throw std::invalid_argument("evaluate_tracks: id " + std::to_string(one.id) + " twice in a frame");
    }
    const std::size_t index = index_of.emplace(one.id, index_of.size()).first->second;
    if (index == boxes.size()) boxes.push_back(0);
    ++boxes[index];
    result.push_back(index);
  }
  return result;
}

Sequence prepare(const std::vector<TrackedFrame>& truth, const std::vector<TrackedFrame>& result) {
  Sequence sequence;
  std::map<int64_t, std::size_t> truth_index, result_index;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    Frame frame;
    frame.truth = indices(truth[i], truth_index, sequence.truth_boxes);
    frame.result = indices(result[i], result_index, sequence.result_boxes);
    for (const TrackedBox& t : truth[i]) {
      for (const TrackedBox& r : result[i]) frame.overlap.push_back(overlap(t.box, r.box));
    }
    sequence.frames.push_back(std::move(frame));
  }
  return sequence;
}

void set_clear(const Sequence& sequence, MotScore& score) {
  constexpr double kKeep = 1000;  // outweighs any sum of IoU
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last(sequence.truth_boxes.size(), kNone);  // result track of the last match
  std::vector<std::size_t> before = last;                             // the same, of the frame before only
  for (const Frame& frame : sequence.frames) {
    if (frame.truth.empty() || frame.result.empty()) continue;  // as in TrackEval, such a frame breaks nothing
    std::vector<double> costs;
    for (std::size_t t = 0; t < frame.truth.size(); ++t) {
      for (std::size_t r = 0; r < frame.result.size(); ++r) {
        const double value = frame.at(t, r);
        const double keep = before[frame.truth[t]] == frame.result[r] ? kKeep : 0;
        costs.push_back(value >= kIouThreshold - kEpsilon ? -(keep + value) : kForbidden);
      }
    }
    const std::vector<int> match = assign(costs, frame.truth.size(), frame.result.size(), 0);
    std::fill(before.begin(), before.end(), kNone);
    for (std::size_t t = 0; t < match.size(); ++t) {
      if (match[t] < 0) continue;
      const std::size_t truth = frame.truth[t], result = frame.result[static_cast<std::size_t>(match[t])];
      ++score.true_positives;
      if (last[truth] != kNone && last[truth] != result) ++score.id_switches;
      last[truth] = before[truth] = result;
    }
  }
  score.false_negatives = score.truth_boxes - score.true_positives;
  score.false_positives = score.result_boxes - score.true_positives;
  if (score.truth_boxes > 0) {
    score.mota =
        1 - static_cast<double>(score.false_negatives + score.false_positives + score.id_switches) / score.truth_boxes;
  }
}

void set_identity(const Sequence& sequence, MotScore& score) {
  const std::size_t truths = sequence.truth_boxes.size(), results = sequence.result_boxes.size();
  std::vector<double> costs(truths * results, 0);
  for (const Frame& frame : sequence.frames) {
    for (std::size_t t = 0; t < frame.truth.size(); ++t) {
      for (std::size_t r = 0; r < frame.result.size(); ++r) {
        if (frame.at(t, r) >= kIouThreshold - kEpsilon) --costs[frame.truth[t] * results + frame.result[r]];
      }
    }
  }
  const std::vector<int> match = assign(costs, truths, results, 0);
  double idtp = 0;
  for (std::size_t t = 0; t < truths; ++t) {
    if (match[t] >= 0) idtp -= costs[t * results + static_cast<std::size_t>(match[t])];
  }
  if (score.truth_boxes > 0) score.idf1 = 2 * idtp / (score.truth_boxes + score.result_boxes);
}

// How well each pair of tracks goes together over the whole sequence, before any matching (section 5.1 of the paper,
// "A_max"): what the frames' matchings are weighted by.
PairTable global_alignment(const Sequence& sequence) {
  PairTable common(sequence);
  for (const Frame& frame : sequence.frames) {
    std::vector<double> truth_sum(frame.truth.size(), 0), result_sum(frame.result.size(), 0);
    for (std::size_t t = 0; t < frame.truth.size(); ++t) {
      for (std::size_t r = 0; r < frame.result.size(); ++r) {
        truth_sum[t] += frame.at(t, r);
        result_sum[r] += frame.at(t, r);
      }
    }
    for (std::size_t t = 0; t < frame.truth.size(); ++t) {
      for (std::size_t r = 0; r < frame.result.size(); ++r) {
        const double sum = truth_sum[t] + result_sum[r] - frame.at(t, r);
        if (sum > kEpsilon) common.at(frame.truth[t], frame.result[r]) += frame.at(t, r) / sum;
      }
    }
  }
  for (std::size_t t = 0; t < sequence.truth_boxes.size(); ++t) {
    for (std::size_t r = 0; r < sequence.result_boxes.size(); ++r) {
      double& value = common.at(t, r);
      value /= sequence.truth_boxes[t] + sequence.result_boxes[r] - value;
    }
  }
  return common;
}

void set_hota(const Sequence& sequence, MotScore& score) {
  PairTable alignment = global_alignment(sequence);
  std::array<double, kAlphas> matches{};
  std::vector<PairTable> matches_of(kAlphas, PairTable(sequence));
  for (const Frame& frame : sequence.frames) {
    std::vector<double> costs;
    for (std::size_t t = 0; t < frame.truth.size(); ++t) {
      for (std::size_t r = 0; r < frame.result.size(); ++r) {
        costs.push_back(-alignment.at(frame.truth[t], frame.result[r]) * frame.at(t, r));
      }
    }
    const std::vector<int> match = assign(costs, frame.truth.size(), frame.result.size(), 0);
    for (std::size_t t = 0; t < match.size(); ++t) {
      if (match[t] < 0) continue;
      const auto r = static_cast<std::size_t>(match[t]);
      for (std::size_t a = 0; a < kAlphas && frame.at(t, r) >= alpha(a) - kEpsilon; ++a) {
        ++matches[a];
        ++matches_of[a].at(frame.truth[t], frame.result[r]);
      }
    }
  }
  for (std::size_t a = 0; a < kAlphas; ++a) {
    if (matches[a] == 0) continue;
    double association = 0;
    for (std::size_t t = 0; t < sequence.truth_boxes.size(); ++t) {
      for (std::size_t r = 0; r < sequence.result_boxes.size(); ++r) {
        const double tpa = matches_of[a].at(t, r);
        association += tpa * tpa / (sequence.truth_boxes[t] + sequence.result_boxes[r] - tpa);
      }
    }
    const double det_a = matches[a] / (score.truth_boxes + score.result_boxes - matches[a]);
    const double ass_a = association / matches[a];
    score.det_a += det_a / kAlphas;
    score.ass_a += ass_a / kAlphas;
    score.hota += std::sqrt(det_a * ass_a) / kAlphas;
  }
}

}  // namespace

MotScore evaluate_tracks(const std::vector<TrackedFrame>& truth, const std::vector<TrackedFrame>& result) {
  if (truth.size() != result.size()) {
    throw std::invalid_argument("evaluate_tracks: truth of " + std::to_string(truth.size()) + " frames, results of " +
                                std::to_string(result.size()));
  }
  const Sequence sequence = prepare(truth, result);
  MotScore score;
  for (double boxes : sequence.truth_boxes) score.truth_boxes += static_cast<int>(boxes);
  for (double boxes : sequence.result_boxes) score.result_boxes += static_cast<int>(boxes);
  set_clear(sequence, score);
  set_identity(sequence, score);
  set_hota(sequence, score);
  return score;
}

}  // namespace dualsight
