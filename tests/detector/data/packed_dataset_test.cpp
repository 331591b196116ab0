#include "detector/data/packed_dataset.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "backbone/safetensors.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

// `count` pictures of 100 stand-in bytes (the pack does not look inside them) and 0, 1 or 2 boxes in turn.
Dataset make_dataset(int count) {
  Dataset dataset;
  dataset.class_names = {"dog", "cat", "potted plant"};
  dataset.category_ids = {3, 7, -1};
  for (int i = 0; i < count; ++i) {
    auto bytes = std::make_shared<std::vector<uint8_t>>(100);
    std::iota(bytes->begin(), bytes->end(), static_cast<uint8_t>(i));
    LabelledPicture picture;
    picture.id = 1000 - i;
    picture.file_name = "picture " + std::to_string(i) + ".jpg";
    picture.width = 40 + i;
    picture.height = 30;
    picture.encoded = *bytes;
    if (i % 2 == 1) picture.not_exhaustive = {0, 2};
    for (int j = 0; j < i % 3; ++j) {
      picture.objects.push_back(
          {{1.5F, 2, 20.25F + static_cast<float>(j), 30}, j, j == 1, 77.5F, 1 - 0.25F * static_cast<float>(j)});
    }
    dataset.storage.push_back(bytes);
    dataset.pictures.push_back(picture);
  }
  return dataset;
}

void expect_equal(const Dataset& a, const Dataset& b) {
  EXPECT_EQ(a.class_names, b.class_names);
  EXPECT_EQ(a.category_ids, b.category_ids);
  ASSERT_EQ(a.pictures.size(), b.pictures.size());
  for (std::size_t i = 0; i < a.pictures.size(); ++i) {
    const LabelledPicture& p = a.pictures[i];
    const LabelledPicture& q = b.pictures[i];
    EXPECT_EQ(p.id, q.id);
    EXPECT_EQ(p.file_name, q.file_name);
    EXPECT_EQ(p.width, q.width);
    EXPECT_EQ(p.height, q.height);
    EXPECT_EQ(p.not_exhaustive, q.not_exhaustive);
    EXPECT_TRUE(std::ranges::equal(p.encoded, q.encoded));
    ASSERT_EQ(p.objects.size(), q.objects.size());
    for (std::size_t j = 0; j < p.objects.size(); ++j) {
      EXPECT_EQ(p.objects[j].box.x1, q.objects[j].box.x1);
      EXPECT_EQ(p.objects[j].box.y1, q.objects[j].box.y1);
      EXPECT_EQ(p.objects[j].box.x2, q.objects[j].box.x2);
      EXPECT_EQ(p.objects[j].box.y2, q.objects[j].box.y2);
      EXPECT_EQ(p.objects[j].class_id, q.objects[j].class_id);
      EXPECT_EQ(p.objects[j].crowd, q.objects[j].crowd);
      EXPECT_EQ(p.objects[j].area, q.objects[j].area);
      EXPECT_EQ(p.objects[j].score, q.objects[j].score);
    }
  }
}

class PackedDataset : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("dualsight_packed_test_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    path_ = folder_ / "set.safetensors";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string error_of(const std::vector<fs::path>& paths) {
    const auto dataset = load_packed(paths);
    if (dataset) return "no error";
    EXPECT_EQ(dataset.error().kind, ErrorKind::source);
    return dataset.error().message;
  }

  // The message, without the path, after `change` has been made to the tensors and metadata of a good file.
  template <typename Change>
  std::string error_after(Change change) {
    EXPECT_TRUE(write_packed(path_, make_dataset(3)));
    NamedTensors tensors;
    Metadata metadata;
    {
      const auto file = Safetensors::open(path_);
      metadata = file->metadata();
      for (const std::string& name : file->names()) tensors.emplace_back(name, *file->tensor(name));
    }
    const auto tensor = [&](const std::string& name) -> torch::Tensor& {
      return std::ranges::find(tensors, name, [](const auto& named) { return named.first; })->second;
    };
    change(tensor, metadata);
    EXPECT_TRUE(write_safetensors(path_, tensors, metadata));
    const std::string message = error_of({path_});
    const std::string prefix = path_.string() + ": ";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }

  fs::path folder_, path_;
};

TEST_F(PackedDataset, RoundTrip) {
  const Dataset dataset = make_dataset(7);
  const auto files = write_packed(path_, dataset);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(*files, std::vector<fs::path>{path_});
  const auto back = load_packed(*files);
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(dataset, *back);
}

TEST_F(PackedDataset, PicturesOutliveTheFile) {
  ASSERT_TRUE(write_packed(path_, make_dataset(2)));
  const auto back = load_packed({path_});
  fs::remove(path_);
  ASSERT_TRUE(back);
  expect_equal(make_dataset(2), *back);
}

