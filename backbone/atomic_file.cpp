#include "backbone/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "backbone/file_descriptor.h"

namespace dualsight {
namespace {

std::string errno_text() { return std::strerror(errno); }

bool write_all(int fd, const void* data, std::size_t size) {
  const char* next = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::write(fd, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    next += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// Removes a half-written file unless told that it got its final name.
struct TemporaryFile {
  std::string path;
  bool keep = false;
  ~TemporaryFile() {
    if (!keep) ::unlink(path.c_str());
  }
};

}  // namespace

Result<void> write_atomically(const std::filesystem::path& path,
                              const std::function<bool(const WriteBytes& write)>& content) {
  const auto error = [&](const std::string& what) { return Error{ErrorKind::output, path.string() + ": " + what}; };
  // rename() would replace a device or a pipe by a plain file.
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return error("cannot write: not a regular file");
  }

  static std::atomic<uint64_t> counter{0};
  TemporaryFile temporary;
  int handle = -1;
  do {  // a file of that name can only be left over from a process that was killed
    temporary.path = path.string() + ".tmp-" + std::to_string(::getpid()) + '-' + std::to_string(counter++);
    handle = ::open(temporary.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (handle < 0 && errno == EEXIST);
  FileDescriptor fd(handle);
  if (fd.get() < 0) {
    temporary.keep = true;  // there is none
    return error("cannot create: " + errno_text());
  }

  bool ok = content([&](const void* data, std::size_t size) { return write_all(fd.get(), data, size); });
  // fsync before rename: otherwise the file could be empty after a power cut.
  ok = ok && ::fsync(fd.get()) == 0 && fd.close() && ::rename(temporary.path.c_str(), path.c_str()) == 0;
  if (!ok) return error("cannot write: " + errno_text());
  temporary.keep = true;

  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const FileDescriptor folder_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder_fd.get() >= 0) ::fsync(folder_fd.get());  // best effort: some file systems refuse it
  return {};
}

}  // namespace dualsight
