#include "detector/annotations/coco.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "detector/annotations/coco_checks.h"
#include "detector/annotations/coco_pictures.h"
#include "detector/annotations/json_fields.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Bytes = std::vector<uint8_t>;

bool is_true(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return false;
  return at->is_boolean() ? at->get<bool>() : number(*at).value_or(0) != 0;
}

Result<const json*> list(const json& root, const char* key, const fs::path& path) {
  if (!root.is_object() || !root.contains(key) || !root[key].is_array()) {
    return source_error(path, std::string("not COCO JSON: \"") + key + "\" is missing or not a list");
  }
  return &root[key];
}

// White space, line ends included, becomes single spaces, and goes at both ends.
std::string one_line(const std::string& text) {
  std::istringstream words(text);
  std::string out;
  for (std::string word; words >> word;) out += (out.empty() ? "" : " ") + word;
  return out;
}

using Index = std::map<int64_t, int>;  // the set's own id -> ours

Result<Index> read_categories(const json& categories, const fs::path& path, Dataset& dataset) {
  Index index;
  for (const json& category : categories) {
    const auto id = integer(category, "id");
    if (!id || !category.contains("name") || !category["name"].is_string()) {
      return source_error(path, "not COCO JSON: a category without an integer \"id\" or a \"name\"");
    }
    if (!index.emplace(*id, static_cast<int>(index.size())).second) {
      return source_error(path, "two categories with id " + std::to_string(*id));
    }
    // Names stand on lines of their own in model files, so line ends in them would shift all classes behind.
    const std::string name = one_line(category["name"].get<std::string>());
    if (name.empty()) return source_error(path, "the category with id " + std::to_string(*id) + " has an empty name");
    const auto same = std::ranges::find(dataset.class_names, name);
    if (same != dataset.class_names.end()) {
      const auto first = dataset.category_ids[static_cast<std::size_t>(same - dataset.class_names.begin())];
      return source_error(path, "two categories are named \"" + name + "\" (ids " + std::to_string(first) + " and " +
                                    std::to_string(*id) + "): rename one, or merge them");
    }
    dataset.category_ids.push_back(*id);
    dataset.class_names.push_back(name);
  }
  if (index.empty()) return source_error(path, "no categories");
  return index;
}

Result<std::vector<Candidate>> read_images(const json& images, const Index& categories, const fs::path& path) {
  std::vector<Candidate> candidates;
  std::map<int64_t, bool> seen;
  for (const json& image : images) {
    const auto id = integer(image, "id");
    if (!id || !image.contains("file_name") || !image["file_name"].is_string()) {
      return source_error(path, "not COCO JSON: an image without an integer \"id\" or a \"file_name\"");
    }
    if (!seen.emplace(*id, true).second) return source_error(path, "two images with id " + std::to_string(*id));
    Candidate candidate;
    LabelledPicture& picture = candidate.picture;
    picture.id = *id;
    picture.file_name = image["file_name"].get<std::string>();
    picture.width = static_cast<int>(std::clamp(number(image, "width").value_or(0), 0.0, 1e6));
    picture.height = static_cast<int>(std::clamp(number(image, "height").value_or(0), 0.0, 1e6));
    if (image.contains("not_exhaustive_category_ids") && image["not_exhaustive_category_ids"].is_array()) {
      for (const json& category : image["not_exhaustive_category_ids"]) {
        if (!category.is_number_integer()) continue;
        const auto at = categories.find(category.get<int64_t>());
        if (at != categories.end()) picture.not_exhaustive.push_back(at->second);
      }
      std::ranges::sort(picture.not_exhaustive);
    }
    candidates.push_back(std::move(candidate));
  }
  if (candidates.empty()) return source_error(path, "no pictures");
  return candidates;
}

// How far the labels of each picture reach, whatever else is wrong with them.
void measure_labels(const json& annotations, std::vector<Candidate>& candidates) {
  std::map<int64_t, Candidate*> by_id;
  for (Candidate& candidate : candidates) by_id.emplace(candidate.picture.id, &candidate);
  for (const json& annotation : annotations) {
    const auto image_id = integer(annotation, "image_id");
    const auto at = image_id ? by_id.find(*image_id) : by_id.end();
    const auto box = four_numbers(annotation, "bbox");
    if (at == by_id.end() || !box) continue;
    at->second->label_right = std::max(at->second->label_right, (*box)[0] + (*box)[2]);
    at->second->label_bottom = std::max(at->second->label_bottom, (*box)[1] + (*box)[3]);
  }
}

