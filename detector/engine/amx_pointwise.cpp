// 1x1 convolutions on AMX tiles.
#include "detector/engine/amx_tiles.h"

#ifdef DUALSIGHT_AMX

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "detector/engine/zeroed_memory.h"

namespace dualsight {
namespace {

using namespace amx;  // NOLINT

// C[cells, out] = A[cells, in] x B[in, out], 32 cells and 32 output channels (a panel) at a time: four tiles of sums,
// fed by two tiles of A and two of B. B is packed beforehand: panel by panel, step by step, two tiles each.

constexpr int kBlock = 2 * kRows;  // cells, and output channels of a panel

// One block's sums and where they go. `sums`: four tiles, [2 x 2][16][16], float or int32.
struct Finish {
  const void* sums = nullptr;
  char* to = nullptr;         // first cell, first channel of the panel
  std::size_t row_bytes = 0;  // from one cell to the next
  int rows = 0;               // cells that are there
  const float* bias = nullptr;
  const float* scales = nullptr;  // 8 bits: from sums to the target's integers
};

// What all blocks of a layer share.
struct Style {
  bool sum = false, relu = false;
  bool held_signed = false;
  float held_scale = 1;
};

DUALSIGHT_AMX_BEGIN

DUALSIGHT_AMX_INLINE void finish_bf16(const Finish& f, const Style& style, int from, int to) {
  const __m512 bias0 = _mm512_loadu_ps(f.bias), bias1 = _mm512_loadu_ps(f.bias + 16);
  const __m512 least = _mm512_set1_ps(style.relu ? 0.0F : -__builtin_inff());
  for (int row = from; row < std::min(to, f.rows); ++row) {
    const float* sums = static_cast<const float*>(f.sums) + (row / kRows) * 512 + (row % kRows) * 16;
    auto* out = reinterpret_cast<__m256i*>(f.to + static_cast<std::size_t>(row) * f.row_bytes);
    __m512 x = _mm512_add_ps(_mm512_load_ps(sums), bias0);
    __m512 y = _mm512_add_ps(_mm512_load_ps(sums + 256), bias1);
    if (style.sum) {
      x = _mm512_add_ps(x, widen(_mm256_loadu_si256(out)));
      y = _mm512_add_ps(y, widen(_mm256_loadu_si256(out + 1)));
    }
    x = _mm512_max_ps(x, least);
    y = _mm512_max_ps(y, least);
    _mm512_storeu_si512(out, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(y, x)));
  }
}

DUALSIGHT_AMX_INLINE void finish_u8(const Finish& f, const Style& style, int from, int to) {
  const __m512 bias0 = _mm512_loadu_ps(f.bias), bias1 = _mm512_loadu_ps(f.bias + 16);
  const __m512 scale0 = _mm512_loadu_ps(f.scales), scale1 = _mm512_loadu_ps(f.scales + 16);
  const __m512 held = _mm512_set1_ps(style.held_scale);
  for (int row = from; row < std::min(to, f.rows); ++row) {
    const auto* sums = static_cast<const int32_t*>(f.sums) + (row / kRows) * 512 + (row % kRows) * 16;
    auto* out = reinterpret_cast<__m128i*>(f.to + static_cast<std::size_t>(row) * f.row_bytes);
    __m512 x = _mm512_mul_ps(_mm512_add_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sums)), bias0), scale0);
    __m512 y = _mm512_mul_ps(_mm512_add_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sums + 256)), bias1), scale1);
    if (style.sum) {
      x = _mm512_fmadd_ps(to_float(_mm_loadu_si128(out), style.held_signed), held, x);
      y = _mm512_fmadd_ps(to_float(_mm_loadu_si128(out + 1), style.held_signed), held, y);
    }
    _mm_storeu_si128(out, to_u8(x));
    _mm_storeu_si128(out + 1, to_u8(y));
  }
}

template <bool kBf16>
DUALSIGHT_AMX_INLINE void finish(const Finish& f, const Style& style, int from, int to) {
  if constexpr (kBf16) {
    finish_bf16(f, style, from, to);
  } else {
    finish_u8(f, style, from, to);
  }
}