TEST_F(PackedDataset, PicturesWithoutBoxes) {
  ASSERT_TRUE(write_packed(path_, make_dataset(1)));
  const auto back = load_packed({path_});
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(make_dataset(1), *back);
}

TEST_F(PackedDataset, PiecesStayUnderTheLimit) {
  const Dataset dataset = make_dataset(50);
  constexpr uint64_t limit = 4096;
  const auto files = write_packed(path_, dataset, limit);
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_GT(files->size(), 1U);
  ASSERT_LT(files->size(), 10U);
  const std::string count = std::to_string(files->size());
  EXPECT_EQ(files->front(), folder_ / ("set-00001-of-0000" + count + ".safetensors"));
  EXPECT_EQ(files->back(), folder_ / ("set-0000" + count + "-of-0000" + count + ".safetensors"));
  for (const fs::path& file : *files) EXPECT_LE(fs::file_size(file), limit);
  const auto back = load_packed(*files);
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(dataset, *back);
}

TEST_F(PackedDataset, OnePictureOverTheLimitIsAnError) {
  const auto files = write_packed(path_, make_dataset(3), 1000);
  ASSERT_FALSE(files);
  EXPECT_NE(files.error().message.find("picture 0.jpg alone needs"), std::string::npos) << files.error().message;
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(PackedDataset, RefusesToWriteWhatItCouldNotRead) {
  EXPECT_FALSE(write_packed(path_, Dataset()));
  Dataset dataset = make_dataset(1);
  dataset.class_names[1] = "two\nlines";
  const auto files = write_packed(path_, dataset);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().message, path_.string() + ": class name \"two\" is empty or has a line break");
  const auto nowhere = write_packed(folder_ / "no" / "set.safetensors", make_dataset(1));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().kind, ErrorKind::output);
}

TEST_F(PackedDataset, PiecesOfDifferentSetsAreAnError) {
  Dataset other = make_dataset(1);
  other.pictures[0].id = 5;
  const fs::path second = folder_ / "other.safetensors";
  ASSERT_TRUE(write_packed(path_, make_dataset(1)));
  ASSERT_TRUE(write_packed(second, other));
  EXPECT_TRUE(load_packed({path_, second}));
  EXPECT_EQ(error_of({path_, path_}), path_.string() + ": picture 0.jpg: two pictures with id 1000");
  other.pictures[0].id = 1000;  // two sets that count alike
  other.pictures[0].file_name = "elsewhere.jpg";
  ASSERT_TRUE(write_packed(second, other));
  const auto both = load_packed({path_, second});
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(both->pictures.size(), 2U);
  other.class_names[0] = "wolf";
  ASSERT_TRUE(write_packed(second, other));
  EXPECT_EQ(error_of({path_, second}), second.string() + ": its classes differ from those of " + path_.string());
}

TEST_F(PackedDataset, RefusesFilesThatAreNoPack) {
  EXPECT_EQ(error_of({}), "no packed data set given");
  EXPECT_EQ(error_of({path_}).find(path_.string()), 0U);  // not there
  std::ofstream(path_) << "text";
  EXPECT_EQ(error_of({path_}).find(path_.string()), 0U);
  ASSERT_TRUE(write_safetensors(path_, {{"weight", torch::ones({2})}}, {}));
  EXPECT_EQ(error_of({path_}), path_.string() + ": not a packed data set");
}

