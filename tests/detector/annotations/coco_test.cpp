#include "detector/annotations/coco.h"

#include <algorithm>

#include "detector/data/jpeg.h"
#include "tests/detector/support/coco_set.h"

namespace dualsight {
namespace {

TEST_F(Coco, ReadsPicturesBoxesAndClasses) {
  add_picture("a.jpg", 40, 30);
  add_picture("b.jpg", 20, 20);
  write_set(R"({"id": 12, "file_name": "b.jpg", "width": 20, "height": 20, "not_exhaustive_category_ids": [7, 99]},
               {"id": 5, "file_name": "a.jpg", "width": 40, "height": 30})",
            R"({"id": 1, "image_id": 5, "category_id": 7, "bbox": [10, 5, 20, 15], "area": 123.5, "iscrowd": 1},
               {"id": 2, "image_id": 12, "category_id": 3, "bbox": [1.5, 2, 3, 4]})");
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  EXPECT_EQ(dataset->class_names, (Lines{"dog", "cat"}));
  EXPECT_EQ(dataset->category_ids, (std::vector<int64_t>{3, 7}));
  ASSERT_EQ(dataset->pictures.size(), 2U);

  const LabelledPicture& b = dataset->pictures[0];  // the file's order, not that of the ids
  EXPECT_EQ(b.id, 12);
  EXPECT_EQ(b.file_name, "b.jpg");
  EXPECT_EQ(b.not_exhaustive, std::vector<int>{1});  // cat; the set has no 99
  ASSERT_EQ(b.objects.size(), 1U);
  expect_box(b.objects[0].box, 1.5F, 2, 4.5F, 6);
  EXPECT_EQ(b.objects[0].class_id, 0);
  EXPECT_FALSE(b.objects[0].crowd);
  EXPECT_FLOAT_EQ(b.objects[0].area, 12);  // 3 * 4: the file gives none

