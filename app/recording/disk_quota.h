// Keeps a folder of recordings small by deleting its oldest segments.
#pragma once

#include <cstdint>
#include <string>

namespace dualsight {

class DiskQuota {
 public:
  DiskQuota(std::string folder, int64_t bytes) : folder_(std::move(folder)), bytes_(bytes) {}

  // Deletes the oldest segments of all sources (by the time in their names), each with all its files, until the rest
  // fits the quota. Other files are neither counted nor touched. Segments being written are kept: those locked by any
  // program (MuxFile locks its videos), and the one that the file `being_written` belongs to. Files that cannot be
  // deleted are skipped.
  void enforce(const std::string& being_written = "") const;

 private:
  std::string folder_;
  int64_t bytes_;
};

}  // namespace dualsight
