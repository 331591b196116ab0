#include "app/commands/load_data.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "detector/annotations/coco.h"
#include "detector/annotations/teacher_results.h"
#include "detector/data/file_list.h"
#include "detector/data/packed_dataset.h"
#include "detector/data/teacher_labels.h"

namespace dualsight {
namespace {

void log_first(const std::vector<std::string>& lines) {
  constexpr std::size_t shown = 10;
  for (std::size_t i = 0; i < std::min(lines.size(), shown); ++i) spdlog::warn(lines[i]);
  if (lines.size() > shown) spdlog::warn("... and {} more", lines.size() - shown);
}

void log_problems(const std::string& what, const DatasetProblems& problems) {
  log_first(problems.lines);
  log_first(problems.doubts);
  if (!problems.lines.empty()) {
    spdlog::warn("{}: skipped {} pictures and {} boxes", what, problems.pictures_skipped, problems.boxes_skipped);
  }
}

Result<Dataset> load_people_labels(const std::string& what) {
  if (is_packed(what)) return load_packed(files_of(what));
  DatasetProblems problems;
  auto dataset = load_coco(what, problems);
  log_problems(what, problems);
  return dataset;
}

}  // namespace

Result<Dataset> load_data(const std::string& what, const std::string& teacher_labels) {
  auto dataset = load_people_labels(what);
  if (!dataset || teacher_labels.empty()) return dataset;
  const auto results = read_teacher_results(teacher_labels, *dataset);
  if (!results) return results.error();
  const TeacherLabels merged = merge_teacher_labels(*dataset, results->detections);
  spdlog::info(
      "{}: {} labels added and {} regions to ignore, in {} of {} pictures; {} boxes of what people labelled, {} of "
      "other pictures or classes left out",
      teacher_labels, merged.objects, merged.ignored, merged.pictures, dataset->pictures.size(), merged.not_needed,
      results->left_out);
  return dataset;
}

}  // namespace dualsight
