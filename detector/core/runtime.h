// What the machine and LibTorch can do.
#pragma once

#include <string>

namespace dualsight {

// Cores that this process may use.
int usable_cores();

// The file that LibTorch's matrix products come from; empty where BLAS is built into LibTorch.
std::string blas_library();

// "avx2 avx512f avx512_bf16 amx_bf16 ..." of the flags that matter here, as the kernel names them.
std::string cpu_features();

// The CPU has bf16 arithmetic (AVX-512 BF16 or AMX), so bf16 is faster than float32, not slower.
bool cpu_has_bf16();

// The CPU has dot products of 8-bit integers that do not saturate (AVX-512 VNNI or AMX).
bool cpu_has_int8();

// As cpu_has_bf16(), of the device that will be used. Ask for CUDA only where it is available.
bool has_bf16(bool cuda);

// 0: all cores this process may use.
void set_inference_threads(int threads);

// Empty when LibTorch's BLAS is a fast one, else one line that says what is wrong and how to mend it.
std::string blas_warning();

}  // namespace dualsight
