// A training run: batches -> loss -> step, with evaluation, checkpoints and a log beside it. No torch in this header.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "backbone/result.h"
#include "detector/data/dataset.h"
#include "detector/training/named_values.h"
#include "detector/training/train_options.h"

namespace dualsight {

struct TrainProgress {
  int epoch = 0, epochs = 0;  // from 1
  int64_t step = 0, steps = 0;
  double loss = 0;     // moving average over the steps
  NamedValues scores;  // of the last evaluation, 0..1; NaN: not evaluated yet
  double pictures_per_second = 0;
  double eta_seconds = 0;
  std::string note;  // an event worth a line of its own ("epoch 3: mAP50 12.1, mAP 4.0"); mostly empty
};

struct TrainSummary {
  int64_t steps = 0;
  double final_loss = 0;
  NamedValues scores;     // as in TrainProgress
  std::string weights;    // file written
  bool finished = false;  // false: stopped by a limit or a signal; --resume goes on
};

// Blocks until done. `val` may be nullptr: no evaluation. `progress` is called on the calling thread after every step,
// and before the first one with notes; `stop` is polled between steps.
// Writes into options.output: checkpoint.safetensors (everything to resume), model.safetensors (averaged weights, for
// use), best.safetensors (those of the best score on val), log.csv (its first line names the columns).
// Errors: ErrorKind::usage (an option), source (data), model (a file of weights), output (cannot write), training (a
// loss that is not finite, pictures that cannot be decoded, LibTorch's own), interrupted (stopped before the first
// step).
Result<TrainSummary> train(const TrainOptions& options, const Dataset& data, const Dataset* val,
                           const std::function<void(const TrainProgress&)>& progress,
                           const std::function<bool()>& stop);

}  // namespace dualsight
