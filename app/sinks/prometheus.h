// The run's numbers for Prometheus' text-file collector (node_exporter).
#pragma once

#include <string>

#include "app/records/records.h"
#include "backbone/result.h"

namespace dualsight {

// In Prometheus' text exposition format 0.0.4, a gauge or counter per source.
std::string prometheus_text(const StatsRecord& stats);

// Replaces the file as a whole, so that a reader never sees half of it. Error (ErrorKind::output) names the file.
Result<void> write_prometheus(const std::string& path, const StatsRecord& stats);

}  // namespace dualsight
