#include "app/system/detached_threads.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace dualsight {
namespace {
std::atomic<bool> abandoned = false;
}

void note_detached_thread() { abandoned = true; }
bool has_detached_threads() { return abandoned; }

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
  if (abandoned) std::_Exit(exit_code);
  return exit_code;
}

}  // namespace dualsight
