#include "detector/annotations/teacher_results.h"

#include <map>
#include <string>

#include "detector/annotations/coco.h"
#include "detector/annotations/json_fields.h"

namespace dualsight {

using nlohmann::json;

Result<TeacherResults> read_teacher_results(const std::filesystem::path& path, const Dataset& dataset) {
  if (!ids_are_unique(dataset)) {
    return source_error(path, "the data are several sets whose picture ids repeat, so results cannot tell them apart");
  }
  const auto root = read_json(path);
  if (!root) return root.error();
  if (!root->is_array()) return source_error(path, "not COCO results: not a list");
  std::map<int64_t, std::size_t> pictures;
  for (std::size_t i = 0; i < dataset.pictures.size(); ++i) pictures.emplace(dataset.pictures[i].id, i);
  std::map<int64_t, int> by_id;
  std::map<std::string, int> by_name;
  for (std::size_t c = 0; c < dataset.class_names.size(); ++c) {
    by_id.emplace(dataset.category_ids[c], static_cast<int>(c));
    by_name.emplace(dataset.class_names[c], static_cast<int>(c));
  }
  const auto class_of = [&](const json& result) -> std::optional<int> {
    const auto find = [](const auto& index, const auto& key) {
      const auto at = index.find(key);
      return at == index.end() ? std::nullopt : std::optional<int>(at->second);
    };
    if (result.contains("name")) return find(by_name, result["name"].get<std::string>());
    return find(by_id, *integer(result, "category_id"));
  };

  TeacherResults results;
  results.detections.resize(dataset.pictures.size());
  std::size_t fitting = 0, number_of_result = 0;
  for (const json& result : *root) {
    const auto image_id = integer(result, "image_id");
    const bool named = result.is_object() && result.contains("name") ? result["name"].is_string()
                                                                     : integer(result, "category_id").has_value();
    const auto box = four_numbers(result, "bbox");
    const auto score = number(result, "score");
    ++number_of_result;
    if (!image_id || !named || !box || !score || *score < 0 || *score > 1) {
      return source_error(path,
                          "result " + std::to_string(number_of_result) +
                              ": needs image_id, name or category_id, bbox of four numbers, and score from 0 to 1");
    }
    const auto picture = pictures.find(*image_id);
    const auto class_id = class_of(result);
    if (picture == pictures.end() || !class_id) {
      ++results.left_out;
      continue;
    }
    ++fitting;
    results.detections[picture->second].push_back({*class_id, static_cast<float>(*score), box_of(*box)});
  }
  if (fitting == 0) return source_error(path, "none of its results is of a picture and a class of the data");
  return results;
}

}  // namespace dualsight
