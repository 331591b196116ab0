#include "tests/support/processor.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "backbone/amx.h"

namespace dualsight::testing {
namespace {

#if defined(__x86_64__)
bool has_avx512() {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
std::string vectors() { return has_avx512() ? "avx512" : __builtin_cpu_supports("avx2") ? "avx2" : "sse2"; }
bool native_bf16() { return __builtin_cpu_supports("avx512bf16") || amx_of_cpu().bf16; }
bool native_int8() { return __builtin_cpu_supports("avx512vnni") || amx_of_cpu().int8; }
#else
bool has_avx512() { return false; }
std::string vectors() { return "not x86-64"; }
bool native_bf16() { return false; }
bool native_int8() { return false; }
#endif

class PrintProcessor : public ::testing::Environment {
  void SetUp() override {
    std::printf("processor: %s\n", processor_arithmetic().c_str());
    std::fflush(stdout);
  }
};

// Not in main(), which is GoogleTest's; not at once, since the list of tests is read from stdout.
[[maybe_unused]] const auto* const registered = ::testing::AddGlobalTestEnvironment(new PrintProcessor);

}  // namespace

std::string processor_arithmetic() {
  return vectors() + (amx_of_cpu().bf16 ? " and amx" : "") + ", bf16 " + (native_bf16() ? "native" : "emulated") +
         ", int8 " + (native_int8() ? "native" : "emulated");
}

// LibTorch's own condition for handing bf16 convolutions to oneDNN (mkldnn_bf16_device_check).
bool sums_bf16_in_float32() { return has_avx512(); }

}  // namespace dualsight::testing
