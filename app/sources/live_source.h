// Cameras, network streams and GStreamer pipelines: thin, blocking openings of OpenCV's backends. Endurance (time-outs,
// reconnection, newest wins) is Capture's business.
#pragma once

#include <memory>
#include <string>

#include "app/sources/source.h"

namespace dualsight {

// `name` stands in front of messages; passwords in `url` and `pipeline` are shown nowhere.

// Tells State::connected with what the driver granted.
Result<std::unique_ptr<Source>> open_camera(const std::string& name, const std::string& device,
                                            const SourceSettings& settings, const SourceOptions& options);

// Over http and https there may be a file, which then is not live: it delivers every frame and ends.
Result<std::unique_ptr<Source>> open_stream(const std::string& name, const std::string& url,
                                            const SourceSettings& settings, const SourceOptions& options);

// A pipeline without an appsink gets one that holds the newest frame only. Always live: its end is a loss.
Result<std::unique_ptr<Source>> open_pipeline(const std::string& name, const std::string& pipeline,
                                              const SourceSettings& settings);
Result<void> check_pipeline(const std::string& name, const std::string& pipeline);

}  // namespace dualsight
