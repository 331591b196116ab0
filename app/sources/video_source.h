// Videos of finite length, from a file or an address: every frame with its time, in order.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/videoio.hpp>
#include <string>

#include "app/sources/source.h"

namespace dualsight {

int64_t claimed_frames(const cv::VideoCapture& video);  // 0: unknown

// `path`: the same file, to read packet times that OpenCV does not report; empty: only the stream is available.
Result<std::unique_ptr<Source>> finite_video(const std::string& name, const std::string& path, cv::VideoCapture video,
                                             const SourceOptions& options);

}  // namespace dualsight
