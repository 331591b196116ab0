#include "app/sources/libav.h"

#include <gtest/gtest.h>

#include <array>

#include "app/sources/video_decoder.h"
#include "tests/app/support/video_support.h"

namespace dualsight {
namespace {

constexpr int32_t one = 1 << 16;

// x' = a x + c y, y' = b x + d y.
Orientation of(int32_t a, int32_t b, int32_t c, int32_t d) {
  const std::array<int32_t, 9> matrix{a, b, 0, c, d, 0, 0, 0, 1 << 30};
  return orientation_from_matrix(matrix.data());
}

// 1 2 3
// 4 5 6, one byte a pixel in each channel.
cv::Mat six() {
  cv::Mat picture(2, 3, CV_8UC3);
  for (int i = 0; i < 6; ++i) picture.at<cv::Vec3b>(i / 3, i % 3) = cv::Vec3b::all(static_cast<uchar>(i + 1));
  return picture;
}

std::vector<int> rows_of(const cv::Mat& picture) {
  std::vector<int> values{picture.cols};
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) values.push_back(picture.at<cv::Vec3b>(y, x)[0]);
  }
  return values;
}

// The first number is the width.
TEST(Orientation, EveryDisplayMatrixStandsUpright) {
  const auto turned = [](int32_t a, int32_t b, int32_t c, int32_t d) {
    return rows_of(upright(six(), of(a, b, c, d)));
  };
  EXPECT_EQ(turned(one, 0, 0, one), (std::vector<int>{3, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(turned(-one, 0, 0, one), (std::vector<int>{3, 3, 2, 1, 6, 5, 4}));   // mirrored, left and right
  EXPECT_EQ(turned(one, 0, 0, -one), (std::vector<int>{3, 4, 5, 6, 1, 2, 3}));   // upside down, mirrored
  EXPECT_EQ(turned(-one, 0, 0, -one), (std::vector<int>{3, 6, 5, 4, 3, 2, 1}));  // half a turn
  EXPECT_EQ(turned(0, one, -one, 0), (std::vector<int>{2, 4, 1, 5, 2, 6, 3}));   // a quarter clockwise
  EXPECT_EQ(turned(0, -one, one, 0), (std::vector<int>{2, 3, 6, 2, 5, 1, 4}));   // a quarter the other way
  EXPECT_EQ(turned(0, one, one, 0), (std::vector<int>{2, 1, 4, 2, 5, 3, 6}));    // transposed
  EXPECT_EQ(turned(0, -one, -one, 0), (std::vector<int>{2, 6, 3, 5, 2, 4, 1}));  // along the other diagonal
}

TEST(Orientation, OddAnglesGoToTheNearestQuarter) {
  EXPECT_EQ(of(one, one / 10, -one / 10, one), Orientation());
  EXPECT_EQ(of(-one / 10, one, -one, -one / 10), of(0, one, -one, 0));
}

class DecoderTest : public TemporaryFolder {
 protected:
  std::string made(const std::string& name, const std::string& how) const {
    output_of("ffmpeg -v error " + how + " '" + at(name) + "'");
    return at(name);
  }
  static std::vector<DecodedFrame> all_of(const std::string& path) {
    std::vector<DecodedFrame> frames;
    auto decoder = VideoDecoder::open(path, {});
    EXPECT_TRUE(decoder) << decoder.error().message;
    while (decoder) {
      auto frame = (*decoder)->next();
      EXPECT_TRUE(frame);
      if (!frame || !*frame) break;
      frames.push_back(**std::move(frame));
    }
    return frames;
  }
};

// Plain colours, written by ffmpeg in each matrix and range, come back as what they were.
TEST_F(DecoderTest, ColoursAreThoseOfTheVideosMatrixAndRange) {
  for (const std::string matrix : {"bt709", "smpte170m", "bt2020nc"}) {
    for (const std::string range : {"tv", "pc"}) {
      const std::string scale_name = matrix == "bt2020nc" ? "bt2020" : matrix;
      const std::string path = made(
          matrix + range + ".mp4",
          "-f lavfi -i \"color=0x20B040:s=64x48:r=5:d=0.4,format=rgb24\" -vf \"scale=out_color_matrix=" + scale_name +
              ":out_range=" + range + ",format=yuv420p\" -colorspace " + matrix + " -color_range " + range +
              " -c:v libx264 -qp 0");
      const auto frames = all_of(path);
      ASSERT_EQ(frames.size(), 2U) << matrix << range;
      const auto pixel = frames[0].bgr.at<cv::Vec3b>(24, 32);  // blue, green, red
      EXPECT_NEAR(pixel[0], 0x40, 3) << matrix << " " << range;
      EXPECT_NEAR(pixel[1], 0xB0, 3) << matrix << " " << range;
      EXPECT_NEAR(pixel[2], 0x20, 3) << matrix << " " << range;
    }
  }
}

// Each width up to two blocks of the scaler's vector code; valgrind and the allocator would notice a write too far.
TEST_F(DecoderTest, EveryWidthIsDecodedToItsLastColumn) {
  for (int width = 32; width < 64; width += 2) {
    const std::string size = std::to_string(width) + "x18";
    const auto frames =
        all_of(made(size + ".mkv", "-f lavfi -i color=0xFFFFFF:s=" + size + ":d=0.1 -c:v ffv1 -pix_fmt yuva420p"));
    ASSERT_FALSE(frames.empty()) << size;
    EXPECT_EQ(frames[0].bgr.size(), cv::Size(width, 18));
    EXPECT_GE(cv::mean(frames[0].bgr)[1], 250) << size;
    EXPECT_GE(frames[0].bgr.at<cv::Vec3b>(17, width - 1)[1], 250) << size;
  }
}

TEST_F(DecoderTest, PicturesMayChangeTheirSizeAndPixelFormat) {
  const auto part = [&](const std::string& name, const std::string& size, const std::string& format, int start) {
    return made(name, "-f lavfi -i testsrc2=size=" + size + ":rate=25:duration=0.4 -c:v libx264 -pix_fmt " + format +
                          " -bf 0 -g 25 -output_ts_offset " + std::to_string(start));
  };
  const std::string joined = contents(part("a.ts", "320x240", "yuv420p", 0)) +
                             contents(part("b.ts", "640x360", "yuv420p", 1)) +
                             contents(part("c.ts", "640x360", "yuv444p", 2));
  const auto frames = all_of(text("joined.ts", joined));
  ASSERT_EQ(frames.size(), 30U);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(frames[i].bgr.size(), i < 10 ? cv::Size(320, 240) : cv::Size(640, 360)) << i;
    if (i % 10 == 0) continue;
    EXPECT_GT(cv::norm(frames[i].bgr, frames[i - 1].bgr, cv::NORM_INF), 0) << i << ": it stands still";
  }
  // The same picture in both pixel formats, but for the colours of half-size planes.
  EXPECT_LT(cv::norm(frames[10].bgr, frames[20].bgr, cv::NORM_L1) / (640 * 360 * 3), 8);
}

}  // namespace
}  // namespace dualsight
