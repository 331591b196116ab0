// Hand-written convolution kernels for CPUs with AMX (matrix tiles): 1x1 convolutions, which are nine tenths of DPN92's
// arithmetic, and its grouped 3x3 ones. They are faster than the library's because they skip blocks of zero weights
// (see make_plan.h), and because the vector units finish one block of results (add, ReLU, store) while the tiles
// multiply the next.
#pragma once

#include <memory>

#include "detector/engine/kernel.h"

namespace dualsight {

// This CPU has tiles for products of the type (bf16, u8), and the system lets this process use them.
bool amx_for(ValueType type);

// nullptr: not for this layer or not on this CPU; make_kernel() (kernel.h) then does it.
std::unique_ptr<Kernel> make_amx_convolution(const PlanLayer& layer, const LayerPlace& place);

}  // namespace dualsight
