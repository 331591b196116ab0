// The JSON header of a safetensors file, read strictly and without a general JSON parser: the grammar of the format has
// a fixed depth, so there is no recursion and nothing but names, shapes and metadata is ever allocated.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct SafetensorsEntry {
  std::string dtype;  // as written: "F32"
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes from the start of the data, as written: not checked here
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, SafetensorsEntry> entries;
  std::map<std::string, std::string> metadata;
};

// Refuses whatever is not exactly {name: {dtype, shape, data_offsets}, "__metadata__": {string: string}}: other or
// missing keys, duplicates at any level, numbers that are negative, fractional or over 64 bits, ill-formed UTF-8,
// lone surrogates, raw control characters. The message has no path: the caller adds it.
Result<SafetensorsHeader> parse_safetensors_header(std::string_view json);

// A JSON string literal, quotes included. `text` must be UTF-8.
std::string json_quote(std::string_view text);

bool is_utf8(std::string_view text);

// For messages: quoted, on one line, cut after 80 bytes.
std::string printable(std::string_view text);

}  // namespace dualsight
