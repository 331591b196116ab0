// Records as JSON of the schema "dualsight/1" (assets/dualsight-1.schema.json). Pixels and milliseconds
// are rounded to 2 decimals, confidences to 4: no detector is more precise, and files are half as large.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/records/records.h"

namespace dualsight {

using Json = nlohmann::ordered_json;

Json to_json(const HeaderRecord& header);
Json to_json(const FrameRecord& frame, const std::vector<std::string>& class_names);
Json to_json(const EventRecord& event, const std::vector<std::string>& class_names);
Json to_json(const StatusRecord& status);
Json to_json(const StatsRecord& stats);
Json to_json(const SummaryRecord& summary, const std::vector<std::string>& class_names);

// Rounded. NaN and infinity become null, because JSON does not have them.
Json number(double value, int decimals);
Json corners(const Box& box);  // {"x1", "y1", "x2", "y2"}

// One line, without the line break. Bytes that are not UTF-8 (old file names) become U+FFFD.
std::string one_line(const Json& json);

}  // namespace dualsight
