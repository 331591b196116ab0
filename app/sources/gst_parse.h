// Mistakes in a GStreamer pipeline's text. OpenCV 4.6 starts what GStreamer could parse only in part, and then waits
// for ever for the missing element.
#pragma once

#include <optional>
#include <string>

namespace dualsight {

// What GStreamer finds wrong ('no element "x"'), as it says it, passwords included; nothing is started. nullopt:
// nothing, or OpenCV has not brought GStreamer's library in.
std::optional<std::string> pipeline_mistake(const std::string& pipeline);

}  // namespace dualsight
