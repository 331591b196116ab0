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

#include "app/records/records.h"
#include "backbone/result.h"

namespace dualsight {

struct Frame {
  cv::Mat bgr;                   // CV_8UC3, owned by this frame alone
  int64_t number = 0;            // from 0; live: every captured frame counts, over all reconnections
  std::optional<double> pts_ms;  // video: the container's time; live: time since the first capture; never falls
  std::string file;              // pictures only
  UtcTime timestamp;             // when it was captured or read
  SteadyTime captured;           // the same moment, for measuring ages
};

struct SourceInfo {
  std::string name;  // short, for people and records; no passwords
  bool live = false;
  int64_t frame_count = 0;  // 0: unknown
  double fps = 0;           // claimed; 0: unknown (pictures, some streams)
  bool finite = false;      // live, and its end is no loss: a video at its own speed
};

// What the user says about one source.
struct SourceSettings {
  std::string spec;  // see open_source()
  std::string name;  // in records; empty: made from the spec
  // Cameras only; what is not given is the driver's choice. FOURCC is set before the size, the size before the rate.
  std::string camera_format;                // FOURCC, "MJPG"
  int camera_width = 0, camera_height = 0;  // pixels, before rotation
  double camera_fps = 0;
  int rotate = 0;       // clockwise: 0, 90, 180 or 270 degrees
  bool mirror = false;  // left and right swapped, after the rotation
  bool wait = false;    // live: go on trying even if it cannot be opened at the start
  // Video files: delivered at their own speed, as a camera would, and as one treated (newest wins); `repeat`: again and
  // again.
  bool paced = false, repeat = false;
  // Live: how long opening, and waiting for the next frame, may take before the source counts as lost.
  double open_timeout_s = 15, read_timeout_s = 10;
};

// One opening of a source. Blocking; used on one thread, the capture thread.
class Source {
 public:
  virtual ~Source() = default;
  virtual const SourceInfo& info() const = 0;

  // The next frame, or nullopt at the end. Error (ErrorKind::source): the source cannot go on; the message names it.
  // Live sources leave number, pts_ms and the times to Capture, and an end of theirs is a loss.
  virtual Result<std::optional<Frame>> read() = 0;
};

struct SourceOptions {
  // Called from within open_source() and read(), on the caller's thread: things worth telling that are no failure.
  std::function<void(State state, const std::string& message, const std::string& file)> on_status;
};

// SPEC is a picture, a folder of pictures (not recursive, sorted by name), a quoted glob, a video file, a camera
// ("0", "/dev/video0", "/dev/v4l/by-id/..."), an address (rtsp, rtsps, http, https), or a GStreamer pipeline
// ("gst:videotestsrc ! ...", where OpenCV has GStreamer). A name made of digits alone is a camera; "./0" is a file.
Result<std::unique_ptr<Source>> open_source(const SourceSettings& settings, const SourceOptions& options = {});

// Finds what can be found wrong with a source at little cost, so that a typing error shows before a model is loaded.
// Streams are not contacted.
Result<void> check_source(const SourceSettings& settings);

bool is_live(const std::string& spec);  // camera, address or GStreamer pipeline

// How people and records call it: settings.name, or what the spec makes of it; no passwords.
std::string source_name(const SourceSettings& settings);

bool is_picture_name(const std::string& path);  // by its extension, any case

// `source` at the speed of its own clock; `reopen`: how to begin again at its end, empty: it ends.
std::unique_ptr<Source> paced(std::unique_ptr<Source> source,
                              std::function<Result<std::unique_ptr<Source>>()> reopen = {});

// The kinds, for open_source() and tests.
Result<std::unique_ptr<Source>> open_pictures(std::string name, std::vector<std::string> files, bool single,
                                              const SourceOptions& options);
Result<std::unique_ptr<Source>> open_video_file(std::string name, const std::string& path,
                                                const SourceOptions& options);

}  // namespace dualsight
