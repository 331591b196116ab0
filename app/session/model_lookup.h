// Finds model files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

// Existing folders, in the order they are searched: $DUALSIGHT_MODELS, PREFIX/share/dualsight/models of an
// installation, then a folder models/ beside or above the executable (a build in the source tree).
std::vector<std::filesystem::path> model_folders();
std::vector<std::filesystem::path> model_folders(const std::filesystem::path& executable);

std::vector<std::filesystem::path> models_in(const std::filesystem::path& folder);  // of all formats, by name

// `wanted` is a path, or the (beginning of the) name of a shipped model. Empty: the first whose name begins with a
// backbone's, in the registry's order of preference (dpn92* before resnet18*). Error (ErrorKind::model) names what was
// looked for and where.
Result<std::filesystem::path> find_model(const std::string& wanted, const std::vector<std::filesystem::path>& folders);

// A model in the same folder, for the same classes, whose info has a higher "val mAP50" than the chosen one's.
std::optional<std::filesystem::path> better_scored(const std::filesystem::path& chosen);

}  // namespace dualsight
