// In place of onednn_kernels.cpp where oneDNN is not installed: every network then runs on LibTorch.
#include "detector/engine/kernel.h"

namespace dualsight {

std::string kernel_library() { return ""; }

Result<std::unique_ptr<Kernel>> make_kernel(const PlanLayer&, const LayerPlace&, Scratch&) {
  return Error{ErrorKind::internal, "built without oneDNN (libdnnl-dev)"};
}

}  // namespace dualsight
