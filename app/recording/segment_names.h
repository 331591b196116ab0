// How the files of a recording are called. A segment is what is written from one begin to one end: one or two videos
// and their records.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/records/records.h"

namespace dualsight {

struct SegmentPaths {
  std::string annotated, raw, sidecar;  // empty: none

  std::vector<std::string> all() const;  // those that are there
};

// Of a file target: "dog.mkv", with its companions "dog.raw.mkv" (both) and "dog.ndjson" (sidecar).
SegmentPaths paths_beside(const std::string& video, RecordWhat what, bool sidecar);

// In a folder: "front_20261125T101112.345Z.mkv", and its companions likewise. Characters that have no place in a file
// name become "_"; a name that is taken already gets "_2", "_3" ... after the time.
SegmentPaths new_paths(const std::string& folder, const std::string& source, UtcTime start,
                       const std::string& container, RecordWhat what, bool sidecar);

struct SegmentName {
  std::string stem;  // shared by all files of the segment
  std::string time;  // "20261125T101112.345Z"
  int number = 1;    // of those with the same time
};

// Of a file in a folder of recordings; none: it is not ours.
std::optional<SegmentName> parse_segment_name(const std::string& file_name);

}  // namespace dualsight
