// Logs go to standard error alone; standard output belongs to results.
#pragma once

namespace dualsight {

void set_up_logging();
void log_errors_only();    // for --quiet
void silence_libraries();  // OpenCV's and FFmpeg's own chatter: what matters is reported by us, once

}  // namespace dualsight
