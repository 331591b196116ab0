#include "app/abandoned.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace dualsight {
namespace {
std::atomic<bool> abandoned = false;
}

void note_abandoned_thread() { abandoned = true; }
bool has_abandoned_threads() { return abandoned; }

void join_or_abandon(std::thread& thread, bool ended) {
  if (ended) {
    thread.join();
  } else {
    note_abandoned_thread();
    thread.detach();
  }
}

int finish_process(int exit_code) {
  std::fflush(nullptr);
  if (abandoned) std::_Exit(exit_code);
  return exit_code;
}

}  // namespace dualsight
