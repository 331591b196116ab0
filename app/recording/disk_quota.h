// Keeps a folder of recordings small by deleting its oldest segments.
#pragma once

#include <cstdint>
#include <string>

namespace dualsight {

class DiskQuota {
 public:
  DiskQuota(std::string folder, int64_t bytes) : folder_(std::move(folder)), bytes_(bytes) {}

  // Deletes the oldest segments (by the time in their names, of all sources), each with all its files, until what is
  // left takes no more than the quota. Other files are neither counted nor touched; nor is a segment deleted that is
  // being written, by whatever program (MuxFile locks its videos), or that `being_written`, a path of one of its files,
  // belongs to. What cannot be deleted stays.
  void enforce(const std::string& being_written = "") const;

 private:
  std::string folder_;
  int64_t bytes_;
};

}  // namespace dualsight
