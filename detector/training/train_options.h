// Everything that a training run can be told, as one table of named options: the command line, the trainer-only
// program and the log all read it, so they cannot differ.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backbone/result.h"

namespace dualsight {

struct TrainOptions {
  std::string data;  // COCO folder, or packed files (comma-separated)
  std::string val;   // the same, for evaluation; empty: none
  std::string output = "runs/train";
  std::string model = "dpn92";  // or resnet18
  std::string init;  // weights to start from, comma-separated: each layer from the last file where it fits (classes may
                     // differ: the head's last layers are then new)
  std::string teacher;        // a trained model whose features this one is to learn as well; empty: none
  double teacher_weight = 3;  // of the distance to the teacher's features; falls to 0 as the learning rate does
  std::string teacher_labels;  // COCO results for classes that pictures do not label exhaustively (teacher_labels.h);
                               // merged by whoever loads the data: train() does not look at it. Empty: none
  bool resume = false;        // go on from output/checkpoint.safetensors
  int size = 320;             // input size, pixels
  int epochs = 100;
  int batch = 16;
  double lr = 0.002;  // AdamW; peak, for batch 16; scaled by sqrt(batch / 16)
  double weight_decay = 0.05;
  int warmup_steps = 300;
  int plain_epochs = 10;   // last epochs without mosaic and with weak augmentation
  double mosaic = 0.5;     // probability
  double repeat_rare = 0;  // classes in fewer than this part of the pictures are shown more often (loader.h)
  double clip = 10;        // gradient norm
  double ema = 0.9998;
  int eval_every = 5;           // epochs
  int save_every = 200;         // steps between checkpoints
  int max_steps = 0;            // 0: no limit; stops after this many steps in all (checkpoint kept)
  double max_minutes = 0;       // 0: no limit; stops after this many minutes of this run (checkpoint kept)
  int threads = 0;              // LibTorch's; 0: all cores
  int workers = 2;              // threads that prepare pictures
  bool bf16 = true;             // mixed precision where the device is fast at it
  std::string device = "auto";  // auto, cpu, cuda
  uint64_t seed = 1;
  std::string storage = "f32";  // of the weights that are written (parse_storage); checkpoints are exact
  int freeze = 0;               // backbone stages (stem = 1, C2 = 2 ...) that stay as they are
};

struct TrainOption {
  std::string name;  // "lr"; on the command line "--lr"
  std::string help;
  bool flag = false;  // takes no value
  std::function<Result<void>(TrainOptions&, const std::string&)> set;
  std::function<std::string(const TrainOptions&)> get;
};

// In the order of the help text.
const std::vector<TrainOption>& train_option_table();

struct TrainProgress {
  int epoch = 0, epochs = 0;
  int64_t step = 0, steps = 0;
  double loss = 0, map = -1, map50 = -1;  // < 0: not evaluated yet
  double pictures_per_second = 0;
  double eta_seconds = 0;
  std::string note;  // an event worth a line of its own ("checkpoint", "epoch 3: mAP50 12.1"); mostly empty
};

struct TrainSummary {
  int64_t steps = 0;
  double final_loss = 0;
  double map = -1, map50 = -1;
  std::string weights;    // file written
  bool finished = false;  // false: stopped by a limit or a signal; --resume goes on
};

// Blocks until done. `progress` is called on the calling thread after every step; `stop` is polled between steps.
// Writes into options.output: checkpoint.safetensors (everything to resume), model.safetensors (averaged weights, for
// `detect`), best.safetensors (those of the best mAP on val), log.csv (its first line names the columns).
struct Dataset;
Result<TrainSummary> train(const TrainOptions& options, const Dataset& data, const Dataset* val,
                           const std::function<void(const TrainProgress&)>& progress,
                           const std::function<bool()>& stop);

}  // namespace dualsight
