// Ctrl-C and other termination signals end a run cleanly: the current frame is finished and files are closed.
#pragma once

#include <atomic>

namespace dualsight {

// Set by the first SIGINT, SIGTERM or SIGHUP. A second signal kills the program, as it does by default.
const std::atomic<bool>& stop_requested();

// Call once, at the start. Also ignores SIGPIPE and SIGXFSZ, so that a closed pipe or a file-size limit shows up as
// an ordinary write error.
void install_signal_handlers();

}  // namespace dualsight
