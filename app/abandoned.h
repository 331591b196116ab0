// Threads that hang inside a library are left behind, for nothing can end them. They may still touch what static
// destructors take away, so a program that has left one behind must not run those: it ends with finish_process().
#pragma once

namespace dualsight {

void note_abandoned_thread();  // any thread may call
bool has_abandoned_threads();

// To be returned from main with: flushes the standard streams; does not return if a thread was left behind.
int finish_process(int exit_code);

}  // namespace dualsight
