#include "detector/blur.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace dualsight {
namespace {
constexpr float kMargin = 0.1F;  // of width and height, on each side
constexpr int kBlocks = 8;       // across the longer side
}  // namespace

void blur_boxes(cv::Mat& bgr, const std::vector<Box>& boxes) {
  for (const Box& box : boxes) {
    const float dx = kMargin * box.width(), dy = kMargin * box.height();
    const cv::Point from(static_cast<int>(std::floor(box.x1 - dx)), static_cast<int>(std::floor(box.y1 - dy)));
    const cv::Point to(static_cast<int>(std::ceil(box.x2 + dx)), static_cast<int>(std::ceil(box.y2 + dy)));
    const cv::Rect area = cv::Rect(from, to) & cv::Rect({}, bgr.size());
    if (area.empty()) continue;
    cv::Mat part = bgr(area);
    const int block = std::max(1, (std::max(area.width, area.height) + kBlocks - 1) / kBlocks);
    const cv::Size blocks((area.width + block - 1) / block, (area.height + block - 1) / block);
    cv::Mat means;
    cv::resize(part, means, blocks, 0, 0, cv::INTER_AREA);
    cv::resize(means, part, area.size(), 0, 0, cv::INTER_NEAREST);
  }
}

}  // namespace dualsight
