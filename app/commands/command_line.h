#pragma once

namespace dualsight {

// The whole program. Returns the exit code; errors are one line on standard error.
int run_program(int argc, char** argv);

}  // namespace dualsight
