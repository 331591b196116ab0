// Threads that hang inside a library are left behind, for nothing can end them. They may still touch what static
// destructors take away, so a program that has left one behind must not run those: it ends with finish_process().
#pragma once

#include <thread>

namespace dualsight {

void note_detached_thread();  // any thread may call
bool has_detached_threads();

// `ended`: it has said that it is about to end. Otherwise it is left behind.
void join_or_detach(std::thread& thread, bool ended);

// To be returned from main with: flushes the standard streams; does not return if a thread was left behind.
int finish_process(int exit_code);

}  // namespace dualsight
