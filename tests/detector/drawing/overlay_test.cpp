#include "detector/drawing/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace dualsight {
namespace {

const cv::Scalar kGrey(90, 90, 90);
const std::vector<std::string> kNames = {"dog", "cat", "person"};
constexpr OverlayStyle kBoxesOnly{false, false, 1};

using Color = std::tuple<int, int, int>;  // r, g, b

Color color_at(const cv::Mat& bgr, int x, int y) {
  const auto& pixel = bgr.at<cv::Vec3b>(y, x);
  return {pixel[2], pixel[1], pixel[0]};
}
Color color_of(Rgb color) { return {color.r, color.g, color.b}; }

// 255 where the two differ.
cv::Mat difference(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat mask(a.size(), CV_8U, cv::Scalar(0));
  for (int y = 0; y < a.rows; ++y) {
    for (int x = 0; x < a.cols; ++x) mask.at<uint8_t>(y, x) = color_at(a, x, y) == color_at(b, x, y) ? 0 : 255;
  }
  return mask;
}

cv::Rect bounds(const cv::Mat& mask) {
  int left = mask.cols, top = mask.rows, right = -1, bottom = -1;
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      if (mask.at<uint8_t>(y, x) == 0) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  return right < 0 ? cv::Rect() : cv::Rect(left, top, right - left + 1, bottom - top + 1);
}

cv::Mat drawn(cv::Size size, const std::vector<Detection>& detections, const OverlayStyle& style,
              const std::vector<std::string>& names = kNames) {
  cv::Mat picture(size, CV_8UC3, kGrey);
  draw_detections(picture, detections, names, style);
  return picture;
}

// Where the label of a detection lies: what labels change.
cv::Rect label_of(cv::Size size, const Detection& detection, bool coordinates = false) {
  return bounds(difference(drawn(size, {detection}, {true, coordinates, 1}), drawn(size, {detection}, kBoxesOnly)));
}

bool untouched(const cv::Mat& picture) {
  return cv::countNonZero(difference(picture, cv::Mat(picture.size(), CV_8UC3, kGrey))) == 0;
}

// WCAG 2.1, "contrast ratio".
double contrast(Color a, Color b) {
  const auto luminance = [](Color color) {
    const auto linear = [](int value) {
      const double v = value / 255.0;
      return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    const auto [r, g, blue] = color;
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(blue);
  };
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

TEST(ClassColor, StartsWithOkabeIto) {
  // Okabe and Ito's table, without black
  const std::vector<Color> published = {{230, 159, 0}, {86, 180, 233}, {0, 158, 115},  {240, 228, 66},
                                        {0, 114, 178}, {213, 94, 0},   {204, 121, 167}};
  for (std::size_t i = 0; i < published.size(); ++i)
    EXPECT_EQ(color_of(class_color(static_cast<int>(i))), published[i]);
}

TEST(ClassColor, ThirtyFiveDifferThenRepeat) {
  std::set<Color> colors;
  for (int i = 0; i < 35; ++i) colors.insert(color_of(class_color(i)));
  EXPECT_EQ(colors.size(), 35U);
  EXPECT_EQ(color_of(class_color(35)), color_of(class_color(0)));
  class_color(-1);
  class_color(std::numeric_limits<int>::min());
}

TEST(Overlay, ChosenColours) {
  OverlayStyle style = kBoxesOnly;
  style.colors = {{1, 2, 3}, {200, 100, 50}};
  const cv::Mat picture = drawn({100, 100}, {{1, 0.9F, {10, 20, 30, 40}}, {2, 0.8F, {50, 20, 70, 40}}}, style);
  EXPECT_EQ(color_at(picture, 10, 30), Color(200, 100, 50));
  EXPECT_EQ(color_at(picture, 50, 30), color_of(class_color(2)));  // of which nothing was said
  style.labels = true;
  const cv::Mat labelled = drawn({100, 100}, {{1, 0.9F, {10, 20, 30, 40}}}, style);
  EXPECT_EQ(color_at(labelled, 11, 18), Color(200, 100, 50));  // the label's background, above the box's left edge
}

TEST(Overlay, BordersAndNothingElse) {
  // A 100 x 100 picture has lines 1 wide: the outline of x 10..49, y 20..79 (40 x 60) is 2 * 40 + 2 * 58 = 196 pixels.
  const cv::Mat picture = drawn({100, 100}, {{1, 0.9F, {10, 20, 50, 80}}}, kBoxesOnly);
  int changed = 0;
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) {
      const bool inside = x >= 10 && x <= 49 && y >= 20 && y <= 79;
      const bool edge = inside && (x == 10 || x == 49 || y == 20 || y == 79);
      EXPECT_EQ(color_at(picture, x, y), edge ? color_of(class_color(1)) : Color(90, 90, 90)) << x << ',' << y;
      changed += edge ? 1 : 0;
    }
  }
  EXPECT_EQ(changed, 196);
}

TEST(Overlay, FractionsCoverThePixelsTouched) {
  // x from 10.6 to 20.2 touches pixels 10..20, y from 5.0 to 9.0 pixels 5..8
  const cv::Mat picture = drawn({100, 100}, {{0, 0.9F, {10.6F, 5, 20.2F, 9}}}, kBoxesOnly);
  EXPECT_EQ(bounds(difference(picture, drawn({100, 100}, {}, {}))), cv::Rect(10, 5, 11, 4));
}

TEST(Overlay, LinesGrowWithPictureAndScale) {
  const auto thickness = [](cv::Size size, float scale) {
    const cv::Mat picture =
        drawn(size, {{0, 0.9F, {0, 0, float(size.width), float(size.height)}}}, {false, false, scale});
    int count = 0;
    while (color_at(picture, count, size.height / 2) != Color(90, 90, 90)) ++count;
    return count;
  };
  EXPECT_EQ(thickness({100, 100}, 1), 1);
  EXPECT_GE(thickness({1280, 720}, 1), 3);
  EXPECT_GT(thickness({1280, 720}, 2), thickness({1280, 720}, 1));
  EXPECT_GT(thickness({3840, 2160}, 1), thickness({1280, 720}, 1));
}

TEST(Overlay, TheBetterIsInFront) {
  for (const bool swapped : {false, true}) {
    std::vector<Detection> both = {{0, 0.3F, {10, 10, 50, 50}}, {1, 0.8F, {10, 30, 50, 70}}};
    if (swapped) std::swap(both[0], both[1]);
    EXPECT_EQ(color_at(drawn({100, 100}, both, kBoxesOnly), 10, 40), color_of(class_color(1)));
  }
}

TEST(Overlay, LabelsAreLegible) {
  for (int class_id = 0; class_id < 100; ++class_id) {
    const std::vector<Detection> one = {{class_id, 0.9F, {100, 100, 300, 300}}};
    const cv::Mat with = drawn({400, 400}, one, {}), without = drawn({400, 400}, one, kBoxesOnly);
    const cv::Rect label = bounds(difference(with, without));
    const Color background = color_at(with, label.x, label.y);
    EXPECT_EQ(background, color_of(class_color(class_id)));
    // the letters: smoothed at their edges, so the strongest pixels tell; there must be many of them
    int legible = 0;
    for (int y = label.y; y < label.br().y; ++y) {
      for (int x = label.x; x < label.br().x; ++x) legible += contrast(color_at(with, x, y), background) >= 4.5 ? 1 : 0;
    }
    EXPECT_GT(legible, 50) << "class " << class_id;
  }
}

TEST(Overlay, LabelsStayInsideThePicture) {
  const cv::Size size(300, 200);
  const cv::Rect free = label_of(size, {0, 0.9F, {120, 80, 220, 150}});
  ASSERT_FALSE(free.empty());
  EXPECT_EQ(free.x, 120);
  EXPECT_EQ(free.br().y, 80);  // sits on the box
  // at every corner and edge it is as large as in the middle: what a label inside a box hides of the border is a
  // part of the label, so only its other parts count as changed; the letters' box may lose a line's width
  for (const Box& box : {Box{0, 0, 40, 40}, Box{260, 0, 300, 40}, Box{0, 160, 40, 200}, Box{260, 160, 300, 200},
                         Box{0, 0, 300, 200}, Box{130, 0, 140, 200}, Box{0, 90, 300, 92}}) {
    const cv::Rect label = label_of(size, {0, 0.9F, box});
    EXPECT_NEAR(label.width, free.width, 2) << box.x1 << ',' << box.y1;
    EXPECT_NEAR(label.height, free.height, 2) << box.x1 << ',' << box.y1;
  }
}

TEST(Overlay, CoordinatesAreASecondLine) {
  const Detection one{0, 0.9F, {100, 100, 300, 300}};
  const cv::Rect short_label = label_of({400, 400}, one), long_label = label_of({400, 400}, one, true);
  EXPECT_GT(long_label.height, short_label.height * 3 / 2);
  EXPECT_GT(long_label.width, short_label.width);
}

TEST(Overlay, AFollowedObjectsLabelHasItsNumber) {
  Detection tracked{0, 0.9F, {100, 100, 300, 300}, 3}, alone = tracked;
  alone.track_id = 0;
  OverlayStyle without;
  without.tracks = false;
  const cv::Size size(400, 400);
  EXPECT_GT(label_of(size, tracked).width, label_of(size, alone).width);
  EXPECT_EQ(label_of(size, tracked).height, label_of(size, alone).height);
  EXPECT_EQ(cv::countNonZero(difference(drawn(size, {tracked}, without), drawn(size, {alone}, {}))), 0);
  // As the window writes it: the number stands behind the name.
  EXPECT_EQ(cv::countNonZero(difference(drawn(size, {tracked}, {}), drawn(size, {alone}, {}, {"dog #3"}))), 0);
}

TEST(Overlay, LabelsDoNotCoverEachOther) {
  // five classes on one spot: each label shows as many pixels as when it is alone
  const cv::Size size(400, 400);
  std::vector<Detection> all;
  for (int c = 0; c < 5; ++c) all.push_back({c, 0.9F - 0.1F * static_cast<float>(c), {150, 150, 250, 250}});
  const cv::Mat mask = difference(drawn(size, all, {}), drawn(size, all, kBoxesOnly));
  int alone = 0;
  for (const Detection& one : all) {
    const cv::Rect label = label_of(size, one);
    alone += label.area();
  }
  // inside the box a label hides some of the border's own colour, which is not a change: 5 % is enough for that
  EXPECT_NEAR(cv::countNonZero(mask), alone, 0.05 * alone);
}

TEST(Overlay, CrowdedOutLabelsAreLeftOut) {
  // A picture with room for one label, and two detections on one spot: it looks as if only the better were there.
  const Detection better{0, 0.9F, {0, 0, 80, 20}}, worse{1, 0.5F, {0, 0, 80, 20}};
  ASSERT_FALSE(label_of({80, 20}, better).empty());
  const cv::Mat both = drawn({80, 20}, {worse, better}, {}), alone = drawn({80, 20}, {better}, {});
  EXPECT_EQ(cv::countNonZero(difference(both, alone)), 0);
}

TEST(Overlay, UnknownAndForeignNamesGetANumber) {
  const std::vector<Detection> one = {{1, 0.9F, {50, 50, 150, 150}}};
  const cv::Mat wanted = drawn({200, 200}, one, {}, {"", "class 1"});
  for (const auto& names : {std::vector<std::string>{}, {"dog"}, {"dog", ""}, {"dog", "\xE7\x8B\x97"}}) {
    EXPECT_EQ(cv::countNonZero(difference(drawn({200, 200}, one, {}, names), wanted)), 0);
  }
  EXPECT_FALSE(untouched(drawn({200, 200}, {{-3, 0.9F, {50, 50, 150, 150}}}, {})));
}

TEST(Overlay, BoxesWithoutAreaInThePictureAreSkipped) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  for (const Box& box :
       {Box{-50, 10, -10, 20}, Box{100, 10, 120, 20}, Box{10, 100, 20, 120}, Box{10, -9, 20, 0}, Box{nan, 0, 10, 10},
        Box{0, 0, 10, nan}, Box{-infinity, 0, infinity, 10}, Box{20, 20, 10, 10}, Box{20, 20, 20, 30}}) {
    EXPECT_TRUE(untouched(drawn({100, 100}, {{0, 0.9F, box}}, {true, true, 1}))) << box.x1 << ' ' << box.y2;
  }
  EXPECT_TRUE(untouched(drawn({100, 100}, {{0, nan, {10, 10, 20, 20}}}, {})));
}

