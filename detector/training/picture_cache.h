// The pictures of a data set, decoded once and kept in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "backbone/result.h"
#include "detector/core/image.h"
#include "detector/data/dataset.h"

namespace dualsight {

// Keeps what it decodes while `max_bytes` allow. Any thread may call.
class PictureCache {
 public:
  PictureCache(const Dataset& dataset, uint64_t max_bytes);
  // nullptr where the picture cannot be decoded.
  std::shared_ptr<const Image> get(std::size_t index);

 private:
  const Dataset& dataset_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const Image>> pictures_;
  uint64_t bytes_left_;
};

// A size for the cache: half of the memory that is free, 8 GiB at most.
uint64_t affordable_cache_bytes();

// The indices of the pictures that can be decoded. Decodes all of them, which also fills the cache, on `threads`
// threads; `note` is called, on the calling thread, with a line for each of the first ten that cannot.
// Errors: ErrorKind::training where none can, or more than a tenth cannot; ErrorKind::interrupted when `stop` says so.
Result<std::vector<std::size_t>> decodable_pictures(const Dataset& dataset, PictureCache& cache, int threads,
                                                    const std::function<void(const std::string&)>& note,
                                                    const std::function<bool()>& stop);

}  // namespace dualsight
