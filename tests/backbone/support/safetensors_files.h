// A folder of its own for each test of safetensors files, and what the tests write into it.
#pragma once

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "backbone/safetensors.h"

namespace dualsight {

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

inline std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Length, header, `data_bytes` zeros.
inline std::string make_file(const std::string& header, std::size_t data_bytes) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return bytes + header + std::string(data_bytes, '\0');
}

inline void expect_one_line(const Error& error, const fs::path& path, ErrorKind kind) {
  EXPECT_EQ(error.kind, kind);
  EXPECT_EQ(error.message.rfind(path.string() + ": ", 0), 0U) << error.message;
  EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  EXPECT_LT(error.message.size(), path.string().size() + 300) << error.message;
}

// The values that check_safetensors.py expects.
inline NamedTensors one_of_each() {
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

inline const Metadata kMetadata = {{"classes", "cat\ndog"}, {"name", "a \"quoted\" \\ 猫 🐱 \x01"}};

}  // namespace dualsight
