// The output file of an FFmpeg muxer. Muxers report a failed write late, without a reason or never, so the first
// failure is kept here. Disk space is reserved ahead of writing where the file system supports it, so that a full disk
// is noticed while the file can still be completed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "backbone/result.h"

struct AVIOContext;

namespace dualsight {

class MuxFile {
 public:
  // Creates or empties the file. Errors here and below (ErrorKind::output): "PATH: cannot be written: why".
  // The file is locked while it is open (flock, shared), so that DiskQuota does not delete it.
  static Result<std::unique_ptr<MuxFile>> create(const std::string& path);
  ~MuxFile();
  MuxFile(const MuxFile&) = delete;
  MuxFile& operator=(const MuxFile&) = delete;

  AVIOContext* io() { return io_; }
  int64_t size() const { return size_; }

  Result<void> reserve(int64_t bytes);   // beyond size(); no effect where the file system cannot reserve
  void mark_whole() { whole_ = size_; }  // everything written so far is playable
  Result<void> status() const;           // the first failed write
  // After a failed write the file is cut back to the last mark_whole().
  Result<void> close();

 private:
  MuxFile(std::string path, int fd);
  static int write_bytes(void* self, uint8_t* bytes, int count);
  static int64_t seek(void* self, int64_t offset, int whence);
  Error failure(int error) const;

  std::string path_;
  int fd_ = -1;
  AVIOContext* io_ = nullptr;
  int64_t position_ = 0, size_ = 0, whole_ = 0;
  int64_t reserved_ = 0;  // disk blocks are allocated up to this size
  bool can_reserve_ = true;
  int error_ = 0;  // errno of the first failed write
};

}  // namespace dualsight
