#include "backbone/safetensors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <torch/torch.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <thread>

#ifndef DUALSIGHT_PYTHON
#define DUALSIGHT_PYTHON "/usr/bin/python3"
#endif

namespace dualsight {
namespace {

namespace fs = std::filesystem;

class SafetensorsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "safetensors_test_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write_bytes(const std::string& bytes, const std::string& name = "file.safetensors") const {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder_)) names.push_back(file.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder_;
};

std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Length, header, `data_bytes` zeros.
std::string make_file(const std::string& header, std::size_t data_bytes) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return bytes + header + std::string(data_bytes, '\0');
}

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() && torch::equal(a, b);
}

void expect_one_line(const Error& error, const fs::path& path, ErrorKind kind) {
  EXPECT_EQ(error.kind, kind);
  EXPECT_EQ(error.message.rfind(path.string() + ": ", 0), 0U) << error.message;
  EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  EXPECT_LT(error.message.size(), path.string().size() + 300) << error.message;
}

// The values that check_safetensors.py expects.
NamedTensors one_of_each() {
  const auto f32 = torch::tensor({1.0F, -2.5F, 3.25F, 0.0009765625F}).view({2, 2});
  return {
      {"bool", torch::tensor({true, false, true})},
      {"u8", torch::tensor({0, 255, 3}, torch::kByte)},
      {"f64", torch::tensor({1.5, -2.25}, torch::kDouble).view({1, 2})},
      {"f32", f32},
      {"f32_transposed", f32.t()},
      {"f16", torch::tensor({1.5F, -65504.0F, 0.0F}).to(torch::kHalf)},
      {"bf16", torch::tensor({1.0F, -3.140625F, 1.2676506002282294e30F}).to(torch::kBFloat16)},  // the last is 2^100
      {"i64", torch::tensor({int64_t{1} << 62, int64_t{-1}}, torch::kLong)},
      {"i32", torch::tensor({int64_t{-2147483648}, int64_t{7}}, torch::kInt)},
      {"i16", torch::tensor({-32768, 32767}, torch::kShort)},
      {"i8", torch::tensor({-128, 127, 5}, torch::kChar).view({1, 3, 1})},
      {"scalar", torch::tensor(42, torch::kLong)},
      {"empty", torch::empty({0, 3})},
  };
}

const Metadata kMetadata = {{"classes", "cat\ndog"}, {"name", "a \"quoted\" \\ 猫 🐱 \x01"}};

TEST_F(SafetensorsTest, RoundTripOfEveryDtype) {
  const auto path = folder_ / "all.safetensors";
  const auto tensors = one_of_each();
  ASSERT_FALSE(tensors[4].second.is_contiguous());
  const auto written = write_safetensors(path, tensors, kMetadata);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(files(), std::vector<std::string>{"all.safetensors"});  // no temporary file left

  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->metadata(), kMetadata);
  EXPECT_EQ(file->names().size(), tensors.size());
  const auto names = file->names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const auto& [name, tensor] : tensors) {
    EXPECT_TRUE(file->contains(name));
    const auto copy = file->tensor(name);
    const auto view = file->view(name);
    ASSERT_TRUE(copy && view) << name;
    EXPECT_TRUE(copy->is_contiguous());
    EXPECT_TRUE(same(*copy, tensor)) << name;
    EXPECT_TRUE(same(*view, tensor)) << name;
  }
}

TEST_F(SafetensorsTest, ACopyIsWritableAndAViewOutlivesTheFile) {
  const auto path = folder_ / "f.safetensors";
  ASSERT_TRUE(write_safetensors(path, {{"x", torch::arange(4, torch::kFloat)}}, {}));
  torch::Tensor copy, view;
  {
    const auto file = Safetensors::open(path);
    ASSERT_TRUE(file);
    copy = *file->tensor("x");
    view = *file->view("x");
  }
  copy.add_(1);
  ASSERT_TRUE(write_safetensors(path, {{"x", torch::zeros(4)}}, {}));  // a new file under the old name
  EXPECT_TRUE(same(copy, torch::tensor({1.0F, 2.0F, 3.0F, 4.0F})));
  EXPECT_TRUE(same(view, torch::tensor({0.0F, 1.0F, 2.0F, 3.0F})));
}

