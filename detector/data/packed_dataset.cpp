#include "detector/data/packed_dataset.h"

#include <torch/types.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "backbone/safetensors.h"

namespace dualsight {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "dualsight-pack/1";
constexpr int64_t kMaxSide = 65535;  // JPEG's limit

Error source_error(const fs::path& path, const std::string& what) {
  return {ErrorKind::source, path.string() + ": " + what};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

Metadata metadata_of(const Dataset& dataset) {
  std::string names, ids;
  for (const std::string& name : dataset.class_names) names += name + '\n';
  for (const int64_t id : dataset.category_ids) ids += std::to_string(id) + ' ';
  if (!names.empty()) names.pop_back();
  if (!ids.empty()) ids.pop_back();
  return {{"format", kFormat}, {"classes", names}, {"category_ids", ids}};
}

// The tensors of one file, as they grow picture by picture.
struct Piece {
  std::vector<uint8_t> bytes, crowd, not_exhaustive;
  std::vector<int64_t> byte_offsets = {0}, box_offsets = {0}, ids;
  std::vector<int32_t> sizes, classes;
  std::vector<float> boxes, areas, scores;
  std::string file_names;

  void add(const LabelledPicture& picture, std::size_t class_count) {
    bytes.insert(bytes.end(), picture.encoded.begin(), picture.encoded.end());
    byte_offsets.push_back(static_cast<int64_t>(bytes.size()));
    ids.push_back(picture.id);
    sizes.insert(sizes.end(), {picture.width, picture.height});
    for (const LabelledObject& object : picture.objects) {
      boxes.insert(boxes.end(), {object.box.x1, object.box.y1, object.box.x2, object.box.y2});
      classes.push_back(object.class_id);
      crowd.push_back(object.crowd ? 1 : 0);
      areas.push_back(object.area);
      scores.push_back(object.score);
    }
    box_offsets.push_back(static_cast<int64_t>(classes.size()));
    const std::size_t row = not_exhaustive.size();
    not_exhaustive.resize(row + class_count, 0);
    for (const int class_id : picture.not_exhaustive) not_exhaustive[row + static_cast<std::size_t>(class_id)] = 1;
    std::string name = picture.file_name;
    std::ranges::replace(name, '\n', ' ');  // the separator
    if (ids.size() > 1) file_names += '\n';
    file_names += name;
  }

  // The bytes that a picture adds to a file.
  static uint64_t size_of(const LabelledPicture& picture, std::size_t class_count) {
    constexpr uint64_t per_picture = 8 + 8 + 2 * 4 + 8 + 1;  // offsets, id, size, a separator
    constexpr uint64_t per_object = 4 * 4 + 4 + 1 + 4 + 4;   // box, class, crowd, area, score
    return picture.encoded.size() + per_picture + picture.objects.size() * per_object + class_count +
           picture.file_name.size();
  }

  // The tensors are views of this Piece. Widest types first, so that each is aligned in the file.
  NamedTensors tensors(std::size_t class_count) {
    const auto of = [](auto& values, torch::ScalarType dtype, std::vector<int64_t> shape) {
      return torch::from_blob(values.data(), shape, dtype);
    };
    const auto count = [](const auto& values) { return static_cast<int64_t>(values.size()); };
    const int64_t pictures = count(ids);
    const int64_t objects = count(classes);
    return {
        {"byte_offsets", of(byte_offsets, torch::kInt64, {pictures + 1})},
        {"box_offsets", of(box_offsets, torch::kInt64, {pictures + 1})},
        {"ids", of(ids, torch::kInt64, {pictures})},
        {"sizes", of(sizes, torch::kInt32, {pictures, 2})},
        {"boxes", of(boxes, torch::kFloat32, {objects, 4})},
        {"classes", of(classes, torch::kInt32, {objects})},
        {"areas", of(areas, torch::kFloat32, {objects})},
        {"scores", of(scores, torch::kFloat32, {objects})},
        {"crowd", of(crowd, torch::kUInt8, {objects})},
        {"not_exhaustive", of(not_exhaustive, torch::kUInt8, {pictures, static_cast<int64_t>(class_count)})},
        {"file_names", of(file_names, torch::kUInt8, {count(file_names)})},
        {"bytes", of(bytes, torch::kUInt8, {count(bytes)})},
    };
  }
};

// Indices of the pictures at which a new piece begins, and the end: {0, 120, 250}.
Result<std::vector<std::size_t>> piece_bounds(const fs::path& path, const Dataset& dataset, const Metadata& metadata,
                                              uint64_t max_bytes) {
  // The header: 12 tensors of under 128 bytes each, and the metadata, which JSON may write as \u00XX.
  uint64_t header = 12 * 128 + 128;
  for (const auto& [key, value] : metadata) header += 6 * (key.size() + value.size()) + 8;
  header += 16;  // the closing elements of the two offset tensors

  std::vector<std::size_t> bounds = {0};
  uint64_t size = header;
  for (std::size_t i = 0; i < dataset.pictures.size(); ++i) {
    const uint64_t more = Piece::size_of(dataset.pictures[i], dataset.class_names.size());
    if (header + more > max_bytes) {
      return Error{ErrorKind::usage, path.string() + ": " + dataset.pictures[i].file_name + " alone needs " +
                                         std::to_string(header + more) + " bytes, over the limit of a piece"};
    }
    if (size + more > max_bytes) {
      bounds.push_back(i);
      size = header;
    }
    size += more;
  }
  bounds.push_back(dataset.pictures.size());
  return bounds;
}

fs::path piece_path(const fs::path& path, std::size_t index, std::size_t count) {
  if (count == 1) return path;
  char suffix[64];
  std::snprintf(suffix, sizeof suffix, "-%05zu-of-%05zu", index + 1, count);
  return path.parent_path() / (path.stem().string() + suffix + path.extension().string());
}

// Reads one file: checks its pictures and appends them to a Dataset.
class PieceReader {
 public:
  PieceReader(fs::path path, Safetensors file) : path_(std::move(path)), file_(std::move(file)) {}

  Result<void> read_classes(Dataset& dataset) const {
    const Metadata& metadata = file_.metadata();
    const auto value = [&](const char* key) {
      const auto at = metadata.find(key);
      return at == metadata.end() ? std::string() : at->second;
    };
    if (value("format") != kFormat) return fail("not a packed data set");
    dataset.class_names = split(value("classes"), '\n');
    for (const std::string& text : split(value("category_ids"), ' ')) {
      int64_t id = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
      if (error != std::errc() || end != text.data() + text.size()) return fail("category_ids are damaged");
      dataset.category_ids.push_back(id);
    }
    if (dataset.class_names.empty()) return fail("no classes");
    if (dataset.category_ids.size() != dataset.class_names.size()) return fail("category_ids do not match the classes");
    return {};
  }

  Result<void> append_to(Dataset& dataset) {
    if (auto read = read_tensors(static_cast<int64_t>(dataset.class_names.size())); !read) return read;
    const auto names = file_names();
    const int64_t pictures = ids_.numel();
    if (static_cast<int64_t>(names.size()) != pictures) return fail("file_names do not match the pictures");
    if (auto good = check_offsets(byte_offsets_, "byte_offsets", bytes_.numel()); !good) return good;
    if (auto good = check_offsets(box_offsets_, "box_offsets", classes_.numel()); !good) return good;

    const auto* bytes = bytes_.data_ptr<uint8_t>();
    const auto* byte_offsets = byte_offsets_.data_ptr<int64_t>();
    const auto* box_offsets = box_offsets_.data_ptr<int64_t>();
    const auto* ids = ids_.data_ptr<int64_t>();
    const auto* sizes = sizes_.data_ptr<int32_t>();
    const auto* not_exhaustive = not_exhaustive_.data_ptr<uint8_t>();
    const auto class_count = static_cast<int>(dataset.class_names.size());
    for (int64_t i = 0; i < pictures; ++i) {
      LabelledPicture picture;
      picture.id = ids[i];
      picture.file_name = names[static_cast<std::size_t>(i)];
      picture.width = sizes[2 * i];
      picture.height = sizes[2 * i + 1];
      if (picture.width < 1 || picture.width > kMaxSide || picture.height < 1 || picture.height > kMaxSide) {
        return fail("size of " + picture.file_name + " is out of range");
      }
      picture.encoded = {bytes + byte_offsets[i], bytes + byte_offsets[i + 1]};
      for (int class_id = 0; class_id < class_count; ++class_id) {
        if (not_exhaustive[i * class_count + class_id] != 0) picture.not_exhaustive.push_back(class_id);
      }
      for (int64_t j = box_offsets[i]; j < box_offsets[i + 1]; ++j) {
        const auto object = read_object(j, picture, class_count);
        if (!object) return object.error();
        picture.objects.push_back(*object);
      }
      dataset.pictures.push_back(std::move(picture));
    }
    dataset.storage.push_back(std::make_shared<const torch::Tensor>(bytes_));  // keeps the mapping
    return {};
  }

 private:
  Error fail(const std::string& what) const { return source_error(path_, what); }

  // -1 in `shape`: any length. Bytes are a view of the file; all else is a copy, since it may be unaligned there.
  Result<void> read(torch::Tensor& out, const char* name, torch::ScalarType dtype, std::vector<int64_t> shape) const {
    auto tensor = dtype == torch::kUInt8 ? file_.view(name) : file_.tensor(name);
    if (!tensor) return fail(std::string("tensor ") + name + " is missing");
    bool matches = tensor->scalar_type() == dtype && tensor->dim() == static_cast<int64_t>(shape.size());
    for (std::size_t i = 0; matches && i < shape.size(); ++i) {
      matches = shape[i] < 0 || tensor->size(static_cast<int64_t>(i)) == shape[i];
    }
    if (!matches) return fail(std::string("tensor ") + name + " has a wrong type or shape");
    out = *std::move(tensor);
    return {};
  }

  Result<void> read_tensors(int64_t class_count) {
    if (auto ok = read(bytes_, "bytes", torch::kUInt8, {-1}); !ok) return ok;
    if (auto ok = read(ids_, "ids", torch::kInt64, {-1}); !ok) return ok;
    const int64_t pictures = ids_.numel();
    if (auto ok = read(byte_offsets_, "byte_offsets", torch::kInt64, {pictures + 1}); !ok) return ok;
    if (auto ok = read(box_offsets_, "box_offsets", torch::kInt64, {pictures + 1}); !ok) return ok;
    if (auto ok = read(sizes_, "sizes", torch::kInt32, {pictures, 2}); !ok) return ok;
    if (auto ok = read(not_exhaustive_, "not_exhaustive", torch::kUInt8, {pictures, class_count}); !ok) return ok;
    if (auto ok = read(file_names_, "file_names", torch::kUInt8, {-1}); !ok) return ok;
    if (auto ok = read(classes_, "classes", torch::kInt32, {-1}); !ok) return ok;
    const int64_t objects = classes_.numel();
    if (auto ok = read(boxes_, "boxes", torch::kFloat32, {objects, 4}); !ok) return ok;
    if (auto ok = read(crowd_, "crowd", torch::kUInt8, {objects}); !ok) return ok;
    if (const auto names = file_.names(); std::ranges::find(names, "scores") == names.end()) {
      // Written before labels had scores.
      scores_ = torch::ones({objects});
    } else if (auto ok = read(scores_, "scores", torch::kFloat32, {objects}); !ok) {
      return ok;
    }
    return read(areas_, "areas", torch::kFloat32, {objects});
  }

  // They must go from 0 to `end` and never fall.
  Result<void> check_offsets(const torch::Tensor& offsets, const char* name, int64_t end) const {
    const auto* values = offsets.data_ptr<int64_t>();
    const int64_t last = offsets.numel() - 1;
    if (values[0] != 0 || values[last] != end || !std::is_sorted(values, values + last + 1)) {
      return fail(std::string(name) + " are damaged");
    }
    return {};
  }

  std::vector<std::string> file_names() const {
    if (ids_.numel() == 0) return {};
    const std::string joined(reinterpret_cast<const char*>(file_names_.data_ptr<uint8_t>()),
                             static_cast<std::size_t>(file_names_.numel()));
    return split(joined + '\n', '\n');  // the last newline keeps an empty last name
  }

  Result<LabelledObject> read_object(int64_t index, const LabelledPicture& picture, int class_count) const {
    const float* box = boxes_.data_ptr<float>() + 4 * index;
    LabelledObject object;
    object.box = {box[0], box[1], box[2], box[3]};
    object.class_id = classes_.data_ptr<int32_t>()[index];
    object.crowd = crowd_.data_ptr<uint8_t>()[index] != 0;
    object.area = areas_.data_ptr<float>()[index];
    object.score = scores_.data_ptr<float>()[index];
    const auto inside = [](float low, float high, int limit) {  // false for NaN too
      return low >= 0 && low < high && high <= static_cast<float>(limit);
    };
    if (!inside(object.box.x1, object.box.x2, picture.width) || !inside(object.box.y1, object.box.y2, picture.height)) {
      return fail("a box of " + picture.file_name + " lies outside the picture");
    }
    if (object.class_id < 0 || object.class_id >= class_count) {
      return fail("a box of " + picture.file_name + " has an unknown class");
    }
    if (!std::isfinite(object.area) || object.area < 0) {
      return fail("a box of " + picture.file_name + " has no finite area");
    }
    if (!(object.score >= 0 && object.score <= 1)) {  // NaN too
      return fail("a box of " + picture.file_name + " has a score that is not between 0 and 1");
    }
    return object;
  }

  fs::path path_;
  Safetensors file_;
  torch::Tensor bytes_, byte_offsets_, ids_, sizes_, boxes_, classes_, crowd_, areas_, scores_, box_offsets_,
      not_exhaustive_, file_names_;
};

}  // namespace

Result<std::vector<fs::path>> write_packed(const fs::path& path, const Dataset& dataset, uint64_t max_bytes) {
  if (dataset.pictures.empty()) return source_error(path, "no pictures to pack");
  for (const std::string& name : dataset.class_names) {
    if (name.empty() || name.find('\n') != std::string::npos) {
      return source_error(path, "class name \"" + name.substr(0, name.find('\n')) + "\" is empty or has a line break");
    }
  }
  const Metadata metadata = metadata_of(dataset);
  const auto bounds = piece_bounds(path, dataset, metadata, max_bytes);
  if (!bounds) return bounds.error();

  std::vector<fs::path> written;
  const std::size_t count = bounds->size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    Piece piece;
    for (std::size_t j = (*bounds)[i]; j < (*bounds)[i + 1]; ++j) {
      piece.add(dataset.pictures[j], dataset.class_names.size());
    }
    const fs::path file = piece_path(path, i, count);
    if (auto ok = write_safetensors(file, piece.tensors(dataset.class_names.size()), metadata); !ok) return ok.error();
    written.push_back(file);
  }
  return written;
}

