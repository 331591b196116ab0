// All that a run needs to go on, in one safetensors file: tensors "model.NAME", "adam.m.NAME", "adam.v.NAME",
// "ema.NAME", numbers and the options that must stay the same in its metadata.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <filesystem>

#include "backbone/result.h"
#include "backbone/safetensors.h"
#include "detector/data/dataset.h"
#include "detector/training/named_values.h"
#include "detector/training/optimizer.h"
#include "detector/training/train_options.h"

namespace dualsight {

// Where a run stands, beside its tensors. Metadata: "step", "smooth_loss", each score by its name in lower case
// ("map50"; -1: not evaluated yet), "best_map".
struct TrainState {
  int64_t step = 0;        // steps done
  NamedValues scores;      // of the last evaluation
  NamedValue best;         // the score that decides, and its highest value so far
  double smooth_loss = 0;  // moving average over the steps
};

// Reads and writes the checkpoint of one run. Network, optimizer and average must outlive it.
class Checkpoint {
 public:
  Checkpoint(std::filesystem::path path, const TrainOptions& options, const Dataset& data, torch::nn::Module& network,
             AdamW& optimizer, WeightAverage& average);

  // Error: ErrorKind::output.
  Result<void> write(const TrainState& state) const;

  // Sets all tensors and `state`, whose scores name what to look for.
  // Errors (ErrorKind::model): no such file, made with another option ("another batch"), tensors of another shape.
  Result<void> read(TrainState& state) const;

 private:
  std::filesystem::path path_;
  Metadata fingerprint_;  // what must not change between a run and its resumption
  torch::nn::Module& network_;
  AdamW& optimizer_;
  WeightAverage& average_;
};

}  // namespace dualsight
