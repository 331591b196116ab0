#include "detector/training/output_folder.h"

#include <algorithm>
#include <array>
#include <system_error>

namespace dualsight {
namespace fs = std::filesystem;
namespace {

constexpr std::array kFiles = {"model.safetensors", "best.safetensors", "checkpoint.safetensors", "log.csv"};

fs::path first_free(const fs::path& folder) {
  for (int i = 1;; ++i) {
    fs::path wanted = folder / ("previous-" + std::to_string(i));
    std::error_code ignored;
    if (!fs::exists(wanted, ignored)) return wanted;
  }
}

}  // namespace

Result<std::string> prepare_output_folder(const fs::path& folder, bool resume) {
  const auto failed = [](const fs::path& path, const std::error_code& error) {
    return Error{ErrorKind::output, path.string() + ": " + error.message()};
  };
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failed(folder, error);
  const auto is_there = [&](const char* name) { return fs::exists(folder / name, error); };
  if (resume || std::none_of(kFiles.begin(), kFiles.end(), is_there)) return std::string();
  const fs::path aside = first_free(folder);
  fs::create_directory(aside, error);
  if (error) return failed(aside, error);
  for (const char* name : kFiles) {
    if (!is_there(name)) continue;
    fs::rename(folder / name, aside / name, error);
    if (error) return failed(folder / name, error);
  }
  return aside.string();
}

}  // namespace dualsight
