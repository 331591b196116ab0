// Convolutions by hand for CPUs with AMX (matrix tiles): the 1x1 ones, nine tenths of a DPN's arithmetic, and its
// grouped 3x3 ones. What they do better than the library: they leave out zero weights (of channels that are not written
// yet, left alone, or in another group), and add, rectify and store one block's results while the tiles work on the
// next.
#pragma once

#include <memory>

#include "detector/engine/kernel.h"

namespace dualsight {

// This CPU has tiles for the type, and the system lets this process use them.
bool amx_for(ValueType type);

// nullptr: not for this layer (or CPU); somebody else has to do it.
std::unique_ptr<Kernel> make_amx_convolution(const PlanLayer& layer, const LayerPlace& place);

}  // namespace dualsight
