#include "detector/annotations/coco_checks.h"

#include "tests/detector/support/coco_set.h"

namespace dualsight {
namespace {

class CocoMistakes : public Coco {
 protected:
  // Of one picture of 100x80.
  Lines doubts_of(const std::string& annotations) {
    add_picture("a.jpg", 100, 80);
    write_set(R"({"id": 1, "file_name": "a.jpg", "width": 100, "height": 80})", annotations);
    EXPECT_TRUE(load());
    Lines lines = problems_.doubts;
    const std::string file = (folder_ / "annotations.json").string() + ": ";
    for (std::string& line : lines) {
      if (line.starts_with(file)) line.erase(0, file.size());
    }
    return lines;
  }
};

TEST_F(CocoMistakes, GoodSetsGiveNoLine) {
  EXPECT_EQ(doubts_of(box("[10, 10, 20, 20]") + "," + box("[60, 50, 45, 10]") + "," + box("[0, 0, 5, 5]")), Lines{});
}

TEST_F(CocoMistakes, CrowdsAlone) {
  const std::string crowd = R"({"image_id": 1, "category_id": 3, "bbox": [1, 2, 30, 40], "iscrowd": 1})";
  EXPECT_EQ(doubts_of(crowd), (Lines{"all 1 boxes are marked as crowds (\"iscrowd\": 1), and nothing is learnt from "
                                     "those: single objects need 0"}));
  EXPECT_EQ(doubts_of(crowd + "," + box("[5, 5, 5, 5]")), Lines{});
}

TEST_F(CocoMistakes, FractionsOfThePicture) {
  EXPECT_EQ(doubts_of(box("[0.2, 0.3, 0.5, 0.1]") + "," + box("[0, 0, 1, 1]")),
            (Lines{"all 2 boxes lie within one pixel: they look like fractions of the picture, as YOLO has them; "
                   "COCO's are pixels"}));
}

TEST_F(CocoMistakes, CornersForSizes) {
  EXPECT_EQ(
      doubts_of(box("[50, 40, 90, 70]") + "," + box("[10, 10, 30, 30]")),
      (Lines{"1 of 2 boxes reach beyond their pictures: they look like corners (x1, y1, x2, y2); COCO's are x, y, "
             "width, height"}));
}

TEST_F(CocoMistakes, EveryBoxTwice) {
  const std::string one = box("[10, 10, 20, 20]"), other = box("[40, 40, 20, 20]");
  EXPECT_EQ(doubts_of(one + "," + one + "," + other + "," + other),
            (Lines{"2 of 4 boxes are there more than once (same picture, class and place): was the set merged with "
                   "itself?"}));
}

TEST_F(CocoMistakes, OneFileUnderTwoIds) {
  add_picture("a.jpg", 100, 80);
  write_set(R"({"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "a.jpg"})", box("[10, 10, 20, 20]"));
  ASSERT_TRUE(load());
  ASSERT_EQ(problems_.doubts.size(), 1U);
  EXPECT_TRUE(
      problems_.doubts[0].ends_with("1 files are pictures under two ids or more (a.jpg): each is learnt from as "
                                    "often, and may lack the labels of the others"))
      << problems_.doubts[0];
}

TEST_F(CocoMistakes, ClassNamesAreOnOneLineAndNeitherEmptyNorDoubled) {
  add_picture("a.jpg", 100, 80);
  const auto names = [this](const std::string& first, const std::string& second) {
    write("annotations.json", R"({"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [)" +
                                  box("[10, 10, 20, 20]") + R"(], "categories": [{"id": 3, "name": ")" + first +
                                  R"("}, {"id": 7, "name": ")" + second + R"("}]})");
    const auto dataset = load();
    if (!dataset) return Lines{dataset.error().message.substr(dataset.error().message.rfind(": ") + 2)};
    return dataset->class_names;
  };
  EXPECT_EQ(names(R"( guide\ndog\n)", "cat"), (Lines{"guide dog", "cat"}));
  EXPECT_EQ(names("dog", R"( \n)"), (Lines{"the category with id 7 has an empty name"}));
  EXPECT_EQ(names("dog", R"(dog\r\n)").at(0), "rename one, or merge them");
}

}  // namespace
}  // namespace dualsight
