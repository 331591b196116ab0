// Logging goes to standard error only, because standard output may carry results.
#pragma once

namespace dualsight {

void set_up_logging();
void log_errors_only();    // for --quiet
void silence_libraries();  // turns off the log output of OpenCV and FFmpeg; errors reach the user through ours

}  // namespace dualsight