// "[10, 20, 0, 5]", whatever the file holds.
std::string shown_box(const json& annotation) {
  const auto at = annotation.find("bbox");
  if (at == annotation.end()) return "(none)";
  std::string text = at->dump(-1, ' ', false, json::error_handler_t::replace);
  for (std::size_t i = 0; (i = text.find(',', i)) != std::string::npos; i += 2) text.replace(i, 1, ", ");
  constexpr std::size_t longest = 80;
  return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

// Why the annotation is no use, or nothing and `object` is filled in.
std::string read_object(const json& annotation, const Candidate& candidate, const Index& categories,
                        LabelledObject& object) {
  const LabelledPicture& picture = candidate.picture;
  const std::string box_text = picture.file_name + ": box " + shown_box(annotation) + " ";
  const auto box = four_numbers(annotation, "bbox");
  if (!box) return box_text + "is not four finite numbers";
  const auto [x, y, w, h] = *box;
  if (w <= 0) return box_text + "has no width";
  if (h <= 0) return box_text + "has no height";
  const auto category = integer(annotation, "category_id");
  const auto at = category ? categories.find(*category) : categories.end();
  if (at == categories.end()) {
    return box_text + "names unknown category " + (category ? std::to_string(*category) : "(none)");
  }
  const auto inside = [](double value, double scale, int limit) {
    return static_cast<float>(std::clamp(value * scale, 0.0, static_cast<double>(limit)));
  };
  object.box = {inside(x, candidate.scale_x, picture.width), inside(y, candidate.scale_y, picture.height),
                inside(x + w, candidate.scale_x, picture.width), inside(y + h, candidate.scale_y, picture.height)};
  if (object.box.width() <= 0 || object.box.height() <= 0) return box_text + "lies outside the picture";
  object.class_id = at->second;
  object.crowd = is_true(annotation, "iscrowd");
  if (annotation.contains("score") && !annotation["score"].is_null()) {
    const double score = number(annotation, "score").value_or(-1);
    if (score < 0 || score > 1) return box_text + "has a score that is not between 0 and 1";
    object.score = static_cast<float>(score);
    object.crowd = object.crowd || object.score < kLeastObjectScore;
  }
  const double area = number(annotation, "area").value_or(0);
  object.area = area > 0 ? static_cast<float>(area * candidate.scale_x * candidate.scale_y) : object.box.area();
  return {};
}

void read_annotations(const json& annotations, const Index& categories, std::vector<Candidate>& candidates,
                      DatasetProblems& problems) {
  std::map<int64_t, Candidate*> by_id;
  for (Candidate& candidate : candidates) by_id.emplace(candidate.picture.id, &candidate);
  for (const json& annotation : annotations) {
    std::string problem;
    const auto image_id = integer(annotation, "image_id");
    const auto at = image_id ? by_id.find(*image_id) : by_id.end();
    if (at == by_id.end()) {
      problem = "box " + shown_box(annotation) + " names unknown picture " +
                (image_id ? std::to_string(*image_id) : "(none)");
    } else if (!at->second->problem.empty()) {
      continue;  // its picture has been named
    } else {
      LabelledObject object;
      problem = read_object(annotation, *at->second, categories, object);
      if (problem.empty() && object.score >= kLeastScore) at->second->picture.objects.push_back(object);
    }
    if (problem.empty()) continue;
    ++problems.boxes_skipped;
    problems.lines.push_back(std::move(problem));
  }
}

// An Error where over `max_fraction` of `total` things were skipped. Their lines start at `first`.
Result<void> check_fraction(int skipped, std::size_t total, double max_fraction, const char* things,
                            const fs::path& path, const DatasetProblems& problems, std::size_t first) {
  if (skipped <= max_fraction * static_cast<double>(total)) return {};
  std::string message = std::to_string(skipped) + " of " + std::to_string(total) + " " + things + " are unusable";
  const std::size_t last = std::min(first + 3, problems.lines.size());
  for (std::size_t i = first; i < last; ++i) message += (i == first ? ": " : "; ") + problems.lines[i];
  return source_error(path, message);
}

// The shortest text that reads back as the same float.
void append(std::string& text, float value) {
  std::array<char, 32> digits;
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

}  // namespace

Result<Dataset> load_coco(const fs::path& path, DatasetProblems& problems, double max_bad_fraction, int threads) {
  std::error_code ignored;
  const fs::path file = fs::is_directory(path, ignored) ? path / "annotations.json" : path;
  fs::path folder = file.parent_path() / "images";
  if (!fs::is_directory(folder, ignored)) folder = file.parent_path();

  const auto root = read_json(file);
  if (!root) return root.error();
  const auto images = list(*root, "images", file);
  if (!images) return images.error();
  const auto annotations = list(*root, "annotations", file);
  if (!annotations) return annotations.error();
  const auto category_list = list(*root, "categories", file);
  if (!category_list) return category_list.error();

  Dataset dataset;
  const auto categories = read_categories(**category_list, file, dataset);
  if (!categories) return categories.error();
  auto candidates = read_images(**images, *categories, file);
  if (!candidates) return candidates.error();

  measure_labels(**annotations, *candidates);
  load_pictures(folder, *candidates, threads);
  for (const Candidate& candidate : *candidates) {
    if (candidate.problem.empty() && !candidate.doubt.empty()) problems.doubts.push_back(candidate.doubt);
  }
  for (const std::string& line : common_mistakes(**annotations, *candidates)) {
    problems.doubts.push_back(file.string() + ": " + line);
  }
  const std::size_t first_picture = problems.lines.size();
  int pictures_skipped = 0;
  for (const Candidate& candidate : *candidates) {
    if (candidate.problem.empty()) continue;
    ++pictures_skipped;
    problems.lines.push_back(candidate.problem);
  }
  problems.pictures_skipped += pictures_skipped;
  if (auto few = check_fraction(pictures_skipped, candidates->size(), max_bad_fraction, "pictures", file, problems,
                                first_picture);
      !few) {
    return few.error();
  }
  const std::size_t first_box = problems.lines.size();
  const int boxes_before = problems.boxes_skipped;
  read_annotations(**annotations, *categories, *candidates, problems);
  if (auto few = check_fraction(problems.boxes_skipped - boxes_before, (*annotations)->size(), max_bad_fraction,
                                "boxes", file, problems, first_box);
      !few) {
    return few.error();
  }

  for (Candidate& candidate : *candidates) {
    if (!candidate.problem.empty()) continue;
    candidate.picture.encoded = *candidate.encoded;
    dataset.storage.push_back(std::move(candidate.encoded));
    dataset.pictures.push_back(std::move(candidate.picture));
  }
  if (dataset.pictures.empty()) return source_error(file, "no pictures");
  return dataset;
}

bool ids_are_unique(const Dataset& dataset) {
  std::set<int64_t> ids;
  for (const LabelledPicture& picture : dataset.pictures) ids.insert(picture.id);
  return ids.size() == dataset.pictures.size();
}

Result<void> write_coco_results(const fs::path& path, const Dataset& dataset,
                                const std::vector<std::vector<Detection>>& detections) {
  if (detections.size() != dataset.pictures.size()) {
    return Error{ErrorKind::internal, path.string() + ": results of another data set"};
  }
  std::string text = "[";
  for (std::size_t i = 0; i < detections.size(); ++i) {
    std::vector<Detection> sorted = detections[i];
    std::ranges::stable_sort(sorted, std::greater(), &Detection::confidence);
    for (const Detection& detection : sorted) {
      text += text.size() > 1 ? ",\n" : "\n";
      text += "{\"image_id\": " + std::to_string(dataset.pictures[i].id);
      text += ", \"category_id\": " + std::to_string(dataset.category_ids.at(detection.class_id));
      text += ", \"bbox\": [";
      const Box& box = detection.box;
      for (const float value : {box.x1, box.y1, box.width(), box.height()}) {
        append(text, value);
        text += ", ";
      }
      text.replace(text.size() - 2, 2, "], \"score\": ");
      append(text, detection.confidence);
      text += "}";
    }
  }
  text += "\n]\n";

  const fs::path temporary = path.string() + ".tmp";
  {
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
      std::error_code ignored;
      fs::remove(temporary, ignored);
      return Error{ErrorKind::output, path.string() + ": cannot be written"};
    }
  }
  std::error_code failed;
  fs::rename(temporary, path, failed);
  if (failed) {
    const std::string reason = failed.message();
    fs::remove(temporary, failed);
    return Error{ErrorKind::output, path.string() + ": " + reason};
  }
  return {};
}

