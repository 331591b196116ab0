// The records of a run, one struct per record type of the schema "dualsight/1"
// (assets/dualsight-1.schema.json). Every output format is made from these.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/detector.h"

namespace dualsight {

using UtcTime = std::chrono::system_clock::time_point;
using SteadyTime = std::chrono::steady_clock::time_point;

// "2026-11-22T10:00:00.123Z"
std::string utc_text(UtcTime time);

// The videos of a recording: with boxes drawn into the picture, without, or one of each.
enum class RecordWhat { annotated, raw, both };
const char* to_string(RecordWhat what);

// The first record: everything needed to understand and repeat the run.
struct HeaderRecord {
  UtcTime timestamp;
  std::string model_file, model_name, architecture, model_sha256;
  std::vector<std::string> class_names;
  std::vector<std::string> sources;  // as the user named them, passwords removed
  DetectorOptions options;           // with defaults filled in
  std::vector<float> thresholds;     // per class: confidence needed to be reported
  std::string device;                // what runs the network, "CPU"
  int64_t max_frames = 0;            // of each source; 0: all
  bool tracking = false;             // of videos and live sources
  bool keeps_candidates = false;     // frame records hold the weaker detections too
  std::vector<std::string> blurred;  // classes
  std::optional<RecordWhat> video;   // records of a recording: which videos belong to them
};

// Times of a frame, all of the same monotonic clock.
struct FrameTimes {
  SteadyTime origin;     // the run's start: records count from it
  SteadyTime captured;   // frame received
  SteadyTime started;    // detector started
  SteadyTime ended;      // detector finished
  SteadyTime published;  // record made
};

// One picture or frame that the detector processed, with or without detections. Coordinates are pixels of the source
// frame.
struct FrameRecord {
  std::string source;            // unique within the run
  std::string file;              // pictures only: their path
  int64_t frame = 0;             // from 0 within the source; live: gaps are dropped frames
  std::optional<double> pts_ms;  // video: presentation time; pictures: none
  UtcTime timestamp;             // when the frame was captured (live) or read (files)
  int width = 0, height = 0;
  SpeedMs speed;
  FrameTimes times;
  int64_t dropped = 0;        // live: frames captured since the record before that the detector did not process
  bool live = false;          // the source is live. Not written.
  double source_fps = 0;      // the source's claimed rate; 0: unknown. Not written.
  int64_t source_frames = 0;  // how many frames the source has; 0: unknown. Not written.
  std::vector<Detection> detections;
  std::vector<Detection> candidates;      // those not reported; written on request only
  std::vector<std::string> zones;         // those with something in them now
  std::map<std::string, int64_t> inside;  // those zones, and how many are in each. Not written.

  double age_ms() const { return std::chrono::duration<double, std::milli>(times.published - times.captured).count(); }
};

// A frame of a source at the source's own rate, whether or not the detector processed it. The pixels are shared and
// must not be written to.
struct ShownFrame {
  std::string source;
  cv::Mat bgr;                   // CV_8UC3; chosen classes are blurred already
  int64_t frame = 0;             // as FrameRecord::frame
  std::optional<double> pts_ms;  // as FrameRecord::pts_ms
  UtcTime timestamp;
  SteadyTime captured;
  bool live = false;
  double source_fps = 0;              // claimed; 0: unknown
  std::vector<Detection> detections;  // with track ids where tracking is on
  bool predicted = false;             // the boxes come from other frames: predicted or interpolated
};

enum class State {
  connected,         // a live source delivers
  lost,              // a live source stopped delivering
  retrying,          // a live source will be opened again in `retry_in_s`
  skipped,           // one picture of many could not be read
  resized,           // the pictures of a video or live source have another size from here on
  truncated,         // a video ended before its container says it should
  failed,            // the source cannot be used (any longer)
  recording,         // a recording was begun; the message names file and encoder
  recorded,          // a recording was closed
  recording_failed,  // a recording ended early (disk full ...); detection goes on
};
const char* to_string(State state);

struct StatusRecord {
  std::string source;
  UtcTime timestamp;
  State state = State::connected;
  std::string message;
  std::string file;                  // skipped: which picture; recordings: which file
  std::optional<int> attempt;        // retrying: how often so far, from 1
  std::optional<double> retry_in_s;  // retrying: seconds until the next attempt
};

enum class Event {
  appeared,  // a track was confirmed
  changed,   // its class changed: the vote of its history came out differently
  ended,     // it was not seen for too long, or its source was lost
  entered,   // it went into a zone
  left,      // it went out of a zone, or ended inside it
  crossed,   // it crossed a line
};
const char* to_string(Event event);

struct EventRecord {
  std::string source;
  int64_t frame = 0;  // on whose detections it happened
  std::optional<double> pts_ms;
  UtcTime timestamp;
  Event event = Event::appeared;
  Detection detection;            // the track as last seen
  std::string zone;               // entered, left, crossed: the zone or line
  std::string direction;          // crossed: "forward" or "backward"
  std::optional<double> seconds;  // left: spent inside; ended: from first to last seen
};

// Statistics of a source, current and since the start.
struct SourceStats {
  std::string source;
  State state = State::connected;  // of the source
  double claimed_fps = 0;          // 0: unknown
  double capture_fps = 0;          // measured over the last seconds; 0 when nothing comes
  double detect_fps = 0;
  double age_ms = 0;  // from capture to publication, of the newest result
  int64_t captured = 0, looked_at = 0, dropped = 0;
  int64_t reconnects = 0;
  std::size_t queued = 0;      // frames waiting for its recorder
  int64_t record_dropped = 0;  // frames that its recorder could not take
};

struct StatsRecord {
  UtcTime timestamp;
  double seconds = 0;  // since the start
  std::vector<SourceStats> sources;
};

struct ZoneSummary {
  std::string name;
  bool line = false;
  std::map<std::string, int64_t> entered, left;      // zones: per class
  std::map<std::string, int64_t> forward, backward;  // lines: per class
};

struct SourceSummary {
  std::string source;
  int64_t captured = 0;                      // frames that came
  int64_t frames = 0;                        // processed by the detector
  int64_t dropped = 0;                       // live: replaced by a newer one before the detector was free
  int64_t skipped = 0;                       // pictures that could not be read
  int64_t reconnects = 0;                    // live: how often it came back
  int64_t record_dropped = 0;                // frames that its recorder could not take
  std::size_t record_queue_max = 0;          // most frames that waited for its recorder
  int64_t tracks = 0;                        // distinct objects
  double capture_fps = 0;                    // mean over the time it delivered
  double age_ms_median = 0, age_ms_max = 0;  // capture to publication
  bool live = false;                         // not written
  bool truncated = false;
  std::vector<ZoneSummary> zones;
  std::optional<Error> error;  // why it could not be used (any longer). Written as a status.
};

// The last record.
struct SummaryRecord {
  UtcTime timestamp;
  int64_t frames = 0, dropped = 0, skipped = 0;
  double seconds = 0;
  std::vector<int64_t> objects;  // detections per class, as class_names
  std::vector<SourceSummary> sources;
  std::vector<std::string> files;  // written
  bool interrupted = false;
  std::optional<Error> error;

  double fps() const { return seconds > 0 ? static_cast<double>(frames) / seconds : 0; }
  int exit_code() const;
};

}  // namespace dualsight
