#include "detector/drawing/blur.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

namespace dualsight {
namespace {

// Columns of black and white: in the mosaic each block is the mean of as many of both.
cv::Mat stripes() {
  cv::Mat picture(100, 200, CV_8UC3, cv::Scalar::all(0));
  for (int x = 0; x < picture.cols; x += 2) picture.col(x).setTo(cv::Scalar::all(255));
  return picture;
}

TEST(Blur, NothingOfTheInsideIsLeftAndTheOutsideStays) {
  const cv::Mat before = stripes();
  cv::Mat after = before.clone();
  // 80x40 at (40, 20), a tenth wider on each side: x from 32 to 128, y from 16 to 64. Blocks of 96 / 8 = 12 pixels.
  blur_boxes(after, {{40, 20, 120, 60}});
  for (int y = 0; y < after.rows; ++y) {
    for (int x = 0; x < after.cols; ++x) {
      const bool inside = x >= 32 && x < 128 && y >= 16 && y < 64;
      const int value = after.at<cv::Vec3b>(y, x)[1];
      if (inside) {
        EXPECT_NEAR(value, 127.5, 1) << x << ' ' << y;
      } else {
        EXPECT_EQ(value, before.at<cv::Vec3b>(y, x)[1]) << x << ' ' << y;
      }
    }
  }
}

// A slope, on which every block has a mean of its own.
TEST(Blur, ABoxWithinAnotherIsBlurredWithIt) {
  cv::Mat alone(100, 200, CV_8UC3);
  for (int x = 0; x < alone.cols; ++x) alone.col(x).setTo(cv::Scalar::all(x));
  cv::Mat both = alone.clone();
  blur_boxes(alone, {{40, 20, 120, 60}});
  blur_boxes(both, {{50, 30, 60, 40}, {40, 20, 120, 60}, {40, 20, 120, 60}});
  EXPECT_EQ(cv::norm(alone, both, cv::NORM_INF), 0);
}

TEST(Blur, BoxesAreClippedAndStrangeOnesHarmless) {
  cv::Mat picture = stripes();
  blur_boxes(picture, {{-50, -50, 10, 10},
                       {190, 90, 500, 400},
                       {300, 300, 400, 400},
                       {50, 50, 50, 50},
                       {60, 60, 40, 40},
                       {-1e9F, 0, -1e8F, 50}});
  EXPECT_NEAR(picture.at<cv::Vec3b>(5, 5)[0], 127.5, 30);  // 16x16 blocks of 2 pixels
  EXPECT_NEAR(picture.at<cv::Vec3b>(95, 195)[0], 127.5, 30);
  EXPECT_EQ(picture.at<cv::Vec3b>(50, 50)[0], 255);
  cv::Mat nothing;
  blur_boxes(nothing, {{0, 0, 10, 10}});
}

}  // namespace
}  // namespace dualsight
