// Annotated pictures: one file per frame, or one contact sheet with a few frames of the run.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "app/sinks/sink.h"
#include "app/sinks/sink_registry.h"

namespace dualsight {

// FOLDER/<name>.jpg for each frame or picture. Refuses the folder that holds the source pictures.
std::unique_ptr<Sink> make_picture_folder(const std::string& folder);

// Twelve frames spread evenly over the run, in order of time: frames with detections, filled up with others if those
// are fewer than twelve. Memory does not grow with the length of the run. Error (ErrorKind::usage): `path` has no
// extension of a picture format.
Result<std::unique_ptr<Sink>> make_contact_sheet(const std::string& path);

SinkRow picture_folder_row();  // --images
SinkRow contact_sheet_row();   // --contact-sheet

// Writes `bgr` (CV_8UC3) in the format of `extension` (".png", ".jpg"). It is encoded in memory first, because
// cv::imwrite does not say why it failed and does not notice a full disk. Error (ErrorKind::output): `path` cannot be
// written, or the picture cannot be encoded in that format.
Result<void> write_picture(const std::string& path, const std::string& extension, const cv::Mat& bgr);

}  // namespace dualsight
