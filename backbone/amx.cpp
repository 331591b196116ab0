#include "backbone/amx.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace dualsight {

Amx amx_of_cpu() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return {};
  const bool tiles = (d >> 24) & 1;
  return {tiles && ((d >> 22) & 1), tiles && ((d >> 25) & 1)};
#else
  return {};
#endif
}

}  // namespace dualsight
