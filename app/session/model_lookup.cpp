#include "app/session/model_lookup.h"

#include <algorithm>
#include <cstdlib>

#include "backbone/registry.h"
#include "detector/detector_formats.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

std::string listed(const std::vector<fs::path>& folders) {
  std::string out;
  for (const fs::path& folder : folders) out += (out.empty() ? "" : ", ") + folder.string();
  return out.empty() ? "no models folder found; $DUALSIGHT_MODELS can name one" : "looked in " + out;
}

}  // namespace

std::vector<fs::path> model_folders() {
  std::error_code ignored;
  return model_folders(fs::read_symlink("/proc/self/exe", ignored));
}

std::vector<fs::path> model_folders(const fs::path& executable) {
  std::vector<fs::path> candidates;
  if (const char* named = std::getenv("DUALSIGHT_MODELS"); named != nullptr && *named != '\0') {
    candidates.emplace_back(named);
  }
  const fs::path bin = executable.parent_path();
  candidates.push_back(bin.parent_path() / "share/dualsight/models");
  for (fs::path above = bin; above.has_relative_path(); above = above.parent_path()) {
    candidates.push_back(above / "models");
  }
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const fs::path& candidate : candidates) {
    if (fs::is_directory(candidate, ignored)) folders.push_back(candidate);
  }
  return folders;
}

std::vector<fs::path> models_in(const fs::path& folder) {
  std::vector<fs::path> models;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    if (is_model_file(it->path())) models.push_back(it->path());
  }
  std::sort(models.begin(), models.end());
  return models;
}

Result<fs::path> find_model(const std::string& wanted, const std::vector<fs::path>& folders) {
  std::error_code ignored;
  if (!wanted.empty() && fs::exists(wanted, ignored)) return fs::path(wanted);
  const bool is_path = wanted.find('/') != std::string::npos || fs::path(wanted).has_extension();
  if (is_path) return Error{ErrorKind::model, wanted + ": no such model file"};

  const std::vector<std::string> beginnings = wanted.empty() ? backbone_names() : std::vector<std::string>{wanted};
  for (const std::string& beginning : beginnings) {
    for (const fs::path& folder : folders) {
      for (const fs::path& model : models_in(folder)) {
        if (model.filename().string().starts_with(beginning)) return model;
      }
    }
  }
  const std::string what = wanted.empty() ? "no shipped model: --model must name one" : wanted + ": no such model";
  return Error{ErrorKind::model, what + " (" + listed(folders) + ")"};
}

std::optional<fs::path> better_scored(const fs::path& chosen) {
  const auto score = [](const ModelInfo& info) {
    const auto found = info.scores.find("val mAP50");
    return found == info.scores.end() ? -1.0 : std::strtod(found->second.c_str(), nullptr);
  };
  const auto own = read_model_info(chosen);
  if (!own) return std::nullopt;
  std::optional<fs::path> best;
  double best_score = score(*own);
  for (const fs::path& model : models_in(chosen.parent_path())) {
    const auto info = read_model_info(model);
    if (!info || info->class_names != own->class_names || score(*info) <= best_score) continue;
    best = model;
    best_score = score(*info);
  }
  return best;
}

}  // namespace dualsight