// One block. While the tiles multiply, the vector units finish the block before, `before`, a few rows a step.
template <bool kBf16>
__attribute__((noinline)) void multiply(const char* a, std::size_t a_row_bytes, const char* b, const int* steps,
                                        int step_count, void* sums, const Finish& before, const Style& style) {
  zero_sums();
  const char* lower = a + kRows * a_row_bytes;
  const int rows_a_step = (kBlock + step_count - 1) / step_count;
  int row = 0;
  for (int s = 0; s < step_count; ++s, b += 2 * kTileBytes) {
    _tile_loadd(6, b, kRowBytes);
    _tile_loadd(4, a + steps[s], a_row_bytes);
    DUALSIGHT_AMX_MULTIPLY(kBf16, 0, 4, 6)
    _tile_loadd(7, b + kTileBytes, kRowBytes);
    DUALSIGHT_AMX_MULTIPLY(kBf16, 1, 4, 7)
    _tile_loadd(5, lower + steps[s], a_row_bytes);
    DUALSIGHT_AMX_MULTIPLY(kBf16, 2, 5, 6)
    DUALSIGHT_AMX_MULTIPLY(kBf16, 3, 5, 7)
    if (row < before.rows) {
      finish<kBf16>(before, style, row, row + rows_a_step);
      row += rows_a_step;
    }
  }
  if (row < before.rows) finish<kBf16>(before, style, row, before.rows);
  store_sums(sums);
}

template <bool kBf16>
__attribute__((noinline)) void finish_all(const Finish& f, const Style& style) {
  finish<kBf16>(f, style, 0, kBlock);
}

DUALSIGHT_AMX_END

// ---- the layer ----------------------------------------------------------------------------------------------------

template <bool kBf16>
class AmxPointwise : public Kernel {
 public:
  AmxPointwise(const PlanLayer& layer, const LayerPlace& place)
      : source_(place.source), target_(place.target), stride_(layer.stride), cells_(target_.height * target_.width) {
    style_.sum = layer.sum;
    style_.relu = layer.relu;
    style_.held_signed = place.held == ValueType::s8;
    style_.held_scale = place.held_scale;
    auto [weights, bias, scales] = weights_of<kBf16>(layer, place);
    bias_ = std::move(bias);
    scales_ = std::move(scales);
    pack(weights, may_skip(layer, place));
    share_out();
  }

  void run() override {
#pragma omp parallel for schedule(dynamic, 1)
    for (int task = 0; task < tasks_; ++task) run_task(task);
  }

  const std::string& implementation() const override { return name_; }

  // There was memory for it.
  bool ready() const { return packed_ && sums_ && (stride_ == 1 || gathered_); }

 private:
  // A panel without weights would add zero to what is there, and rectify what is rectified.
  static bool may_skip(const PlanLayer& layer, const LayerPlace& place) { return layer.sum && place.held_rectified; }

  void pack(const std::vector<float>& weights, bool skip) {
    const int in = source_.channels, out = target_.channels;
    const auto at = [&](int o, int i) {
      return i < in ? weights[static_cast<std::size_t>(o) * static_cast<std::size_t>(in) + static_cast<std::size_t>(i)]
                    : 0.0F;
    };
    for (int i = 0; i < in; i += kStep<kBf16>) {
      bool any = false;
      for (int o = 0; o < out && !any; ++o) {
        for (int k = 0; k < kStep<kBf16> && !any; ++k) any = at(o, i + k) != 0;
      }
      if (any) steps_.push_back(i * static_cast<int>(kValueBytes<kBf16>));
    }
    if (steps_.empty()) steps_.push_back(0);
    for (int o = 0; o < out; o += kBlock) {
      bool any = !skip;
      for (int c = o; c < o + kBlock && !any; ++c) {
        any = bias_[static_cast<std::size_t>(c)] != 0;
        for (int i = 0; i < in && !any; ++i) any = at(c, i) != 0;
      }
      if (any) panels_.push_back(o);
    }
    panel_bytes_ = steps_.size() * 2 * kTileBytes;
    packed_ = zeroed_memory(panels_.size() * panel_bytes_, kPage);
    char* to = packed_.get();
    for (const int panel : panels_) {
      for (const int step : steps_) {
        const int first = step / static_cast<int>(kValueBytes<kBf16>);
        for (int half = 0; half < 2; ++half, to += kTileBytes) {
          for (int k = 0; k < kStep<kBf16>; ++k) {
            for (int n = 0; n < kRows; ++n) {
              put_weight(kBf16, to, k, n, at(panel + half * kRows + n, first + k));
            }
          }
        }
      }
    }
  }

