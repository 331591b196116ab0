// Where frames come from: pictures, folders, globs, video files, cameras, network streams, all behind one interface.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/records.h"
#include "backbone/result.h"

namespace dualsight {

struct Frame {
  cv::Mat bgr;                   // CV_8UC3, owned by this frame alone
  int64_t number = 0;            // from 0; live: counts dropped frames too
  std::optional<double> pts_ms;  // video: never falls
  std::string file;              // pictures only
  int64_t dropped = 0;           // live: newer frames that replaced unread ones since the read() before
  UtcTime timestamp;             // when it was captured or read
  SteadyTime captured;           // the same moment, for measuring ages
};

struct SourceInfo {
  std::string name;  // short, for people and records; no passwords
  bool live = false;
  int64_t frame_count = 0;  // 0: unknown
  double fps = 0;           // 0: unknown (pictures, some streams)
};

class Source {
 public:
  virtual ~Source() = default;
  virtual const SourceInfo& info() const = 0;

  // The next frame (files: every one, in order; live: the newest), or nullopt at the end or once `stop` is set.
  // Call from one thread. Error (ErrorKind::source): the source cannot go on; the message names it.
  virtual Result<std::optional<Frame>> read() = 0;
};

struct SourceOptions {
  const std::atomic<bool>* stop = nullptr;  // ends waiting early; may be null
  // Called from within open_source() and read(), on the caller's thread: things worth telling that are no failure.
  std::function<void(SourceState state, const std::string& message, const std::string& file)> on_status;
};

// SOURCE is a picture, a folder of pictures (not recursive, sorted by name), a quoted glob, a video file, a camera
// ("0", "/dev/video0", "/dev/v4l/by-id/..."), or an address (rtsp, rtsps, http, https).
// A name made of digits alone is a camera; "./0" is a file.
Result<std::unique_ptr<Source>> open_source(const std::string& spec, const SourceOptions& options = {});

// Finds what can be found wrong with a source at little cost, so that a typing error shows before a model is loaded.
// Streams are not contacted.
Result<void> check_source(const std::string& spec);

bool is_picture_name(const std::string& path);  // by its extension, any case

// The kinds, for open_source() and tests.
Result<std::unique_ptr<Source>> open_pictures(std::string name, std::vector<std::string> files, bool single,
                                              const SourceOptions& options);
Result<std::unique_ptr<Source>> open_video_file(const std::string& path, const SourceOptions& options);

}  // namespace dualsight
