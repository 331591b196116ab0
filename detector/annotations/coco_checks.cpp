#include "detector/annotations/coco_checks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "detector/annotations/json_fields.h"

namespace dualsight {
namespace {

using nlohmann::json;

// What is counted over all boxes that can be read.
struct Counts {
  int boxes = 0, crowds = 0, repeated = 0;
  int within_one_pixel = 0;  // all of it at coordinates of at most 1
  int beyond = 0;            // reach beyond their picture
  int like_corners = 0;      // would be inside the picture, and not empty, if they were x1, y1, x2, y2
};

Counts count(const json& annotations, const std::vector<Candidate>& candidates) {
  std::map<int64_t, const Candidate*> by_id;
  for (const Candidate& candidate : candidates) by_id.emplace(candidate.picture.id, &candidate);
  std::set<std::tuple<int64_t, int64_t, std::array<double, 4>>> seen;
  Counts counts;
  for (const json& annotation : annotations) {
    const auto image_id = integer(annotation, "image_id");
    const auto at = image_id ? by_id.find(*image_id) : by_id.end();
    const auto box = four_numbers(annotation, "bbox");
    if (at == by_id.end() || !at->second->problem.empty() || !box) continue;
    const auto [x, y, w, h] = *box;
    const double width = at->second->picture.width / at->second->scale_x;  // as the JSON has it
    const double height = at->second->picture.height / at->second->scale_y;
    ++counts.boxes;
    const auto crowd = annotation.find("iscrowd");
    if (crowd != annotation.end() && (*crowd == 1 || *crowd == true)) ++counts.crowds;
    if (!seen.insert({*image_id, integer(annotation, "category_id").value_or(-1), *box}).second) ++counts.repeated;
    if (std::max({x, y, w, h, x + w, y + h}) <= 1.001) ++counts.within_one_pixel;
    if (x + w > width + 2 || y + h > height + 2) ++counts.beyond;
    if (w > x && h > y && w <= width + 1 && h <= height + 1) ++counts.like_corners;
  }
  return counts;
}

}  // namespace

std::vector<std::string> common_mistakes(const json& annotations, const std::vector<Candidate>& candidates) {
  std::vector<std::string> lines;
  const Counts counts = count(annotations, candidates);
  const std::string all = "all " + std::to_string(counts.boxes) + " boxes ";
  if (counts.boxes > 0 && counts.crowds == counts.boxes) {
    lines.push_back(all +
                    "are marked as crowds (\"iscrowd\": 1), and nothing is learnt from those: single objects need 0");
  }
  if (counts.boxes > 0 && counts.within_one_pixel == counts.boxes) {
    lines.push_back(
        all + "lie within one pixel: they look like fractions of the picture, as YOLO has them; COCO's are pixels");
  }
  // One in five reaches out, and none contradicts: a set of true sizes has small boxes far from the corner.
  if (counts.beyond * 5 >= counts.boxes && counts.beyond > 0 && counts.like_corners == counts.boxes) {
    lines.push_back(
        std::to_string(counts.beyond) + " of " + std::to_string(counts.boxes) +
        " boxes reach beyond their pictures: they look like corners (x1, y1, x2, y2); COCO's are x, y, width, "
        "height");
  }
  if (counts.repeated > 0 && counts.repeated * 5 >= counts.boxes) {
    lines.push_back(std::to_string(counts.repeated) + " of " + std::to_string(counts.boxes) +
                    " boxes are there more than once (same picture, class and place): was the set merged with itself?");
  }
  std::map<std::string, int> names;
  for (const Candidate& candidate : candidates) ++names[candidate.picture.file_name];
  const auto repeated = std::count_if(names.begin(), names.end(), [](const auto& name) { return name.second > 1; });
  if (repeated > 0) {
    const auto first = std::find_if(names.begin(), names.end(), [](const auto& name) { return name.second > 1; });
    lines.push_back(std::to_string(repeated) + " files are pictures under two ids or more (" + first->first +
                    "): each is learnt from as often, and may lack the labels of the others");
  }
  return lines;
}

}  // namespace dualsight
