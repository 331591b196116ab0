// The independent source is libjpeg, by way of OpenCV.
#include "detector/data/jpeg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

namespace dualsight {
namespace {

using Bytes = std::vector<uint8_t>;

// Smooth colours with a few hard edges, as photographs have.
cv::Mat make_picture(int width, int height) {
  cv::Mat picture(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool inside = (x / 7 + y / 5) % 3 == 0;
      picture.at<cv::Vec3b>(y, x) =
          cv::Vec3b(static_cast<uint8_t>(x * 255 / width), static_cast<uint8_t>(y * 255 / height), inside ? 200 : 60);
    }
  }
  return picture;
}

Bytes encode(const cv::Mat& picture, const std::vector<int>& parameters = {}) {
  Bytes bytes;
  cv::imencode(".jpg", picture, bytes, parameters);
  return bytes;
}

void expect_like_libjpeg(const Bytes& bytes) {
  const cv::Mat expected = cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
  ASSERT_FALSE(expected.empty());
  const auto image = decode_jpeg(bytes);
  ASSERT_TRUE(image) << image.error().message;
  ASSERT_EQ(image->width, expected.cols);
  ASSERT_EQ(image->height, expected.rows);
  int worst = 0;
  double sum = 0;
  for (int y = 0; y < expected.rows; ++y) {
    for (int i = 0; i < 3 * expected.cols; ++i) {
      const int difference = std::abs(expected.ptr(y)[i] - image->row(y)[i]);
      worst = std::max(worst, difference);
      sum += difference;
    }
  }
  EXPECT_LE(worst, 4);
  EXPECT_LE(sum / (3.0 * expected.cols * expected.rows), 1.0);
}

// OpenCV's encoder knows few of the layouts that the format allows, so this one writes the rest: blocks of random
// coefficients, with codes of equal length (4 bits for DC, 8 for AC).
struct Layout {
  int width = 0, height = 0;
  std::vector<std::pair<int, int>> sampling;  // (horizontal, vertical) of each component
  int restart_interval = 0;
  bool separate_scans = false;
  bool wide_quantization = false;  // 16-bit entries, an extended sequential frame
  bool flat = false;               // only the first DC of each component is not zero
};

class TestEncoder {
 public:
  explicit TestEncoder(Layout layout) : layout_(std::move(layout)) {}