TEST_F(SafetensorsTest, AnUnknownNameIsAnError) {
  const auto path = folder_ / "f.safetensors";
  ASSERT_TRUE(write_safetensors(path, {{"x", torch::zeros(1)}}, {}));
  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->contains("y"));
  const auto tensor = file->tensor("y\n");
  ASSERT_FALSE(tensor);
  expect_one_line(tensor.error(), path, ErrorKind::model);
  EXPECT_FALSE(file->view("y"));
}

TEST_F(SafetensorsTest, AFileWrittenByHand) {
  // {"a":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}} is 54 = 0x36 bytes long.
  const std::string header = R"({"a":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}})";
  const std::string bytes = std::string("\x36\0\0\0\0\0\0\0", 8) + header + std::string("\x01\x02\xff\xff", 4);
  const auto file = Safetensors::open(write_bytes(bytes));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->metadata().empty());
  // 0x0201 = 513; 0xffff = -1. The data starts at byte 62: aligned for I16.
  EXPECT_TRUE(same(*file->tensor("a"), torch::tensor({513, -1}, torch::kShort)));
}

TEST_F(SafetensorsTest, BFloat16IsTheUpperHalfOfAFloat) {
  // 1.0F is 0x3f800000, -2.0F is 0xc0000000.
  const std::string header = R"({"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})";
  auto bytes = make_file(header, 0) + std::string("\x80\x3f\x00\xc0", 4);
  const auto file = Safetensors::open(write_bytes(bytes));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(same(*file->tensor("a"), torch::tensor({1.0F, -2.0F}).to(torch::kBFloat16)));
}

TEST_F(SafetensorsTest, UnalignedDataAndOddBoolsAreReadRight) {
  // "b" takes data byte 0, so the float begins at an odd place whatever the header's length.
  const std::string header = R"({"b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]},)"
                             R"("f":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})";
  const std::string bytes = make_file(header, 0) + std::string("\x07\x00\x00\x80\x3f", 5);  // 1.0F
  const auto file = Safetensors::open(write_bytes(bytes));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(same(*file->view("f"), torch::tensor({1.0F})));
  EXPECT_TRUE(same(*file->tensor("f"), torch::tensor({1.0F})));
  EXPECT_TRUE(same(*file->tensor("b"), torch::tensor({true})));
  EXPECT_EQ(file->tensor("b")->to(torch::kByte).item<int>(), 1);
}

TEST_F(SafetensorsTest, EscapesSpacesAndOrderDoNotMatter) {
  // \u732b is 猫; \ud83d\udc31 is a surrogate pair for U+1F431; keys come in any order; offsets need not follow names.
  const std::string header =
      "{ \"__metadata__\" : { \"k\\u0041\" : \"\\u732b\\ud83d\\udc31\\\"\\\\\\/\\b\\f\\n\\r\\t\" } ,\n\t"
      "\"z\":{\"data_offsets\":[0,1],\"shape\":[1],\"dtype\":\"U8\"},\r"
      "\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[ 1 , 2 ]}}   ";
  const auto file = Safetensors::open(write_bytes(make_file(header, 0) + "\x05\x06"));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->metadata(), (Metadata{{"kA", "猫🐱\"\\/\b\f\n\r\t"}}));
  EXPECT_EQ(file->tensor("z")->item<int>(), 5);
  EXPECT_EQ(file->tensor("a")->item<int>(), 6);
  EXPECT_EQ(file->tensor("a")->dim(), 0);
}

TEST_F(SafetensorsTest, AFileWithoutTensors) {
  const auto path = folder_ / "none.safetensors";
  ASSERT_TRUE(write_safetensors(path, {}, {}));
  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->names().empty());
  // "{}" padded to 8 bytes.
  EXPECT_EQ(read_bytes(path), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
}

