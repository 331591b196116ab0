// Annotated pictures: one file for each frame, and one sheet of a few of them.
#pragma once

#include <memory>
#include <string>

#include "app/sink.h"

namespace dualsight {

// FOLDER/<name>.jpg for each frame or picture. Refuses the folder that the pictures themselves lie in.
std::unique_ptr<Sink> make_picture_folder(const std::string& folder);

// Twelve frames spread evenly over the run, in order of time: frames with detections, and others only where those are
// fewer than twelve. Memory stays the same however long it runs.
std::unique_ptr<Sink> make_contact_sheet(const std::string& path);

}  // namespace dualsight
