#include "detector/data/teacher_labels.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

namespace dualsight {
namespace {

constexpr float kSameObject = 0.5F;  // IoU

Box clipped(const Box& box, const LabelledPicture& picture) {
  const auto inside = [](float value, int limit) { return std::clamp(value, 0.0F, static_cast<float>(limit)); };
  return {inside(box.x1, picture.width), inside(box.y1, picture.height), inside(box.x2, picture.width),
          inside(box.y2, picture.height)};
}

}  // namespace

TeacherLabels merge_teacher_labels(Dataset& dataset, const std::vector<std::vector<Detection>>& detections) {
  if (detections.size() != dataset.pictures.size()) {
    throw std::invalid_argument("merge_teacher_labels: detections of " + std::to_string(detections.size()) +
                                " pictures for " + std::to_string(dataset.pictures.size()));
  }
  std::set<int> known;  // classes
  for (const auto& picture : detections) {
    for (const Detection& found : picture) known.insert(found.class_id);
  }
  TeacherLabels merged;
  for (std::size_t i = 0; i < detections.size(); ++i) {
    LabelledPicture& picture = dataset.pictures[i];
    if (detections[i].empty()) continue;
    ++merged.pictures;
    std::vector<LabelledObject> people;
    std::ranges::copy_if(picture.objects, std::back_inserter(people),
                         [](const LabelledObject& label) { return !label.crowd && label.score == 1; });
    for (const Detection& found : detections[i]) {
      const Box box = clipped(found.box, picture);
      if (found.confidence < kLeastScore || box.area() <= 0) continue;
      const auto is_same = [&](const LabelledObject& label) { return iou(box, label.box) >= kSameObject; };
      const bool open = std::ranges::count(picture.not_exhaustive, found.class_id) > 0;
      const bool labelled = std::ranges::any_of(
          people, [&](const LabelledObject& label) { return label.class_id == found.class_id && is_same(label); });
      if (!open || labelled) {
        ++merged.not_needed;
        continue;
      }
      const bool ignored = found.confidence < kLeastObjectScore || std::ranges::any_of(people, is_same);
      ++(ignored ? merged.ignored : merged.objects);
      picture.objects.push_back({box, found.class_id, ignored, box.area(), std::min(found.confidence, 1.0F)});
    }
    std::erase_if(picture.not_exhaustive, [&](int class_id) { return known.contains(class_id); });
  }
  return merged;
}

}  // namespace dualsight
