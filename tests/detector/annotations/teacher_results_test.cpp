#include "detector/annotations/teacher_results.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace dualsight {
namespace {

class TeacherResultsFile : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  void write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("dualsight_teacher_test_" + std::to_string(getpid()) + ".json");
};

Dataset two_pictures() {
  Dataset dataset;
  dataset.class_names = {"dog", "cat"};
  dataset.category_ids = {3, 7};
  dataset.pictures.resize(2);
  dataset.pictures[0].id = 12;
  dataset.pictures[1].id = 5;
  return dataset;
}

TEST_F(TeacherResultsFile, ReadsTheResultsOfATeacher) {
  // The name comes before the id, which may be the teacher's own; names and pictures that the set has not are left out.
  write(R"([{"image_id": 12, "name": "cat", "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.5},
            {"image_id": 5, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 1},
            {"image_id": 5, "name": "zebra", "category_id": 3, "bbox": [0, 0, 1, 1], "score": 0.9},
            {"image_id": 6, "name": "cat", "bbox": [0, 0, 1, 1], "score": 0.9}])");
  const auto results = read_teacher_results(path_, two_pictures());
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->left_out, 2);
  ASSERT_EQ(results->detections.size(), 2U);
  ASSERT_EQ(results->detections[0].size(), 1U);
  EXPECT_EQ(results->detections[0][0].class_id, 1);
  EXPECT_EQ(results->detections[0][0].confidence, 0.5F);
  const Box& box = results->detections[0][0].box;
  EXPECT_EQ(box.x1, 1);
  EXPECT_EQ(box.y1, 2);
  EXPECT_EQ(box.x2, 4);  // 1 + 3
  EXPECT_EQ(box.y2, 6);  // 2 + 4
  ASSERT_EQ(results->detections[1].size(), 1U);
  EXPECT_EQ(results->detections[1][0].class_id, 0);
}

TEST_F(TeacherResultsFile, RefusesATeacherOfAnotherSet) {
  Dataset dataset = two_pictures();
  const auto error_of = [&](const std::string& text) {
    write(text);
    const auto results = read_teacher_results(path_, dataset);
    return results ? std::string("no error") : results.error().message;
  };
  const std::string good = R"({"image_id": 12, "name": "dog", "bbox": [0, 0, 1, 1], "score": 1})";
  const std::string needs = ": needs image_id, name or category_id, bbox of four numbers, and score from 0 to 1";
  EXPECT_EQ(error_of("[" + good + "]"), "no error");
  EXPECT_EQ(error_of("{}"), path_.string() + ": not COCO results: not a list");
  EXPECT_EQ(error_of("[" + good + R"(, {"image_id": 12, "bbox": [0, 0, 1, 1], "score": 1}])"),
            path_.string() + ": result 2" + needs);
  EXPECT_EQ(error_of(R"([{"image_id": 12, "name": 3, "bbox": [0, 0, 1, 1], "score": 1}])"),
            path_.string() + ": result 1" + needs);
  EXPECT_EQ(error_of(R"([{"image_id": 12, "name": "dog", "bbox": [0, 0, 1, 1], "score": 80}])"),
            path_.string() + ": result 1" + needs);
  EXPECT_EQ(error_of("[17]"), path_.string() + ": result 1" + needs);
  EXPECT_EQ(error_of(R"([{"image_id": 13, "name": "dog", "bbox": [0, 0, 1, 1], "score": 1}])"),
            path_.string() + ": none of its results is of a picture and a class of the data");
  dataset.pictures[1].id = 12;
  EXPECT_EQ(error_of("[" + good + "]"),
            path_.string() + ": the data are several sets whose picture ids repeat, so results cannot tell them apart");
}

}  // namespace
}  // namespace dualsight
