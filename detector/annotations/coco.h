// COCO JSON in and out. Needs nlohmann-json and OpenCV's imgcodecs; not part of the trainer-only build.
#pragma once

#include <filesystem>
#include <vector>

#include "backbone/result.h"
#include "detector/core/types.h"
#include "detector/data/dataset.h"

namespace dualsight {

// Reads DIR/annotations.json and DIR/images/ (a path to a .json file reads pictures from images/ beside it, or from
// its own folder where there is no images/). Every picture is decoded once as a check; pictures that are not baseline
// JPEG are re-encoded (quality 95) so that Dataset::encoded is always readable by decode_jpeg.
// Skipped, named and counted in `problems`: a picture that is missing or cannot be decoded; a box that is not four
// finite numbers, has no width or height, lies outside the picture, or names an unknown category or picture. A box that
// reaches over the edge is clipped. An annotation's `score` (made by a detector, 0..1) is kept; what it decides:
// dataset.h. A score that is no number from 0 to 1 is skipped and named; a box under kLeastScore is left out, which is
// no problem.
// The picture's true size wins over the file's; boxes are scaled if they differ. Which pixels labels of a picture with
// an EXIF orientation mean: coco_pictures.h. White space in category names becomes single spaces. What had to be
// guessed, and mistakes that the whole set has in common (coco_checks.h), are told in problems.doubts. Errors
// (ErrorKind::source): no such file, not COCO JSON (names the key), no pictures, no categories, an empty or doubled
// category name, duplicate ids, and over `max_bad_fraction` of the pictures or boxes skipped (the message gives the
// count and the first three). Pictures keep the order of the file. Uses up to `threads` threads for decoding.
Result<Dataset> load_coco(const std::filesystem::path& path, DatasetProblems& problems, double max_bad_fraction = 0.1,
                          int threads = 2);

// Whether results can tell the pictures apart: two sets read together may both count from 1.
bool ids_are_unique(const Dataset& dataset);

// COCO results JSON: [{"image_id", "category_id", "bbox": [x, y, w, h], "score"}], the data set's own ids, scores
// falling within a picture. `detections[i]` belongs to `dataset.pictures[i]`. Written atomically.
Result<void> write_coco_results(const std::filesystem::path& path, const Dataset& dataset,
                                const std::vector<std::vector<Detection>>& detections);

// The reverse, for `dualsight eval --results-in`. Unknown image or category ids are an Error.
Result<std::vector<std::vector<Detection>>> read_coco_results(const std::filesystem::path& path,
                                                              const Dataset& dataset);

}  // namespace dualsight
