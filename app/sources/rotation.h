// Pictures by quarter turns.
#pragma once

#include <opencv2/core.hpp>

namespace dualsight {

// By 90, 180 or 270 degrees, in a picture of its own; by any other angle it stays as it is.
inline cv::Mat rotate_clockwise(const cv::Mat& bgr, int clockwise) {
  cv::Mat out;
  if (clockwise == 90) cv::rotate(bgr, out, cv::ROTATE_90_CLOCKWISE);
  if (clockwise == 180) cv::rotate(bgr, out, cv::ROTATE_180);
  if (clockwise == 270) cv::rotate(bgr, out, cv::ROTATE_90_COUNTERCLOCKWISE);
  return out.empty() ? bgr : out;
}

}  // namespace dualsight
