// Files named in one argument: "a.safetensors,b.safetensors".
#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace dualsight {

// The files of a list separated by commas, in its order. Empty entries are left out.
inline std::vector<std::filesystem::path> files_of(const std::string& list) {
  std::vector<std::filesystem::path> files;
  std::istringstream in(list);
  for (std::string file; std::getline(in, file, ',');) {
    if (!file.empty()) files.emplace_back(file);
  }
  return files;
}

// Whether training data are packed files. Only these are given as lists: a folder's name may contain a comma.
inline bool is_packed(const std::string& data) { return data.ends_with(".safetensors"); }

// A title for people: "fruit" for "photos/fruit/", "a.safetensors and 2 more" for three packed files.
inline std::string title_of(const std::string& data) {
  const auto files = is_packed(data) ? files_of(data) : std::vector<std::filesystem::path>{data};
  const auto first = files.front().lexically_normal();
  const auto title = (first.has_filename() ? first : first.parent_path()).filename().string();
  return files.size() == 1 ? title : title + " and " + std::to_string(files.size() - 1) + " more";
}

}  // namespace dualsight
