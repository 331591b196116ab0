// How the learning rate, and what fades with it, goes over a run.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "detector/training/train_options.h"

namespace dualsight {

class Schedule {
 public:
  // `steps`: of the whole run, from 0 to steps - 1.
  Schedule(const TrainOptions& options, int64_t steps)
      : peak_(options.lr * std::sqrt(options.batch / 16.0)), warmup_(warmup_for(options, steps)), steps_(steps) {}

  // The steps asked for; of a run that they would fill by more than half, a tenth.
  static int64_t warmup_for(const TrainOptions& options, int64_t steps) {
    return 2 * int64_t{options.warmup_steps} > steps ? std::max<int64_t>(1, steps / 10) : options.warmup_steps;
  }

  // 1 until the warm-up ends, then half a cosine down to 0.
  double fade(int64_t step) const {
    const double progress = static_cast<double>(std::max<int64_t>(0, step - warmup_)) /
                            static_cast<double>(std::max<int64_t>(1, steps_ - warmup_));
    return 0.5 * (1 + std::cos(M_PI * std::min(1.0, progress)));
  }

  // Linear warm-up to the peak (which grows with the root of the batch; TrainOptions::lr is that of 16 pictures), then
  // half a cosine down to 1 % of it (Loshchilov & Hutter 2017).
  double learning_rate(int64_t step) const {
    if (step < warmup_) return peak_ * static_cast<double>(step + 1) / static_cast<double>(warmup_);
    return peak_ * (0.01 + 0.99 * fade(step));
  }

 private:
  double peak_;
  int64_t warmup_, steps_;
};

}  // namespace dualsight
