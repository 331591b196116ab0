// Exports from a recording: clips, pictures, tables and training data.
#pragma once

#include <functional>
#include <limits>
#include <stop_token>
#include <string>

#include "app/recording/playback.h"
#include "app/records/read_records.h"
#include "backbone/result.h"
#include "detector/drawing/overlay.h"

namespace dualsight {

struct RecordingExport {
  TimeSpan range{0, std::numeric_limits<double>::infinity()};
  DetectionFilter filter;
  bool boxes = true;   // draw them (clips and pictures)
  double every_s = 0;  // least time between two pictures (pictures and COCO); 0: every processed frame
  OverlayStyle style;
  std::function<void(double share)> progress;  // 0..1, called on the caller's thread
  std::stop_token stop;
};

// All of them block until they are done and may run on any thread. Each writes under a temporary name until the output
// is complete, and leaves nothing behind when it fails or is stopped (ErrorKind::interrupted). Existing files are
// replaced, except the recording's own; a folder has to be new or empty (ErrorKind::usage).
Result<void> export_clip(const Recording& recording, const std::string& file, const RecordingExport& options);
// Pictures of the frames that the detector processed, or of all frames if there are no records. `extension`: ".jpg" or
// ".png".
Result<void> export_pictures(const Recording& recording, const std::string& folder, const std::string& extension,
                             const RecordingExport& options);
// One line per detection, as `detect --format csv` writes it.
Result<void> export_csv(const Recording& recording, const std::string& file, const RecordingExport& options);
// FOLDER/images/*.jpg without boxes, and FOLDER/annotations.json as training reads it: labels to be corrected and then
// trained on. Category ids are the class numbers, from 0. Classes that the filter hides count as not labelled. Refused
// for annotated videos (ErrorKind::usage): a model trained on them would learn the drawn boxes.
Result<void> export_coco(const Recording& recording, const std::string& folder, const RecordingExport& options);

}  // namespace dualsight
