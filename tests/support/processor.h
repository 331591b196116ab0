// The arithmetic of the processor that runs the tests. Bounds that depend on it ask here; processor.cpp prints it at
// the start of every run, so that a failure's report says on which kind of processor it was.
#pragma once

#include <string>

namespace dualsight::testing {

// "avx2, bf16 emulated, int8 emulated": the widest vectors, and whether bf16 and 8-bit products are instructions.
std::string processor_arithmetic();

// How LibTorch sums bf16 products on this processor. True: oneDNN's kernels, which sum in float32 and round once at the
// end. False: LibTorch's own loops, which round the running sum to bf16 after every term.
bool sums_bf16_in_float32();

}  // namespace dualsight::testing
