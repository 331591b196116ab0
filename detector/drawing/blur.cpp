#include "detector/drawing/blur.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace dualsight {
namespace {
constexpr float kMargin = 0.1F;  // of width and height, on each side
constexpr int kBlocks = 8;       // across the longer side
}  // namespace

void blur_boxes(cv::Mat& bgr, const std::vector<Box>& boxes) {
  std::vector<cv::Rect> areas;
  for (const Box& box : boxes) {
    if (!(box.width() > 0 && box.height() > 0)) continue;
    const float dx = kMargin * box.width(), dy = kMargin * box.height();
    const auto clip = [](float value, int end) {
      return static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(end)));
    };
    const cv::Point from(clip(std::floor(box.x1 - dx), bgr.cols), clip(std::floor(box.y1 - dy), bgr.rows));
    const cv::Point to(clip(std::ceil(box.x2 + dx), bgr.cols), clip(std::ceil(box.y2 + dy), bgr.rows));
    const cv::Rect area(from, to);
    if (!area.empty()) areas.push_back(area);
  }
  // Hundreds of weak detections may overlap; visiting every pixel once for each of them would take longer than
  // detection.
  std::stable_sort(areas.begin(), areas.end(),
                   [](const cv::Rect& a, const cv::Rect& b) { return a.area() > b.area(); });
  std::vector<cv::Rect> done;
  for (const cv::Rect& area : areas) {
    if (std::any_of(done.begin(), done.end(), [&](const cv::Rect& d) { return (d & area) == area; })) continue;
    cv::Mat part = bgr(area);
    const int block = std::max(1, (std::max(area.width, area.height) + kBlocks - 1) / kBlocks);
    const cv::Size blocks((area.width + block - 1) / block, (area.height + block - 1) / block);
    cv::Mat means;
    cv::resize(part, means, blocks, 0, 0, cv::INTER_AREA);
    cv::resize(means, part, area.size(), 0, 0, cv::INTER_NEAREST);
    done.push_back(area);
  }
}

}  // namespace dualsight
