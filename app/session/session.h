// One source, one model, and everything that may be changed while they run: what a window needs of the program.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/pipeline/controls.h"
#include "app/pipeline/inference_thread.h"
#include "app/recording/snapshot.h"
#include "app/recording/video_recorder.h"
#include "app/records/records.h"
#include "app/sources/capture.h"
#include "app/sources/source.h"
#include "backbone/result.h"
#include "detector/detector.h"

namespace dualsight {

// What is being written: recordings and records may be begun and ended at any time.
enum class Output { recording, records };

struct OutputStatus {
  Output output = Output::recording;
  bool on = false;
  std::string target;   // the file or folder
  std::string problem;  // not on: why it ended by itself (disk full ...) or could not begin; empty: stop() ended it
};

// Called on the session's threads, never on two at once: each call has to return soon and must not call the session.
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  // Every frame at once, at the source's rate, with boxes for its time (predicted, where `predicted`). The pixels are
  // shared: they may be kept, never written.
  virtual void on_frame(const ShownFrame& frame) = 0;
  // Every frame that the detector has processed, with its boxes and the weaker candidates; chosen classes are blurred.
  virtual void on_result(const FrameRecord& record, const cv::Mat& bgr) = 0;
  virtual void on_event(const EventRecord& event) = 0;  // after on_result() of its frame
  // Some time after on_event(): the event is in this recording now, at so many seconds.
  virtual void on_recorded(const EventRecord& event, const std::string& video, double seconds) = 0;
  virtual void on_status(const StatusRecord& status) = 0;  // also of recordings
  virtual void on_stats(const SourceStats& stats) = 0;     // once a second while a source is open
  // The source came to its end, failed (summary.error) or was closed or replaced (summary.interrupted).
  virtual void on_end(const SummaryRecord& summary) = 0;
  virtual void on_model(const ModelStatus& status) = 0;
  virtual void on_output(const OutputStatus& status) = 0;
  virtual void on_snapshot(const Result<std::string>& file) = 0;  // it was saved, or why not
};

struct SessionOptions {
  // What tests replace.
  Capture::Opener open = open_source;
  InferenceOptions::Opener open_detector = Detector::open;
};

// All calls from one thread; all return at once but the destructor, which takes at most two seconds and closes files.
class Session {
 public:
  explicit Session(SessionListener& listener, SessionOptions options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Replaces the source that is open. Videos are shown at their own speed; frames for which the detector has no time
  // are dropped. Recordings end with the source.
  void open(SourceSettings source);
  void close();

  // Loads another model; the open source is shown meanwhile. The thresholds of DetectorOptions are ignored: see
  // adjust(). An empty path: no model, frames are shown without boxes.
  void use_model(const std::filesystem::path& file, const DetectorOptions& options);

  // Before the next frame. Thresholds below `lowest_threshold` count as that.
  void adjust(Adjustments adjustments);
  static constexpr float lowest_threshold = 0.05F;

  void start(RecorderOptions recording);  // replaces the one that runs
  void start_records(const std::string& file);
  void stop(Output output);

  // The newest frame that the detector has processed, with its boxes; the file is written on another thread.
  void save_snapshot(SnapshotOptions options);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dualsight
