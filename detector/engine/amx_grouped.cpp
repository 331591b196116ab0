// Grouped 3x3 convolutions on AMX tiles.
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

// 16 output channels (a panel) read few input channels, those of their groups. A task takes the panels that share lines
// of memory, and a band of rows. It copies the channels that they read, with a border of zeros, so that all of it lies
// in the nearest caches and a tap of the kernel is nothing but an offset. Then cells are multiplied as in a matrix
// product, 64 at a time: four tiles of sums, fed by four of A and one of B. Rows follow each other with one column of
// border between them, whose sums are thrown away. With a stride of 2 the copy comes apart into four planes, by odd and
// even rows and columns, within which neighbours are one cell apart again.

constexpr int kTiles = 4;  // of cells

// Sums of up to 64 cells and 16 channels, and where they go.
struct Finish {
  const void* sums = nullptr;
  char* to = nullptr;            // first cell of the band, first channel of the panel
  const int* offsets = nullptr;  // bytes from there, one a cell; < 0: border
  int rows = 0;
  const float* bias = nullptr;
  const float* scales = nullptr;  // 8 bits: from sums to the target's integers
  bool relu = false;
};

DUALSIGHT_AMX_BEGIN

template <bool kBf16>
DUALSIGHT_AMX_INLINE void finish(const Finish& f, int from, int to) {
  const __m512 bias = _mm512_loadu_ps(f.bias);
  for (int row = from; row < std::min(to, f.rows); ++row) {
    if (f.offsets[row] < 0) continue;
    const void* sums = static_cast<const char*>(f.sums) + static_cast<std::size_t>(row) * kRowBytes;
    char* out = f.to + f.offsets[row];
    if constexpr (kBf16) {
      __m512 x = _mm512_add_ps(_mm512_load_ps(sums), bias);
      if (f.relu) x = _mm512_max_ps(x, _mm512_setzero_ps());
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)));
    } else {
      const __m512 x = _mm512_add_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sums)), bias);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out), to_u8(_mm512_mul_ps(x, _mm512_loadu_ps(f.scales))));
    }
  }
}

// Four tiles of cells, 1 KiB apart. While the tiles multiply, the vector units finish what came `before`.
template <bool kBf16>
__attribute__((noinline)) void multiply(const char* a, const char* b, const int* steps, int step_count, void* sums,
                                        const Finish& before) {
  zero_sums();
  const int rows_a_step = (kTiles * kRows + step_count - 1) / step_count;
  int row = 0;
  for (int s = 0; s < step_count; ++s, b += kTileBytes) {
    const char* from = a + steps[s];
    _tile_loadd(6, b, kRowBytes);
    _tile_loadd(4, from, kRowBytes);
    _tile_loadd(5, from + kTileBytes, kRowBytes);
    DUALSIGHT_AMX_MULTIPLY(kBf16, 0, 4, 6)
    DUALSIGHT_AMX_MULTIPLY(kBf16, 1, 5, 6)
    _tile_loadd(7, from + 2 * kTileBytes, kRowBytes);
    _tile_loadd(4, from + 3 * kTileBytes, kRowBytes);
    DUALSIGHT_AMX_MULTIPLY(kBf16, 2, 7, 6)
    DUALSIGHT_AMX_MULTIPLY(kBf16, 3, 4, 6)
    if (row < before.rows) {
      finish<kBf16>(before, row, row + rows_a_step);
      row += rows_a_step;
    }
  }
  if (row < before.rows) finish<kBf16>(before, row, before.rows);
  store_sums(sums);
}

template <bool kBf16>
__attribute__((noinline)) void finish_all(const Finish& f) {
  finish<kBf16>(f, 0, f.rows);
}

// One step's channels of `cells` cells, `cell_bytes` apart, to as many rows of 64 bytes.
__attribute__((noinline)) void copy_cells(const char* from, std::size_t cell_bytes, int cells, char* to) {
  for (int i = 0; i < cells; ++i) {
    _mm512_store_si512(to + static_cast<std::size_t>(i) * kRowBytes,
                       _mm512_loadu_si512(from + static_cast<std::size_t>(i) * cell_bytes));
  }
}

DUALSIGHT_AMX_END

template <bool kBf16>
class AmxGrouped : public Kernel {
 public:
  AmxGrouped(const PlanLayer& layer, const LayerPlace& place)
      : source_(place.source), target_(place.target), stride_(layer.stride), relu_(layer.relu) {
    auto [weights, bias, scales] = weights_of<kBf16>(layer, place);
    bias_ = std::move(bias);
    scales_ = std::move(scales);
    share_out();
    pack(layer, weights);
    std::size_t chunks = 0;
    for (const auto& group : groups_) chunks = std::max(chunks, group.chunks.size());
    work_bytes_ = 2 * kSumsBytes + chunks * static_cast<std::size_t>(stride_ * stride_) * plane_bytes_;
    work_bytes_ = (work_bytes_ + kPage - 1) / kPage * kPage;
    work_ = zeroed_memory(static_cast<std::size_t>(omp_get_max_threads()) * work_bytes_, kPage);
  }