  const LabelledPicture& a = dataset->pictures[1];
  EXPECT_EQ(a.width, 40);
  EXPECT_EQ(a.height, 30);
  ASSERT_EQ(a.objects.size(), 1U);
  expect_box(a.objects[0].box, 10, 5, 30, 20);
  EXPECT_EQ(a.objects[0].class_id, 1);
  EXPECT_TRUE(a.objects[0].crowd);
  EXPECT_FLOAT_EQ(a.objects[0].area, 123.5F);
  const std::string file = read("images/a.jpg");  // a baseline JPEG is passed on byte for byte
  EXPECT_EQ(std::string(a.encoded.begin(), a.encoded.end()), file);
  EXPECT_TRUE(problems_.lines.empty());
}

TEST_F(Coco, TakesAFileAndPicturesBesideIt) {
  add_picture("a.jpg", 8, 8);
  fs::rename(folder_ / "images/a.jpg", folder_ / "a.jpg");
  fs::remove_all(folder_ / "images");
  write_set(R"({"id": 1, "file_name": "a.jpg"})", "");
  fs::rename(folder_ / "annotations.json", folder_ / "mine.json");
  const auto dataset = load_coco(folder_ / "mine.json", problems_);
  ASSERT_TRUE(dataset) << dataset.error().message;
  EXPECT_EQ(dataset->pictures.size(), 1U);
}

TEST_F(Coco, ReencodesWhatIsNotBaselineJpeg) {
  add_picture("a.png", 13, 9);
  add_picture("b.jpg", 16, 10, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  write_set(R"({"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.jpg"})", "");
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  ASSERT_EQ(dataset->pictures.size(), 2U);
  for (const LabelledPicture& picture : dataset->pictures) {
    const auto image = decode_jpeg(picture.encoded);
    ASSERT_TRUE(image) << picture.file_name << ": " << image.error().message;
    EXPECT_EQ(image->width, picture.width);
    EXPECT_EQ(image->height, picture.height);
    EXPECT_NEAR(image->pixels[0], 200, 3);
    EXPECT_NEAR(image->pixels[1], 100, 3);
    EXPECT_NEAR(image->pixels[2], 50, 3);
  }
  EXPECT_EQ(dataset->pictures[0].width, 13);
  EXPECT_EQ(dataset->pictures[1].width, 16);
}

TEST_F(Coco, ClipsAndScalesBoxes) {
  add_picture("a.jpg", 40, 20);
  add_picture("b.jpg", 40, 20);
  add_picture("c.jpg", 40, 20);
  write_set(R"({"id": 1, "file_name": "a.jpg", "width": 40, "height": 20},
               {"id": 2, "file_name": "b.jpg", "width": 80, "height": 60},
               {"id": 3, "file_name": "c.jpg", "width": 0, "height": 0})",
            box("[-5, 10, 50, 50]") + R"(, {"image_id": 2, "category_id": 3, "bbox": [20, 30, 40, 15], "area": 600},)" +
                box("[20, 5, 10, 10]", 3));
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  expect_box(dataset->pictures[0].objects.at(0).box, 0, 10, 40, 20);
  // The file's 80x60 is 40x20 in truth: x halves, y is a third, the area a sixth.
  EXPECT_EQ(dataset->pictures[1].width, 40);
  EXPECT_EQ(dataset->pictures[1].height, 20);
  expect_box(dataset->pictures[1].objects.at(0).box, 10, 10, 30, 15);
  EXPECT_FLOAT_EQ(dataset->pictures[1].objects.at(0).area, 100);
  expect_box(dataset->pictures[2].objects.at(0).box, 20, 5, 30, 15);  // "width": 0 says nothing
  EXPECT_TRUE(problems_.lines.empty());
}

// A 40x20 picture whose EXIF says "turn by 90 degrees".
TEST_F(Coco, TurnsPicturesThatAreLabelledTurned) {
  add_picture("a.jpg", 40, 20);
  std::string file = read("images/a.jpg");
  const std::string exif(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08"
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
      "\0\0\0\0",
      36);
  file.insert(2, exif);
  write("images/a.jpg", file);
  write("images/b.jpg", file);
  write_set(R"({"id": 1, "file_name": "a.jpg", "width": 20, "height": 40},
               {"id": 2, "file_name": "b.jpg", "width": 40, "height": 20})",
            box("[0, 0, 20, 40]", 1) + "," + box("[0, 0, 40, 20]", 2));
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  for (const LabelledPicture& picture : dataset->pictures) {
    const auto image = decode_jpeg(picture.encoded);
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->width, picture.width);
    EXPECT_EQ(image->height, picture.height);
    expect_box(picture.objects.at(0).box, 0, 0, static_cast<float>(picture.width), static_cast<float>(picture.height));
  }
  EXPECT_EQ(dataset->pictures[0].width, 20);
  EXPECT_EQ(dataset->pictures[1].width, 40);
}

TEST_F(Coco, NamesAndCountsBadPictures) {
  add_picture("good.jpg", 10, 10);
  write("images/text.jpg", "this is no picture");
  write("images/empty.jpg", "");
  const std::string good = read("images/good.jpg");
  write("images/cut.jpg", good.substr(0, good.size() - 20));
  write_set(R"({"id": 1, "file_name": "missing.jpg"}, {"id": 2, "file_name": "text.jpg"},
               {"id": 3, "file_name": "empty.jpg"}, {"id": 4, "file_name": "cut.jpg"},
               {"id": 5, "file_name": "good.jpg"})",
            box("[1, 1, 5, 5]", 2) + "," + box("[1, 1, 5, 5]", 5));
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  ASSERT_EQ(dataset->pictures.size(), 1U);
  EXPECT_EQ(dataset->pictures[0].id, 5);
  EXPECT_EQ(problems_.pictures_skipped, 4);
  EXPECT_EQ(problems_.boxes_skipped, 0);  // a box of a skipped picture is no second problem
  EXPECT_EQ(problems_.lines, (Lines{"missing.jpg: no such file", "text.jpg: cannot be decoded",
                                    "empty.jpg: cannot be decoded", "cut.jpg: cannot be decoded"}));
}

