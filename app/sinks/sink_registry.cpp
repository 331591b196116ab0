#include "app/sinks/sink_registry.h"

#include <utility>

namespace dualsight {
namespace {

std::vector<SinkRow>& rows() {
  static std::vector<SinkRow> registered;
  return registered;
}

}  // namespace

void register_sink(SinkRow row) { rows().push_back(std::move(row)); }

const std::vector<SinkRow>& registered_sinks() { return rows(); }

Result<std::vector<std::unique_ptr<Sink>>> make_sinks(const std::vector<SinkRow>& rows, const SinkRequests& requests,
                                                      bool whole_run) {
  std::vector<std::unique_ptr<Sink>> sinks;
  for (const SinkRow& row : rows) {
    const auto request = requests.find(row.option);
    if (row.whole_run != whole_run || request == requests.end() || request->second.target.empty()) continue;
    auto sink = row.make(request->second);
    if (!sink) return sink.error();
    sinks.push_back(*std::move(sink));
  }
  return sinks;
}

}  // namespace dualsight
