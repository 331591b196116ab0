#include "detector/core/decode.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dualsight {
namespace {

constexpr std::size_t kMaxCandidates = 30000;  // NMS sees no more than this, whatever the thresholds
constexpr float kMaxExponent = 6;              // as the network's own (network.cpp): 403 strides

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

// The logit that a threshold stands for, so that most cells are rejected without an exp.
float logit(float p) {
  if (p <= 0) return -INFINITY;
  if (p >= 1) return INFINITY;
  return std::log(p / (1 - p));
}

// Nearly every cell sees nothing. Without branches, so that it becomes vector code. NaN sees nothing, too.
bool sees_anything(const float* logits, const float* limits, int64_t classes) {
  int any = 0;
  for (int64_t c = 0; c < classes; ++c) any |= static_cast<int>(logits[c] >= limits[c]);
  return any != 0;
}

}  // namespace

Decoder::Decoder(DecodeOptions options) : options_(std::move(options)) {
  for (const float threshold : options_.thresholds) limits_.push_back(logit(threshold));
}

void Decoder::operator()(const HeadOutput& head, const Letterbox& geometry, std::vector<Detection>& detections) {
  detections.clear();
  const float* limits = limits_.data();
  for (std::size_t level = 0; level < kStrides.size(); ++level) {
    const auto& out = head.levels[level];
    const int stride = static_cast<int>(kStrides[level]);
    const int cells = geometry.size / stride;
    const float* logits = out.logits;
    const float* distances = out.distances;
    for (int i = 0; i < cells * cells; ++i, logits += out.logit_step, distances += out.distance_step) {
      if (!sees_anything(logits, limits, head.classes)) continue;
      const float x = (static_cast<float>(i % cells) + 0.5F) * static_cast<float>(stride);
      const float y = (static_cast<float>(i / cells) + 0.5F) * static_cast<float>(stride);
      std::array<float, 4> d;
      for (std::size_t side = 0; side < 4; ++side) {
        d[side] = head.logarithmic ? std::exp(std::min(distances[side], kMaxExponent)) * static_cast<float>(stride)
                                   : distances[side];
      }
      const Box box = geometry.to_source({x - d[0], y - d[1], x + d[2], y + d[3]});
      if (!(box.area() > 0) || !std::isfinite(box.area())) continue;
      int64_t best = -1;
      for (int64_t c = 0; c < head.classes; ++c) {
        if (!(logits[c] >= limits[c])) continue;
        if (options_.multi_label) {
          detections.push_back({static_cast<int>(c), sigmoid(logits[c]), box});
        } else if (best < 0 || logits[c] > logits[best]) {
          best = c;
        }
      }
      if (best >= 0) detections.push_back({static_cast<int>(best), sigmoid(logits[best]), box});
    }
  }
  if (detections.size() > kMaxCandidates) {
    std::nth_element(detections.begin(), detections.begin() + kMaxCandidates, detections.end(),
                     [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
    detections.resize(kMaxCandidates);
  }
  nms_(detections, options_.iou, options_.max_detections);
}

HeadOutput head_output(const float* logits, const float* distances, int64_t classes, int64_t size) {
  HeadOutput head;
  head.classes = classes;
  for (std::size_t level = 0; level < kStrides.size(); ++level) {
    head.levels[level] = {logits, distances, classes, 4};
    const int64_t cells = (size / kStrides[level]) * (size / kStrides[level]);
    logits += cells * classes;
    distances += cells * 4;
  }
  return head;
}

std::vector<Detection> decode(const float* logits, const float* distances, int64_t classes, const Letterbox& geometry,
                              const DecodeOptions& options) {
  std::vector<Detection> detections;
  Decoder decoder(options);
  decoder(head_output(logits, distances, classes, geometry.size), geometry, detections);
  return detections;
}

}  // namespace dualsight