TEST_F(Coco, NamesAndCountsBadBoxes) {
  add_picture("a.jpg", 40, 20);
  const std::string good = box("[1, 2, 3, 4]");
  write_set(R"({"id": 1, "file_name": "a.jpg"})",
            good + "," + box("[10, 20, 0, 5]") + "," + box("[10, 10, 5, -1]") + "," + box("[40, 0, 5, 5]") + "," +
                box("[-9, 0, 5, 5]") + "," + box("[1, 2, 3]") + "," + box("[1, 2, null, 4]") + "," + box("\"all\"") +
                "," + box("[1, 2, 3, 4]", 1, 99) + "," + box("[1, 2, 3, 4]", 50) +
                R"(, {"image_id": 1, "category_id": 3}, {"category_id": 3, "bbox": [1, 2, 3, 4]}, 17)");
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  EXPECT_EQ(dataset->pictures.at(0).objects.size(), 1U);
  EXPECT_EQ(problems_.boxes_skipped, 12);
  EXPECT_EQ(problems_.pictures_skipped, 0);
  EXPECT_EQ(problems_.lines, (Lines{
                                 "a.jpg: box [10, 20, 0, 5] has no width",
                                 "a.jpg: box [10, 10, 5, -1] has no height",
                                 "a.jpg: box [40, 0, 5, 5] lies outside the picture",
                                 "a.jpg: box [-9, 0, 5, 5] lies outside the picture",
                                 "a.jpg: box [1, 2, 3] is not four finite numbers",
                                 "a.jpg: box [1, 2, null, 4] is not four finite numbers",
                                 "a.jpg: box \"all\" is not four finite numbers",
                                 "a.jpg: box [1, 2, 3, 4] names unknown category 99",
                                 "box [1, 2, 3, 4] names unknown picture 50",
                                 "a.jpg: box (none) is not four finite numbers",
                                 "box [1, 2, 3, 4] names unknown picture (none)",
                                 "box (none) names unknown picture (none)",
                             }));
}

TEST_F(Coco, AScoreDecidesWhatALabelIs) {
  add_picture("a.jpg", 40, 20);
  const auto scored = [](const std::string& score, const std::string& more = "") {
    return R"({"image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4], "score": )" + score + more + "}";
  };
  write_set(R"({"id": 1, "file_name": "a.jpg"})",
            box("[1, 2, 3, 4]") + "," + scored("0.75") + "," + scored("0.4") + "," + scored("0.375") + "," +
                scored("0.25") + "," + scored("0.125") + "," + scored("0.75", R"(, "iscrowd": 1)") + "," +
                scored("null") + "," + scored("1.5") + "," + scored("-0.1") + "," + scored("\"high\""));
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  // People's, 0.75 and 0.4 are objects, 0.375 and 0.25 to be ignored, 0.125 is dropped, a crowd stays one; null is
  // none.
  const std::vector<std::pair<float, bool>> expected = {{1, false},    {0.75F, false}, {0.4F, false}, {0.375F, true},
                                                        {0.25F, true}, {0.75F, true},  {1, false}};
  ASSERT_EQ(dataset->pictures[0].objects.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(dataset->pictures[0].objects[i].score, expected[i].first) << i;
    EXPECT_EQ(dataset->pictures[0].objects[i].crowd, expected[i].second) << i;
  }
  EXPECT_EQ(problems_.lines, Lines(3, "a.jpg: box [1, 2, 3, 4] has a score that is not between 0 and 1"));
}

TEST_F(Coco, TooManyBadPicturesOrBoxesAreAnError) {
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) add_picture(name, 10, 10);
  const std::string images = R"({"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"},
                                {"id": 3, "file_name": "c.jpg"}, {"id": 4, "file_name": "d.jpg"})";
  const std::string path = (folder_ / "annotations.json").string();
  write_set(images, "");
  EXPECT_TRUE(load(0.25));  // 1 of 4 is just allowed
  EXPECT_EQ(load_error(0.24), path + ": 1 of 4 pictures are unusable: d.jpg: no such file");

  write_set(images, box("[0, 0, 0, 1]") + "," + box("[0, 0, 0, 2]") + "," + box("[0, 0, 0, 3]") + "," +
                        box("[0, 0, 0, 4]") + "," + box("[0, 0, 4, 4]"));
  EXPECT_TRUE(load(0.8));
  EXPECT_EQ(load_error(0.7), path +
                                 ": 4 of 5 boxes are unusable: a.jpg: box [0, 0, 0, 1] has no width; a.jpg: box [0, 0, "
                                 "0, 2] has no width; a.jpg: box [0, 0, 0, 3] has no width");
  EXPECT_EQ(problems_.lines.size(), 5U);  // all of them, the picture included
}

