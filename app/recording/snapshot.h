// One frame as a picture file.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "app/records/records.h"
#include "backbone/result.h"
#include "detector/core/types.h"
#include "detector/drawing/overlay.h"

namespace dualsight {

struct SnapshotOptions {
  std::string file;  // ends in .png or .jpg; an existing file is kept and "name-2.png" is written instead
  RecordWhat what = RecordWhat::annotated;
  OverlayStyle style;
};

// Writes `bgr` (CV_8UC3) with its detections (pixels of that picture) and returns the path written: options.file, or
// "name-2.png", "name-3.png" ... if it exists already. With RecordWhat::both the picture without boxes is written
// beside it as "name.raw.png". Errors (ErrorKind::output): the extension is neither .png nor .jpg; a file cannot be
// written. Any thread; blocks until the files are written.
Result<std::string> write_snapshot(const SnapshotOptions& options, const cv::Mat& bgr,
                                   const std::vector<Detection>& detections,
                                   const std::vector<std::string>& class_names);

}  // namespace dualsight