namespace {

// Which picture and class of a data set a result means. Ids are those of the set, unless the result names its picture
// or class (`dualsight detect --format coco` does: its ids are places in the order of its run).
class ResultIndex {
 public:
  explicit ResultIndex(const Dataset& dataset) {
    for (std::size_t i = 0; i < dataset.pictures.size(); ++i) {
      by_id_.emplace(dataset.pictures[i].id, i);
      by_file_[fs::path(dataset.pictures[i].file_name).filename().string()].push_back(i);
    }
    for (std::size_t c = 0; c < dataset.category_ids.size(); ++c) {
      class_by_id_.emplace(dataset.category_ids[c], static_cast<int>(c));
      class_by_name_.emplace(dataset.class_names[c], static_cast<int>(c));
    }
  }

  Result<std::size_t> picture_of(const json& result, int64_t image_id) const {
    if (const auto name = text(result, "file_name")) {
      const auto at = by_file_.find(fs::path(*name).filename().string());
      if (at == by_file_.end()) return wrong("the data have no picture " + *name);
      if (at->second.size() > 1) return wrong("the data have several pictures named " + *name);
      return at->second.front();
    }
    const auto at = by_id_.find(image_id);
    if (at == by_id_.end()) return wrong("unknown image_id " + std::to_string(image_id));
    return at->second;
  }

