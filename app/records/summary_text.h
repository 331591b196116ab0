// Records as text for people: what `detect` prints while it runs and at the end.
#pragma once

#include <string>
#include <vector>

#include "app/records/records.h"

namespace dualsight {

// A source's statistics in one line, without a line break.
std::string stats_text(const SourceStats& stats);

// Several lines, each with a line break: frames and rate, detections per class, sources, zones, files written.
std::string summary_text(const SummaryRecord& summary, const std::vector<std::string>& class_names);

}  // namespace dualsight
