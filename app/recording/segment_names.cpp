#include "app/recording/segment_names.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>

#include "app/system/output_file.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

SegmentPaths paths_of(const std::string& stem, const std::string& container, RecordWhat what, bool sidecar) {
  SegmentPaths paths;
  if (what == RecordWhat::raw) {
    paths.raw = stem + container;
  } else {
    paths.annotated = stem + container;
  }
  if (what == RecordWhat::both) paths.raw = stem + ".raw" + container;
  if (sidecar) paths.sidecar = stem + ".ndjson";
  return paths;
}

// "2026-11-25T10:11:12.345Z" without "-" and ":".
std::string compact(UtcTime time) {
  std::string text = utc_text(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

std::vector<std::string> SegmentPaths::all() const {
  std::vector<std::string> paths{annotated, raw, sidecar};
  std::erase(paths, "");
  return paths;
}

SegmentPaths paths_beside(const std::string& video, RecordWhat what, bool sidecar) {
  const fs::path path(video);
  SegmentPaths paths = paths_of((path.parent_path() / path.stem()).string(), path.extension().string(), what, sidecar);
  (what == RecordWhat::raw ? paths.raw : paths.annotated) = video;  // as the user wrote it
  return paths;
}

SegmentPaths new_paths(const std::string& folder, const std::string& source, UtcTime start,
                       const std::string& container, RecordWhat what, bool sidecar) {
  const std::string stem = (fs::path(folder) / (name_in_files(source) + "_" + compact(start))).string();
  for (int number = 1;; ++number) {
    const SegmentPaths paths =
        paths_of(number == 1 ? stem : stem + "_" + std::to_string(number), container, what, sidecar);
    const std::vector<std::string> all = paths.all();
    std::error_code ignored;
    if (std::none_of(all.begin(), all.end(), [&](const std::string& path) { return fs::exists(path, ignored); })) {
      return paths;
    }
  }
}

std::optional<SegmentName> parse_segment_name(const std::string& file_name) {
  static const std::regex pattern(
      R"((.+_([0-9]{8}T[0-9]{6}\.[0-9]{3}Z)(?:_([0-9]{1,9}))?)(?:(?:\.raw)?\.(?:mkv|mp4|avi)|\.ndjson))");
  std::smatch found;
  if (!std::regex_match(file_name, found, pattern)) return std::nullopt;
  return SegmentName{found[1], found[2], found[3].matched ? std::stoi(found[3]) : 1};
}

}  // namespace dualsight
