// Reading and writing safetensors files; damaged ones are in safetensors_hostile_test.cpp.
#include "backbone/safetensors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <torch/torch.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "tests/backbone/support/safetensors_files.h"

#ifndef DUALSIGHT_PYTHON
#define DUALSIGHT_PYTHON "/usr/bin/python3"
#endif

namespace dualsight {
namespace {

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() && torch::equal(a, b);
}

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

}  // namespace
}  // namespace dualsight
