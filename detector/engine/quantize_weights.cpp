#include "detector/engine/quantize_weights.h"

#include <algorithm>
#include <cmath>

namespace dualsight {

QuantizedWeights quantize_weights(const PlanLayer& layer, const LayerPlace& place) {
  QuantizedWeights q{layer.weights, layer.bias, {}};
  const std::size_t outs = layer.bias.size(), taps = static_cast<std::size_t>(layer.kernel * layer.kernel);
  const std::size_t row = layer.weights.size() / outs, ins = row / taps;
  const std::size_t outs_of_group = outs / static_cast<std::size_t>(layer.groups);
  for (std::size_t o = 0; o < outs; ++o) {
    float* w = &q.weights[o * row];
    const std::size_t first = o / outs_of_group * ins;  // the group's first input channel
    float most = 0;
    for (std::size_t k = 0; k < row; ++k) {
      w[k] *= place.source.scales[first + k / taps];
      most = std::max(most, std::abs(w[k]));
    }
    const float scale = most > 0 ? most / 127 : 1;
    for (std::size_t k = 0; k < row; ++k) w[k] = std::nearbyint(w[k] / scale);
    q.bias[o] /= scale;
    q.scales.push_back(scale / (is_8bit(place.target.type) ? place.target.scales[o] : 1.0F));
  }
  return q;
}

}  // namespace dualsight
