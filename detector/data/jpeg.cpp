#include "detector/data/jpeg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace dualsight {
namespace {

constexpr int64_t kMaxPixels = 64'000'000;
constexpr int kLookaheadBits = 9;  // most codes are shorter: one table look-up decodes them

// Where the n-th coefficient of a block stands, row by row (T.81, figure A.6).
constexpr std::array<uint8_t, 64> kZigzag = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                             12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                             35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                             58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// The entropy-coded bytes of a scan as bits. Stuffed zeros are dropped; at a marker or at the end the reader goes on
// with zero bits and remembers that it did, so that the decoding loop needs no check a bit.
class BitReader {
 public:
  explicit BitReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // Makes at least 32 bits available.
  void fill() {
    if (count_ >= 32) return;
    while (count_ <= 56) {
      uint8_t byte = 0;
      if (at_marker()) {
        padding_ += 8;
      } else {
        byte = bytes_[position_];
        position_ += byte == 0xFF ? 2 : 1;
      }
      bits_ |= static_cast<uint64_t>(byte) << (56 - count_);
      count_ += 8;
    }
  }
  uint32_t peek(int n) const { return static_cast<uint32_t>(bits_ >> (64 - n)); }  // 1 <= n <= 32
  void skip(int n) {
    bits_ <<= n;
    count_ -= n;
  }
  uint32_t take(int n) {
    const uint32_t value = peek(n);
    skip(n);
    return value;
  }

  bool overrun() const { return count_ < padding_; }  // bits were used that the data does not hold
  std::size_t position() const { return position_; }

  // Drops the bits left before restart marker `number` (0..7) and goes on after it.
  bool restart(int number) {
    if (overrun()) return false;
    while (position_ + 1 < bytes_.size() && bytes_[position_] == 0xFF && bytes_[position_ + 1] == 0xFF) ++position_;
    if (position_ + 1 >= bytes_.size() || bytes_[position_] != 0xFF || bytes_[position_ + 1] != 0xD0 + number) {
      return false;
    }
    position_ += 2;
    bits_ = 0;
    count_ = padding_ = 0;
    return true;
  }

 private:
  bool at_marker() const {
    if (position_ >= bytes_.size()) return true;
    if (bytes_[position_] != 0xFF) return false;
    return position_ + 1 >= bytes_.size() || bytes_[position_ + 1] != 0;
  }

  std::span<const uint8_t> bytes_;
  std::size_t position_ = 0;
  uint64_t bits_ = 0;  // the next bit is the highest
  int count_ = 0;      // valid bits
  int padding_ = 0;    // of these, the last so many are not in the data
};

// Canonical Huffman codes (T.81, annex C).
class HuffmanTable {
 public:
  // counts[i]: number of codes of length i + 1. False: more codes than their lengths allow.
  bool build(std::span<const uint8_t, 16> counts, std::span<const uint8_t> symbols) {
    *this = HuffmanTable();
    std::copy(symbols.begin(), symbols.end(), symbols_.begin());
    int code = 0;
    int index = 0;
    for (int length = 1; length <= 16; ++length) {
      const int count = counts[static_cast<std::size_t>(length) - 1];
      offset_[length] = index - code;
      if (code + count > 1 << length) return false;
      for (int i = 0; i < count; ++i, ++code, ++index) {
        if (length > kLookaheadBits) continue;
        const int spare = kLookaheadBits - length;
        const auto entry = static_cast<uint16_t>(length << 8 | symbols_[index]);
        std::fill_n(lookahead_.begin() + (code << spare), 1 << spare, entry);
      }
      end_[length] = code << (16 - length);
      code <<= 1;
    }
    return defined_ = true;
  }
  bool defined() const { return defined_; }

  // The next symbol, or -1 where the bits are no code. Needs 16 bits in the reader.
  int decode(BitReader& in) const {
    const int bits = static_cast<int>(in.peek(16));
    if (const uint16_t entry = lookahead_[bits >> (16 - kLookaheadBits)]) {
      in.skip(entry >> 8);
      return entry & 0xFF;
    }
    for (int length = kLookaheadBits + 1; length <= 16; ++length) {
      if (bits >= end_[length]) continue;
      in.skip(length);
      return symbols_[(bits >> (16 - length)) + offset_[length]];
    }
    return -1;
  }

