#include "detector/core/runtime.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <sched.h>
#include <torch/cuda.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "backbone/torch_compat.h"

namespace dualsight {

int usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::string blas_library() {
  void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname) return "";
  std::array<char, PATH_MAX> real{};
  return realpath(info.dli_fname, real.data()) ? real.data() : info.dli_fname;
}

std::string cpu_features() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.rfind("flags", 0) != 0) continue;
    std::istringstream flags(line.substr(line.find(':') + 1));
    std::string found;
    for (std::string flag; flags >> flag;) {
      for (const char* known :
           {"avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "amx_int8"}) {
        if (flag == known) found += (found.empty() ? "" : " ") + flag;
      }
    }
    return found;
  }
  return "";
}

bool cpu_has_bf16() {
  const auto features = cpu_features();
  return features.find("avx512_bf16") != std::string::npos || features.find("amx_bf16") != std::string::npos;
}

bool cpu_has_int8() {
  const auto features = cpu_features();
  return features.find("avx512_vnni") != std::string::npos || features.find("amx_int8") != std::string::npos;
}

bool has_bf16(bool cuda) { return cuda ? cuda_has_bf16() : cpu_has_bf16(); }

void set_inference_threads(int threads) { at::set_num_threads(threads > 0 ? threads : usable_cores()); }

std::string blas_warning() {
  // netlib's reference BLAS lies in .../blas/libblas.so.3; every optimised one has a name of its own.
  const auto blas = blas_library();
  if (blas.find("/blas/libblas.so") == std::string::npos) return "";
  return "LibTorch runs on the reference BLAS (" + blas +
         "), which is many times slower: install an optimised one (apt install libopenblas0-pthread)";
}

}  // namespace dualsight
