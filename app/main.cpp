#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

#include "app/commands/command_line.h"
#include "app/system/detached_threads.h"
#include "app/system/openmp_wait_policy.h"
#include "app/system/redact.h"

namespace {

// Loading the program twice takes half a second, so only where pictures are looked at.
bool detects(int argc, char** argv) {
  constexpr std::array<std::string_view, 3> kCommands = {"detect", "eval", "bench"};
  return argc > 1 && std::find(kCommands.begin(), kCommands.end(), argv[1]) != kCommands.end();
}

}  // namespace

int main(int argc, char** argv) {
  if (detects(argc, argv)) dualsight::restart_with_passive_openmp(argv);
  try {
    return dualsight::finish_process(dualsight::run_program(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dualsight: internal error: %s\n", dualsight::redact(error.what()).c_str());
  } catch (...) {
    std::fprintf(stderr, "dualsight: internal error of unknown kind\n");
  }
  return 1;
}
