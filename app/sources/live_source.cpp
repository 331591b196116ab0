#include "app/sources/live_source.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>

#include "app/sources/cameras.h"
#include "app/sources/gst_parse.h"
#include "app/sources/video_decoder.h"
#include "app/sources/video_source.h"
#include "app/system/redact.h"

namespace dualsight {
namespace {

using Seconds = std::chrono::duration<double>;

// The library's own time-outs are a little shorter than Capture's, so that a call returns by itself if possible.
constexpr double library_share = 0.9;

// Many failures in a row without waiting mean that the source is lost; single ones are frames that cannot be decoded.
constexpr int failures_allowed = 10;
constexpr Seconds without_waiting{0.005};

Error live_error(const std::string& name, const std::string& what) { return {ErrorKind::source, name + ": " + what}; }

class LiveSource : public Source {
 public:
  LiveSource(std::string name, cv::VideoCapture capture, double patience_s)
      : capture_(std::move(capture)), patience_s_(patience_s) {
    info_.name = std::move(name);
    info_.live = true;
    const double fps = capture_.get(cv::CAP_PROP_FPS);
    if (std::isfinite(fps) && fps > 0 && fps < 1000) info_.fps = fps;
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    const auto now = [] { return std::chrono::steady_clock::now(); };
    const auto begun = now();
    const auto late = [&] { return Seconds(now() - begun).count() > patience_s_; };
    for (int failures = 0; failures < failures_allowed && !late();) {
      const auto asked = now();
      if (!wait_for_frame()) break;
      Frame frame;
      if (!capture_.grab()) {
        if (now() - asked < without_waiting) ++failures;
      } else if (capture_.retrieve(frame.bgr) && !frame.bgr.empty()) {
        if (frame.bgr.type() == CV_8UC1) cv::cvtColor(frame.bgr, frame.bgr, cv::COLOR_GRAY2BGR);
        if (frame.bgr.type() != CV_8UC3) return live_error(info_.name, "delivers pixels that are not BGR");
        return std::optional<Frame>(std::move(frame));
      }
    }
    return live_error(info_.name, why_lost(late()));
  }

 protected:
  virtual bool wait_for_frame() { return true; }
  virtual std::string why_lost(bool late) const {
    return late ? "no more frames came" : "no more frames (disconnected, or the stream has ended)";
  }

  SourceInfo info_;
  cv::VideoCapture capture_;
  const double patience_s_;
};

class CameraSource : public LiveSource {
 public:
  CameraSource(const std::string& name, std::string device, cv::VideoCapture capture, double patience_s)
      : LiveSource(name, std::move(capture), patience_s), device_(std::move(device)) {}

 protected:
  // OpenCV's V4L2 backend always waits for 10 s in read().
  bool wait_for_frame() override {
    std::vector<int> ready;
    try {
      return cv::VideoCapture::waitAny({capture_}, ready, static_cast<int64>(patience_s_ * 1e9));
    } catch (const cv::Exception&) {  // the driver reports an error
      return false;
    }
  }

  std::string why_lost(bool late) const override {
    if (camera_is_gone(device_)) return "unplugged";
    return late ? "the camera delivers no frames" : "the camera stopped";
  }

 private:
  std::string device_;
};

// By FFmpeg's libraries.
class StreamSource : public Source {
 public:
  StreamSource(std::string name, std::unique_ptr<VideoDecoder> decoder) : decoder_(std::move(decoder)) {
    info_.name = std::move(name);
    info_.live = true;
    info_.fps = decoder_->fps();
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    auto decoded = decoder_->next();
    if (!decoded) return live_error(info_.name, decoded.error().message);
    if (!*decoded) return live_error(info_.name, "no more frames (disconnected, or the stream has ended)");
    Frame frame;
    frame.bgr = std::move((*decoded)->bgr);
    return std::optional<Frame>(std::move(frame));
  }

 private:
  SourceInfo info_;
  const std::unique_ptr<VideoDecoder> decoder_;
};

std::string fourcc_text(double code) {
  std::string text;
  const auto bits = static_cast<uint32_t>(code);
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>((bits >> shift) & 0x7F);
  return text.substr(0, text.find_last_not_of(" \0", std::string::npos, 2) + 1);
}

// "MJPG 1280x720 at 30 frames/s" without the parts that are unknown.
std::string mode_text(const std::string& format, int width, int height, double fps) {
  std::string text = format;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : " ") + more; };
  if (width > 0 && height > 0) add(fmt::format("{}x{}", width, height));
  if (fps > 0) add(fmt::format("at {:.4g} frames/s", fps));
  return text;
}

