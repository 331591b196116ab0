// Pictures below the app: 8-bit BGR, interleaved, rows top to bottom (what OpenCV's cv::Mat CV_8UC3 holds).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dualsight {

// A picture owned by somebody else. Valid only as long as its owner keeps it.
struct ImageView {
  const uint8_t* data = nullptr;  // BGR, 3 bytes a pixel
  int width = 0;                  // pixels
  int height = 0;                 // pixels
  std::ptrdiff_t stride = 0;      // bytes from one row to the next

  const uint8_t* row(int y) const { return data + y * stride; }
};

// A picture that owns its pixels; rows are packed (stride = 3 * width).
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> pixels;  // BGR

  Image() = default;
  Image(int w, int h, uint8_t fill = 0)
      : width(w), height(h), pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3, fill) {}

  uint8_t* row(int y) { return pixels.data() + static_cast<std::ptrdiff_t>(y) * width * 3; }
  const uint8_t* row(int y) const { return pixels.data() + static_cast<std::ptrdiff_t>(y) * width * 3; }
  ImageView view() const { return {pixels.data(), width, height, static_cast<std::ptrdiff_t>(width) * 3}; }
};

}  // namespace dualsight
