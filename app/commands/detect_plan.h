// From the options of `detect` to what the pipeline runs: sources, lanes and sinks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/commands/detect_options.h"
#include "app/pipeline/channel.h"

namespace dualsight {

struct DetectPlan {
  std::vector<std::unique_ptr<Sink>> shared;  // fed by all sources; the results writer first, if there is one
  std::vector<SourcePlan> sources;            // in the order of DetectOptions::per_source
};

// Sources of the command line share their outputs: files run one after another on lane 0, every live source has a lane
// of its own. Sources of `[[source]]` tables all run side by side, each with its own outputs. Recordings into a folder
// are always made per source. Touches no file. `options` are complete. Errors (ErrorKind::usage): outputs that
// contradict each other.
Result<DetectPlan> make_plan(const DetectOptions& options);

// Error (ErrorKind::usage): an output file would overwrite a source, or two outputs are the same file.
Result<void> check_outputs(const DetectPlan& plan);

// Error (ErrorKind::usage): an option of the source names a class that the model does not have.
Result<void> check_classes(const SourceOptionsSet& settings, const std::vector<std::string>& class_names);

// Per class of the model: is it one of `names`? Empty if `names` is.
std::vector<bool> classes_to_blur(const std::vector<std::string>& names, const std::vector<std::string>& class_names);

}  // namespace dualsight
