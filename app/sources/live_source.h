// Cameras and GStreamer pipelines by OpenCV, network streams by FFmpeg's libraries: thin blocking wrappers. Time-outs,
// reconnection and dropping of old frames are done by Capture.
#pragma once

#include <memory>
#include <string>

#include "app/sources/source.h"

namespace dualsight {

// `name` is the prefix of messages; passwords in `url` and `pipeline` are never shown.

// Reports State::connected with the mode that the driver granted.
Result<std::unique_ptr<Source>> open_camera(const std::string& name, const std::string& device,
                                            const SourceSettings& settings, const SourceOptions& options);

// An http or https address may be a file, which is not live: it delivers every frame and ends.
Result<std::unique_ptr<Source>> open_stream(const std::string& name, const std::string& url,
                                            const SourceSettings& settings, const SourceOptions& options);

// A pipeline without an appsink gets one that keeps the newest frame only. Always live: its end is a loss.
Result<std::unique_ptr<Source>> open_pipeline(const std::string& name, const std::string& pipeline,
                                              const SourceSettings& settings);
Result<void> check_pipeline(const std::string& name, const std::string& pipeline);

}  // namespace dualsight
