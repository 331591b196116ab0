#include "backbone/safetensors_header.h"

#include <cstddef>
#include <limits>
#include <utility>

namespace dualsight {
namespace {

// Length of the UTF-8 sequence at the start of `text` (RFC 3629: no overlong forms, no surrogates); 0 if ill-formed.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
  if (lead == 0xED && byte(1) > 0x9F) return 0;  // surrogates
  if (lead == 0xF0 && byte(1) < 0x90) return 0;  // overlong
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;  // over U+10FFFF
  return length;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// One method for each rule of the grammar; each returns false after the first fault, which `fault` then describes.
class Parser {
 public:
  explicit Parser(std::string_view json) : json_(json) {}

  bool header(SafetensorsHeader& out) {
    if (json_.empty() || json_[0] != '{') return fail("does not start with '{'");
    bool has_metadata = false;
    const bool ok = object([&](std::string name) {
      if (name == "__metadata__") {
        if (std::exchange(has_metadata, true)) return fail("duplicate \"__metadata__\"");
        return metadata(out.metadata);
      }
      const auto [entry, is_new] = out.entries.try_emplace(std::move(name));
      if (!is_new) return fail("duplicate tensor " + printable(entry->first));
      return tensor(entry->first, entry->second);
    });
    if (!ok) return false;
    skip_space();
    return at_ == json_.size() || fail("something follows the closing '}'");
  }

  std::string fault() const { return "bad header at byte " + std::to_string(at_) + ": " + fault_; }

