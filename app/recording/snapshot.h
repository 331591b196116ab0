// One frame as a picture file.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "app/session/session.h"

namespace dualsight {

// Gives the file written: options.file, or "name-2.png" ... where that is taken; with RecordWhat::both the raw picture
// lies beside it as "name.raw.png". Errors (ErrorKind::output): the ending is neither .png nor .jpg; cannot be written.
Result<std::string> write_snapshot(const SnapshotOptions& options, const cv::Mat& bgr,
                                   const std::vector<Detection>& detections,
                                   const std::vector<std::string>& class_names);

}  // namespace dualsight