  void run() override {
    const int bands = (target_.height + band_ - 1) / band_;
#pragma omp parallel for schedule(dynamic, 1)
    for (int task = 0; task < bands * static_cast<int>(groups_.size()); ++task) {
      run_task(groups_[static_cast<std::size_t>(task / bands)], task % bands * band_);
    }
  }

  const std::string& implementation() const override { return name_; }

  // There was memory for it, and it is worth it: no panel reads many channels.
  bool ready() const { return packed_ && work_ && widest_ <= 2; }

 private:
  static constexpr int kTaps = 9;
  static constexpr std::size_t kSumsBytes = kTiles * kTileBytes;

  static constexpr int kTogether = static_cast<int>(kRowBytes / (kRows * kValueBytes<kBf16>));  // panels a task

  struct Panel {
    std::size_t first_channel = 0;  // of 16 output channels
    const char* weights = nullptr;
    std::vector<int> steps;  // bytes from a cell's place in the copy, one a tile of B
  };
  struct Group {
    std::vector<Panel> panels;
    std::vector<int> chunks;  // first input channels of what is copied, a step's worth each
  };

  // How many rows are copied at a time: about as many as the first-level cache holds, and so few that all threads have
  // something to do.
  void share_out() {
    constexpr int kCells = 64 * 1024 / static_cast<int>(kRowBytes);
    row_cells_ = target_.width + 1;
    const int planes = stride_ * stride_;
    const int groups = (target_.channels + kTogether * kRows - 1) / (kTogether * kRows);
    const int wanted = (2 * omp_get_max_threads() + groups - 1) / groups;
    band_ = std::clamp(kCells / (row_cells_ * planes) - 2, 1, target_.height);
    const int bands = std::min(target_.height, std::max(wanted, (target_.height + band_ - 1) / band_));
    band_ = (target_.height + bands - 1) / bands;
    // A plane: rows with the border above and below, the last one's right border, and what the last tiles read beyond.
    plane_bytes_ = static_cast<std::size_t>(1 + (band_ + 2) * row_cells_ + kTiles * kRows) * kRowBytes;
    for (int i = 0; i < band_ * row_cells_; ++i) {
      const int y = i / row_cells_, x = i % row_cells_;
      offsets_.push_back(x < target_.width ? (y * target_.width + x) * target_.channels * kValue : -1);
    }
  }

  void pack(const PlanLayer& layer, const std::vector<float>& weights) {
    const int outs = target_.channels, ins_of_group = source_.channels / layer.groups;
    const int outs_of_group = outs / layer.groups;
    const auto at = [&](int o, int i, int tap) {
      const int k = i - o / outs_of_group * ins_of_group;
      if (k < 0 || k >= ins_of_group) return 0.0F;
      return weights[static_cast<std::size_t>((o * ins_of_group + k) * kTaps + tap)];
    };
    const auto is_read = [&](int first_out, int i) {
      for (int o = first_out; o < first_out + kRows; ++o) {
        for (int tap = 0; tap < kTaps; ++tap) {
          if (at(o, i, tap) != 0) return true;
        }
      }
      return false;
    };
    std::size_t tiles = 0;
    std::vector<std::vector<int>> starts;  // of each panel's chunks
    for (int o = 0; o < outs; o += kRows) {
      int low = 0, high = source_.channels;
      while (low + 1 < high && !is_read(o, low)) ++low;
      while (high > low + 1 && !is_read(o, high - 1)) --high;
      const int chunks = (high - low + kStep<kBf16> - 1) / kStep<kBf16>;
      widest_ = std::max(widest_, chunks);
      tiles += static_cast<std::size_t>(chunks * kTaps);
      low = std::max(0, std::min(low, source_.channels - chunks * kStep<kBf16>));
      auto& panel_starts = starts.emplace_back();
      for (int c = 0; c < chunks; ++c) panel_starts.push_back(low + c * kStep<kBf16>);
    }
    if (widest_ > 2) return;
    packed_ = zeroed_memory(tiles * kTileBytes, kPage);
    char* to = packed_.get();
    for (int o = 0; to && o < outs; o += kRows) {
      if (o / kRows % kTogether == 0) groups_.emplace_back();
      auto& group = groups_.back();
      Panel panel;
      panel.first_channel = static_cast<std::size_t>(o);
      panel.weights = to;
      for (const int start : starts[static_cast<std::size_t>(o / kRows)]) {
        const auto found = std::find(group.chunks.begin(), group.chunks.end(), start);
        const auto chunk = static_cast<int>(found - group.chunks.begin());
        if (found == group.chunks.end()) group.chunks.push_back(start);
        for (int tap = 0; tap < kTaps; ++tap, to += kTileBytes) {
          panel.steps.push_back(place_of_tap(chunk, tap));
          for (int k = 0; k < std::min(kStep<kBf16>, source_.channels - start); ++k) {
            for (int n = 0; n < kRows; ++n) put_weight(kBf16, to, k, n, at(o + n, start + k, tap));
          }
        }
      }
      group.panels.push_back(std::move(panel));
    }
  }

