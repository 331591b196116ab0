// Batches for the trainer: pictures decoded, augmented and collated ahead of time on threads of their own.
#pragma once

#include <torch/types.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "detector/data/dataset.h"
#include "detector/training/augment.h"
#include "detector/training/picture_cache.h"
#include "detector/training/training_task.h"

namespace dualsight {

struct Batch {
  torch::Tensor pictures;          // uint8 [B, S, S, 3], BGR
  Tensors targets;                 // on the CPU, as Options::collate made them
  std::vector<std::string> names;  // of each sample: its picture, or those of its mosaic ("a.jpg + b.jpg")
};

// Repeat-factor sampling (Gupta, Dollar, Girshick 2019, LVIS): `usable`, with the pictures of rare classes named more
// than once. A picture is named max(1, sqrt(share / f)) times, where f is the share of pictures that show its rarest
// class. Fractions are carried over to the next picture of the list, so nothing is random. A `share` of 0 changes
// nothing. Crowds do not count as objects.
std::vector<std::size_t> repeat_rare(const Dataset& dataset, const std::vector<std::size_t>& usable, double share);

// Samples of one size S: uint8 [B, S, S, 3], BGR.
torch::Tensor stack_pictures(const std::vector<TrainingSample>& samples);

// Batch k of a run is a pure function of (seed, k): neither the number of workers nor a resumption changes it.
class BatchLoader {
 public:
  struct Options {
    AugmentOptions augment;
    int batch = 16;
    int workers = 2;
    uint64_t seed = 1;
    int plain_from_epoch = 0;                                            // from this epoch on AugmentOptions::plain
    std::function<Tensors(const std::vector<TrainingSample>&)> collate;  // makes the targets; any worker calls it
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
