// Files that are damaged, foreign or made to do harm: one error each, never a crash.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <torch/torch.h>

#include <cstring>
#include <random>
#include <set>

#include "backbone/safetensors.h"
#include "tests/backbone/support/safetensors_files.h"

namespace dualsight {
namespace {

// A header with one tensor "a".
std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

std::string repeat(const std::string& piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

TEST_F(SafetensorsTest, HostileFilesGiveOneError) {
  const std::string good = entry("F32", "[2]", "[0,8]");
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  const auto metadata = [](const std::string& object) { return R"({"__metadata__":)" + object + "}"; };
  struct Case {
    std::string name, bytes, reason;
  };
  const std::vector<Case> cases = {
      {"empty file", "", "only 0 bytes"},
      {"7 bytes", std::string(7, '\0'), "only 7 bytes"},
      {"zero header", std::string(8, '\0'), "does not start with '{'"},
      {"text", "hello, this is a text file and no model", "truncated"},
      {"zip (a PyTorch pickle)", std::string("PK\x03\x04\0\0\0\0", 8) + std::string(100, 'x'), "truncated"},
      {"header over the file", make_file(good, 8).substr(0, 30), "truncated"},
      {"1 GB header claimed", std::string("\0\0\0\x40\0\0\0\0", 8) + good, "1073741824 bytes in a file of"},
      {"2^64-1 header claimed", std::string(8, '\xff') + good, "18446744073709551615"},
      {"truncated data", make_file(good, 7), "outside the 7 bytes"},
      {"1 GB tensor claimed", make_file(entry("F32", "[268435456]", "[0,1073741824]"), 8), "outside the 8 bytes"},
      {"1 GB shape, small offsets", make_file(entry("F32", "[268435456]", "[0,8]"), 8), "ask for 1073741824"},
      {"trailing data", make_file(good, 9), "1 bytes at the end"},
      {"data but no tensor", make_file("{}", 4), "4 bytes at the end"},

      {"negative offset", make_file(entry("F32", "[2]", "[-8,0]"), 8), "negative"},
      {"offsets reversed", make_file(entry("F32", "[2]", "[8,0]"), 8), "end before they begin"},
      {"offset over 64 bits", make_file(entry("F32", "[2]", "[0,18446744073709551616]"), 8), "over 64 bits"},
      {"offset just under 2^64", make_file(entry("F32", "[2]", "[0,18446744073709551615]"), 8), "outside"},
      {"begin and end wrap", make_file(entry("F32", "[2]", "[18446744073709551608,0]"), 8), "end before they begin"},
      {"overlap", make_file(two("[0,4]", "[2,6]"), 6), "overlap"},
      {"same range twice", make_file(two("[0,4]", "[0,4]"), 4), "overlap"},
      {"hole", make_file(two("[0,4]", "[5,9]"), 9), "hole"},
      {"hole at the start", make_file(entry("F32", "[2]", "[4,12]"), 12), "hole"},
      {"three offsets", make_file(entry("F32", "[2]", "[0,8,8]"), 8), "expected ']'"},
      {"one offset", make_file(entry("F32", "[2]", "[8]"), 8), "expected ','"},

      {"unknown dtype", make_file(entry("F33", "[2]", "[0,8]"), 8), "unknown dtype \"F33\""},
      {"lower-case dtype", make_file(entry("f32", "[2]", "[0,8]"), 8), "unknown dtype"},
      {"dtype too wide", make_file(entry("F64", "[2]", "[0,8]"), 8), "ask for 16"},
      {"dtype no string", make_file(R"({"a":{"dtype":5,"shape":[2],"data_offsets":[0,8]}})", 8), "expected '\"'"},
      {"negative shape", make_file(entry("F32", "[-2]", "[0,8]"), 8), "negative"},
      {"two negatives", make_file(entry("F32", "[-2,-1]", "[0,8]"), 8), "negative"},
      {"fractional shape", make_file(entry("F32", "[2.0]", "[0,8]"), 8), "expected ']'"},
      {"exponent shape", make_file(entry("F32", "[2e0]", "[0,8]"), 8), "expected ']'"},
      {"leading zero", make_file(entry("F32", "[02]", "[0,8]"), 8), "leading zero"},
      {"shape of strings", make_file(entry("F32", "[\"2\"]", "[0,8]"), 8), "whole number"},
      {"shape of arrays", make_file(entry("F32", "[[2]]", "[0,8]"), 8), "whole number"},
      {"null shape", make_file(entry("F32", "null", "[0,8]"), 8), "expected '['"},
      {"dimension over 63 bits", make_file(entry("U8", "[9223372036854775808]", "[0,8]"), 8), "over 63 bits"},
      // 2^33 * 2^31 = 2^64, which is 0 in 64 bits.
      {"product wraps to 0", make_file(entry("U8", "[8589934592,2147483648]", "[0,0]"), 0), "overflow"},
      // 2^62 * 4 bytes = 2^64.
      {"bytes wrap to 0", make_file(entry("F32", "[4611686018427387904]", "[0,0]"), 0), "overflow"},
      {"overflow hidden by a 0", make_file(entry("U8", "[0,8589934592,2147483648]", "[0,0]"), 0), "overflow"},
      {"65 dimensions", make_file(entry("U8", "[" + repeat("1,", 64) + "1]", "[0,1]"), 1), "more than 64 dimensions"},

      {"duplicate tensor",
       make_file(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                 R"("\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
                 0),
       "duplicate tensor \"a\""},
      {"duplicate key", make_file(R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})", 0),
       "duplicate or unknown key \"dtype\""},
      {"duplicate metadata key", make_file(metadata(R"({"k":"1","k":"2"})"), 0), "duplicate metadata key \"k\""},
      {"two metadata", make_file(R"({"__metadata__":{},"__metadata__":{}})", 0), "duplicate \"__metadata__\""},
      {"unknown key", make_file(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}})", 0), "unknown key"},
      {"missing key", make_file(R"({"a":{"dtype":"U8","shape":[0]}})", 0), "lacks"},
      {"metadata of numbers", make_file(metadata(R"({"k":1})"), 0), "expected '\"'"},
      {"metadata of objects", make_file(metadata(R"({"k":{}})"), 0), "expected '\"'"},
      {"metadata no object", make_file(metadata("[]"), 0), "expected '{'"},
      {"tensor no object", make_file(R"({"a":[]})", 0), "expected '{'"},
      {"header is an array", make_file("[]", 0), "does not start"},
      {"space before '{'", make_file(" {}", 0), "does not start"},
      {"two objects", make_file("{}{}", 0), "something follows"},
      {"trailing comma", make_file(R"({"__metadata__":{},})", 0), "expected '\"'"},
      {"trailing comma in shape", make_file(entry("U8", "[0,]", "[0,0]"), 0), "whole number"},
      {"no end", make_file("{", 0), "expected '\"'"},
      {"deep arrays", make_file("{\"a\":" + std::string(1'000'000, '['), 0), "expected '{'"},
      {"deep objects", make_file(repeat("{\"a\":", 200'000), 0), "unknown key"},
      {"comment", make_file("{/**/}", 0), "expected '\"'"},
      {"NUL in the header", make_file(std::string("{\0}", 3), 0), "expected '\"'"},

      {"raw newline in a name", make_file("{\"a\nb\":{}}", 0), "control character"},
      {"string without an end", make_file("{\"abc", 0), "without an end"},
      {"escape at the end", make_file("{\"abc\\", 0), "without an end"},
      {"short \\u at the end", make_file("{\"\\u00", 0), "without an end"},
      {"unknown escape", make_file(metadata(R"({"k":"\x41"})"), 0), "unknown escape"},
      {"bad \\u", make_file(metadata(R"({"k":"\u00g0"})"), 0), "bad \\u"},
      {"lone high surrogate", make_file(metadata(R"({"k":"\ud83d"})"), 0), "lone surrogate"},
      {"high, then no low", make_file(metadata(R"({"k":"\ud83d\u0041"})"), 0), "lone surrogate"},
      {"lone low surrogate", make_file(metadata(R"({"k":"\udc31"})"), 0), "lone surrogate"},
      {"stray continuation", make_file(metadata("{\"k\":\"\x80\"}"), 0), "UTF-8"},
      {"overlong 2", make_file(metadata("{\"k\":\"\xc0\xaf\"}"), 0), "UTF-8"},
      {"overlong 3", make_file(metadata("{\"k\":\"\xe0\x80\xaf\"}"), 0), "UTF-8"},
      {"overlong 4", make_file(metadata("{\"k\":\"\xf0\x80\x80\xaf\"}"), 0), "UTF-8"},
      {"surrogate in UTF-8", make_file(metadata("{\"k\":\"\xed\xa0\x80\"}"), 0), "UTF-8"},
      {"over U+10FFFF", make_file(metadata("{\"k\":\"\xf4\x90\x80\x80\"}"), 0), "UTF-8"},
      {"cut UTF-8", make_file("{\"\xe7\x8c", 0), "UTF-8"},
      {"Latin-1", make_file(metadata("{\"k\":\"caf\xe9\"}"), 0), "UTF-8"},
  };
  for (const auto& [name, bytes, reason] : cases) {
    SCOPED_TRACE(name);
    const auto path = write_bytes(bytes);
    const auto file = Safetensors::open(path);
    ASSERT_FALSE(file);
    expect_one_line(file.error(), path, ErrorKind::model);
    EXPECT_NE(file.error().message.find(reason), std::string::npos) << file.error().message;
  }
}

TEST_F(SafetensorsTest, AHeaderOver64MiBIsRefusedUnread) {
  // 64 MiB + 8 = 0x04000008; the file is sparse, so it costs no disk.
  const auto path = write_bytes(std::string("\x08\0\0\x04\0\0\0\0{", 9));
  fs::resize_file(path, 80U << 20);
  const auto file = Safetensors::open(path);
  ASSERT_FALSE(file);
  expect_one_line(file.error(), path, ErrorKind::model);
  EXPECT_NE(file.error().message.find("over 64 MiB"), std::string::npos) << file.error().message;
}

TEST_F(SafetensorsTest, AnEmptyTensorWithLargeDimensions) {
  // 2^31 * 2^30 = 2^61 elements a row: allowed, since no byte is claimed and nothing overflows.
  const auto file = Safetensors::open(write_bytes(make_file(entry("U8", "[0,2147483648,1073741824]", "[0,0]"), 0)));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->tensor("a")->numel(), 0);
  EXPECT_EQ(file->view("a")->size(1), int64_t{1} << 31);
}

TEST_F(SafetensorsTest, WhatIsNoFileIsRefused) {
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);  // opening it must not wait for a writer
  for (const fs::path& path : {folder_ / "missing", folder_, pipe, fs::path("/dev/zero")}) {
    const auto file = Safetensors::open(path);
    ASSERT_FALSE(file);
    expect_one_line(file.error(), path, ErrorKind::model);
  }
}

// ---- fuzz -------------------------------------------------------------------------------------------------------

// One random change: a bit, a byte that means something to the grammar, a digit, a cut, a piece copied or removed.
void mutate(std::string& bytes, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  if (bytes.empty()) return;
  const std::size_t at = below(bytes.size());
  const std::size_t length = 1 + below(std::min<std::size_t>(bytes.size() - at, 64));
  switch (below(8)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      break;
    case 1:
      bytes[at] = "{}[]\",:\\u-.eE09 \n\x80\xc3\xed\xf4\xff"[below(22)];
      break;
    case 2: {
      const std::size_t digit = bytes.find_first_of("0123456789", at);
      if (digit != std::string::npos) bytes[digit] = static_cast<char>('0' + below(10));
      break;
    }
    case 3: {
      const std::size_t digit = bytes.find_first_of("0123456789", at);
      if (digit != std::string::npos) bytes.insert(digit, 1 + below(20), static_cast<char>('0' + below(10)));
      break;
    }
    case 4:
      bytes.resize(at);
      break;
    case 5:
      bytes.erase(at, length);
      break;
    case 6:
      bytes.insert(below(bytes.size() + 1), bytes.substr(at, length));
      break;
    default:
      bytes.replace(below(bytes.size()), length, bytes.substr(at, length));
      break;
  }
}

TEST_F(SafetensorsTest, FuzzedFilesNeverCrash) {
  const auto path = folder_ / "fuzz.safetensors";
  ASSERT_TRUE(write_safetensors(path, one_of_each(), kMetadata));
  const std::string valid = read_bytes(path);
  std::mt19937_64 random(20260101);
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  int opened = 0, refused = 0;
  std::set<std::string> reasons;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = valid;
    const bool fix_length = random() % 2 == 0;  // else every insertion would be caught by the length alone
    const auto changes = 1 + random() % 3;
    for (uint64_t i = 0; i < changes; ++i) mutate(bytes, random);
    if (fix_length && bytes.size() > 8) {
      const std::size_t end = bytes.rfind('}');
      const uint64_t length = end == std::string::npos || end < 8 ? 0 : end - 7;
      std::memcpy(bytes.data(), &length, 8);
    }
    fs::remove(path);  // a file cut to nothing and rewritten is flushed to the disk by ext4, a new one is not
    write_bytes(bytes, "fuzz.safetensors");
    const auto file = Safetensors::open(path);
    if (!file) {
      ++refused;
      expect_one_line(file.error(), path, ErrorKind::model);
      reasons.insert(file.error().message.substr(file.error().message.rfind(": ")));
      continue;
    }
    ++opened;
    std::size_t total = 0;
    for (const auto& name : file->names()) {
      const auto tensor = file->tensor(name);
      ASSERT_TRUE(tensor);
      ASSERT_TRUE(file->view(name));
      total += tensor->nbytes();
    }
    ASSERT_LE(total, bytes.size());
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  // Both outcomes must be common, and many different checks reached, for the test to mean anything.
  EXPECT_GT(opened, 200);
  EXPECT_GT(refused, 10'000);
  EXPECT_GT(reasons.size(), 20U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep freed memory
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024);          // KiB
#endif
}

}  // namespace
}  // namespace dualsight
