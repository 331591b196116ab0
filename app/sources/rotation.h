// Rotation by multiples of 90 degrees.
#pragma once

#include <opencv2/core.hpp>

namespace dualsight {

// A rotated copy for 90, 180 or 270 degrees; the same pixels for any other angle.
inline cv::Mat rotate_clockwise(const cv::Mat& bgr, int clockwise) {
  cv::Mat out;
  if (clockwise == 90) cv::rotate(bgr, out, cv::ROTATE_90_CLOCKWISE);
  if (clockwise == 180) cv::rotate(bgr, out, cv::ROTATE_180);
  if (clockwise == 270) cv::rotate(bgr, out, cv::ROTATE_90_COUNTERCLOCKWISE);
  return out.empty() ? bgr : out;
}

}  // namespace dualsight
