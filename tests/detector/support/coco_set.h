// A COCO set in a temporary folder, and what reading it gives.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "detector/annotations/coco.h"

namespace dualsight {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;
using Lines = std::vector<std::string>;

inline const std::string kCategories = R"("categories": [{"id": 3, "name": "dog"}, {"id": 7, "name": "cat"}])";

class Coco : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("dualsight_coco_test_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "images");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void add_picture(const std::string& name, int width, int height, const std::vector<int>& parameters = {}) {
    cv::imwrite((folder_ / "images" / name).string(), cv::Mat(height, width, CV_8UC3, cv::Scalar(200, 100, 50)),
                parameters);
  }
  void write(const fs::path& name, const std::string& text) { std::ofstream(folder_ / name, std::ios::binary) << text; }
  std::string read(const fs::path& name) {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // `images` and `annotations`: the elements of the lists.
  void write_set(const std::string& images, const std::string& annotations) {
    write("annotations.json",
          "{\"images\": [" + images + "], \"annotations\": [" + annotations + "], " + kCategories + "}");
  }
  Result<Dataset> load(double max_bad_fraction = 1) {
    problems_ = {};
    return load_coco(folder_, problems_, max_bad_fraction);
  }
  std::string load_error(double max_bad_fraction = 1) {
    const auto dataset = load(max_bad_fraction);
    if (dataset) return "no error";
    EXPECT_EQ(dataset.error().kind, ErrorKind::source);
    return dataset.error().message;
  }

  fs::path folder_;
  DatasetProblems problems_;
};

inline std::string box(const std::string& numbers, int image = 1, int category = 3) {
  return "{\"image_id\": " + std::to_string(image) + ", \"category_id\": " + std::to_string(category) +
         ", \"bbox\": " + numbers + "}";
}

inline void expect_box(const Box& box, float x1, float y1, float x2, float y2) {
  EXPECT_FLOAT_EQ(box.x1, x1);
  EXPECT_FLOAT_EQ(box.y1, y1);
  EXPECT_FLOAT_EQ(box.x2, x2);
  EXPECT_FLOAT_EQ(box.y2, y2);
}

}  // namespace dualsight
