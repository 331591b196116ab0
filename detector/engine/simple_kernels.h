// Kernels that need no library.
#pragma once

#include <memory>

#include "detector/engine/kernel.h"

namespace dualsight {

// Nearest-neighbour upsampling by 2; both of one type and, in 8 bits, of the same scales.
std::unique_ptr<Kernel> make_upsample(const Activations& source, const Activations& target);

// float32 or bf16 to u8.
std::unique_ptr<Kernel> make_quantize(const Activations& source, const Activations& target);

}  // namespace dualsight