TEST(Overlay, BoxesAreClipped) {
  // far over every edge: the border runs round the picture
  const cv::Mat picture = drawn({100, 100}, {{0, 0.9F, {-1e30F, -50, 1e30F, 1e9F}}}, kBoxesOnly);
  EXPECT_EQ(cv::countNonZero(difference(picture, drawn({100, 100}, {}, {}))), 396);  // 4 * 100 - 4
}

TEST(Overlay, TinyPictures) {
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(2, 1), cv::Size(1, 50), cv::Size(50, 1), cv::Size(9, 9)}) {
    const cv::Mat picture = drawn(size, {{0, 0.9F, {0, 0, float(size.width), float(size.height)}}}, {true, true, 1});
    EXPECT_EQ(color_at(picture, 0, 0), color_of(class_color(0)));
  }
  cv::Mat empty;
  draw_detections(empty, {{0, 0.9F, {0, 0, 1, 1}}}, kNames);
  EXPECT_TRUE(empty.empty());
}

TEST(Overlay, OddScalesDoNoHarm) {
  // Scales reach from 0.1 to 10; what is beyond counts as the nearest, what is not finite as 1. In a picture whose
  // width and height are 350 on average a border is 1 + scale pixels wide, rounded: 1, 2 or 11.
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const cv::Rect inside(20, 20, 400, 300), box(50, 100, 300, 150);
  for (const auto& [scale, border] : {std::pair{0.0F, 1},
                                      {-1.0F, 1},
                                      {1e-9F, 1},
                                      {1e9F, 11},
                                      {kInfinity, 2},
                                      {-kInfinity, 2},
                                      {std::numeric_limits<float>::quiet_NaN(), 2}}) {
    cv::Mat whole(340, 440, CV_8UC3, kGrey);
    cv::Mat picture = whole(inside);
    draw_detections(picture, {{0, 0.9F, {50, 100, 350, 250}}}, kNames, {true, true, scale});
    const cv::Mat changed = difference(whole, cv::Mat(whole.size(), CV_8UC3, kGrey));
    EXPECT_EQ(bounds(changed) & inside, bounds(changed)) << scale;  // nothing outside the picture

    const cv::Mat row = changed(inside).row(200);  // through the box, below any label
    EXPECT_EQ(bounds(row.colRange(0, 200)), cv::Rect(box.x, 0, border, 1)) << scale;
    EXPECT_EQ(bounds(row.colRange(200, 400)), cv::Rect(350 - border - 200, 0, border, 1)) << scale;

    const cv::Rect label = bounds(changed(inside).rowRange(0, box.y));
    EXPECT_EQ(label.br().y, box.y) << scale;  // it sits on the box
    const Color background = color_of(class_color(0));
    int legible = 0;
    for (int y = label.y; y < label.br().y; ++y) {
      for (int x = label.x; x < label.br().x; ++x)
        legible += contrast(color_at(picture, x, y), background) >= 4.5 ? 1 : 0;
    }
    EXPECT_GT(legible, 50) << scale;
  }
}