 private:
  bool defined_ = false;
  std::array<uint16_t, 1 << kLookaheadBits> lookahead_{};  // length << 8 | symbol; 0: a longer code
  std::array<int, 17> end_{};     // by length: the first code past the last one, moved up to 16 bits
  std::array<int, 17> offset_{};  // by length: index of a symbol minus its code
  std::array<uint8_t, 256> symbols_{};
};

// A signed number of `category` bits (T.81, F.2.2.1, EXTEND).
int take_signed(BitReader& in, int category) {
  if (category == 0) return 0;
  const int value = static_cast<int>(in.take(category));
  return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
}

struct Component {
  int id = 0;
  int h = 1, v = 1;  // sampling factors
  int quantization = 0;
  int dc_table = 0, ac_table = 0;
  int width = 0, height = 0;     // samples that belong to the picture
  int stride = 0;                // samples a row, whole MCUs
  std::vector<uint8_t> samples;  // whole MCUs
  int16_t dc = 0;                // the last block's; wraps on hostile input, as harmless as any other value
  bool decoded = false;

  int blocks_wide() const { return ceil_div(width, 8); }
  int blocks_high() const { return ceil_div(height, 8); }
};

struct Block {
  alignas(32) std::array<float, 64> coefficients;  // dequantized, row by row
  int rows = 0, columns = 0;                       // all others are zero
};

bool decode_block(BitReader& in, const HuffmanTable& dc, const HuffmanTable& ac,
                  const std::array<float, 64>& quantization, int16_t& last_dc, Block& block) {
  block.coefficients.fill(0);
  block.rows = block.columns = 1;
  in.fill();
  const int category = dc.decode(in);
  if (category < 0 || category > 11) return false;
  last_dc = static_cast<int16_t>(last_dc + take_signed(in, category));
  block.coefficients[0] = last_dc * quantization[0];
  for (int k = 1; k < 64; ++k) {
    in.fill();
    const int symbol = ac.decode(in);
    if (symbol < 0) return false;
    const int run = symbol >> 4;
    const int size = symbol & 15;
    if (size == 0 && run != 15) break;  // end of block
    k += run;
    if (k > 63) return false;
    if (size == 0) continue;  // sixteen zeros
    const int at = kZigzag[k];
    block.coefficients[at] = take_signed(in, size) * quantization[k];
    block.rows = std::max(block.rows, (at >> 3) + 1);
    block.columns = std::max(block.columns, (at & 7) + 1);
  }
  return !in.overrun();
}

uint8_t to_sample(float value) { return static_cast<uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F)); }

// basis[u][x]: the u-th cosine at sample x, scaled so that the transform is orthonormal (T.81, A.3.3).
const std::array<std::array<float, 8>, 8> kBasis = [] {
  std::array<std::array<float, 8>, 8> basis{};
  for (int u = 0; u < 8; ++u) {
    for (int x = 0; x < 8; ++x) {
      const double scale = u == 0 ? std::sqrt(0.125) : 0.5;
      basis[u][x] = static_cast<float>(scale * std::cos((2 * x + 1) * u * std::numbers::pi / 16));
    }
  }
  return basis;
}();

// Two matrix products whose inner loops run over rows of eight, which compilers turn into vector instructions;
// most blocks have few rows and columns, so this beats a fast transform.
void inverse_dct(const Block& block, uint8_t* out, int stride) {
  if (block.rows == 1 && block.columns == 1) {
    const uint8_t sample = to_sample(block.coefficients[0] * 0.125F + 128);
    for (int y = 0; y < 8; ++y) std::fill_n(out + y * static_cast<std::ptrdiff_t>(stride), 8, sample);
    return;
  }
  for (int y = 0; y < 8; ++y) {
    std::array<float, 8> row{};
    for (int u = 0; u < block.rows; ++u) {
      for (int v = 0; v < 8; ++v) row[v] += kBasis[u][y] * block.coefficients[u * 8 + v];
    }
    std::array<float, 8> samples;
    samples.fill(128);
    for (int v = 0; v < block.columns; ++v) {
      for (int x = 0; x < 8; ++x) samples[x] += row[v] * kBasis[v][x];
    }
    for (int x = 0; x < 8; ++x) out[y * static_cast<std::ptrdiff_t>(stride) + x] = to_sample(samples[x]);
  }
}

// Row `y` of the full-size picture out of a component that may be subsampled.
class Upsampler {
 public:
  Upsampler(const Component& component, int h_max, int v_max, int width)
      : component_(component), h_max_(h_max), v_max_(v_max), row_(static_cast<std::size_t>(width) + 1) {
    const bool half_x = h_max == 2 * component.h;
    const bool half_y = v_max == 2 * component.v;
    // Where libjpeg smooths; other ratios and very narrow pictures repeat samples there, and here.
    smooth_x_ = half_x && (half_y || v_max == component.v) && component.width > 2;
    smooth_y_ = half_y && (smooth_x_ || h_max == component.h);
    mixed_.resize(static_cast<std::size_t>(component.width));
  }

