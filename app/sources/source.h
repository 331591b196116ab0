// The interface of all sources of frames: pictures, folders, globs, video files, cameras, network streams.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/records/records.h"
#include "backbone/result.h"

namespace dualsight {

struct Frame {
  cv::Mat bgr;                   // CV_8UC3, not shared with others
  int64_t number = 0;            // from 0; live: counts all captured frames, across reconnections
  std::optional<double> pts_ms;  // video: the container's time; live: time since the first frame; never decreases
  std::string file;              // pictures only
  UtcTime timestamp;             // when it was captured or read
  SteadyTime captured;           // the same moment on the monotonic clock
};

struct SourceInfo {
  std::string name;  // short, for people and records; no passwords
  bool live = false;
  int64_t frame_count = 0;  // 0: unknown
  double fps = 0;           // claimed by the source; 0: unknown (pictures, some streams)
  bool finite = false;      // live, but its end is not a loss: a video played at its own speed
};

// What the user specifies for one source.
struct SourceSettings {
  std::string spec;  // see open_source()
  std::string name;  // in records; empty: derived from the spec
  // Cameras only; unset values are the driver's choice. Set in this order: FOURCC, size, rate.
  std::string camera_format;                // FOURCC, "MJPG"
  int camera_width = 0, camera_height = 0;  // pixels, before rotation
  double camera_fps = 0;
  int rotate = 0;       // clockwise: 0, 90, 180 or 270 degrees
  bool mirror = false;  // swaps left and right, after the rotation
  bool wait = false;    // live: keep trying even if it cannot be opened at the start
  // Video files: `paced` plays them at their own speed and treats them as live (frames are dropped when the detector is
  // busy); `repeat` plays them in a loop.
  bool paced = false, repeat = false;
  // Live: how long opening, and waiting for the next frame, may take before the source counts as lost.
  double open_timeout_s = 15, read_timeout_s = 10;
};

// An opened source. Blocking; used on one thread only, the capture thread.
class Source {
 public:
  virtual ~Source() = default;
  virtual const SourceInfo& info() const = 0;

  // The next frame; nullopt at the end, which for live sources is a loss. Error (ErrorKind::source, naming the source):
  // it cannot continue. Live sources leave number, pts_ms and the times for Capture to fill in.
  virtual Result<std::optional<Frame>> read() = 0;
};

struct SourceOptions {
  // Called inside open_source() and read(), on the caller's thread, for events that are not failures.
  std::function<void(State state, const std::string& message, const std::string& file)> on_status;
};

// SPEC is a picture, a folder of pictures (not recursive, sorted by name), a quoted glob, a video file, a camera
// ("0", "/dev/video0", "/dev/v4l/by-id/..."), an address (rtsp, rtsps, http, https), "-" (pictures or a video on
// standard input), or a GStreamer pipeline ("gst:videotestsrc ! ...", where OpenCV has GStreamer). A name made of
// digits alone is a camera; "./0" is a file.
Result<std::unique_ptr<Source>> open_source(const SourceSettings& settings, const SourceOptions& options = {});

// Cheap checks, so that a typing error shows before a model is loaded. Streams are not contacted.
Result<void> check_source(const SourceSettings& settings);

bool is_live(const std::string& spec);  // camera, address or GStreamer pipeline

// The name shown to people and in records: settings.name, or derived from the spec; without passwords.
std::string source_name(const SourceSettings& settings);

// Delivers the frames of `source` at the times of its own clock. `reopen` restarts it at its end; empty: it ends.
std::unique_ptr<Source> paced(std::unique_ptr<Source> source,
                              std::function<Result<std::unique_ptr<Source>>()> reopen = {});

// Kinds of sources, for open_source() and tests.
Result<std::unique_ptr<Source>> open_pictures(std::string name, std::vector<std::string> files, bool single,
                                              const SourceOptions& options);
Result<std::unique_ptr<Source>> open_video_file(std::string name, const std::string& path,
                                                const SourceOptions& options);
// A video, or pictures one after another, in any format that FFmpeg finds out from the bytes.
Result<std::unique_ptr<Source>> open_standard_input(std::string name, const SourceOptions& options);

}  // namespace dualsight
