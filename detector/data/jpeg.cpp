#include "detector/data/jpeg.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "detector/data/jpeg_entropy.h"
#include "detector/data/jpeg_samples.h"

namespace dualsight {
namespace {

using namespace jpeg;  // NOLINT

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// Reads the segments of a file, and puts the picture together.
class JpegDecoder {
 public:
  explicit JpegDecoder(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  Result<Image> decode() {
    if (bytes_.size() < 4 || bytes_[0] != 0xFF || bytes_[1] != 0xD8) return fail("not a JPEG");
    position_ = 2;
    while (components_.empty() || !std::ranges::all_of(components_, &JpegComponent::decoded)) {
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
    if (static_cast<int64_t>(width_) * height_ > kMaxJpegPixels) return fail("JPEG is over 64 megapixels");

    std::vector<JpegComponent> components(count);
    for (std::size_t i = 0; i < count; ++i) {
      JpegComponent& c = components[i];
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
    for (JpegComponent& c : components) {
      c.width = ceil_div(width_ * c.h, h_max_);
      c.height = ceil_div(height_ * c.v, v_max_);
      c.stride = mcus_wide_ * c.h * 8;
      blocks += static_cast<uint64_t>(c.blocks_wide()) * static_cast<uint64_t>(c.blocks_high());
    }
    // A block takes two bits at the least: a tiny file that claims a huge picture is refused before memory is taken.
    if (blocks > bytes_.size() * 4) return fail("JPEG ends early");
    for (JpegComponent& c : components) {
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
    std::vector<JpegComponent*> scan;
    for (std::size_t i = 0; i < data[0]; ++i) {
      const auto c = std::ranges::find(components_, data[1 + 2 * i], &JpegComponent::id);
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

  bool decode_scan(BitReader& in, const std::vector<JpegComponent*>& scan) {
    // A scan of one component holds just its own blocks; one of several holds MCUs, padded at the edges (T.81, A.2).
    const bool single = scan.size() == 1;
    const int wide = single ? scan[0]->blocks_wide() : mcus_wide_;
    const int high = single ? scan[0]->blocks_high() : mcus_high_;
    int until_restart = restart_interval_;
    int restarts = 0;
    CoefficientBlock block;
    for (int y = 0; y < high; ++y) {
      for (int x = 0; x < wide; ++x) {
        if (restart_interval_ > 0 && until_restart-- == 0) {
          if (!in.restart(restarts++ % 8)) return false;
          for (JpegComponent* c : scan) c->dc = 0;
          until_restart = restart_interval_ - 1;
        }
        for (JpegComponent* c : scan) {
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
    for (const JpegComponent& c : components_) rows.emplace_back(c, h_max_, v_max_, width_);
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
  std::vector<JpegComponent> components_;
  std::array<std::array<float, 64>, 4> quantization_{};  // in zigzag order
  std::array<bool, 4> quantization_defined_{};
  std::array<std::array<HuffmanTable, 4>, 2> huffman_{};  // DC and AC
};

}  // namespace

Result<Image> decode_jpeg(std::span<const uint8_t> bytes) { return JpegDecoder(bytes).decode(); }

}  // namespace dualsight