TEST_F(PackedDataset, RefusesDamagedTensors) {
  using Tensor = torch::Tensor;
  const auto keep = [](auto&, auto&) {};
  EXPECT_EQ(error_after(keep), "no error");

  EXPECT_EQ(error_after([](auto&, auto& metadata) { metadata["classes"] = ""; }), "no classes");
  EXPECT_EQ(error_after([](auto&, auto& metadata) { metadata["category_ids"] = "1 2"; }),
            "category_ids do not match the classes");
  EXPECT_EQ(error_after([](auto&, auto& metadata) { metadata["category_ids"] = "1 2 x"; }), "category_ids are damaged");

  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("ids") = tensor("ids").to(torch::kInt32); }),
            "tensor ids has a wrong type or shape");
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("sizes") = tensor("sizes").flatten(); }),
            "tensor sizes has a wrong type or shape");
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("not_exhaustive") = tensor("not_exhaustive").t(); }),
            "no error");  // three pictures, three classes: the shape is the same
  EXPECT_EQ(error_after([](auto& tensor, auto&) {
              tensor("not_exhaustive") = tensor("not_exhaustive").narrow(1, 0, 2).contiguous();
            }),
            "tensor not_exhaustive has a wrong type or shape");
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("crowd") = Tensor(torch::zeros({2}, torch::kUInt8)); }),
            "tensor crowd has a wrong type or shape");
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("file_names")[0] = '\n'; }),
            "file_names do not match the pictures");

  // Three pictures of 100 bytes: offsets 0, 100, 200, 300. Three boxes: 0, 0, 1, 3.
  for (const auto& [index, value] : {std::pair(0, -1), {0, 1}, {1, 201}, {1, -1}, {3, 301}, {3, 299}, {2, 1 << 30}}) {
    EXPECT_EQ(error_after([&](auto& tensor, auto&) { tensor("byte_offsets")[index] = value; }),
              "byte_offsets are damaged")
        << index << " " << value;
  }
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("box_offsets")[3] = 4; }), "box_offsets are damaged");
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("box_offsets")[1] = 2; }), "box_offsets are damaged");

  for (const int side : {0, -5, 65536}) {
    EXPECT_EQ(error_after([&](auto& tensor, auto&) { tensor("sizes")[0][0] = side; }),
              "size of picture 0.jpg is out of range");
  }
  // The first box belongs to picture 1, of 41x30 pixels.
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [index, value] : {std::pair(0, -1.0F), {0, nan}, {0, 25.0F}, {2, 41.5F}, {3, 1e30F}, {3, nan}}) {
    EXPECT_EQ(error_after([&](auto& tensor, auto&) { tensor("boxes")[0][index] = value; }),
              "a box of picture 1.jpg lies outside the picture")
        << index << " " << value;
  }
  for (const int class_id : {-1, 3}) {
    EXPECT_EQ(error_after([&](auto& tensor, auto&) { tensor("classes")[0] = class_id; }),
              "a box of picture 1.jpg has an unknown class");
  }
  for (const float area : {-1.0F, nan}) {
    EXPECT_EQ(error_after([&](auto& tensor, auto&) { tensor("areas")[0] = area; }),
              "a box of picture 1.jpg has no finite area");
  }
  for (const float score : {-0.5F, 1.5F, nan}) {
    EXPECT_EQ(error_after([&](auto& tensor, auto&) { tensor("scores")[0] = score; }),
              "a box of picture 1.jpg has a score that is not between 0 and 1");
  }
  EXPECT_EQ(error_after([](auto& tensor, auto&) { tensor("scores") = Tensor(torch::ones({2})); }),
            "tensor scores has a wrong type or shape");
}

TEST_F(PackedDataset, AMissingTensorIsNamed) {
  for (const std::string name : {"bytes", "byte_offsets", "ids", "sizes", "boxes", "classes", "crowd", "areas",
                                 "box_offsets", "not_exhaustive", "file_names"}) {
    ASSERT_TRUE(write_packed(path_, make_dataset(3)));
    NamedTensors tensors;
    Metadata metadata;
    {
      const auto file = Safetensors::open(path_);
      metadata = file->metadata();
      for (const std::string& other : file->names()) {
        if (other != name) tensors.emplace_back(other, *file->tensor(other));
      }
    }
    ASSERT_TRUE(write_safetensors(path_, tensors, metadata));
    EXPECT_EQ(error_of({path_}), path_.string() + ": tensor " + name + " is missing");
  }
}

TEST_F(PackedDataset, AFileWithoutScoresIsPeoplesLabels) {
  ASSERT_TRUE(write_packed(path_, make_dataset(3)));
  NamedTensors tensors;
  Metadata metadata;
  {
    const auto file = Safetensors::open(path_);
    metadata = file->metadata();
    for (const std::string& name : file->names()) {
      if (name != "scores") tensors.emplace_back(name, *file->tensor(name));
    }
  }
  ASSERT_TRUE(write_safetensors(path_, tensors, metadata));
  Dataset expected = make_dataset(3);
  for (auto& picture : expected.pictures) {
    for (auto& object : picture.objects) object.score = 1;
  }
  const auto back = load_packed({path_});
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(expected, *back);
}

TEST_F(PackedDataset, SurvivesMutations) {
  ASSERT_TRUE(write_packed(path_, make_dataset(4)));
  std::ifstream in(path_, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  std::mt19937 random(1);
  const auto check = [&](const std::string& bytes) {
    const fs::path path = folder_ / "mutant.safetensors";
    std::ofstream(path, std::ios::binary) << bytes;
    const auto dataset = load_packed({path});
    if (!dataset) {
      ASSERT_NE(dataset.error().message.find(path.string()), std::string::npos);
      return;
    }
    unsigned sum = 0;  // touches every byte, for the sanitizers
    for (const LabelledPicture& picture : dataset->pictures) {
      for (const uint8_t byte : picture.encoded) sum += byte;
      for (const LabelledObject& object : picture.objects) ASSERT_LT(object.class_id, 100);
    }
    ASSERT_GE(sum, 0U);
  };
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = good;
    for (uint32_t j = 0; j < 1 + random() % 4; ++j) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    check(bytes);
  }
}

}  // namespace
}  // namespace dualsight
