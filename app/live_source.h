// Live sources: one thread captures, the newest frame wins; feeds of finite length (files behind
// an address) wait to be read and lose nothing. What feeds it is a function, so that cameras, streams and
// tests share the same code.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "app/source.h"

namespace dualsight {

struct LiveFeed {
  double fps = 0;                      // claimed; 0: unknown
  int64_t frame_count = 0;             // streams of finite length, then not live; 0: endless
  std::function<bool(cv::Mat&)> grab;  // blocks for the next frame; false: no more. Fills a Mat that nobody shares.
};

// Both run on the capture thread.
using OpenFeed = std::function<Result<LiveFeed>()>;

// Waits until the feed is open. Where a library call never returns, the capture thread is left behind (it owns all it
// touches) rather than hanging the program.
Result<std::unique_ptr<Source>> open_live(const std::string& name, OpenFeed open, const SourceOptions& options);

Result<void> check_camera(const std::string& device);  // present, allowed, not busy, and a camera
Result<std::unique_ptr<Source>> open_camera(const std::string& name, const std::string& device,
                                            const SourceOptions& options);
Result<std::unique_ptr<Source>> open_stream(const std::string& url, const SourceOptions& options);

}  // namespace dualsight
