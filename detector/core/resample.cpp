#include "detector/core/resample.h"

#include <algorithm>
#include <cmath>

namespace dualsight {
namespace {

#define DUALSIGHT_INLINE inline __attribute__((always_inline))

// sum[i] += weight * in[i]
DUALSIGHT_INLINE void add_row(const uint8_t* in, float weight, float* sum, int values) {
  for (int i = 0; i < values; ++i) sum[i] += weight * static_cast<float>(in[i]);
}

// Blue, green, red and whatever comes next, side by side.
using Pixel = float __attribute__((vector_size(16), aligned(4)));

DUALSIGHT_INLINE void filter_columns(const float* line, const int* first, const float* weights, int taps, int count,
                                     uint8_t* to) {
  for (int c = 0; c < count; ++c, to += 3, weights += taps) {
    const float* from = line + first[c] * 3;
    Pixel sum = {0.5F, 0.5F, 0.5F, 0.5F};  // rounds; weights are not negative, so neither are the sums
    for (int t = 0; t < taps; ++t, from += 3) sum += weights[t] * *reinterpret_cast<const Pixel*>(from);
    to[0] = static_cast<uint8_t>(std::min(sum[0], 255.0F));
    to[1] = static_cast<uint8_t>(std::min(sum[1], 255.0F));
    to[2] = static_cast<uint8_t>(std::min(sum[2], 255.0F));
  }
}

// The two loops once more for CPUs with wider vectors. The sums are the same to the last bit (CMakeLists.txt forbids
// fused multiply-add here), so training and detection see the same picture on every machine.
using AddRow = void (*)(const uint8_t*, float, float*, int);

void add_row_any(const uint8_t* in, float weight, float* sum, int values) { add_row(in, weight, sum, values); }

#if defined(__x86_64__)
__attribute__((target("avx2"))) void add_row_avx2(const uint8_t* in, float weight, float* sum, int values) {
  add_row(in, weight, sum, values);
}
__attribute__((target("avx512f,avx512bw,avx512vl,prefer-vector-width=512"))) void add_row_avx512(const uint8_t* in,
                                                                                                 float weight,
                                                                                                 float* sum,
                                                                                                 int values) {
  add_row(in, weight, sum, values);
}
AddRow choose_add_row() {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return add_row_avx512;
  return __builtin_cpu_supports("avx2") ? add_row_avx2 : add_row_any;
}
#else
AddRow choose_add_row() { return add_row_any; }
#endif

// Destination pixels whose centre falls on the source.
void covered(const AxisMap& map, int src_size, int low, int high, int& begin, int& end) {
  const double a = std::min(map(0), map(src_size));
  const double b = std::max(map(0), map(src_size));
  begin = std::max(low, static_cast<int>(std::ceil(std::max(a - 0.5, -1e9))));
  end = std::min(high, static_cast<int>(std::ceil(std::min(b - 0.5, 1e9))));
}

}  // namespace

void Resampler::Filter::prepare(const AxisMap& wanted, int wanted_begin, int wanted_end, int wanted_src_size) {
  if (map.scale == wanted.scale && map.offset == wanted.offset && begin == wanted_begin && end == wanted_end &&
      src_size == wanted_src_size) {
    return;
  }
  map = wanted;
  begin = wanted_begin;
  end = wanted_end;
  src_size = wanted_src_size;
  const double radius = std::max(1.0, 1.0 / std::abs(map.scale));  // source pixels
  taps = std::min(src_size, static_cast<int>(std::ceil(2 * radius)) + 1);
  const auto count = static_cast<std::size_t>(end - begin);
  first.resize(count);
  weights.assign(count * static_cast<std::size_t>(taps), 0.0F);
  for (int d = begin; d < end; ++d) {
    const double center = map.inverse(d + 0.5) - 0.5;  // in units where source pixel i lies at i
    const int low = static_cast<int>(std::ceil(center - radius));
    const int high = static_cast<int>(std::floor(center + radius));
    const auto i = static_cast<std::size_t>(d - begin);
    first[i] = std::clamp(low, 0, src_size - taps);
    float* row = &weights[i * static_cast<std::size_t>(taps)];
    double sum = 0;
    for (int s = low; s <= high; ++s) {
      const double weight = std::max(0.0, 1.0 - std::abs(s - center) / radius);
      const int tap = std::clamp(std::clamp(s, 0, src_size - 1) - first[i], 0, taps - 1);
      row[tap] += static_cast<float>(weight);
      sum += weight;
    }
    for (int t = 0; t < taps; ++t) row[t] = static_cast<float>(row[t] / sum);
  }
}

PixelRect Resampler::operator()(ImageView src, AxisMap x, AxisMap y, PixelRect clip, Image& dst) {
  clip = {std::max(clip.x1, 0), std::max(clip.y1, 0), std::min(clip.x2, dst.width), std::min(clip.y2, dst.height)};
  PixelRect out;
  covered(x, src.width, clip.x1, clip.x2, out.x1, out.x2);
  covered(y, src.height, clip.y1, clip.y2, out.y1, out.y2);
  if (out.empty()) return {clip.x1, clip.y1, clip.x1, clip.y1};

  static const AddRow add = choose_add_row();
  columns_.prepare(x, out.x1, out.x2, src.width);
  rows_.prepare(y, out.y1, out.y2, src.height);

  // Only the source columns that are needed take part in the vertical pass.
  const auto [low, high] = std::minmax_element(columns_.first.begin(), columns_.first.end());
  const int src_x1 = *low;
  const int values = (*high + columns_.taps - src_x1) * 3;
  line_.resize(static_cast<std::size_t>(values) + 1);  // a Pixel reads one value too many
  const auto taps = static_cast<std::size_t>(rows_.taps);

  for (int dy = out.y1; dy < out.y2; ++dy) {
    const auto r = static_cast<std::size_t>(dy - out.y1);
    std::fill(line_.begin(), line_.end(), 0.0F);
    for (std::size_t t = 0; t < taps; ++t) {
      const float weight = rows_.weights[r * taps + t];
      if (weight != 0) add(src.row(rows_.first[r] + static_cast<int>(t)) + src_x1 * 3, weight, line_.data(), values);
    }
    filter_columns(line_.data() - src_x1 * 3, columns_.first.data(), columns_.weights.data(), columns_.taps,
                   out.x2 - out.x1, dst.row(dy) + out.x1 * 3);
  }
  return out;
}

PixelRect resample(ImageView src, AxisMap x, AxisMap y, PixelRect clip, Image& dst) {
  Resampler resampler;
  return resampler(src, x, y, clip, dst);
}

}  // namespace dualsight