  // Bytes from where a cell's sums start in the copy to the tap's cell. Tap (dy, dx) of cell (y, x) is the bordered
  // picture's (y * stride + dy, x * stride + dx), which lies in the plane of its odd and even coordinates.
  int place_of_tap(int chunk, int tap) const {
    const int dy = tap / 3, dx = tap % 3;
    const int plane = (chunk * stride_ + dy % stride_) * stride_ + dx % stride_;
    return plane * static_cast<int>(plane_bytes_) +
           (dy / stride_ * row_cells_ + dx / stride_) * static_cast<int>(kRowBytes);
  }

  // Copies what the band reads. Without a stride a row's right border is the next one's left border.
  void copy_band(const Group& group, int first_row, char* copy) const {
    const int rows = (band_ - 1) * stride_ + 3;
    const std::size_t cell = static_cast<std::size_t>(source_.channels * kValue);
    for (int chunk = 0; chunk < static_cast<int>(group.chunks.size()); ++chunk) {
      const char* window =
          static_cast<const char*>(source_.data) + group.chunks[static_cast<std::size_t>(chunk)] * kValue;
      for (int row = 0; row < rows; ++row) {
        const int y = first_row * stride_ - 1 + row;  // of the source
        for (int odd = 0; odd < stride_; ++odd) {
          char* to = copy + place_of_tap(chunk, 0) +
                     static_cast<std::size_t>(row % stride_ * stride_ + odd) * plane_bytes_ +
                     static_cast<std::size_t>(row / stride_ * row_cells_) * kRowBytes;
          // Cell i of the plane's row is bordered column i * stride + odd, the source's one less.
          const int border = odd == 0 ? 1 : 0, column = odd == 0 ? stride_ - 1 : 0;
          if (y < 0 || y >= source_.height) {
            std::memset(to, 0, static_cast<std::size_t>(row_cells_ + border) * kRowBytes);
            continue;
          }
          const int cells = (source_.width - column + stride_ - 1) / stride_;
          if (border) std::memset(to, 0, kRowBytes);
          copy_cells(window + static_cast<std::size_t>(y * source_.width + column) * cell,
                     cell * static_cast<std::size_t>(stride_), cells,
                     to + static_cast<std::size_t>(border) * kRowBytes);
          if (stride_ == 1) std::memset(to + static_cast<std::size_t>(cells + 1) * kRowBytes, 0, kRowBytes);
        }
      }
    }
  }

  void run_task(const Group& group, int first_row) const {
    char* work = work_.get() + static_cast<std::size_t>(omp_get_thread_num()) * work_bytes_;
    char *sums = work, *copy = work + 2 * kSumsBytes;
    copy_band(group, first_row, copy);
    const int rows = std::min(band_, target_.height - first_row);
    const int cells = rows * row_cells_ - 1;
    Finish before;
    configure_tiles();
    for (int cell = 0; cell < cells; cell += kTiles * kRows) {
      for (const auto& panel : group.panels) {
        multiply<kBf16>(copy + static_cast<std::size_t>(cell) * kRowBytes, panel.weights, panel.steps.data(),
                        static_cast<int>(panel.steps.size()), sums, before);
        before.sums = sums;
        before.to = static_cast<char*>(target_.data) +
                    (static_cast<std::size_t>(first_row * target_.width * target_.channels) + panel.first_channel) *
                        static_cast<std::size_t>(kValue);
        before.offsets = offsets_.data() + cell;
        before.rows = std::min(kTiles * kRows, cells - cell);
        before.bias = bias_.data() + panel.first_channel;
        if constexpr (!kBf16) before.scales = scales_.data() + panel.first_channel;
        before.relu = relu_;
        sums = work + ((sums - work) ^ static_cast<std::ptrdiff_t>(kSumsBytes));
      }
    }
    release_tiles();
    finish_all<kBf16>(before);
  }

  static constexpr int kValue = static_cast<int>(kValueBytes<kBf16>);

  const Activations source_, target_;
  const int stride_;
  const bool relu_;
  std::vector<float> bias_, scales_;
  std::vector<Group> groups_;
  int widest_ = 0;     // chunks of a panel
  int band_ = 1;       // rows of the target a task
  int row_cells_ = 0;  // of the copy: a row and its border
  std::size_t plane_bytes_ = 0, work_bytes_ = 0;
  std::vector<int> offsets_;  // of a band's cells in the target, bytes; < 0: border
  ZeroedMemory packed_, work_;
  const std::string name_ = kBf16 ? "tiles:amx_bf16" : "tiles:amx_int8";
};

}  // namespace

std::unique_ptr<Kernel> make_amx_grouped(const PlanLayer& layer, const LayerPlace& place) {
  const bool exact = place.source.height == place.target.height * layer.stride &&
                     place.source.width == place.target.width * layer.stride;
  if (layer.kernel != 3 || layer.groups == 1 || layer.stride > 2 || layer.sum || !exact) return nullptr;
  if (place.source.channels % 32 != 0 || place.target.channels % kRows != 0) return nullptr;
  return make_if_ready<AmxGrouped>(layer, place);
}

}  // namespace dualsight

#endif