TEST_F(Coco, RefusesWhatIsNotCoco) {
  const std::string path = (folder_ / "annotations.json").string();
  EXPECT_EQ(load_error(), path + ": no such file");
  write("annotations.json", "{\"images\": [");
  EXPECT_EQ(load_error().find(path + ": not JSON: "), 0U) << load_error();
  write("annotations.json", "[]");
  EXPECT_EQ(load_error(), path + ": not COCO JSON: \"images\" is missing or not a list");
  write("annotations.json", R"({"images": [], "annotations": 5})");
  EXPECT_EQ(load_error(), path + ": not COCO JSON: \"annotations\" is missing or not a list");
  write("annotations.json", R"({"images": [], "annotations": []})");
  EXPECT_EQ(load_error(), path + ": not COCO JSON: \"categories\" is missing or not a list");
  write("annotations.json", R"({"images": [], "annotations": [], "categories": []})");
  EXPECT_EQ(load_error(), path + ": no categories");
  write("annotations.json", R"({"images": [], "annotations": [], "categories": [{"id": "1", "name": "dog"}]})");
  EXPECT_EQ(load_error(), path + ": not COCO JSON: a category without an integer \"id\" or a \"name\"");
  write("annotations.json",
        R"({"images": [], "annotations": [], "categories": [{"id": 1, "name": "dog"}, {"id": 1, "name": "cat"}]})");
  EXPECT_EQ(load_error(), path + ": two categories with id 1");
  write_set("", "");
  EXPECT_EQ(load_error(), path + ": no pictures");
  write_set(R"({"id": 1})", "");
  EXPECT_EQ(load_error(), path + ": not COCO JSON: an image without an integer \"id\" or a \"file_name\"");
  write_set(R"({"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"})", "");
  EXPECT_EQ(load_error(), path + ": two images with id 1");
  write_set(R"({"id": 1, "file_name": "a.jpg"})", "");
  EXPECT_EQ(load_error(), path + ": no pictures");  // its only one is missing
}

TEST_F(Coco, OneThreadOrManyGiveTheSameSet) {
  std::string images;
  for (int i = 0; i < 30; ++i) {
    const std::string name = std::to_string(i) + (i % 3 == 0 ? ".png" : ".jpg");
    add_picture(name, 5 + i, 8);
    images += (i > 0 ? ", " : "") + ("{\"id\": " + std::to_string(100 - i) + ", \"file_name\": \"" + name + "\"}");
  }
  write_set(images, "");
  const auto one = load_coco(folder_, problems_, 0, 1);
  const auto four = load_coco(folder_, problems_, 0, 4);
  ASSERT_TRUE(one);
  ASSERT_TRUE(four);
  ASSERT_EQ(one->pictures.size(), 30U);
  ASSERT_EQ(four->pictures.size(), 30U);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(four->pictures[i].id, 100 - i);
    EXPECT_EQ(four->pictures[i].width, 5 + i);
    EXPECT_TRUE(std::ranges::equal(one->pictures[i].encoded, four->pictures[i].encoded));
  }
}

Dataset two_pictures() {
  Dataset dataset;
  dataset.class_names = {"dog", "cat"};
  dataset.category_ids = {3, 7};
  dataset.pictures.resize(2);
  dataset.pictures[0].id = 12;
  dataset.pictures[1].id = 5;
  return dataset;
}

TEST_F(Coco, WritesResultsWithTheSetsOwnIds) {
  const Dataset dataset = two_pictures();
  const fs::path path = folder_ / "results.json";
  const auto written = write_coco_results(
      path, dataset, {{{1, 0.25F, {1, 2, 4, 7.5F}}, {0, 0.75F, {0, 0, 10, 10}}}, {{0, 0.5F, {3, 3, 5, 5}}}});
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(read("results.json"), R"([
{"image_id": 12, "category_id": 3, "bbox": [0, 0, 10, 10], "score": 0.75},
{"image_id": 12, "category_id": 7, "bbox": [1, 2, 3, 5.5], "score": 0.25},
{"image_id": 5, "category_id": 3, "bbox": [3, 3, 2, 2], "score": 0.5}
]
)");
  EXPECT_FALSE(fs::exists(folder_ / "results.json.tmp"));

  const auto back = read_coco_results(path, dataset);
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->size(), 2U);
  ASSERT_EQ((*back)[0].size(), 2U);
  ASSERT_EQ((*back)[1].size(), 1U);
  EXPECT_EQ((*back)[0][1].class_id, 1);
  EXPECT_FLOAT_EQ((*back)[0][1].confidence, 0.25F);
  expect_box((*back)[0][1].box, 1, 2, 4, 7.5F);
}

