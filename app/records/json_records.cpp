#include "app/records/json_records.h"

#include <cmath>

#include "app/system/version.h"

namespace dualsight {
namespace {

Json record(const char* type) { return {{"schema", "dualsight/1"}, {"type", type}}; }

Json detection_json(const Detection& detection, const std::vector<std::string>& class_names) {
  const Box& box = detection.box;
  Json out = {
      {"name", class_names.at(static_cast<std::size_t>(detection.class_id))},
      {"class", detection.class_id},
      {"confidence", number(detection.confidence, 4)},
      {"box", corners(box)},
      {"center", {{"x", number(box.center_x(), 2)}, {"y", number(box.center_y(), 2)}}},
      {"size",
       {{"width", number(box.width(), 2)}, {"height", number(box.height(), 2)}, {"area", number(box.area(), 2)}}}};
  if (detection.track_id > 0) out["track_id"] = detection.track_id;
  return out;
}

Json detections_json(const std::vector<Detection>& detections, const std::vector<std::string>& class_names) {
  Json out = Json::array();
  for (const Detection& detection : detections) out.push_back(detection_json(detection, class_names));
  return out;
}

Json pts_json(const std::optional<double>& pts_ms) { return pts_ms ? number(*pts_ms, 2) : Json(nullptr); }

Json region_json(const ZoneSummary& zone) {
  if (zone.line) {
    return {{"name", zone.name}, {"kind", "line"}, {"forward", zone.forward}, {"backward", zone.backward}};
  }
  return {{"name", zone.name}, {"kind", "zone"}, {"entered", zone.entered}, {"left", zone.left}};
}

}  // namespace

Json number(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale + 0.0;  // + 0.0 turns -0 into 0
}

Json corners(const Box& box) {
  return {{"x1", number(box.x1, 2)}, {"y1", number(box.y1, 2)}, {"x2", number(box.x2, 2)}, {"y2", number(box.y2, 2)}};
}

std::string one_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json to_json(const HeaderRecord& header) {
  Json out = record("header");
  out["timestamp"] = utc_text(header.timestamp);
  out["program"] = {{"name", "dualsight"}, {"version", program_version}};
  out["model"] = {{"file", header.model_file},
                  {"name", header.model_name},
                  {"architecture", header.architecture},
                  {"sha256", header.model_sha256}};
  out["class_names"] = header.class_names;
  Json thresholds = Json::array();
  for (const float threshold : header.thresholds) thresholds.push_back(number(threshold, 4));
  out["settings"] = {{"thresholds", thresholds},
                     {"iou", number(header.options.iou, 4)},
                     {"iou_across_classes", number(header.options.iou_across_classes, 4)},
                     {"classes", header.options.classes},
                     {"input_size", header.options.input_size},
                     {"max_detections", header.options.max_detections},
                     {"max_frames", header.max_frames},
                     {"threads", header.options.threads},
                     {"device", header.device},
                     {"tracking", header.tracking},
                     {"candidates", header.keeps_candidates},
                     {"blurred", header.blurred}};
  out["sources"] = header.sources;
  if (header.video) out["video"] = to_string(*header.video);
  return out;
}

Json to_json(const FrameRecord& frame, const std::vector<std::string>& class_names) {
  Json out = record("frame");
  out["source"] = frame.source;
  if (!frame.file.empty()) out["file"] = frame.file;
  out["frame"] = frame.frame;
  out["pts_ms"] = pts_json(frame.pts_ms);
  out["timestamp"] = utc_text(frame.timestamp);
  out["image"] = {{"width", frame.width}, {"height", frame.height}};
  out["speed_ms"] = {{"preprocess", number(frame.speed.preprocess, 2)},
                     {"inference", number(frame.speed.inference, 2)},
                     {"postprocess", number(frame.speed.postprocess, 2)},
                     {"age", number(frame.age_ms(), 2)}};
  const auto since_start = [&](SteadyTime time) {
    return number(std::chrono::duration<double, std::milli>(time - frame.times.origin).count(), 2);
  };
  out["times_ms"] = {{"capture", since_start(frame.times.captured)},
                     {"start", since_start(frame.times.started)},
                     {"end", since_start(frame.times.ended)},
                     {"publish", since_start(frame.times.published)}};
  out["dropped"] = frame.dropped;
  out["detections"] = detections_json(frame.detections, class_names);
  if (!frame.candidates.empty()) out["candidates"] = detections_json(frame.candidates, class_names);
  if (!frame.zones.empty()) out["zones"] = frame.zones;
  return out;
}

Json to_json(const EventRecord& event, const std::vector<std::string>& class_names) {
  Json out = record("event");
  out["source"] = event.source;
  out["frame"] = event.frame;
  out["pts_ms"] = pts_json(event.pts_ms);
  out["timestamp"] = utc_text(event.timestamp);
  out["event"] = to_string(event.event);
  if (!event.zone.empty()) out["zone"] = event.zone;
  if (!event.direction.empty()) out["direction"] = event.direction;
  if (event.seconds) out["duration_s"] = number(*event.seconds, 3);
  out["detection"] = detection_json(event.detection, class_names);
  return out;
}

Json to_json(const StatusRecord& status) {
  Json out = record("status");
  out["source"] = status.source;
  if (!status.file.empty()) out["file"] = status.file;
  out["timestamp"] = utc_text(status.timestamp);
  out["state"] = to_string(status.state);
  out["message"] = status.message;
  if (status.attempt) out["attempt"] = *status.attempt;
  if (status.retry_in_s) out["retry_in_s"] = number(*status.retry_in_s, 2);
  return out;
}

Json to_json(const StatsRecord& stats) {
  Json out = record("stats");
  out["timestamp"] = utc_text(stats.timestamp);
  out["seconds"] = number(stats.seconds, 3);
  out["sources"] = Json::array();
  for (const SourceStats& source : stats.sources) {
    out["sources"].push_back({{"source", source.source},
                              {"state", to_string(source.state)},
                              {"claimed_fps", number(source.claimed_fps, 2)},
                              {"capture_fps", number(source.capture_fps, 2)},
                              {"detect_fps", number(source.detect_fps, 2)},
                              {"age_ms", number(source.age_ms, 2)},
                              {"captured", source.captured},
                              {"looked_at", source.looked_at},
                              {"dropped", source.dropped},
                              {"reconnects", source.reconnects},
                              {"record_queue", source.queued},
                              {"record_dropped", source.record_dropped}});
  }
  return out;
}

Json to_json(const SummaryRecord& summary, const std::vector<std::string>& class_names) {
  Json out = record("summary");
  out["timestamp"] = utc_text(summary.timestamp);
  out["frames"] = summary.frames;
  out["dropped"] = summary.dropped;
  out["skipped"] = summary.skipped;
  out["seconds"] = number(summary.seconds, 3);
  out["fps"] = number(summary.fps(), 2);
  out["objects"] = Json::object();
  for (std::size_t c = 0; c < summary.objects.size(); ++c) {
    if (summary.objects[c] > 0) out["objects"][class_names.at(c)] = summary.objects[c];
  }
  out["sources"] = Json::array();
  for (const SourceSummary& source : summary.sources) {
    Json entry = {{"source", source.source},
                  {"captured", source.captured},
                  {"frames", source.frames},
                  {"dropped", source.dropped},
                  {"skipped", source.skipped},
                  {"reconnects", source.reconnects},
                  {"record_dropped", source.record_dropped},
                  {"record_queue_max", source.record_queue_max},
                  {"tracks", source.tracks},
                  {"capture_fps", number(source.capture_fps, 2)},
                  {"age_ms", {{"median", number(source.age_ms_median, 2)}, {"max", number(source.age_ms_max, 2)}}},
                  {"truncated", source.truncated}};
    entry["regions"] = Json::array();
    for (const ZoneSummary& zone : source.zones) entry["regions"].push_back(region_json(zone));
    out["sources"].push_back(std::move(entry));
  }
  out["files"] = summary.files;
  out["interrupted"] = summary.interrupted;
  out["exit_code"] = summary.exit_code();
  if (summary.error) out["error"] = summary.error->message;
  return out;
}

}  // namespace dualsight
