#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "detector/core/runtime.h"
#include "detector/detector.h"
#include "detector/engine/kernel.h"
#include "detector/engine/make_plan.h"

namespace dualsight {

std::vector<std::pair<std::string, std::string>> runtime_info() {
  const auto blas = blas_library();
  const auto kernels = kernel_library();
  std::string engine = "none: built without oneDNN (libdnnl-dev)";
  if (!kernels.empty()) {
    engine = kernels + ", " + (cpu_has_bf16() ? "bf16" : "float32, since this CPU has no bf16 arithmetic");
  }
  return {
      {"LibTorch", TORCH_VERSION},
      {"BLAS", blas.empty() ? "inside LibTorch" : blas},
      {"cores", std::to_string(usable_cores())},
      {"threads", std::to_string(usable_cores()) + " unless --threads says otherwise (LibTorch alone would take " +
                      std::to_string(at::get_num_threads()) + ")"},
      {"CPU features", cpu_features()},
      {"bf16", cpu_has_bf16() ? "in hardware" : "emulated (not used)"},
      {"fused engine", engine},
      {"runs dpn92, resnet18", kernels.empty() ? "LibTorch" : "fused engine on the CPU, LibTorch on CUDA"},
      {"runs dpn92-original", "LibTorch: " + why_no_plan("dpn92-original")},
      {"CUDA", torch::cuda::is_available() ? std::to_string(torch::cuda::device_count()) + " device(s)" : "no"},
  };
}

}  // namespace dualsight
