// The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), as much of it as ONNX needs.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace dualsight {

// One message. Fields may come in any order; a repeated field is added once for each value.
class ProtobufMessage {
 public:
  void add_integer(int field, int64_t value) {
    add_tag(field, kVarint);
    add_varint(static_cast<uint64_t>(value));
  }
  void add_float(int field, float value) {
    add_tag(field, kFourBytes);
    const auto bits = std::bit_cast<uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift);  // little-endian
  }
  void add_bytes(int field, std::string_view value) {
    add_tag(field, kLengthPrefixed);
    add_varint(value.size());
    bytes_ += value;
  }
  void add_message(int field, const ProtobufMessage& message) { add_bytes(field, message.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  enum WireType { kVarint = 0, kLengthPrefixed = 2, kFourBytes = 5 };

  void add_tag(int field, WireType type) { add_varint(static_cast<uint64_t>(field) << 3 | type); }
  // Seven bits a byte, lowest first; the eighth says that more follow.
  void add_varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace dualsight