// The driver may choose the nearest mode or ignore the request, so the granted mode is read back.
std::string set_mode(cv::VideoCapture& camera, const SourceSettings& want) {
  std::string format = want.camera_format;
  if (!format.empty()) {
    format.resize(4, ' ');
    camera.set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc(format[0], format[1], format[2], format[3]));
  }
  if (want.camera_width > 0 && want.camera_height > 0) {
    camera.set(cv::CAP_PROP_FRAME_WIDTH, want.camera_width);  // takes effect with the height
    camera.set(cv::CAP_PROP_FRAME_HEIGHT, want.camera_height);
  }
  if (want.camera_fps > 0) camera.set(cv::CAP_PROP_FPS, want.camera_fps);

  const std::string got_format = fourcc_text(camera.get(cv::CAP_PROP_FOURCC));
  const int width = static_cast<int>(camera.get(cv::CAP_PROP_FRAME_WIDTH));
  const int height = static_cast<int>(camera.get(cv::CAP_PROP_FRAME_HEIGHT));
  const double fps = camera.get(cv::CAP_PROP_FPS);
  const bool granted = (want.camera_format.empty() || want.camera_format == got_format) &&
                       (want.camera_width <= 0 || (want.camera_width == width && want.camera_height == height)) &&
                       (want.camera_fps <= 0 || std::abs(want.camera_fps - fps) < 0.5);
  std::string text = mode_text(got_format, width, height, fps);
  if (!granted) {
    text +=
        ", not " + mode_text(want.camera_format, want.camera_width, want.camera_height, want.camera_fps) + " as asked";
  }
  return text;
}

std::string with_sink(const std::string& pipeline) {
  if (pipeline.find("appsink") != std::string::npos) return pipeline;
  return pipeline + " ! videoconvert ! video/x-raw,format=BGR ! appsink drop=true max-buffers=1 sync=false";
}

}  // namespace

Result<std::unique_ptr<Source>> open_camera(const std::string& name, const std::string& device,
                                            const SourceSettings& settings, const SourceOptions& options) {
  if (auto usable = check_camera(device); !usable) return usable.error();
  cv::VideoCapture camera(device, cv::CAP_V4L2);
  if (!camera.isOpened()) return live_error(device, "the camera does not answer, or has no format that can be read");
  const std::string mode = set_mode(camera, settings);
  if (options.on_status) options.on_status(State::connected, name + ": connected, " + mode, "");
  return std::unique_ptr<Source>(
      new CameraSource(name, device, std::move(camera), settings.read_timeout_s * library_share));
}

Result<std::unique_ptr<Source>> open_stream(const std::string& name, const std::string& url,
                                            const SourceSettings& settings, const SourceOptions& options) {
  DecoderOptions how;
  how.open_timeout_s = settings.open_timeout_s * library_share;
  how.read_timeout_s = settings.read_timeout_s * library_share;
  how.live = true;
  auto decoder = VideoDecoder::open(url, how);
  if (!decoder) return live_error(name, decoder.error().message);
  if (url.starts_with("http") && (*decoder)->frame_count() > 0) {
    return finite_video(name, "", *std::move(decoder), options);
  }
  return std::unique_ptr<Source>(std::make_unique<StreamSource>(name, *std::move(decoder)));
}

Result<void> check_pipeline(const std::string& name, const std::string& pipeline) {
  if (pipeline.find_first_not_of(" \t") == std::string::npos) return live_error(name, "the pipeline is empty");
  if (!cv::videoio_registry::hasBackend(cv::CAP_GSTREAMER)) {
    return live_error(name, "this machine's OpenCV has no GStreamer");
  }
  if (const auto mistake = pipeline_mistake(with_sink(pipeline))) return live_error(name, redact(*mistake));
  return {};
}

Result<std::unique_ptr<Source>> open_pipeline(const std::string& name, const std::string& pipeline,
                                              const SourceSettings& settings) {
  if (auto usable = check_pipeline(name, pipeline); !usable) return usable.error();
  cv::VideoCapture capture(with_sink(pipeline), cv::CAP_GSTREAMER);
  if (!capture.isOpened()) {
    return live_error(name, "the pipeline does not start (`gst-launch-1.0` tells why)");
  }
  return std::unique_ptr<Source>(new LiveSource(name, std::move(capture), settings.read_timeout_s * library_share));
}

}  // namespace dualsight
