#include "app/commands/load_data.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "detector/annotations/coco.h"
#include "detector/data/file_list.h"
#include "detector/data/packed_dataset.h"

namespace dualsight {
namespace {

void log_problems(const std::string& what, const DatasetProblems& problems) {
  constexpr std::size_t shown = 10;
  const std::size_t count = problems.lines.size();
  for (std::size_t i = 0; i < std::min(count, shown); ++i) spdlog::warn(problems.lines[i]);
  if (count > shown) spdlog::warn("... and {} more", count - shown);
  if (count > 0) {
    spdlog::warn("{}: skipped {} pictures and {} boxes", what, problems.pictures_skipped, problems.boxes_skipped);
  }
}

}  // namespace

Result<Dataset> load_data(const std::string& what) {
  if (is_packed(what)) return load_packed(files_of(what));
  DatasetProblems problems;
  auto dataset = load_coco(what, problems);
  log_problems(what, problems);
  return dataset;
}

}  // namespace dualsight
