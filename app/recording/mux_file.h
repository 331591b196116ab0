// The file under a muxer. Muxers report a failed write late, blurred or never; this one remembers the first. Space is
// reserved ahead of what is written where the file system can do that, so that a full disk shows while the file can
// still be finished.
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
  // While the file is open it is locked (flock, shared), which tells DiskQuota that it is in use.
  static Result<std::unique_ptr<MuxFile>> create(const std::string& path);
  ~MuxFile();
  MuxFile(const MuxFile&) = delete;
  MuxFile& operator=(const MuxFile&) = delete;

  AVIOContext* io() { return io_; }
  int64_t size() const { return size_; }

  Result<void> reserve(int64_t bytes);   // beyond size(); does nothing where the file system cannot reserve
  void mark_whole() { whole_ = size_; }  // all that is written by now can be played as it is
  Result<void> status() const;           // the first write that failed
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
  int64_t reserved_ = 0;  // up to here the blocks are ours
  bool can_reserve_ = true;
  int error_ = 0;  // errno of the first write that failed
};

}  // namespace dualsight
