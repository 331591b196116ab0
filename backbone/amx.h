// Whether this CPU has matrix tiles (AMX), and for which types. Whether the system lets this process use them is
// amx_for()'s answer (detector/engine/amx_kernels.h). Any thread.
#pragma once

namespace dualsight {

struct Amx {
  bool bf16 = false, int8 = false;
};
Amx amx_of_cpu();

}  // namespace dualsight
