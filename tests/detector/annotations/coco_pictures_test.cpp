#include "detector/annotations/coco_pictures.h"

#include <opencv2/imgproc.hpp>

#include "detector/data/jpeg.h"
#include "tests/detector/support/coco_set.h"

namespace dualsight {
namespace {

// 64x48, black but for a white rectangle that people see at (40, 8) to (56, 24): stored so that the EXIF orientation
// `tag` (TIFF 6.0, tag 274) turns it upright.
class TurnedPicture : public Coco {
 protected:
  static cv::Mat upright() {
    cv::Mat picture(48, 64, CV_8UC3, cv::Scalar::all(0));
    cv::rectangle(picture, cv::Rect(40, 8, 16, 16), cv::Scalar::all(255), cv::FILLED);
    return picture;
  }

  // The inverse of what the tag asks for: 2 mirror, 3 half a turn, 4 upside down, 5 transpose, 6 a quarter clockwise,
  // 7 along the other diagonal, 8 a quarter the other way.
  static cv::Mat stored(int tag) {
    cv::Mat picture = upright(), out = picture;
    if (tag == 2) cv::flip(picture, out, 1);
    if (tag == 3) cv::flip(picture, out, -1);
    if (tag == 4) cv::flip(picture, out, 0);
    if (tag == 5) cv::transpose(picture, out);
    if (tag == 6) cv::rotate(picture, out, cv::ROTATE_90_COUNTERCLOCKWISE);
    if (tag == 7) cv::rotate(picture, out, cv::ROTATE_180), cv::transpose(out.clone(), out);
    if (tag == 8) cv::rotate(picture, out, cv::ROTATE_90_CLOCKWISE);
    return out;
  }

  void add_turned(const std::string& name, int tag, const std::string& trailer = "") {
    std::vector<uint8_t> bytes;
    ASSERT_TRUE(cv::imencode(".jpg", stored(tag), bytes, {cv::IMWRITE_JPEG_QUALITY, 98}));
    std::string file(bytes.begin(), bytes.end());
    std::string exif(
        "\xFF\xE1\x00\x22"
        "Exif\0\0"
        "MM\0\x2A\0\0\0\x08"
        "\0\x01"
        "\x01\x12\0\x03\0\0\0\x01\0?\0\0"
        "\0\0\0\0",
        36);
    exif[exif.find('?')] = static_cast<char>(tag);
    file.insert(2, exif);
    write("images/" + name, file + trailer);
  }

  // Mean grey level inside the first label of the first picture, and outside of it.
  static std::pair<double, double> inside_and_outside(const Dataset& dataset) {
    const LabelledPicture& picture = dataset.pictures.at(0);
    const auto image = decode_jpeg(picture.encoded);
    EXPECT_TRUE(image);
    const Box& b = picture.objects.at(0).box;
    double inside = 0, outside = 0;
    int in = 0, out = 0;
    for (int y = 0; y < image->height; ++y) {
      for (int x = 0; x < image->width; ++x) {
        const bool is_in = x >= b.x1 && x < b.x2 && y >= b.y1 && y < b.y2;
        (is_in ? inside : outside) += image->pixels[static_cast<std::size_t>((y * image->width + x) * 3)];
        ++(is_in ? in : out);
      }
    }
    return {inside / in, outside / out};
  }
  void expect_label_on_rectangle(const std::string& what) {
    const auto dataset = load();
    ASSERT_TRUE(dataset) << dataset.error().message;
    const auto [inside, outside] = inside_and_outside(*dataset);
    EXPECT_GT(inside, 240) << what;
    EXPECT_LT(outside, 10) << what;
  }
};

TEST_F(TurnedPicture, LabelsAreOfThePictureAsPeopleSeeIt) {
  for (int tag = 1; tag <= 8; ++tag) {
    add_turned("a.jpg", tag);
    for (const std::string size : {R"(, "width": 64, "height": 48)", R"(, "width": 0, "height": 0)", ""}) {
      write_set(R"({"id": 1, "file_name": "a.jpg")" + size + "}", box("[40, 8, 16, 16]"));
      expect_label_on_rectangle(std::to_string(tag) + size);
      EXPECT_TRUE(problems_.doubts.empty()) << problems_.doubts[0];
    }
    // Labels made on a copy of half the size.
    write_set(R"({"id": 1, "file_name": "a.jpg", "width": 32, "height": 24})", box("[20, 4, 8, 8]"));
    expect_label_on_rectangle(std::to_string(tag) + " half");
  }
}

TEST_F(TurnedPicture, SizesAsStoredWithLabelsThatReachBeyondAreOfTheUprightPicture) {
  add_turned("a.jpg", 6);
  write_set(R"({"id": 1, "file_name": "a.jpg", "width": 48, "height": 64})", box("[40, 8, 16, 16]"));
  expect_label_on_rectangle("sizes as stored");
  ASSERT_EQ(problems_.doubts.size(), 1U);
  EXPECT_EQ(problems_.doubts[0],
            "a.jpg: width and height are swapped in the JSON (48x64), for labels reach beyond; taken as 64x48");
}

// A quarter clockwise brings the stored (8, 8) to (24, 24) to the upright (40, 8) to (56, 24).
TEST_F(TurnedPicture, SizesAndLabelsAsStoredAreOfTheStoredPicture) {
  add_turned("a.jpg", 6);
  write_set(R"({"id": 1, "file_name": "a.jpg", "width": 48, "height": 64})", box("[8, 8, 16, 16]"));
  expect_label_on_rectangle("as stored");
}

TEST_F(TurnedPicture, WhatFollowsTheJpegChangesNothing) {
  add_turned("a.jpg", 6, std::string(100'000, 'x'));
  write_set(R"({"id": 1, "file_name": "a.jpg", "width": 64, "height": 48})", box("[40, 8, 16, 16]"));
  expect_label_on_rectangle("trailer");
}

TEST_F(TurnedPicture, AnotherShapeThanTheJsonSaysIsNamed) {
  add_turned("a.jpg", 1);
  write_set(R"({"id": 1, "file_name": "a.jpg", "width": 100, "height": 48})", box("[40, 8, 16, 16]"));
  ASSERT_TRUE(load());
  ASSERT_EQ(problems_.doubts.size(), 1U);
  EXPECT_EQ(problems_.doubts[0], "a.jpg: the JSON says 100x48, the picture is 64x48; its labels are stretched to fit");
}

// Of no use to a reader that refuses it later: said at once. (PNG, for it is small.)
TEST_F(TurnedPicture, PicturesOver64MegapixelsAreSkippedAndNamed) {
  add_turned("a.jpg", 1);
  ASSERT_TRUE(cv::imwrite((folder_ / "images/b.png").string(), cv::Mat(8001, 8000, CV_8UC1, cv::Scalar(0))));
  write_set(R"({"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.png"})", box("[40, 8, 16, 16]"));
  const auto dataset = load();
  ASSERT_TRUE(dataset) << dataset.error().message;
  EXPECT_EQ(dataset->pictures.size(), 1U);
  EXPECT_EQ(problems_.lines, (Lines{"b.png: has 8000x8001 pixels; at most 64 megapixels are read"}));
}

}  // namespace
}  // namespace dualsight
