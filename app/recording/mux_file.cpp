#include "app/recording/mux_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

namespace dualsight {
namespace {

constexpr int kBuffer = 64 << 10;
constexpr int64_t kReserveStep = 256 << 10;  // reserved at once, so that most frames need no system call

}  // namespace

Result<std::unique_ptr<MuxFile>> MuxFile::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  std::unique_ptr<MuxFile> file(new MuxFile(path, fd));
  if (fd < 0) return file->failure(errno);
  ::flock(fd, LOCK_SH | LOCK_NB);  // some file systems have no locks: then it fails
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
#if LIBAVFORMAT_VERSION_MAJOR >= 61  // const bytes
  const auto write = [](void* self, const uint8_t* bytes, int count) {
    return write_bytes(self, const_cast<uint8_t*>(bytes), count);
  };
#else
  const auto write = &write_bytes;
#endif
  file->io_ = avio_alloc_context(buffer, kBuffer, 1, file.get(), nullptr, write, &seek);
  if (file->io_ == nullptr) return Error{ErrorKind::internal, path + ": out of memory"};
  return file;
}

MuxFile::MuxFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

MuxFile::~MuxFile() {
  if (io_ != nullptr) av_freep(&io_->buffer);
  avio_context_free(&io_);
  if (fd_ >= 0) ::close(fd_);
}

Result<void> MuxFile::reserve(int64_t bytes) {
  if (error_ != 0 || !can_reserve_ || size_ + bytes <= reserved_) return status();
  const int64_t wanted = bytes + kReserveStep;
  int failed = 0;
  // On an almost full disk the step may not fit while the bytes alone still do.
  for (const int64_t length : {wanted, bytes}) {
    do {
      failed = ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, size_, length) == 0 ? 0 : errno;
    } while (failed == EINTR);
    if (failed == 0) {
      reserved_ = size_ + length;
      return {};
    }
  }
  if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG) return failure(failed);
  can_reserve_ = false;
  return {};
}

Result<void> MuxFile::status() const { return error_ == 0 ? Result<void>{} : failure(error_); }

Result<void> MuxFile::close() {
  if (fd_ < 0) return {};
  avio_flush(io_);
  if (::ftruncate(fd_, error_ == 0 ? size_ : whole_) != 0 && error_ == 0) error_ = errno;  // releases reserved space
  if (::close(std::exchange(fd_, -1)) != 0 && error_ == 0) error_ = errno;
  return status();
}

int MuxFile::write_bytes(void* self, uint8_t* bytes, int count) {
  auto& file = *static_cast<MuxFile*>(self);
  for (int done = 0; done < count && file.error_ == 0;) {
    const ssize_t written = ::pwrite(file.fd_, bytes + done, static_cast<std::size_t>(count - done), file.position_);
    if (written < 0) {
      if (errno != EINTR) file.error_ = errno;
      continue;
    }
    done += static_cast<int>(written);
    file.position_ += written;
    file.size_ = std::max(file.size_, file.position_);
  }
  return file.error_ == 0 ? count : AVERROR(file.error_);
}

int64_t MuxFile::seek(void* self, int64_t offset, int whence) {
  auto& file = *static_cast<MuxFile*>(self);
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return file.size_;
    case SEEK_SET:
      return file.position_ = offset;
    case SEEK_CUR:
      return file.position_ += offset;
    case SEEK_END:
      return file.position_ = file.size_ + offset;
    default:
      return AVERROR(EINVAL);
  }
}

Error MuxFile::failure(int error) const {
  const bool full = error == ENOSPC || error == EDQUOT;
  return {ErrorKind::output,
          path_ + ": cannot be written: " + (full ? std::string("the disk is full") : std::strerror(error))};
}

}  // namespace dualsight