TEST_F(Coco, KnowsWhetherResultsCanTellThePicturesApart) {
  Dataset dataset = two_pictures();
  EXPECT_TRUE(ids_are_unique(dataset));
  dataset.pictures[1].id = dataset.pictures[0].id;
  EXPECT_FALSE(ids_are_unique(dataset));
}

TEST_F(Coco, WritesNoDetectionsAsAnEmptyList) {
  ASSERT_TRUE(write_coco_results(folder_ / "results.json", two_pictures(), {{}, {}}));
  const auto back = read_coco_results(folder_ / "results.json", two_pictures());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE((*back)[0].empty() && (*back)[1].empty());
}

TEST_F(Coco, ResultsIntoAFolderThatIsNotThereAreAnError) {
  const fs::path path = folder_ / "no" / "results.json";
  const auto written = write_coco_results(path, two_pictures(), {{}, {}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::output);
  EXPECT_EQ(written.error().message, path.string() + ": cannot be written");
}

// As `dualsight detect --format coco` writes them: its ids are places in its own order, and say nothing here.
TEST_F(Coco, ResultsThatNamePictureAndClassAreMatchedByName) {
  Dataset dataset = two_pictures();
  dataset.pictures[0].file_name = "sub/b.jpg";
  dataset.pictures[1].file_name = "a.jpg";
  write("results.json", R"([{"image_id": 0, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5, "file_name": "a.jpg",
                             "name": ")" +
                            dataset.class_names.at(0) + R"("},
                            {"image_id": 1, "category_id": 0, "bbox": [5, 6, 7, 8], "score": 0.25,
                             "file_name": "b.jpg", "name": ")" +
                            dataset.class_names.at(1) + R"("}])");
  const auto back = read_coco_results(folder_ / "results.json", dataset);
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ((*back)[0].size(), 1U);
  EXPECT_EQ((*back)[0][0].class_id, 1);
  expect_box((*back)[0][0].box, 5, 6, 12, 14);
  ASSERT_EQ((*back)[1].size(), 1U);
  EXPECT_EQ((*back)[1][0].class_id, 0);
  EXPECT_EQ((*back)[1][0].confidence, 0.5F);
}

TEST_F(Coco, RefusesResultsOfAnotherSet) {
  const fs::path path = folder_ / "results.json";
  const auto error_of = [&](const std::string& text) {
    write("results.json", text);
    const auto back = read_coco_results(path, two_pictures());
    return back ? std::string("no error") : back.error().message;
  };
  const std::string good = R"({"image_id": 12, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 1})";
  EXPECT_EQ(error_of("[" + good + "]"), "no error");
  EXPECT_EQ(error_of(R"([)" + good + R"(, {"image_id": 13, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 1}])"),
            path.string() + ": result 2: unknown image_id 13");
  EXPECT_EQ(error_of(R"([{"image_id": 12, "category_id": 4, "bbox": [0, 0, 1, 1], "score": 1}])"),
            path.string() + ": result 1: unknown category_id 4");
  EXPECT_EQ(error_of(R"([{"image_id": 12, "category_id": 3, "bbox": [0, 0, 1], "score": 1}])"),
            path.string() + ": result 1: needs image_id, category_id, bbox of four numbers, and score");
  EXPECT_EQ(error_of(R"([{"image_id": 12, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 1, "file_name": "z.jpg"}])"),
            path.string() + ": result 1: the data have no picture z.jpg");
  EXPECT_EQ(error_of(R"([{"image_id": 12, "category_id": 3, "bbox": [0, 0, 1, 1], "score": 1, "name": "cow"}])"),
            path.string() + ": result 1: the data have no class cow");
  EXPECT_EQ(error_of("{}"), path.string() + ": not COCO results: not a list");
  EXPECT_EQ(error_of("[").find(path.string() + ": not JSON: "), 0U);
}

}  // namespace
}  // namespace dualsight
