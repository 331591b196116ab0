// Aligned memory, filled with zeros.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace dualsight {

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};
using ZeroedMemory = std::unique_ptr<char, FreeMemory>;

// At least `bytes`, in whole multiples of `alignment`, a power of two; nullptr: not enough memory. `prepare(data,
// size)` is called before the memory is first written.
template <typename Prepare>
ZeroedMemory zeroed_memory(std::size_t bytes, std::size_t alignment, Prepare prepare) {
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  auto* data = static_cast<char*>(std::aligned_alloc(alignment, whole));
  if (data) {
    prepare(data, whole);
    std::memset(data, 0, whole);
  }
  return ZeroedMemory(data);
}

inline ZeroedMemory zeroed_memory(std::size_t bytes, std::size_t alignment) {
  return zeroed_memory(bytes, alignment, [](char*, std::size_t) {});
}

}  // namespace dualsight
