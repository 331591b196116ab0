// A thread that hangs inside a library cannot be ended, so it is detached. It may still use objects that static
// destructors destroy, so a process with a detached thread must exit without running them, by finish_process().
#pragma once

#include <thread>

namespace dualsight {

void note_detached_thread();  // any thread may call
bool has_detached_threads();

// Joins the thread if it has reported that it is about to end (`ended`), otherwise detaches it.
void join_or_detach(std::thread& thread, bool ended);

// Use as `return finish_process(code)` in main. Flushes the standard streams; if a thread was detached, exits at once
// without static destructors.
int finish_process(int exit_code);

}  // namespace dualsight
