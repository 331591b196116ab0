// Files that are written completely or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>

#include "backbone/result.h"

namespace dualsight {

// Appends bytes to the file; false: it failed, and nothing more is to be written.
using WriteBytes = std::function<bool(const void* data, std::size_t size)>;

// Writes a temporary file beside `path`, syncs it and renames it, so that `path` is always a complete file, even after
// a power cut. `content` writes the bytes, and returns false as soon as a write has returned false. Errors
// (ErrorKind::output, "PATH: why"): the temporary file is removed, and the old file stays. A device or a pipe is
// refused, since renaming would replace it.
Result<void> write_atomically(const std::filesystem::path& path,
                              const std::function<bool(const WriteBytes& write)>& content);

}  // namespace dualsight