 private:
  bool fail(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  void skip_space() {
    while (at_ < json_.size() &&
           (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t')) {
      ++at_;
    }
  }

  // Takes `c`, after white space, if it comes next.
  bool accept(char c) {
    skip_space();
    if (at_ >= json_.size() || json_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool expect(char c) { return accept(c) || fail(std::string("expected '") + c + "'"); }

  // value(key) parses what follows the colon.
  template <typename Value>
  bool object(const Value& value) {
    if (!expect('{')) return false;
    if (accept('}')) return true;
    do {
      std::string key;
      if (!string(key) || !expect(':') || !value(std::move(key))) return false;
    } while (accept(','));
    return expect('}');
  }

  template <typename Element>
  bool array(const Element& element) {
    if (!expect('[')) return false;
    if (accept(']')) return true;
    do {
      if (!element()) return false;
    } while (accept(','));
    return expect(']');
  }

  bool metadata(std::map<std::string, std::string>& out) {
    return object([&](std::string key) {
      const auto [entry, is_new] = out.try_emplace(std::move(key));
      if (!is_new) return fail("duplicate metadata key " + printable(entry->first));
      return string(entry->second);
    });
  }

  bool tensor(const std::string& name, SafetensorsEntry& out) {
    bool has_dtype = false, has_shape = false, has_offsets = false;
    const bool ok = object([&](const std::string& key) {
      if (key == "dtype" && !std::exchange(has_dtype, true)) return string(out.dtype);
      if (key == "shape" && !std::exchange(has_shape, true)) return shape(out.shape);
      if (key == "data_offsets" && !std::exchange(has_offsets, true)) return data_offsets(out.begin, out.end);
      return fail("duplicate or unknown key " + printable(key) + " in tensor " + printable(name));
    });
    if (!ok) return false;
    if (!has_dtype || !has_shape || !has_offsets) {
      return fail("tensor " + printable(name) + " lacks dtype, shape or data_offsets");
    }
    return true;
  }

  bool shape(std::vector<int64_t>& out) {
    constexpr std::size_t kMaxRank = 64;  // LibTorch's own limit
    return array([&] {
      uint64_t size = 0;
      if (!integer(size)) return false;
      if (size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return fail("dimension over 63 bits");
      if (out.size() == kMaxRank) return fail("more than 64 dimensions");
      out.push_back(static_cast<int64_t>(size));
      return true;
    });
  }

  bool data_offsets(uint64_t& begin, uint64_t& end) {
    return expect('[') && integer(begin) && expect(',') && integer(end) && expect(']');
  }

  bool integer(uint64_t& out) {
    skip_space();
    const auto is_digit = [&] { return at_ < json_.size() && json_[at_] >= '0' && json_[at_] <= '9'; };
    if (at_ < json_.size() && json_[at_] == '-') return fail("negative number");
    if (!is_digit()) return fail("expected a whole number");
    const bool leading_zero = json_[at_] == '0';
    const std::size_t start = at_;
    out = 0;
    for (; is_digit(); ++at_) {
      const auto digit = static_cast<uint64_t>(json_[at_] - '0');
      if (out > (std::numeric_limits<uint64_t>::max() - digit) / 10) return fail("number over 64 bits");
      out = out * 10 + digit;
    }
    return !leading_zero || at_ == start + 1 || fail("number with a leading zero");  // a '.' or 'e' fails at the ','
  }

  bool string(std::string& out) {
    if (!expect('"')) return false;
    while (at_ < json_.size()) {
      const auto c = static_cast<unsigned char>(json_[at_]);
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c < 0x20) return fail("control character in a string");
      if (c == '\\') {
        if (!escape(out)) return false;
        continue;
      }
      const std::size_t length = utf8_length(json_.substr(at_));
      if (length == 0) return fail("ill-formed UTF-8");
      out.append(json_, at_, length);
      at_ += length;
    }
    return fail("string without an end");
  }

  bool escape(std::string& out) {
    ++at_;  // the backslash
    if (at_ == json_.size()) return fail("string without an end");
    const char c = json_[at_++];
    switch (c) {
      case '"':
      case '\\':
      case '/':
        out.push_back(c);
        return true;
      case 'b':
        out.push_back('\b');
        return true;
      case 'f':
        out.push_back('\f');
        return true;
      case 'n':
        out.push_back('\n');
        return true;
      case 'r':
        out.push_back('\r');
        return true;
      case 't':
        out.push_back('\t');
        return true;
      case 'u':
        return unicode_escape(out);
      default:
        return fail("unknown escape");
    }
  }

  // What follows \u: one unit, or two that make a surrogate pair.
  bool unicode_escape(std::string& out) {
    uint32_t code = 0;
    if (!hex4(code)) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return fail("lone surrogate");
    if (code >= 0xD800 && code <= 0xDBFF) {
      uint32_t low = 0;
      if (json_.substr(at_, 2) != "\\u") return fail("lone surrogate");
      at_ += 2;
      if (!hex4(low)) return false;
      if (low < 0xDC00 || low > 0xDFFF) return fail("lone surrogate");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  bool hex4(uint32_t& out) {
    if (json_.size() - at_ < 4) return fail("string without an end");
    for (int i = 0; i < 4; ++i) {
      const char c = json_[at_++];
      const bool digit = c >= '0' && c <= '9', lower = c >= 'a' && c <= 'f', upper = c >= 'A' && c <= 'F';
      if (!digit && !lower && !upper) return fail("bad \\u escape");
      out = out * 16 + static_cast<uint32_t>(digit ? c - '0' : lower ? c - 'a' + 10 : c - 'A' + 10);
    }
    return true;
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::string fault_;
};

}  // namespace

Result<SafetensorsHeader> parse_safetensors_header(std::string_view json) {
  SafetensorsHeader header;
  Parser parser(json);
  if (!parser.header(header)) return Error{ErrorKind::model, parser.fault()};
  return header;
}

std::string json_quote(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]};
    } else {
      out += c;
    }
  }
  return out + '"';
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMaxBytes = 80;
  if (text.size() <= kMaxBytes) return json_quote(text);
  std::size_t cut = kMaxBytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // not inside a character
  return json_quote(text.substr(0, cut)) + "...";
}

}  // namespace dualsight
