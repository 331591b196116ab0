#include "detector/decode.h"

#include <algorithm>
#include <cmath>

#include "detector/nms.h"

namespace dualsight {
namespace {

constexpr std::size_t kMaxCandidates = 30000;  // NMS sees no more than this, whatever the thresholds

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

// The logit that a threshold stands for, so that most cells are rejected without an exp.
float logit(float p) {
  if (p <= 0) return -INFINITY;
  if (p >= 1) return INFINITY;
  return std::log(p / (1 - p));
}

}  // namespace

std::vector<Detection> decode(const float* logits, const float* distances, int64_t classes, const Letterbox& geometry,
                              const DecodeOptions& options) {
  std::vector<float> limits;
  for (const float threshold : options.thresholds) limits.push_back(logit(threshold));

  std::vector<Detection> candidates;
  for (const int64_t level : kStrides) {
    const int stride = static_cast<int>(level);
    const int cells = geometry.size / stride;
    for (int row = 0; row < cells; ++row) {
      for (int column = 0; column < cells; ++column, logits += classes, distances += 4) {
        const auto report = [&](int64_t c) {
          const float x = (static_cast<float>(column) + 0.5F) * static_cast<float>(stride);
          const float y = (static_cast<float>(row) + 0.5F) * static_cast<float>(stride);
          const Box box = geometry.to_source({x - distances[0], y - distances[1], x + distances[2], y + distances[3]});
          if (!(box.area() > 0) || !std::isfinite(box.area())) return;
          candidates.push_back({static_cast<int>(c), sigmoid(logits[c]), box});
        };
        int64_t best = -1;
        for (int64_t c = 0; c < classes; ++c) {
          if (!(logits[c] >= limits[static_cast<std::size_t>(c)])) continue;  // NaN is rejected, too
          if (options.multi_label) {
            report(c);
          } else if (best < 0 || logits[c] > logits[best]) {
            best = c;
          }
        }
        if (best >= 0) report(best);
      }
    }
  }
  if (candidates.size() > kMaxCandidates) {
    std::nth_element(candidates.begin(), candidates.begin() + kMaxCandidates, candidates.end(),
                     [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
    candidates.resize(kMaxCandidates);
  }
  return nms(std::move(candidates), options.iou, options.max_detections);
}

}  // namespace dualsight
