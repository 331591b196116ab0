// Files that are there whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>

#include "backbone/result.h"

namespace dualsight {

// Appends bytes to the file; false: it failed, and nothing more is to be written.
using WriteBytes = std::function<bool(const void* data, std::size_t size)>;

// Under another name first, synced, then renamed: whoever finds `path` finds all of it, even after a power cut.
// `content` writes it, and returns false when a write of its did. Errors (ErrorKind::output, "PATH: why"); nothing is
// left behind then, and what was there before stays. A device or a pipe is refused: renaming would replace it.
Result<void> write_atomically(const std::filesystem::path& path,
                              const std::function<bool(const WriteBytes& write)>& content);

}  // namespace dualsight
