// Does this CPU have matrix tiles (AMX), and for which numbers? Whether the system lets a process use tiles of its own
// is another question (detector/engine/amx_kernels.h). Any thread.
#pragma once

namespace dualsight {

struct Amx {
  bool bf16 = false, int8 = false;
};
Amx amx_of_cpu();

}  // namespace dualsight