// ---- hostile files ----------------------------------------------------------------------------------------------

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

// ---- an independent reader --------------------------------------------------------------------------------------

TEST_F(SafetensorsTest, PythonReadsWhatWeWrite) {
  const std::string python = DUALSIGHT_PYTHON;
  if (std::system((python + " -c 'import numpy' >/dev/null 2>&1").c_str()) != 0) {
    GTEST_SKIP() << python << " has no numpy";
  }
  const auto path = folder_ / "all.safetensors";
  ASSERT_TRUE(write_safetensors(path, one_of_each(), kMetadata));
  const std::string script = std::string(DUALSIGHT_SOURCE_DIR) + "/tests/backbone/check_safetensors.py";
  EXPECT_EQ(std::system((python + " '" + script + "' '" + path.string() + "'").c_str()), 0);
}

// ---- writing ----------------------------------------------------------------------------------------------------

TEST_F(SafetensorsTest, WriteErrorsNameThePathAndLeaveNothing) {
  const NamedTensors x = {{"x", torch::zeros(1)}};
  write_bytes("a file", "plain");
  fs::create_directory(folder_ / "folder");
  for (const fs::path& path : {folder_ / "missing" / "x", folder_ / "plain" / "x", folder_ / "folder"}) {
    const auto written = write_safetensors(path, x, {});
    ASSERT_FALSE(written);
    expect_one_line(written.error(), path, ErrorKind::output);
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"folder", "plain"}));
}

TEST_F(SafetensorsTest, ADeviceIsNotReplaced) {
  const auto written = write_safetensors("/dev/full", {{"x", torch::zeros(1)}}, {});
  ASSERT_FALSE(written);
  expect_one_line(written.error(), "/dev/full", ErrorKind::output);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(SafetensorsTest, AFullDiskLeavesTheOldFile) {
  const auto path = folder_ / "model.safetensors";
  ASSERT_TRUE(write_safetensors(path, {{"x", torch::ones(1)}}, {}));
  // A limit on the size of files fails a write halfway, as a full disk does.
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  rlimit small = old;
  small.rlim_cur = 1U << 20;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = write_safetensors(path, {{"x", torch::zeros(1 << 20)}}, {});  // 4 MiB
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);

  ASSERT_FALSE(written);
  expect_one_line(written.error(), path, ErrorKind::output);
  EXPECT_EQ(files(), std::vector<std::string>{"model.safetensors"});
  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->tensor("x")->item<float>(), 1.0F);
}

TEST_F(SafetensorsTest, WhatTheFormatCannotHoldIsRefused) {
  const auto path = folder_ / "bad.safetensors";
  const auto one = torch::zeros(1);
  const auto expect_refused = [&](const NamedTensors& tensors, const Metadata& metadata) {
    const auto written = write_safetensors(path, tensors, metadata);
    ASSERT_FALSE(written);
    expect_one_line(written.error(), path, ErrorKind::output);
  };
  expect_refused({{"x", one.to(torch::kComplexFloat)}}, {});
  expect_refused({{"x", one}, {"x", one}}, {});
  expect_refused({{"__metadata__", one}}, {});
  expect_refused({{"x", torch::Tensor()}}, {});
  expect_refused({{"x", one.to_sparse()}}, {});
  expect_refused({{"caf\xe9", one}}, {});
  expect_refused({{"x", one}}, {{"k", "caf\xe9"}});
  EXPECT_TRUE(files().empty());
}

