#include "detector/resample.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace dualsight {
namespace {

// For each destination pixel of one axis: the first source pixel and the weights of `taps` consecutive ones.
struct Filter {
  int taps = 0;
  std::vector<int> first;
  std::vector<float> weights;  // [count * taps]
};

Filter make_filter(const AxisMap& map, int begin, int end, int src_size) {
  const double radius = std::max(1.0, 1.0 / std::abs(map.scale));  // source pixels
  Filter filter;
  filter.taps = std::min(src_size, static_cast<int>(std::ceil(2 * radius)) + 1);
  const auto count = static_cast<std::size_t>(end - begin);
  filter.first.resize(count);
  filter.weights.assign(count * static_cast<std::size_t>(filter.taps), 0.0F);
  for (int d = begin; d < end; ++d) {
    const double center = map.inverse(d + 0.5) - 0.5;  // in units where source pixel i lies at i
    const int low = static_cast<int>(std::ceil(center - radius));
    const int high = static_cast<int>(std::floor(center + radius));
    const auto i = static_cast<std::size_t>(d - begin);
    const int first = std::clamp(low, 0, src_size - filter.taps);
    filter.first[i] = first;
    float* weights = &filter.weights[i * static_cast<std::size_t>(filter.taps)];
    double sum = 0;
    for (int s = low; s <= high; ++s) {
      const double weight = std::max(0.0, 1.0 - std::abs(s - center) / radius);
      const int tap = std::clamp(std::clamp(s, 0, src_size - 1) - first, 0, filter.taps - 1);
      weights[tap] += static_cast<float>(weight);
      sum += weight;
    }
    for (int t = 0; t < filter.taps; ++t) weights[t] = static_cast<float>(weights[t] / sum);
  }
  return filter;
}

// Destination pixels whose centre falls on the source.
void covered(const AxisMap& map, int src_size, int low, int high, int& begin, int& end) {
  const double a = std::min(map(0), map(src_size));
  const double b = std::max(map(0), map(src_size));
  begin = std::max(low, static_cast<int>(std::ceil(std::max(a - 0.5, -1e9))));
  end = std::min(high, static_cast<int>(std::ceil(std::min(b - 0.5, 1e9))));
}

}  // namespace

PixelRect resample(ImageView src, AxisMap x, AxisMap y, PixelRect clip, Image& dst) {
  clip = {std::max(clip.x1, 0), std::max(clip.y1, 0), std::min(clip.x2, dst.width), std::min(clip.y2, dst.height)};
  PixelRect out;
  covered(x, src.width, clip.x1, clip.x2, out.x1, out.x2);
  covered(y, src.height, clip.y1, clip.y2, out.y1, out.y2);
  if (out.empty()) return {clip.x1, clip.y1, clip.x1, clip.y1};

  const Filter columns = make_filter(x, out.x1, out.x2, src.width);
  const Filter rows = make_filter(y, out.y1, out.y2, src.height);

  // Only the source columns that are needed take part in the vertical pass.
  const auto [low, high] = std::minmax_element(columns.first.begin(), columns.first.end());
  const int src_x1 = *low;
  const int src_x2 = *high + columns.taps;
  const int values = (src_x2 - src_x1) * 3;
  std::vector<float> line(static_cast<std::size_t>(values));

  for (int dy = out.y1; dy < out.y2; ++dy) {
    const auto r = static_cast<std::size_t>(dy - out.y1);
    std::fill(line.begin(), line.end(), 0.0F);
    for (int t = 0; t < rows.taps; ++t) {
      const float weight = rows.weights[r * static_cast<std::size_t>(rows.taps) + static_cast<std::size_t>(t)];
      if (weight == 0) continue;
      const uint8_t* in = src.row(rows.first[r] + t) + src_x1 * 3;
      float* sum = line.data();
      for (int i = 0; i < values; ++i) sum[i] += weight * static_cast<float>(in[i]);
    }
    uint8_t* to = dst.row(dy) + out.x1 * 3;
    const float* weights = columns.weights.data();
    for (std::size_t c = 0; c < columns.first.size(); ++c, to += 3, weights += columns.taps) {
      const float* from = line.data() + (columns.first[c] - src_x1) * 3;
      float b = 0.5F, g = 0.5F, red = 0.5F;  // 0.5 rounds; weights are not negative, so neither are the sums
      for (int t = 0; t < columns.taps; ++t, from += 3) {
        b += weights[t] * from[0];
        g += weights[t] * from[1];
        red += weights[t] * from[2];
      }
      to[0] = static_cast<uint8_t>(std::min(b, 255.0F));
      to[1] = static_cast<uint8_t>(std::min(g, 255.0F));
      to[2] = static_cast<uint8_t>(std::min(red, 255.0F));
    }
  }
  return out;
}

}  // namespace dualsight
