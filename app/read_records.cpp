#include "app/read_records.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace dualsight {
namespace {

using Json = nlohmann::json;

std::vector<Detection> detections_of(const Json& list, std::size_t classes) {
  std::vector<Detection> out;
  for (const Json& entry : list) {
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
    out.push_back(detection);
  }
  return out;
}

}  // namespace

Result<RecordedRun> read_records(const std::string& path, const std::string& source) {
  std::ifstream in(path);
  if (!in) return Error{ErrorKind::source, path + ": cannot be read: " + std::strerror(errno)};
  RecordedRun run;
  std::set<std::string> sources;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const bool cut_off = in.eof();
    try {
      const Json record = Json::parse(line);
      if (record.at("schema") != "dualsight/1") throw std::invalid_argument("not a record of the schema dualsight/1");
      if (record.at("type") == "header") run.class_names = record.at("class_names").get<std::vector<std::string>>();
      if (record.at("type") != "frame" || record.at("pts_ms").is_null()) continue;
      const auto name = record.at("source").get<std::string>();
      if (!source.empty() && name != source) continue;
      sources.insert(name);
      RecordedFrame& frame = run.frames.emplace_back();
      frame.pts_ms = record.at("pts_ms").get<double>();
      frame.detections = detections_of(record.at("detections"), run.class_names.size());
      if (record.contains("candidates")) {
        frame.candidates = detections_of(record.at("candidates"), run.class_names.size());
      }
    } catch (const std::exception& error) {
      if (cut_off && number > 1) break;
      return Error{ErrorKind::source, fmt::format("{}:{}: {}", path, number, error.what())};
    }
  }
  if (sources.size() > 1) {
    return Error{ErrorKind::source,
                 fmt::format("{}: holds several sources ({}): choose with --source", path, fmt::join(sources, ", "))};
  }
  if (run.frames.empty()) {
    return Error{ErrorKind::source,
                 path + ": holds no frames with times" + (source.empty() ? "" : " of the source \"" + source + "\"")};
  }
  std::stable_sort(run.frames.begin(), run.frames.end(),
                   [](const RecordedFrame& a, const RecordedFrame& b) { return a.pts_ms < b.pts_ms; });
  return run;
}

}  // namespace dualsight
