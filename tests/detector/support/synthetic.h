// Data sets that tests make for themselves: coloured shapes on a noisy ground, with their boxes.
#pragma once

#include <cmath>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "detector/core/random.h"
#include "detector/data/dataset.h"

namespace dualsight::testing {

inline const std::vector<std::string> kShapes = {"disc", "square", "cross"};

// One to three shapes, well apart, each a class of its own colour and form.
inline cv::Mat draw_shapes(int width, int height, uint64_t seed, std::vector<LabelledObject>& objects) {
  Random random(seed);
  cv::Mat picture(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < 3 * width; ++x) picture.ptr(y)[x] = static_cast<uint8_t>(100 + random.below(40));
  }
  const int count = 1 + static_cast<int>(random.below(3));
  const int cell = width / 3;  // one shape a third of the picture's width, so that they never touch
  for (int i = 0; i < count; ++i) {
    const int class_id = static_cast<int>(random.below(3));
    const int radius = cell / 4 + static_cast<int>(random.below(static_cast<uint64_t>(cell / 5)));
    const int cx = i * cell + cell / 2;
    const int cy = radius + 1 + static_cast<int>(random.below(static_cast<uint64_t>(height - 2 * radius - 2)));
    const cv::Rect box(cx - radius, cy - radius, 2 * radius, 2 * radius);
    if (class_id == 0) cv::circle(picture, {cx, cy}, radius, {40, 40, 220}, cv::FILLED);
    if (class_id == 1) cv::rectangle(picture, box, {220, 60, 30}, cv::FILLED);
    if (class_id == 2) {
      cv::rectangle(picture, {cx - radius, cy - radius / 3, 2 * radius, 2 * radius / 3}, {40, 200, 40}, cv::FILLED);
      cv::rectangle(picture, {cx - radius / 3, cy - radius, 2 * radius / 3, 2 * radius}, {40, 200, 40}, cv::FILLED);
    }
    LabelledObject object;
    object.class_id = class_id;
    object.box = {static_cast<float>(box.x), static_cast<float>(box.y), static_cast<float>(box.x + box.width),
                  static_cast<float>(box.y + box.height)};
    object.area = object.box.area();
    objects.push_back(object);
  }
  return picture;
}

inline Dataset make_shapes(int pictures, int width = 128, int height = 128, uint64_t seed = 1) {
  Dataset dataset;
  dataset.class_names = kShapes;
  dataset.category_ids = {11, 22, 33};
  for (int i = 0; i < pictures; ++i) {
    LabelledPicture picture;
    picture.id = 100 + i;
    picture.file_name = "shapes_" + std::to_string(i) + ".jpg";
    picture.width = width;
    picture.height = height;
    auto bytes = std::make_shared<std::vector<uint8_t>>();
    cv::imencode(".jpg", draw_shapes(width, height, seed * 1000 + static_cast<uint64_t>(i), picture.objects), *bytes);
    picture.encoded = *bytes;
    dataset.storage.push_back(bytes);
    dataset.pictures.push_back(std::move(picture));
  }
  return dataset;
}

}  // namespace dualsight::testing