  Bytes encode() {
    const int count = static_cast<int>(layout_.sampling.size());
    append({0xFF, 0xD8});
    const int entry = layout_.wide_quantization ? 2 : 1;
    append({0xFF, 0xDB, 0, 3 + 64 * entry, layout_.wide_quantization ? 0x10 : 0});
    for (int k = 0; k < 64; ++k) append(layout_.wide_quantization ? std::vector<int>{0, 8} : std::vector<int>{8});
    append({0xFF, layout_.wide_quantization ? 0xC1 : 0xC0, 0, 8 + 3 * count, 8, layout_.height >> 8,
            layout_.height & 255, layout_.width >> 8, layout_.width & 255, count});
    for (int i = 0; i < count; ++i) append({i + 1, layout_.sampling[i].first << 4 | layout_.sampling[i].second, 0});
    append({0xFF, 0xC4, 0, 19 + 12, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    for (int size = 0; size < 12; ++size) append({size});
    append({0xFF, 0xC4, 0, 19 + 162, 0x10, 0, 0, 0, 0, 0, 0, 0, 162, 0, 0, 0, 0, 0, 0, 0, 0});
    for (const int symbol : ac_symbols()) append({symbol});
    if (layout_.restart_interval > 0) append({0xFF, 0xDD, 0, 4, 0, layout_.restart_interval});
    if (layout_.separate_scans) {
      for (int i = 0; i < count; ++i) scan({i});
    } else {
      std::vector<int> all(static_cast<std::size_t>(count));
      for (int i = 0; i < count; ++i) all[i] = i;
      scan(all);
    }
    append({0xFF, 0xD9});
    return bytes_;
  }

 private:
  static std::vector<int> ac_symbols() {
    std::vector<int> symbols = {0x00, 0xF0};
    for (int run = 0; run < 16; ++run) {
      for (int size = 1; size <= 10; ++size) symbols.push_back(run << 4 | size);
    }
    return symbols;
  }

  void append(const std::vector<int>& values) {
    for (const int value : values) bytes_.push_back(static_cast<uint8_t>(value));
  }

  void put(int value, int bits) {
    for (int i = bits - 1; i >= 0; --i) {
      byte_ = byte_ << 1 | (value >> i & 1);
      if (++filled_ == 8) {
        append({byte_ & 255});
        if ((byte_ & 255) == 255) append({0});
        filled_ = 0;
      }
    }
  }
  void flush() {
    while (filled_ != 0) put(1, 1);
  }

  static int size_of(int value) {
    int size = 0;
    for (int rest = std::abs(value); rest > 0; rest >>= 1) ++size;
    return size;
  }
  void put_value(int value, int size) { put(value < 0 ? value + (1 << size) - 1 : value, size); }

  int random(int low, int high) { return low + static_cast<int>(random_() % static_cast<uint32_t>(high - low + 1)); }

  void block(int component) {
    int dc = random(-60, 60);  // times 8, over 8: up to 60 levels from grey
    if (layout_.flat) dc = 40 - 20 * component;
    const int difference = dc - last_dc_[component];
    last_dc_[component] = dc;
    put(size_of(difference), 4);
    put_value(difference, size_of(difference));
    int last = 0;
    for (const int k : {1, 2, 5, 30, 63}) {
      const int value = layout_.flat ? 0 : random(-3, 3);
      if (value == 0) continue;
      int run = k - last - 1;
      for (; run > 15; run -= 16) put(1, 8);  // 0xF0 is the second symbol
      put(2 + run * 10 + size_of(value) - 1, 8);
      put_value(value, size_of(value));
      last = k;
    }
    if (last != 63) put(0, 8);
  }

  void scan(const std::vector<int>& components) {
    append({0xFF, 0xDA, 0, 6 + 2 * static_cast<int>(components.size()), static_cast<int>(components.size())});
    for (const int component : components) append({component + 1, 0});
    append({0, 63, 0});
    last_dc_ = {};
    int h_max = 1, v_max = 1;
    for (const auto& [h, v] : layout_.sampling) {
      h_max = std::max(h_max, h);
      v_max = std::max(v_max, v);
    }
    const auto ceil_div = [](int a, int b) { return (a + b - 1) / b; };
    const bool single = components.size() == 1;
    int wide = ceil_div(layout_.width, 8 * h_max), high = ceil_div(layout_.height, 8 * v_max);
    if (single) {
      const auto& [h, v] = layout_.sampling[components[0]];
      wide = ceil_div(ceil_div(layout_.width * h, h_max), 8);
      high = ceil_div(ceil_div(layout_.height * v, v_max), 8);
    }
    for (int mcu = 0; mcu < wide * high; ++mcu) {
      if (layout_.restart_interval > 0 && mcu > 0 && mcu % layout_.restart_interval == 0) {
        flush();
        append({0xFF, 0xD0 + (mcu / layout_.restart_interval - 1) % 8});
        last_dc_ = {};
      }
      for (const int component : components) {
        const auto& [h, v] = layout_.sampling[component];
        for (int i = 0; i < (single ? 1 : h * v); ++i) block(component);
      }
    }
    flush();
  }

  Layout layout_;
  Bytes bytes_;
  int byte_ = 0, filled_ = 0;
  std::array<int, 3> last_dc_{};
  std::mt19937 random_{7};
};

TEST(Jpeg, MatchesLibjpegInColourAndGrey) {
  const cv::Mat picture = make_picture(96, 72);
  for (const int quality : {30, 75, 95, 100}) {
    SCOPED_TRACE(quality);
    expect_like_libjpeg(encode(picture, {cv::IMWRITE_JPEG_QUALITY, quality}));
  }
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  expect_like_libjpeg(encode(grey));
}

TEST(Jpeg, ReadsOptimizedHuffmanTables) {
  expect_like_libjpeg(encode(make_picture(96, 72), {cv::IMWRITE_JPEG_OPTIMIZE, 1}));
}

TEST(Jpeg, ReadsRestartMarkers) {
  // 96x72 at 4:2:0 is 6 x 5 MCUs: an interval of 1 passes all eight marker numbers, 7 leaves a shorter last one.
  for (const int interval : {1, 7, 30, 100}) {
    SCOPED_TRACE(interval);
    expect_like_libjpeg(encode(make_picture(96, 72), {cv::IMWRITE_JPEG_RST_INTERVAL, interval}));
  }
}

TEST(Jpeg, ReadsEverySmallSize) {
  for (int height = 1; height <= 33; height += height < 19 ? 1 : 7) {
    for (int width = 1; width <= 17; ++width) {
      SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
      expect_like_libjpeg(encode(make_picture(width, height)));
    }
  }
}

TEST(Jpeg, ReadsSamplingFactorsThatLibjpegReads) {
  const std::vector<std::vector<std::pair<int, int>>> samplings = {
      {{1, 1}},                  // grey
      {{2, 2}},                  // grey, with factors that mean nothing
      {{1, 1}, {1, 1}, {1, 1}},  // 4:4:4
      {{2, 1}, {1, 1}, {1, 1}},  // 4:2:2
      {{1, 2}, {1, 1}, {1, 1}},  // 4:4:0
      {{2, 2}, {1, 1}, {1, 1}},  // 4:2:0
      {{4, 1}, {1, 1}, {1, 1}},  // 4:1:1
      {{4, 2}, {1, 1}, {1, 1}},  // 4:1:0
      {{2, 2}, {2, 1}, {1, 2}},
      {{1, 1}, {2, 2}, {1, 1}},
      {{1, 1}, {1, 1}, {2, 4}},
  };
  for (std::size_t i = 0; i < samplings.size(); ++i) {
    for (const auto& [width, height] : {std::pair(50, 37), std::pair(64, 64), std::pair(3, 70)}) {
      for (const int variant : {0, 1, 2, 3}) {
        SCOPED_TRACE("sampling " + std::to_string(i) + ", " + std::to_string(width) + "x" + std::to_string(height) +
                     ", variant " + std::to_string(variant));
        Layout layout{.width = width, .height = height, .sampling = samplings[i]};
        if (variant == 1) layout.restart_interval = 2;
        if (variant == 2) layout.separate_scans = true;
        if (variant == 3) layout.wide_quantization = true;
        expect_like_libjpeg(TestEncoder(layout).encode());
      }
    }
  }
}

TEST(Jpeg, ReadsFractionalSampling) {
  // libjpeg refuses 3:2. DC of 40, 20 and 0 times quantizer 8 over 8: Y = 168, Cb = 148, Cr = 128 everywhere.
  // B = 168 + 1.772 * 20 = 203.4, G = 168 - 0.344 * 20 = 161.1, R = 168.
  const auto image = decode_jpeg(
      TestEncoder({.width = 50, .height = 37, .sampling = {{3, 1}, {2, 1}, {1, 1}}, .flat = true}).encode());
  ASSERT_TRUE(image) << image.error().message;
  for (std::size_t i = 0; i < image->pixels.size(); i += 3) {
    ASSERT_EQ(image->pixels[i], 203);
    ASSERT_EQ(image->pixels[i + 1], 161);
    ASSERT_EQ(image->pixels[i + 2], 168);
  }
}

std::string error_of(const Bytes& bytes) {
  const auto image = decode_jpeg(bytes);
  return image ? "no error" : image.error().message;
}

TEST(Jpeg, RefusesWhatIsNotBaselineByName) {
  const cv::Mat picture = make_picture(40, 30);
  EXPECT_EQ(error_of(encode(picture, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})), "progressive JPEG is not supported");

  const Bytes good = encode(picture);
  const std::array<uint8_t, 2> sof = {0xFF, 0xC0};
  const auto frame = std::search(good.begin(), good.end(), sof.begin(), sof.end()) - good.begin();
  const auto with = [&](std::ptrdiff_t offset, uint8_t value) {
    Bytes bytes = good;
    bytes[static_cast<std::size_t>(frame + offset)] = value;
    return bytes;
  };
  EXPECT_EQ(error_of(with(1, 0xC9)), "arithmetic-coded JPEG is not supported");
  EXPECT_EQ(error_of(with(1, 0xC3)), "lossless or hierarchical JPEG is not supported");
  EXPECT_EQ(error_of(with(4, 12)), "12-bit JPEG is not supported");
  EXPECT_EQ(error_of(with(9, 4)), "JPEG of 4 components is not supported");

  Bytes zero_height = with(5, 0);  // the height is in the fifth and sixth byte after the marker
  zero_height[static_cast<std::size_t>(frame + 6)] = 0;
  EXPECT_EQ(error_of(zero_height), "JPEG has no size");

  Bytes huge = good;  // 65535 x 65535 is over 4,000 megapixels
  std::fill_n(huge.begin() + frame + 5, 4, uint8_t{0xFF});
  EXPECT_EQ(error_of(huge), "JPEG is over 64 megapixels");
  Bytes claimed = good;  // 7680 x 7680 = 59 megapixels, in a file of about a kilobyte
  for (const int offset : {5, 7}) {
    claimed[static_cast<std::size_t>(frame + offset)] = 0x1E;
    claimed[static_cast<std::size_t>(frame + offset + 1)] = 0x00;
  }
  EXPECT_EQ(error_of(claimed), "JPEG ends early");
}

TEST(Jpeg, RefusesAdobeRgb) {
  Bytes bytes = TestEncoder({.width = 16, .height = 16, .sampling = {{1, 1}, {1, 1}, {1, 1}}}).encode();
  const Bytes adobe = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};  // transform 0: none
  bytes.insert(bytes.begin() + 2, adobe.begin(), adobe.end());
  EXPECT_EQ(error_of(bytes), "RGB JPEG is not supported");
}

TEST(Jpeg, RefusesOtherFiles) {
  EXPECT_EQ(error_of({}), "not a JPEG");
  EXPECT_EQ(error_of({0xFF, 0xD8}), "not a JPEG");
  EXPECT_EQ(error_of({0x89, 'P', 'N', 'G', 13, 10, 26, 10}), "not a JPEG");
}

TEST(Jpeg, EveryTruncationIsAnError) {
  const Bytes good = encode(make_picture(24, 16), {cv::IMWRITE_JPEG_RST_INTERVAL, 1});
  // The last two bytes are the end marker and carry nothing; the decoder stops before them.
  for (std::size_t size = 0; size + 3 < good.size(); ++size) {
    EXPECT_FALSE(decode_jpeg(std::span(good).first(size))) << size << " of " << good.size() << " bytes";
  }
}

TEST(Jpeg, SurvivesTwentyThousandMutations) {
  const std::vector<Bytes> seeds = {
      encode(make_picture(40, 24)),
      encode(make_picture(33, 17), {cv::IMWRITE_JPEG_RST_INTERVAL, 1, cv::IMWRITE_JPEG_OPTIMIZE, 1}),
      TestEncoder({.width = 30, .height = 20, .sampling = {{4, 1}, {1, 2}, {1, 1}}, .separate_scans = true}).encode(),
  };
  std::mt19937 random(1);
  int decoded = 0;
  for (int i = 0; i < 20000; ++i) {
    Bytes bytes = seeds[static_cast<std::size_t>(i) % seeds.size()];
    const uint32_t changes = 1 + random() % 6;
    for (uint32_t j = 0; j < changes; ++j) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    const auto image = decode_jpeg(bytes);
    if (!image) {
      ASSERT_FALSE(image.error().message.empty());
      continue;
    }
    ++decoded;
    ASSERT_EQ(image->pixels.size(), 3U * static_cast<std::size_t>(image->width) * image->height);
  }
  EXPECT_GT(decoded, 0);
  EXPECT_LT(decoded, 20000);
}

}  // namespace
}  // namespace dualsight
