#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "backbone/registry.h"
#include "detector/core/runtime.h"
#include "detector/detector.h"
#include "detector/engine/kernel.h"
#include "detector/engine/lowering/make_plan.h"

namespace dualsight {

std::vector<std::pair<std::string, std::string>> runtime_info() {
  const auto blas = blas_library();
  const auto kernels = kernel_library();
  std::string engine = "none: built without oneDNN (libdnnl-dev)";
  if (!kernels.empty()) {
    engine = kernels + ", " + (cpu_has_bf16() ? "bf16" : "float32, since this CPU has no bf16 arithmetic");
  }
  std::string planned;  // the backbones that the engine runs
  for (const auto& name : backbone_names()) {
    if (why_no_plan(name).empty()) planned += (planned.empty() ? "" : ", ") + name;
  }
  std::vector<std::pair<std::string, std::string>> facts = {
      {"LibTorch", TORCH_VERSION},
      {"BLAS", blas.empty() ? "inside LibTorch" : blas},
      {"cores", std::to_string(usable_cores())},
      {"threads", std::to_string(usable_cores()) + " unless --threads says otherwise (LibTorch alone would take " +
                      std::to_string(at::get_num_threads()) + ")"},
      {"CPU features", cpu_features()},
      {"bf16", cpu_has_bf16() ? "in hardware" : "emulated (not used)"},
      {"fused engine", engine},
      {"runs " + planned, kernels.empty() ? "LibTorch" : "fused engine on the CPU, LibTorch on CUDA"},
  };
  for (const auto& name : backbone_names()) {
    const auto reason = why_no_plan(name);
    if (!reason.empty()) facts.emplace_back("runs " + name, "LibTorch: " + reason);
  }
  facts.emplace_back("CUDA",
                     torch::cuda::is_available() ? std::to_string(torch::cuda::device_count()) + " device(s)" : "no");
  return facts;
}

}  // namespace dualsight
