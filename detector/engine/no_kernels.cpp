// In place of onednn_kernels.cpp where oneDNN is not installed: every network then runs on LibTorch.
#include "detector/engine/kernel.h"

namespace dualsight {

std::size_t bytes_of(ValueType type) { return type == ValueType::f32 ? 4 : type == ValueType::bf16 ? 2 : 1; }

std::string kernel_library() { return ""; }

Result<std::unique_ptr<Kernel>> make_kernel(const PlanLayer&, const Activations&, const Activations&, Scratch&) {
  return Error{ErrorKind::internal, "built without oneDNN (libdnnl-dev)"};
}

}  // namespace dualsight