Result<Dataset> load_packed(const std::vector<fs::path>& paths) {
  if (paths.empty()) return Error{ErrorKind::source, "no packed data set given"};
  Dataset dataset;
  for (const fs::path& path : paths) {
    auto file = Safetensors::open(path);
    if (!file) return Error{ErrorKind::source, file.error().message};
    PieceReader reader(path, *std::move(file));
    Dataset classes;
    if (auto ok = reader.read_classes(classes); !ok) return ok.error();
    if (dataset.class_names.empty()) {
      dataset.class_names = classes.class_names;
      dataset.category_ids = classes.category_ids;
    } else if (dataset.class_names != classes.class_names || dataset.category_ids != classes.category_ids) {
      return source_error(path, "its classes differ from those of " + paths[0].string());
    }
    if (auto ok = reader.append_to(dataset); !ok) return ok.error();
  }
  if (dataset.pictures.empty()) return source_error(paths[0], "no pictures");
  // Two sets may both number their pictures from 1; the same piece given twice is a mistake.
  std::set<std::pair<int64_t, std::string_view>> seen;
  for (const LabelledPicture& picture : dataset.pictures) {
    if (!seen.emplace(picture.id, picture.file_name).second) {
      return source_error(paths[0], picture.file_name + ": two pictures with id " + std::to_string(picture.id));
    }
  }
  return dataset;
}

}  // namespace dualsight
