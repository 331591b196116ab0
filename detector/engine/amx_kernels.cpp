#include "detector/engine/amx_kernels.h"

#include "detector/engine/amx_tiles.h"

#ifdef DUALSIGHT_AMX

#include <sys/syscall.h>
#include <unistd.h>

#include "backbone/amx.h"
#include "detector/engine/bf16.h"

namespace dualsight {
namespace amx {

void put_weight(bool bf16, char* tile, int k, int n, float weight) {
  if (bf16) {
    reinterpret_cast<uint16_t*>(tile)[k / 2 * kRows * 2 + n * 2 + k % 2] = to_bf16(weight);
  } else {
    reinterpret_cast<int8_t*>(tile)[k / 4 * kRows * 4 + n * 4 + k % 4] = static_cast<int8_t>(weight);
  }
}

}  // namespace amx

namespace {

// Linux lets a process use tiles only after it has asked for the permission.
bool ask_for_tiles() {
  constexpr int kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

}  // namespace

bool amx_for(ValueType type) {
  const Amx cpu = amx_of_cpu();
  const bool vectors = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bf16");
  const bool multiplies = type == ValueType::bf16 ? cpu.bf16 : type == ValueType::u8 && cpu.int8;
  if (!multiplies || !vectors) return false;
  static const bool granted = ask_for_tiles();
  return granted;
}

std::unique_ptr<Kernel> make_amx_convolution(const PlanLayer& layer, const LayerPlace& place) {
  if (layer.kind != LayerKind::convolution || place.source.type != place.target.type) return nullptr;
  if (!amx_for(place.source.type)) return nullptr;
  if (place.source.type == ValueType::u8 && !layer.relu) return nullptr;  // no kernel stores s8
  if (layer.kernel == 1) return make_amx_pointwise(layer, place);
  return make_amx_grouped(layer, place);
}

}  // namespace dualsight

#else

namespace dualsight {
bool amx_for(ValueType) { return false; }
std::unique_ptr<Kernel> make_amx_convolution(const PlanLayer&, const LayerPlace&) { return nullptr; }
}  // namespace dualsight

#endif
