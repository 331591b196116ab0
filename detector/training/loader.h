// Feeds the trainer: decoded pictures, augmented samples, batches, made ahead of time on threads of their own.
#pragma once

#include <torch/types.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "detector/data/dataset.h"
#include "detector/training/augment.h"
#include "detector/training/loss.h"

namespace dualsight {

// Decodes each picture once and keeps it while `max_bytes` allow. Any thread may call.
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

struct Batch {
  torch::Tensor pictures;          // uint8 [B, S, S, 3], BGR
  Targets targets;                 // on the CPU
  std::vector<std::string> names;  // of each sample: its picture, or those of its mosaic ("a.jpg + b.jpg")
};

// `usable` with the pictures of rare classes named more than once: a picture counts max(1, sqrt(share / f)) times, f
// being the smallest part of the pictures that any of its classes is found in (repeat-factor sampling: Gupta, Dollar,
// Girshick 2019, LVIS). Fractions add up along the list, so that no chance is in it. `share` 0 changes nothing. Crowds
// do not count.
std::vector<std::size_t> repeat_rare(const Dataset& dataset, const std::vector<std::size_t>& usable, double share);

// Samples to tensors. `num_classes` = C of Targets::unknown.
Batch collate(const std::vector<TrainingSample>& samples, int64_t num_classes);

// Batch k of a run is a pure function of (seed, k): who prepares it, and whether the run was resumed, changes nothing.
class BatchLoader {
 public:
  struct Options {
    AugmentOptions augment;
    int batch = 16;
    int workers = 2;
    uint64_t seed = 1;
    int plain_from_epoch = 0;  // from this epoch on AugmentOptions::plain
  };
  // `usable`: indices into dataset.pictures to train on.
  BatchLoader(const Dataset& dataset, PictureCache& cache, std::vector<std::size_t> usable, const Options& options,
              int64_t first_batch);
  ~BatchLoader();  // stops and joins the workers

  int64_t batches_per_epoch() const;
  Batch next();  // blocks until the next batch is ready; one consumer; throws what a worker threw

  // Public for tests: what batch k holds.
  Batch make_batch(int64_t k);

 private:
  void work();
  std::vector<std::size_t> shuffled(int64_t epoch) const;

  const Dataset& dataset_;
  PictureCache& cache_;
  std::vector<std::size_t> usable_;
  Options options_;

  std::mutex mutex_;
  std::condition_variable ready_, room_;
  std::map<int64_t, Batch> done_;
  int64_t next_to_make_;
  int64_t next_to_give_;
  bool stopping_ = false;
  std::exception_ptr failure_;  // of a worker; next() throws it
  std::vector<std::thread> workers_;
};

}  // namespace dualsight