TEST(Overlay, DrawsOnlyWithinARegion) {
  cv::Mat whole(200, 200, CV_8UC3, kGrey);
  cv::Mat region = whole(cv::Rect(50, 50, 100, 100));
  draw_detections(region, {{0, 0.9F, {-5, -5, 200, 200}}, {1, 0.5F, {60, 60, 99, 99}}}, kNames, {true, true, 1});
  const cv::Mat mask = difference(whole, cv::Mat(200, 200, CV_8UC3, kGrey));
  EXPECT_EQ(bounds(mask), cv::Rect(50, 50, 100, 100));
}

TEST(ContactSheet, TilesInReadingOrder) {
  // 5 frames of 40 x 20 in 3 columns of tiles 60 x 30: 2 rows; the gap is max(2, 60/60) = 2:
  // width 2 + 3 * 62 = 188, height 2 + 2 * 32 = 66; tile (c, r) is centred on (32 + 62 c, 17 + 32 r)
  std::vector<cv::Mat> frames;
  for (int i = 0; i < 5; ++i) frames.emplace_back(20, 40, CV_8UC3, cv::Scalar(0, 0, 50 + 40 * i));
  const cv::Mat sheet = contact_sheet(frames, 3, 60);
  ASSERT_EQ(sheet.size(), cv::Size(188, 66));
  for (int i = 0; i < 5; ++i) {
    for (const auto& [dx, dy] : {std::pair{0, 0}, {-30, -15}, {29, 14}}) {
      EXPECT_EQ(color_at(sheet, 32 + 62 * (i % 3) + dx, 17 + 32 * (i / 3) + dy), Color(50 + 40 * i, 0, 0)) << i;
    }
  }
  const Color gap = color_at(sheet, 0, 0);
  EXPECT_EQ(color_at(sheet, 32 + 62 * 2, 17 + 32), gap);  // the sixth tile has no frame
  EXPECT_EQ(color_at(sheet, 62, 17), gap);                // between the first two
}