  const uint8_t* row(int y) {
    const int near_y = y * component_.v / v_max_;
    const uint8_t* near = sample_row(near_y);
    if (component_.h == h_max_ && !smooth_y_) return near;

    // Vertically: 3/4 of the nearer row and 1/4 of the next, both times four.
    const uint8_t* far = smooth_y_ ? sample_row(near_y + (y % 2 == 0 ? -1 : 1)) : near;
    const int width = component_.width;
    for (int x = 0; x < width; ++x) mixed_[x] = static_cast<uint16_t>(3 * near[x] + far[x]);

    const int out_width = static_cast<int>(row_.size()) - 1;
    if (smooth_x_) {  // the same horizontally; the rounding alternates so as not to brighten
      for (int x = 0; x < width; ++x) {
        const int three = 3 * mixed_[x];
        row_[2 * x] = static_cast<uint8_t>((three + mixed_[std::max(x - 1, 0)] + 8) >> 4);
        if (2 * x + 1 < out_width) {
          row_[2 * x + 1] = static_cast<uint8_t>((three + mixed_[std::min(x + 1, width - 1)] + 7) >> 4);
        }
      }
    } else {
      for (int x = 0; x < out_width; ++x) {
        row_[x] = static_cast<uint8_t>((mixed_[x * component_.h / h_max_] + 2) >> 2);
      }
    }
    return row_.data();
  }

 private:
  const uint8_t* sample_row(int y) const {
    const int inside = std::clamp(y, 0, component_.height - 1);
    return component_.samples.data() + static_cast<std::ptrdiff_t>(inside) * component_.stride;
  }

  const Component& component_;
  int h_max_, v_max_;
  bool smooth_x_ = false, smooth_y_ = false;
  std::vector<uint16_t> mixed_;
  std::vector<uint8_t> row_;
};

// JFIF's YCbCr to BGR in 16-bit fixed point: 1.402, 0.344136, 0.714136 and 1.772 times 65536.
void to_bgr(const uint8_t* luma, const uint8_t* blue, const uint8_t* red, int width, uint8_t* out) {
  const auto clamp = [](int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); };
  for (int x = 0; x < width; ++x, out += 3) {
    const int cb = blue[x] - 128;
    const int cr = red[x] - 128;
    out[0] = clamp(luma[x] + ((116130 * cb + 32768) >> 16));
    out[1] = clamp(luma[x] + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    out[2] = clamp(luma[x] + ((91881 * cr + 32768) >> 16));
  }
}

