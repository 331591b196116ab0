// File names of recordings. A segment is one continuous recording: one or two videos and their records.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/records/records.h"

namespace dualsight {

struct SegmentPaths {
  std::string annotated, raw, sidecar;  // empty: none

  std::vector<std::string> all() const;  // those that are not empty
};

// Of a file target: "dog.mkv", with its companions "dog.raw.mkv" (both) and "dog.ndjson" (sidecar).
SegmentPaths paths_beside(const std::string& video, RecordWhat what, bool sidecar);

// In a folder: "front_20261125T101112.345Z.mkv", with companions named in the same way. Characters not allowed in file
// names become "_"; if the name exists already, "_2", "_3" ... follows the time.
SegmentPaths new_paths(const std::string& folder, const std::string& source, UtcTime start,
                       const std::string& container, RecordWhat what, bool sidecar);

struct SegmentName {
  std::string stem;  // shared by all files of the segment
  std::string time;  // "20261125T101112.345Z"
  int number = 1;    // counts segments with the same time
};

// Parses the name of a file in a folder of recordings; nullopt: not a file of a segment.
std::optional<SegmentName> parse_segment_name(const std::string& file_name);

}  // namespace dualsight
