// The folder that a training run writes into.
#pragma once

#include <filesystem>
#include <string>

#include "backbone/result.h"

namespace dualsight {

// Makes the folder. A run that does not resume puts the files of an earlier one (weights, checkpoint, log) aside, into
// previous-1, previous-2 ... below it, so that none is lost and none is taken for the new run's. Gives that folder, or
// nothing if there was none. Error (ErrorKind::output): the folder cannot be made or written.
Result<std::string> prepare_output_folder(const std::filesystem::path& folder, bool resume);

}  // namespace dualsight
