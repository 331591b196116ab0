#include "app/records/read_records.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "app/records/interpolation.h"
#include "detector/core/nms.h"

namespace dualsight {
namespace {

using Json = nlohmann::json;

constexpr double same_frame_ms = 1;  // tolerance: some containers store whole milliseconds

Detection detection_of(const Json& entry, std::size_t classes) {
  const Json& box = entry.at("box");
  Detection detection;
  detection.class_id = entry.at("class").get<int>();
  if (detection.class_id < 0 || static_cast<std::size_t>(detection.class_id) >= classes) {
    throw std::out_of_range("a class that the header does not name");
  }
  detection.confidence = entry.at("confidence").get<float>();
  detection.box = {box.at("x1").get<float>(), box.at("y1").get<float>(), box.at("x2").get<float>(),
                   box.at("y2").get<float>()};
  detection.track_id = entry.value("track_id", int64_t{0});
  return detection;
}

std::vector<Detection> detections_of(const Json& list, std::size_t classes) {
  std::vector<Detection> out;
  for (const Json& entry : list) out.push_back(detection_of(entry, classes));
  return out;
}

// Parses the format of utc_text(); the epoch if it is another.
UtcTime parse_utc(const std::string& text) {
  std::tm utc{};
  int ms = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &utc.tm_hour,
                  &utc.tm_min, &utc.tm_sec, &ms) != 7) {
    return {};
  }
  utc.tm_year -= 1900;
  utc.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(timegm(&utc)) + std::chrono::milliseconds(ms);
}

void read_header(const Json& record, RecordedRun& run) {
  run.class_names = record.at("class_names").get<std::vector<std::string>>();
  if (record.contains("settings")) run.thresholds = record["settings"].value("thresholds", std::vector<float>());
  run.thresholds.resize(run.thresholds.empty() ? 0 : run.class_names.size());
  for (const RecordWhat what : {RecordWhat::annotated, RecordWhat::raw, RecordWhat::both}) {
    if (record.value("video", "") == to_string(what)) run.video = what;
  }
}

RecordedFrame frame_of(const Json& record, std::size_t classes) {
  RecordedFrame frame;
  frame.source = record.at("source").get<std::string>();
  frame.frame = record.value("frame", int64_t{0});
  frame.pts_ms = record.at("pts_ms").get<double>();
  frame.timestamp = parse_utc(record.value("timestamp", ""));
  if (record.contains("image")) {
    frame.width = record["image"].value("width", 0);
    frame.height = record["image"].value("height", 0);
  }
  frame.detections = detections_of(record.at("detections"), classes);
  if (record.contains("candidates")) frame.candidates = detections_of(record.at("candidates"), classes);
  return frame;
}

// nullopt: the event is incomplete and ignored; the frame records still have the detections.
std::optional<EventRecord> event_of(const Json& record, std::size_t classes) {
  constexpr std::array all{Event::appeared, Event::changed, Event::ended, Event::entered, Event::left, Event::crossed};
  try {
    EventRecord event;
    event.source = record.at("source").get<std::string>();
    event.frame = record.at("frame").get<int64_t>();
    event.pts_ms = record.at("pts_ms").get<double>();
    event.timestamp = parse_utc(record.value("timestamp", ""));
    const auto name = record.at("event").get<std::string>();
    const auto found = std::find_if(all.begin(), all.end(), [&](Event each) { return name == to_string(each); });
    if (found == all.end()) return std::nullopt;
    event.event = *found;
    event.detection = detection_of(record.at("detection"), classes);
    event.zone = record.value("zone", "");
    event.direction = record.value("direction", "");
    if (record.contains("duration_s")) event.seconds = record["duration_s"].get<double>();
    return event;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// Only records of `source`, if it is not empty.
Result<RecordedRun> read_run(const std::string& path, const std::string& source, const std::stop_token& stop) {
  std::ifstream in(path);
  if (!in) return Error{ErrorKind::source, path + ": cannot be read: " + std::strerror(errno)};
  RecordedRun run;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    if (stop.stop_requested()) return Error{ErrorKind::interrupted, path + ": reading was cancelled"};
    ++number;
    const bool cut_off = in.eof();
    try {
      const Json record = Json::parse(line);
      if (record.at("schema") != "dualsight/1") throw std::invalid_argument("not a record of the schema dualsight/1");
      const Json& type = record.at("type");
      if (type == "header") read_header(record, run);
      if (type != "frame" && type != "event") continue;
      if (!source.empty() && record.value("source", "") != source) continue;
      if (type == "event") {
        if (auto event = event_of(record, run.class_names.size())) run.events.push_back(*std::move(event));
      } else if (!record.at("pts_ms").is_null()) {
        run.frames.push_back(frame_of(record, run.class_names.size()));
      }
    } catch (const std::exception& error) {
      if (cut_off && number > 1) break;
      return Error{ErrorKind::source, fmt::format("{}:{}: {}", path, number, error.what())};
    }
  }
  std::stable_sort(run.frames.begin(), run.frames.end(),
                   [](const RecordedFrame& a, const RecordedFrame& b) { return a.pts_ms < b.pts_ms; });
  std::stable_sort(run.events.begin(), run.events.end(),
                   [](const EventRecord& a, const EventRecord& b) { return *a.pts_ms < *b.pts_ms; });
  return run;
}

std::set<std::string> sources_of(const RecordedRun& run) {
  std::set<std::string> sources;
  for (const RecordedFrame& frame : run.frames) sources.insert(frame.source);
  return sources;
}

Error several(const std::string& path, const std::set<std::string>& sources, const std::string& remedy) {
  return {ErrorKind::source, fmt::format("{}: holds several sources ({}): {}", path, fmt::join(sources, ", "), remedy)};
}

}  // namespace

