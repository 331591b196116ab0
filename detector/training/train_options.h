// The options of a training run, as one table of named options. The command line and the trainer-only program both read
// it, so they cannot differ.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backbone/registry.h"
#include "backbone/result.h"

namespace dualsight {

struct TrainOptions {
  std::string data;  // COCO folder, or packed files (comma-separated)
  std::string val;   // the same, for evaluation; empty: none
  std::string output = "runs/train";
  std::string task = "detect";                   // what is learnt: a name of training_tasks()
  std::string model = backbone_names().front();  // the backbone
  std::string init;  // weights to start from, comma-separated: each layer from the last file where it fits (classes may
                     // differ: the head's last layers are then new)
  std::string teacher;         // a trained model whose features this one is to learn as well; empty: none
  double teacher_weight = 3;   // of the distance to the teacher's features; falls to 0 as the learning rate does
  std::string teacher_labels;  // COCO results for classes that pictures do not label exhaustively (teacher_labels.h);
                               // merged by whoever loads the data: train() does not look at it. Empty: none
  bool resume = false;         // go on from output/checkpoint.safetensors
  int size = 320;              // input size, pixels
  int epochs = 100;
  int batch = 16;
  double lr = 0.002;  // AdamW; peak, for batch 16; scaled by sqrt(batch / 16)
  double weight_decay = 0.05;
  int warmup_steps = 300;
  int plain_epochs = 10;   // last epochs without mosaic and with weak augmentation
  double mosaic = 0.5;     // probability of a sample made of four pictures
  double repeat_rare = 0;  // a share of the pictures: classes in fewer are shown more often (loader.h)
  double clip = 10;        // largest gradient norm
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
  int freeze = 0;               // how many stages of the backbone do not learn: 1 the stem, 2 also C2's, ...
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

}  // namespace dualsight
