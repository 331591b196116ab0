// Files named in one argument: "a.safetensors,b.safetensors".
#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace dualsight {

// The files of a list by commas, in its order; nothing between two commas is no file.
inline std::vector<std::filesystem::path> files_of(const std::string& list) {
  std::vector<std::filesystem::path> files;
  std::istringstream in(list);
  for (std::string file; std::getline(in, file, ',');) {
    if (!file.empty()) files.emplace_back(file);
  }
  return files;
}

}  // namespace dualsight