class Decoder {
 public:
  explicit Decoder(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  Result<Image> decode() {
    if (bytes_.size() < 4 || bytes_[0] != 0xFF || bytes_[1] != 0xD8) return fail("not a JPEG");
    position_ = 2;
    while (components_.empty() || !std::ranges::all_of(components_, &Component::decoded)) {
      const int marker = next_marker();
      if (marker < 0 || marker == 0xD9) return fail("JPEG ends early");
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;  // markers without a segment
      if (bytes_.size() - position_ < 2) return fail("JPEG ends early");
      const std::size_t length = static_cast<std::size_t>(bytes_[position_] << 8 | bytes_[position_ + 1]);
      if (length < 2 || length > bytes_.size() - position_) return fail("JPEG segment is longer than the file");
      const auto segment = bytes_.subspan(position_ + 2, length - 2);
      position_ += length;
      if (auto read = read_segment(marker, segment); !read) return read.error();
    }
    if (is_rgb()) return fail("RGB JPEG is not supported");
    return compose();
  }

 private:
  static Error fail(std::string message) { return {ErrorKind::source, std::move(message)}; }

  // Skips whatever is no marker. -1 at the end of the data.
  int next_marker() {
    for (; position_ + 1 < bytes_.size(); ++position_) {
      if (bytes_[position_] != 0xFF || bytes_[position_ + 1] == 0 || bytes_[position_ + 1] == 0xFF) continue;
      position_ += 2;
      return bytes_[position_ - 1];
    }
    return -1;
  }

  Result<void> read_segment(int marker, std::span<const uint8_t> data) {
    switch (marker) {
      case 0xC0:
      case 0xC1:
        return read_frame(data);
      case 0xC4:
        return read_huffman_tables(data);
      case 0xDA:
        return read_scan(data);
      case 0xDB:
        return read_quantization(data);
      case 0xDD:
        if (data.size() != 2) return fail("JPEG restart interval is damaged");
        restart_interval_ = data[0] << 8 | data[1];
        return {};
      case 0xE0:
        jfif_ = jfif_ || (data.size() >= 5 && std::equal(data.begin(), data.begin() + 5, "JFIF"));
        return {};
      case 0xEE:
        if (data.size() >= 12 && std::equal(data.begin(), data.begin() + 5, "Adobe")) adobe_transform_ = data[11];
        return {};
      case 0xC2:
        return fail("progressive JPEG is not supported");
      default:
        if (marker >= 0xC9 && marker <= 0xCF) return fail("arithmetic-coded JPEG is not supported");
        if (marker >= 0xC3 && marker <= 0xC7) return fail("lossless or hierarchical JPEG is not supported");
        return {};  // APPn, comments and what is unknown
    }
  }

  Result<void> read_quantization(std::span<const uint8_t> data) {
    while (!data.empty()) {
      const std::size_t size = (data[0] >> 4) == 0 ? 1 : 2;  // bytes an entry
      const int table = data[0] & 15;
      if ((data[0] >> 4) > 1 || table > 3 || data.size() < 1 + 64 * size) {
        return fail("JPEG quantization table is damaged");
      }
      for (std::size_t k = 0; k < 64; ++k) {
        const uint8_t* entry = &data[1 + k * size];
        quantization_[table][k] = static_cast<float>(size == 1 ? entry[0] : entry[0] << 8 | entry[1]);
      }
      quantization_defined_[table] = true;
      data = data.subspan(1 + 64 * size);
    }
    return {};
  }

  Result<void> read_huffman_tables(std::span<const uint8_t> data) {
    while (!data.empty()) {
      if (data.size() < 17) return fail("JPEG Huffman table is damaged");
      const int kind = data[0] >> 4;
      const int table = data[0] & 15;
      const auto counts = data.subspan<1, 16>();
      std::size_t total = 0;
      for (const uint8_t count : counts) total += count;
      if (kind > 1 || table > 3 || total > 256 || data.size() < 17 + total ||
          !huffman_[kind][table].build(counts, data.subspan(17, total))) {
        return fail("JPEG Huffman table is damaged");
      }
      data = data.subspan(17 + total);
    }
    return {};
  }

  Result<void> read_frame(std::span<const uint8_t> data) {
    if (!components_.empty()) return fail("JPEG holds two frames");
    if (data.size() < 6) return fail("JPEG frame header is damaged");
    if (data[0] != 8) return fail(std::to_string(data[0]) + "-bit JPEG is not supported");
    height_ = data[1] << 8 | data[2];
    width_ = data[3] << 8 | data[4];
    const std::size_t count = data[5];
    if (count != 1 && count != 3) return fail("JPEG of " + std::to_string(count) + " components is not supported");
    if (data.size() != 6 + 3 * count) return fail("JPEG frame header is damaged");
    if (width_ == 0 || height_ == 0) return fail("JPEG has no size");
    if (static_cast<int64_t>(width_) * height_ > kMaxPixels) return fail("JPEG is over 64 megapixels");

    std::vector<Component> components(count);
    for (std::size_t i = 0; i < count; ++i) {
      Component& c = components[i];
      c.id = data[6 + 3 * i];
      c.h = data[7 + 3 * i] >> 4;
      c.v = data[7 + 3 * i] & 15;
      c.quantization = data[8 + 3 * i];
      if (c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quantization > 3) return fail("JPEG frame header is damaged");
      for (std::size_t j = 0; j < i; ++j) {
        if (components[j].id == c.id) return fail("JPEG frame header is damaged");
      }
      h_max_ = std::max(h_max_, c.h);
      v_max_ = std::max(v_max_, c.v);
    }
    mcus_wide_ = ceil_div(width_, 8 * h_max_);
    mcus_high_ = ceil_div(height_, 8 * v_max_);
    uint64_t blocks = 0;
    for (Component& c : components) {
      c.width = ceil_div(width_ * c.h, h_max_);
      c.height = ceil_div(height_ * c.v, v_max_);
      c.stride = mcus_wide_ * c.h * 8;
      blocks += static_cast<uint64_t>(c.blocks_wide()) * static_cast<uint64_t>(c.blocks_high());
    }
    // A block takes two bits at the least: a tiny file that claims a huge picture is refused before memory is taken.
    if (blocks > bytes_.size() * 4) return fail("JPEG ends early");
    for (Component& c : components) {
      c.samples.resize(static_cast<std::size_t>(c.stride) * static_cast<std::size_t>(mcus_high_ * c.v * 8));
    }
    components_ = std::move(components);
    return {};
  }

  Result<void> read_scan(std::span<const uint8_t> data) {
    if (components_.empty()) return fail("JPEG scan comes before its frame header");
    if (data.empty() || data[0] < 1 || data[0] > components_.size() || data.size() != 4 + 2U * data[0]) {
      return fail("JPEG scan header is damaged");
    }
    std::vector<Component*> scan;
    for (std::size_t i = 0; i < data[0]; ++i) {
      const auto c = std::ranges::find(components_, data[1 + 2 * i], &Component::id);
      if (c == components_.end() || c->decoded) return fail("JPEG scan header is damaged");
      c->decoded = true;  // also refuses a second mention
      c->dc_table = data[2 + 2 * i] >> 4;
      c->ac_table = data[2 + 2 * i] & 15;
      if (c->dc_table > 3 || c->ac_table > 3 || !huffman_[0][c->dc_table].defined() ||
          !huffman_[1][c->ac_table].defined() || !quantization_defined_[c->quantization]) {
        return fail("JPEG lacks a table");
      }
      scan.push_back(&*c);
    }
    BitReader in(bytes_.subspan(position_));
    if (!decode_scan(in, scan)) return fail("JPEG data is damaged or ends early");
    position_ += in.position();
    return {};
  }

  bool decode_scan(BitReader& in, const std::vector<Component*>& scan) {
    // A scan of one component holds just its own blocks; one of several holds MCUs, padded at the edges (T.81, A.2).
    const bool single = scan.size() == 1;
    const int wide = single ? scan[0]->blocks_wide() : mcus_wide_;
    const int high = single ? scan[0]->blocks_high() : mcus_high_;
    int until_restart = restart_interval_;
    int restarts = 0;
    Block block;
    for (int y = 0; y < high; ++y) {
      for (int x = 0; x < wide; ++x) {
        if (restart_interval_ > 0 && until_restart-- == 0) {
          if (!in.restart(restarts++ % 8)) return false;
          for (Component* c : scan) c->dc = 0;
          until_restart = restart_interval_ - 1;
        }
        for (Component* c : scan) {
          const int h = single ? 1 : c->h;
          const int v = single ? 1 : c->v;
          for (int i = 0; i < h * v; ++i) {
            if (!decode_block(in, huffman_[0][c->dc_table], huffman_[1][c->ac_table], quantization_[c->quantization],
                              c->dc, block)) {
              return false;
            }
            const std::ptrdiff_t top = 8 * (y * v + i / h);
            const std::ptrdiff_t left = 8 * (x * h + i % h);
            inverse_dct(block, c->samples.data() + top * c->stride + left, c->stride);
          }
        }
      }
    }
    return true;
  }

  // libjpeg's rule: JFIF is YCbCr; else Adobe's marker decides; else the component names do.
  bool is_rgb() const {
    if (components_.size() != 3 || jfif_) return false;
    if (adobe_transform_ >= 0) return adobe_transform_ == 0;
    return components_[0].id == 'R' && components_[1].id == 'G' && components_[2].id == 'B';
  }

  Image compose() const {
    Image image(width_, height_);
    std::vector<Upsampler> rows;
    for (const Component& c : components_) rows.emplace_back(c, h_max_, v_max_, width_);
    for (int y = 0; y < height_; ++y) {
      const uint8_t* luma = rows[0].row(y);
      uint8_t* out = image.row(y);
      if (rows.size() == 3) {
        to_bgr(luma, rows[1].row(y), rows[2].row(y), width_, out);
      } else {
        for (int x = 0; x < width_; ++x) std::fill_n(out + 3 * static_cast<std::ptrdiff_t>(x), 3, luma[x]);
      }
    }
    return image;
  }

  std::span<const uint8_t> bytes_;
  std::size_t position_ = 0;
  int width_ = 0, height_ = 0;
  int h_max_ = 1, v_max_ = 1;
  int mcus_wide_ = 0, mcus_high_ = 0;
  int restart_interval_ = 0;  // MCUs; 0: none
  bool jfif_ = false;
  int adobe_transform_ = -1;  // -1: no Adobe marker
  std::vector<Component> components_;
  std::array<std::array<float, 64>, 4> quantization_{};  // in zigzag order
  std::array<bool, 4> quantization_defined_{};
  std::array<std::array<HuffmanTable, 4>, 2> huffman_{};  // DC and AC
};

}  // namespace

Result<Image> decode_jpeg(std::span<const uint8_t> bytes) { return Decoder(bytes).decode(); }

}  // namespace dualsight