  Result<int> class_of(const json& result, int64_t category_id) const {
    if (const auto name = text(result, "name")) {
      const auto at = class_by_name_.find(*name);
      if (at == class_by_name_.end()) return wrong("the data have no class " + *name);
      return at->second;
    }
    const auto at = class_by_id_.find(category_id);
    if (at == class_by_id_.end()) return wrong("unknown category_id " + std::to_string(category_id));
    return at->second;
  }

 private:
  static Error wrong(const std::string& what) { return {ErrorKind::source, what}; }
  static std::optional<std::string> text(const json& result, const char* key) {
    const auto at = result.find(key);
    return at != result.end() && at->is_string() ? std::optional(at->get<std::string>()) : std::nullopt;
  }

  std::map<int64_t, std::size_t> by_id_;
  std::map<std::string, std::vector<std::size_t>> by_file_;
  std::map<int64_t, int> class_by_id_;
  std::map<std::string, int> class_by_name_;
};

}  // namespace

Result<std::vector<std::vector<Detection>>> read_coco_results(const fs::path& path, const Dataset& dataset) {
  const auto root = read_json(path);
  if (!root) return root.error();
  if (!root->is_array()) return source_error(path, "not COCO results: not a list");
  const ResultIndex index(dataset);
  std::vector<std::vector<Detection>> detections(dataset.pictures.size());
  std::size_t number_of_result = 0;
  for (const json& result : *root) {
    const std::string where = "result " + std::to_string(++number_of_result) + ": ";
    const auto image_id = integer(result, "image_id");
    const auto category_id = integer(result, "category_id");
    const auto box = four_numbers(result, "bbox");
    const auto score = number(result, "score");
    if (!image_id || !category_id || !box || !score) {
      return source_error(path, where + "needs image_id, category_id, bbox of four numbers, and score");
    }
    const auto picture = index.picture_of(result, *image_id);
    if (!picture) return source_error(path, where + picture.error().message);
    const auto category = index.class_of(result, *category_id);
    if (!category) return source_error(path, where + category.error().message);
    detections[*picture].push_back({*category, static_cast<float>(*score), box_of(*box)});
  }
  return detections;
}

}  // namespace dualsight
