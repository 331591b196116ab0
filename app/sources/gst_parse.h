// Finds mistakes in the text of a GStreamer pipeline. Without this check OpenCV 4.6 starts a pipeline that GStreamer
// could parse only in part, and waits for ever for the missing element.
#pragma once

#include <optional>
#include <string>

namespace dualsight {

// GStreamer's own error message ('no element "x"'), which may contain passwords; nothing is started. nullopt: no
// mistake found, or OpenCV has not loaded GStreamer's library.
std::optional<std::string> pipeline_mistake(const std::string& pipeline);

}  // namespace dualsight
