// The entropy-coded half of a baseline JPEG: from bytes to blocks of dequantized coefficients. Source: ITU-T T.81.
// Private to jpeg.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dualsight::jpeg {

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
  bool build(std::span<const uint8_t, 16> counts, std::span<const uint8_t> symbols);
  bool defined() const { return defined_; }

  // The next symbol, or -1 where the bits are no code. Needs 16 bits in the reader.
  int decode(BitReader& in) const;

 private:
  static constexpr int kLookaheadBits = 9;  // most codes are shorter: one table look-up decodes them
  bool defined_ = false;
  std::array<uint16_t, 1 << kLookaheadBits> lookahead_{};  // length << 8 | symbol; 0: a longer code
  std::array<int, 17> end_{};     // by length: the first code past the last one, moved up to 16 bits
  std::array<int, 17> offset_{};  // by length: index of a symbol minus its code
  std::array<uint8_t, 256> symbols_{};
};

struct CoefficientBlock {
  alignas(32) std::array<float, 64> coefficients;  // dequantized, row by row
  int rows = 0, columns = 0;                       // all others are zero
};

// Reads the next block. `quantization`: in zigzag order. `last_dc`: the component's DC value, which blocks continue.
// False: the data is damaged or ends early.
bool decode_block(BitReader& in, const HuffmanTable& dc, const HuffmanTable& ac,
                  const std::array<float, 64>& quantization, int16_t& last_dc, CoefficientBlock& block);

}  // namespace dualsight::jpeg
