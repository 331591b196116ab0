// The run's statistics as a file for the text-file collector of Prometheus' node_exporter.
#pragma once

#include <memory>
#include <string>

#include "app/records/records.h"
#include "app/sinks/sink.h"
#include "app/sinks/sink_registry.h"
#include "backbone/result.h"

namespace dualsight {

// Prometheus' text exposition format 0.0.4: each metric once, with one sample per source.
std::string prometheus_text(const StatsRecord& stats);

// Replaces the file atomically, so that a reader never sees half of it. Error (ErrorKind::output) names the file.
Result<void> write_prometheus(const std::string& path, const StatsRecord& stats);

// Rewrites the file once a second. A monitor: a file that cannot be written is a warning and does not end the run.
std::unique_ptr<Sink> make_prometheus_writer(const std::string& path);

SinkRow prometheus_row();  // --prometheus

}  // namespace dualsight
