// Weights as signed 8-bit integers.
#pragma once

#include <vector>

#include "detector/engine/kernel.h"

namespace dualsight {

// With x = xq * s_in[i] and y = yq * s_out[o], and weights w * s_in[i] = wq * s_w[o]:
//   yq = (sum of wq * xq + b / s_w[o]) * s_w[o] / s_out[o]
// so that every input and output channel has a scale of its own at no cost.
struct QuantizedWeights {
  std::vector<float> weights;  // wq, -127..127, in the layer's order
  std::vector<float> bias;     // b / s_w
  std::vector<float> scales;   // s_w / s_out
};

QuantizedWeights quantize_weights(const PlanLayer& layer, const LayerPlace& place);

inline bool is_8bit(ValueType type) { return type == ValueType::u8 || type == ValueType::s8; }

}  // namespace dualsight
