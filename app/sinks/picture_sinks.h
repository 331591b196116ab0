// Annotated pictures: one file for each frame, and one sheet of a few of them.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "app/sinks/sink.h"

namespace dualsight {

// FOLDER/<name>.jpg for each frame or picture. Refuses the folder that the pictures themselves lie in.
std::unique_ptr<Sink> make_picture_folder(const std::string& folder);

// Twelve frames spread evenly over the run, in order of time: frames with detections, and others only where those are
// fewer than twelve. Memory stays the same however long it runs.
std::unique_ptr<Sink> make_contact_sheet(const std::string& path);

// As the extension says (".png", ".jpg"). By way of memory: cv::imwrite does not say why it failed, and misses a full
// disk. Error (ErrorKind::output): `path` cannot be written, or not as such a picture.
Result<void> write_picture(const std::string& path, const std::string& extension, const cv::Mat& bgr);

}  // namespace dualsight
