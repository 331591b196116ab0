#include "detector/data/jpeg_entropy.h"

#include <algorithm>

namespace dualsight::jpeg {
namespace {

// Where the n-th coefficient of a block stands, row by row (T.81, figure A.6).
constexpr std::array<uint8_t, 64> kZigzag = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                             12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                             35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                             58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

// A signed number of `category` bits (T.81, F.2.2.1, EXTEND).
int take_signed(BitReader& in, int category) {
  if (category == 0) return 0;
  const int value = static_cast<int>(in.take(category));
  return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
}

}  // namespace

bool HuffmanTable::build(std::span<const uint8_t, 16> counts, std::span<const uint8_t> symbols) {
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

int HuffmanTable::decode(BitReader& in) const {
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

bool decode_block(BitReader& in, const HuffmanTable& dc, const HuffmanTable& ac,
                  const std::array<float, 64>& quantization, int16_t& last_dc, CoefficientBlock& block) {
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

}  // namespace dualsight::jpeg