Result<RecordedRun> read_records(const std::string& path, const std::string& source) {
  auto run = read_run(path, source, {});
  if (!run) return run;
  const std::set<std::string> sources = sources_of(*run);
  if (sources.size() > 1) return several(path, sources, "choose with --source");
  if (run->frames.empty()) {
    return Error{ErrorKind::source,
                 path + ": holds no frames with times" + (source.empty() ? "" : " of the source \"" + source + "\"")};
  }
  return run;
}

Result<RecordedRun> read_sidecar(const std::string& path, const std::string& video, const std::stop_token& stop) {
  auto run = read_run(path, "", stop);
  if (!run) return run;
  if (run->class_names.empty()) return Error{ErrorKind::source, path + ": holds no records of a recording"};
  const std::set<std::string> sources = sources_of(*run);
  std::size_t changes = 0;
  for (std::size_t i = 1; i < run->frames.size(); ++i) changes += run->frames[i].source != run->frames[i - 1].source;
  if (sources.size() < 2 || changes < sources.size()) return run;  // one after another
  if (sources.count(video) == 0) return several(path, sources, "none of them is called " + video);
  std::erase_if(run->frames, [&](const RecordedFrame& frame) { return frame.source != video; });
  std::erase_if(run->events, [&](const EventRecord& event) { return event.source != video; });
  return run;
}

bool is_annotated(const RecordedRun& run, const std::string& video) {
  if (run.video == RecordWhat::both) return std::filesystem::path(video).stem().extension() != ".raw";
  return run.video == RecordWhat::annotated;
}

std::vector<Detection> filter_detections(const RecordedFrame& frame, const DetectionFilter& filter) {
  std::vector<Detection> chosen;
  const auto add = [&](const std::vector<Detection>& from, bool reported) {
    for (const Detection& d : from) {
      const auto c = static_cast<std::size_t>(d.class_id);
      const float least = filter.confidence.at(c);
      if (!filter.shown.at(c) || (least < 0 ? !reported : d.confidence < least)) continue;
      // Reported detections stay. A candidate is dropped if the same box is shown already under another class.
      if (reported || !is_cross_class_duplicate(d, chosen)) chosen.push_back(d);
    }
  };
  add(frame.detections, true);
  add(frame.candidates, false);
  return chosen;
}

FramesAround frames_around(const std::vector<RecordedFrame>& frames, double pts_ms) {
  const auto after = std::lower_bound(frames.begin(), frames.end(), pts_ms - same_frame_ms,
                                      [](const RecordedFrame& frame, double time) { return frame.pts_ms < time; });
  if (after != frames.end() && after->pts_ms <= pts_ms + same_frame_ms) return {&*after, &*after};
  return {after == frames.begin() ? nullptr : &*std::prev(after), after == frames.end() ? nullptr : &*after};
}

std::vector<Detection> detections_at(const FramesAround& frames, double pts_ms, const DetectionFilter& filter) {
  if (frames.before == nullptr || frames.after == nullptr) return {};
  if (frames.before == frames.after) return filter_detections(*frames.after, filter);
  const double t = (pts_ms - frames.before->pts_ms) / (frames.after->pts_ms - frames.before->pts_ms);
  return interpolate(filter_detections(*frames.before, filter), filter_detections(*frames.after, filter),
                     static_cast<float>(t));
}

std::vector<Box> boxes_to_blur_at(const FramesAround& frames, double pts_ms, const DetectionFilter& filter) {
  std::optional<BlurLook> before, after;
  if (frames.before != nullptr) before = {frames.before->pts_ms / 1000, filter_detections(*frames.before, filter), {}};
  if (frames.after != nullptr) after = {frames.after->pts_ms / 1000, filter_detections(*frames.after, filter), {}};
  return boxes_to_blur(before ? &*before : nullptr, after ? &*after : nullptr, pts_ms / 1000);
}

}  // namespace dualsight
