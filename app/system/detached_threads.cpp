#include "app/system/detached_threads.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace dualsight {
namespace {
std::atomic<bool> any_detached = false;
}

void note_detached_thread() { any_detached = true; }
bool has_detached_threads() { return any_detached; }

void join_or_detach(std::thread& thread, bool ended) {
  if (ended) {
    thread.join();
  } else {
    note_detached_thread();
    thread.detach();
  }
}

int finish_process(int exit_code) {
  std::fflush(nullptr);
  if (any_detached) std::_Exit(exit_code);
  return exit_code;
}

}  // namespace dualsight