  // Tasks are rectangles of blocks: enough of them for all threads, and no more panels than the second-level cache
  // holds.
  void share_out() {
    constexpr std::size_t kCache = std::size_t{1} << 20;
    const int threads = omp_get_max_threads();
    sums_ = zeroed_memory(static_cast<std::size_t>(threads) * kSumsBytes, kPage);
    if (stride_ > 1) gathered_ = zeroed_memory(static_cast<std::size_t>(threads * kBlock) * in_row(), kPage);
    const int blocks = (cells_ + kBlock - 1) / kBlock, panels = static_cast<int>(panels_.size());
    const int wanted = 6 * threads;
    int parts = static_cast<int>((panels_.size() * panel_bytes_ + kCache - 1) / kCache);  // of the panels
    if (blocks < wanted / 2) parts = std::max(parts, std::min(panels, (wanted + blocks - 1) / blocks));
    panels_a_task_ = (panels + parts - 1) / std::max(1, parts);
    parts = (panels + panels_a_task_ - 1) / panels_a_task_;
    const int rows = std::max(1, (wanted + parts - 1) / parts);
    blocks_a_task_ = std::max(1, (blocks + rows - 1) / rows);
    row_tasks_ = (blocks + blocks_a_task_ - 1) / blocks_a_task_;
    tasks_ = row_tasks_ * parts;
  }

  std::size_t in_row() const { return static_cast<std::size_t>(source_.channels) * kValueBytes<kBf16>; }

  // The source's cells of one block, one after the other. A stride leaves some out: the rest comes together first.
  const char* block_of_source(int cell) const {
    const auto* source = static_cast<const char*>(source_.data);
    if (stride_ == 1) return source + static_cast<std::size_t>(cell) * in_row();
    char* to = gathered_.get() + static_cast<std::size_t>(omp_get_thread_num() * kBlock) * in_row();
    for (int i = 0; i < std::min(kBlock, cells_ - cell); ++i) {
      const int y = (cell + i) / target_.width * stride_, x = (cell + i) % target_.width * stride_;
      std::memcpy(to + static_cast<std::size_t>(i) * in_row(),
                  source + static_cast<std::size_t>(y * source_.width + x) * in_row(), in_row());
    }
    return to;
  }

  void run_task(int task) const {
    const int first_block = task % row_tasks_ * blocks_a_task_, first_panel = task / row_tasks_ * panels_a_task_;
    const int blocks = (cells_ + kBlock - 1) / kBlock;
    const int last_block = std::min(blocks, first_block + blocks_a_task_);
    const int last_panel = std::min(static_cast<int>(panels_.size()), first_panel + panels_a_task_);
    constexpr std::size_t value = kValueBytes<kBf16>;
    const std::size_t out_row = static_cast<std::size_t>(target_.channels) * value;
    char* sums = sums_.get() + static_cast<std::size_t>(omp_get_thread_num()) * kSumsBytes;  // two blocks' in turns
    Finish before;
    configure_tiles();
    for (int block = first_block; block < last_block; ++block) {
      const int cell = block * kBlock;
      const char* a = block_of_source(cell);
      for (int p = first_panel; p < last_panel; ++p) {
        const auto channel = static_cast<std::size_t>(panels_[static_cast<std::size_t>(p)]);
        multiply<kBf16>(a, in_row(), packed_.get() + static_cast<std::size_t>(p) * panel_bytes_, steps_.data(),
                        static_cast<int>(steps_.size()), sums, before, style_);
        before.sums = sums;
        before.to = static_cast<char*>(target_.data) + static_cast<std::size_t>(cell) * out_row + channel * value;
        before.row_bytes = out_row;
        before.rows = std::min(kBlock, cells_ - cell);
        before.bias = bias_.data() + channel;
        if constexpr (!kBf16) before.scales = scales_.data() + channel;
        sums = sums_.get() + ((sums - sums_.get()) ^ (kSumsBytes / 2));
      }
    }
    release_tiles();
    finish_all<kBf16>(before, style_);
  }

  static constexpr std::size_t kSumsBytes = 2 * 4 * kTileBytes;

  const Activations source_, target_;
  const int stride_, cells_;
  Style style_;
  std::vector<float> bias_, scales_;
  std::vector<int> steps_;   // bytes from a cell's first channel
  std::vector<int> panels_;  // first channel of each
  std::size_t panel_bytes_ = 0;
  ZeroedMemory packed_, sums_, gathered_;
  int panels_a_task_ = 0, blocks_a_task_ = 0, row_tasks_ = 0, tasks_ = 0;
  const std::string name_ = kBf16 ? "tiles:amx_bf16" : "tiles:amx_int8";
};

}  // namespace

std::unique_ptr<Kernel> make_amx_pointwise(const PlanLayer& layer, const LayerPlace& place) {
  const bool even = place.source.channels % 32 == 0 && place.target.channels % kBlock == 0;
  if (layer.groups != 1 || !even) return nullptr;
  return make_if_ready<AmxPointwise>(layer, place);
}

}  // namespace dualsight

#endif