TEST(ContactSheet, OtherShapesAreFittedWhole) {
  const cv::Mat wide(20, 40, CV_8UC3, cv::Scalar(0, 0, 200)), tall(40, 20, CV_8UC3, cv::Scalar(0, 200, 0));
  const cv::Mat sheet = contact_sheet({wide, tall, cv::Mat()}, 3, 60);
  // the tall frame is 15 x 30 in the middle of its tile, whose pixels are x 64..123: columns 86..100
  EXPECT_EQ(color_at(sheet, 93, 2), Color(0, 200, 0));
  EXPECT_EQ(color_at(sheet, 93, 31), Color(0, 200, 0));
  EXPECT_EQ(color_at(sheet, 84, 17), color_at(sheet, 0, 0));
  EXPECT_EQ(color_at(sheet, 103, 17), color_at(sheet, 0, 0));
  EXPECT_EQ(color_at(sheet, 32 + 62 * 2, 17), color_at(sheet, 0, 0));  // the empty frame
}

TEST(ContactSheet, OddRequests) {
  EXPECT_TRUE(contact_sheet({}, 3, 60).empty());
  EXPECT_TRUE(contact_sheet({cv::Mat()}, 3, 60).empty());
  const cv::Mat frame(20, 40, CV_8UC3, kGrey);
  EXPECT_EQ(contact_sheet({frame}, 5, 60).size(), cv::Size(64, 34));  // no wider than there are frames
  EXPECT_EQ(contact_sheet({frame, frame}, 0, 60).size(), cv::Size(64, 66));
  EXPECT_FALSE(contact_sheet({frame}, 1, -5).empty());
  EXPECT_FALSE(contact_sheet({cv::Mat(1, 2000, CV_8UC3, kGrey), cv::Mat(2000, 1, CV_8UC3, kGrey)}, 2, 10).empty());
}

}  // namespace
}  // namespace dualsight
