// Another detector's results for a data set, to learn from. Needs nlohmann-json; not part of the trainer-only build.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "backbone/result.h"
#include "detector/core/types.h"
#include "detector/data/dataset.h"

namespace dualsight {

// What a teacher says of a data set (teacher_labels.h), out of COCO results. A result has the class by `name` or,
// without one, by the set's own category_id. Those of other pictures and classes are left out: a detector of 80 classes
// knows more than the set asks for. Errors (ErrorKind::source): a result that is incomplete or has a score outside
// 0..1, none that fits, and a set of which ids_are_unique() is false.
struct TeacherResults {
  std::vector<std::vector<Detection>> detections;  // [i] belongs to dataset.pictures[i]
  int64_t left_out = 0;
};
Result<TeacherResults> read_teacher_results(const std::filesystem::path& path, const Dataset& dataset);

}  // namespace dualsight
