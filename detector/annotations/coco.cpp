#include "detector/annotations/coco.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "detector/annotations/json_fields.h"
#include "detector/data/jpeg.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Bytes = std::vector<uint8_t>;

constexpr int kJpegQuality = 95;

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
    dataset.category_ids.push_back(*id);
    dataset.class_names.push_back(category["name"].get<std::string>());
  }
  if (index.empty()) return source_error(path, "no categories");
  return index;
}

// A picture on its way into the set.
struct Candidate {
  LabelledPicture picture;          // width and height: what the file says, then the true ones
  double scale_x = 1, scale_y = 1;  // from the file's size to the true one
  std::shared_ptr<const Bytes> encoded;
  std::string problem;  // why it is skipped; empty: it is not
};

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

// A JPEG that was cut short has no end marker in its tail. OpenCV would decode what is there and make up the rest.
bool is_cut_short(const Bytes& bytes) {
  constexpr std::array<uint8_t, 2> start = {0xFF, 0xD8};
  constexpr std::array<uint8_t, 2> end = {0xFF, 0xD9};
  if (bytes.size() < 4 || !std::equal(start.begin(), start.end(), bytes.begin())) return false;
  const auto tail = bytes.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), 4096));
  return std::search(tail, bytes.end(), end.begin(), end.end()) == bytes.end();
}

cv::Mat decode_with_opencv(const Bytes& bytes, int flags) {
  if (bytes.empty() || is_cut_short(bytes)) return {};
  try {
    return cv::imdecode(bytes, flags);
  } catch (const cv::Exception&) {
    return {};
  }
}

bool has_size(int width, int height, const LabelledPicture& picture) {
  return width == picture.width && height == picture.height;
}

// Reads, checks and, where decode_jpeg cannot read it or EXIF turns it, re-encodes one picture.
void load_picture(const fs::path& folder, Candidate& candidate) {
  LabelledPicture& picture = candidate.picture;
  auto bytes = read_file(folder / picture.file_name);
  if (!bytes) {
    candidate.problem = picture.file_name + ": no such file";
    return;
  }
  int width = 0, height = 0;
  cv::Mat pixels;  // what to re-encode; empty: the file serves as it is
  if (const auto image = decode_jpeg(*bytes)) {
    width = image->width;
    height = image->height;
  } else {
    pixels = decode_with_opencv(*bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (pixels.empty()) {
      candidate.problem = picture.file_name + ": cannot be decoded";
      return;
    }
    width = pixels.cols;
    height = pixels.rows;
  }
  if (width != height && has_size(height, width, picture)) {  // labelled as EXIF turns it?
    cv::Mat turned = decode_with_opencv(*bytes, cv::IMREAD_COLOR);
    if (has_size(turned.cols, turned.rows, picture)) {
      width = turned.cols;
      height = turned.rows;
      pixels = std::move(turned);
    }
  }
  if (!pixels.empty()) {
    Bytes encoded;
    if (!cv::imencode(".jpg", pixels, encoded, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality})) {
      candidate.problem = picture.file_name + ": cannot be encoded as JPEG";
      return;
    }
    bytes = std::move(encoded);
  }
  if (picture.width > 0 && picture.height > 0) {  // some files say 0
    candidate.scale_x = static_cast<double>(width) / picture.width;
    candidate.scale_y = static_cast<double>(height) / picture.height;
  }
  picture.width = width;
  picture.height = height;
  bytes->shrink_to_fit();
  candidate.encoded = std::make_shared<const Bytes>(std::move(*bytes));
}

void load_pictures(const fs::path& folder, std::vector<Candidate>& candidates, int threads) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < candidates.size(); i = next++) {
      try {
        load_picture(folder, candidates[i]);
      } catch (const std::exception& e) {  // a thread's top: out of memory, an OpenCV fault
        candidates[i].problem = candidates[i].picture.file_name + ": " + e.what();
      }
    }
  };
  std::vector<std::jthread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
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

  load_pictures(folder, *candidates, threads);
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

Result<std::vector<std::vector<Detection>>> read_coco_results(const fs::path& path, const Dataset& dataset) {
  const auto root = read_json(path);
  if (!root) return root.error();
  if (!root->is_array()) return source_error(path, "not COCO results: not a list");
  std::map<int64_t, std::size_t> pictures;
  for (std::size_t i = 0; i < dataset.pictures.size(); ++i) pictures.emplace(dataset.pictures[i].id, i);
  Index categories;
  for (const int64_t id : dataset.category_ids) categories.emplace(id, static_cast<int>(categories.size()));

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
    const auto picture = pictures.find(*image_id);
    if (picture == pictures.end()) return source_error(path, where + "unknown image_id " + std::to_string(*image_id));
    const auto category = categories.find(*category_id);
    if (category == categories.end()) {
      return source_error(path, where + "unknown category_id " + std::to_string(*category_id));
    }
    detections[picture->second].push_back({category->second, static_cast<float>(*score), box_of(*box)});
  }
  return detections;
}

}  // namespace dualsight