TEST_F(SafetensorsTest, ThreadsWritingOneNameLeaveOneWholeFile) {
  const auto path = folder_ / "shared.safetensors";
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([&, id] {
      for (int i = 0; i < 10; ++i) EXPECT_TRUE(write_safetensors(path, {{"x", torch::full({10'000}, id)}}, {}));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(files(), std::vector<std::string>{"shared.safetensors"});
  const auto file = Safetensors::open(path);
  ASSERT_TRUE(file);
  const auto x = *file->tensor("x");
  EXPECT_TRUE(x.eq(x[0]).all().item<bool>());
}

TEST_F(SafetensorsTest, GradientsDoNotHinderWriting) {
  const auto path = folder_ / "grad.safetensors";
  const auto x = torch::ones({2}, torch::requires_grad());
  ASSERT_TRUE(write_safetensors(
      path, {{"x", x}, {"channels_last", torch::rand({1, 3, 4, 4}).contiguous(torch::MemoryFormat::ChannelsLast)}},
      {}));
  EXPECT_FALSE(Safetensors::open(path)->tensor("x")->requires_grad());
}

// ---- state_dict -------------------------------------------------------------------------------------------------

torch::nn::Sequential small_module() {
  return torch::nn::Sequential(torch::nn::Conv2d(torch::nn::Conv2dOptions(2, 3, 1).bias(false)),
                               torch::nn::BatchNorm2d(3));
}

TEST(StateDictTest, ParametersAndBuffersByDottedName) {
  std::set<std::string> names;
  for (const auto& [name, tensor] : state_dict(*small_module())) {
    names.insert(name);
    EXPECT_FALSE(tensor.requires_grad());
  }
  EXPECT_EQ(names, (std::set<std::string>{"0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var",
                                          "1.num_batches_tracked"}));
}

TEST(StateDictTest, LoadingCopiesAndConverts) {
  auto from = small_module(), to = small_module();
  NamedTensors tensors;
  for (const auto& [name, tensor] : state_dict(*from)) {
    const auto value = tensor.is_floating_point() ? torch::rand_like(tensor) : torch::full_like(tensor, 9);
    tensors.emplace_back(name, tensor.dim() == 4 ? value.to(torch::kBFloat16) : value);
  }
  const auto loaded = load_state_dict(*to, tensors);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto weight = to->named_parameters()["0.weight"];
  EXPECT_EQ(weight.scalar_type(), torch::kFloat);
  EXPECT_TRUE(weight.requires_grad());
  EXPECT_FALSE(weight.grad_fn());
  std::map<std::string, torch::Tensor> result;
  for (const auto& [name, tensor] : state_dict(*to)) result.emplace(name, tensor);
  for (const auto& [name, tensor] : tensors) EXPECT_TRUE(torch::equal(result[name], tensor.to(result[name].dtype())));
}

TEST(StateDictTest, NumBatchesTrackedMayBeMissing) {
  auto module = small_module();
  NamedTensors tensors;
  for (const auto& [name, tensor] : state_dict(*module)) {
    if (name != "1.num_batches_tracked") tensors.emplace_back(name, tensor.clone());
  }
  EXPECT_TRUE(load_state_dict(*module, tensors));
}

TEST(StateDictTest, MisfitsAreOneErrorAndNothingIsCopied) {
  auto module = small_module();
  const auto before = module->named_parameters()["1.bias"].clone();
  const auto loaded = load_state_dict(*module, {{"0.weight", torch::zeros({3, 3, 1, 1})},
                                                {"1.bias", torch::full({3}, 5.0F)},
                                                {"1.weight", torch::zeros(3)},
                                                {"1.weight", torch::zeros(3)},
                                                {"head\n", torch::zeros(3)},
                                                {"1.running_mean", torch::zeros(3)}});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::model);
  EXPECT_EQ(loaded.error().message,
            "weights do not fit the model; missing 1: 1.running_var; unexpected 2: \"1.weight\", \"head\\u000a\"; "
            "mis-shaped 1: 0.weight (is [3, 3, 1, 1], should be [3, 2, 1, 1])");
  EXPECT_TRUE(torch::equal(module->named_parameters()["1.bias"], before));
}

TEST(StateDictTest, LongListsAreCut) {
  torch::nn::Sequential module;
  for (int i = 0; i < 7; ++i) module->push_back(torch::nn::Linear(1, 1));  // 7 weights + 7 biases
  const auto loaded = load_state_dict(*module, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message,
            "weights do not fit the model; missing 14: 0.bias, 0.weight, 1.bias, 1.weight, 2.bias and 9 more");
}

}  // namespace
}  // namespace dualsight
