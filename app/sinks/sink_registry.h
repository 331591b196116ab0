// The outputs that `detect` offers, one row each: its option on the command line, its key in configuration files and
// the sink itself come from the row. To add a sink: a file with the sink and its row, and the row's name in
// built_in_sinks() of app/commands/detect_options.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/sinks/sink.h"
#include "backbone/result.h"

namespace dualsight {

// The user's choice for one output.
struct SinkRequest {
  std::string target;   // file or folder; empty: this output is not wanted
  std::string variant;  // one of SinkRow::variants; empty: the first
};
using SinkRequests = std::map<std::string, SinkRequest>;  // by SinkRow::option

struct SinkRow {
  std::string option = {};      // "--json"
  std::string value_name = {};  // of the option's value in --help: "FILE"
  std::string help = {};
  // Called only with a target; touches no file. Errors (ErrorKind::usage): the request makes no sense.
  std::function<Result<std::unique_ptr<Sink>>(const SinkRequest&)> make = {};

  // A second option that chooses the kind of output ("--format"); empty: there is none.
  std::string variant_option = {}, variant_help = {};
  std::vector<std::string> variants = {};

  bool whole_run = false;             // one for all sources; otherwise each `[[source]]` table may have its own
  bool one_source_at_a_time = false;  // cannot take sources that run side by side
};

// Adds an output to those built in. Not thread-safe: call it before the command line is parsed.
void register_sink(SinkRow row);
const std::vector<SinkRow>& registered_sinks();

// The sinks that `requests` ask for, in the order of `rows`; only rows with this `whole_run`.
Result<std::vector<std::unique_ptr<Sink>>> make_sinks(const std::vector<SinkRow>& rows, const SinkRequests& requests,
                                                      bool whole_run);

}  // namespace dualsight
